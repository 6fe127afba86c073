"""A change of the memory store that fails leaves no trace, whichever of its steps fails."""

import pytest

from cgmock.stores.memory import MemoryStore
from tests.acme import NOW
from tests.failing import CHANGES, MAX_JOURNAL, MAX_RECORDS, leave_no_trace

_FEW = {"plan nothing", "freeze", "tell the time again", "clear the journal"}
"""Changes with less than three calls."""


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_fails_leaves_the_store_as_it_was(change: str) -> None:
    def new_store() -> MemoryStore:
        return MemoryStore(max_records=MAX_RECORDS, max_journal=MAX_JOURNAL, clock=lambda: NOW)

    steps = leave_no_trace(new_store, CHANGES[change])

    assert steps >= (1 if change in _FEW else 3)
