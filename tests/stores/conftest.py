"""Stores of all kinds."""

from collections.abc import Callable

import pytest

from cgmock.stores import Store
from cgmock.stores.memory import MemoryStore

NewStore = Callable[..., Store]


@pytest.fixture
def new_store() -> NewStore:
    """A store of the kind that is tested."""
    return MemoryStore
