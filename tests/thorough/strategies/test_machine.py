"""Searches of the state machine: it agrees with the mock for long, and finds each planted bug."""

import pytest

from tests.unit.strategies.fakes import BUGS, Honest
from tests.unit.strategies.test_machine import run, test_our_mock_is_what_the_machine_expects


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found_within_400_examples(bug: type[Honest]) -> None:
    with pytest.raises(AssertionError):
        run(bug, 400)
