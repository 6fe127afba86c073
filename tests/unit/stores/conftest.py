"""Stores in memory and in SQLite."""

from collections.abc import Iterator, Mapping

import pytest

from cgmock.stores.memory import MemoryStore
from cgmock.stores.sql import Database
from tests.databases import NewStore, emptied, new_stores, with_tables


@pytest.fixture(scope="session")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The URL of a database of each kind, with tables in it."""
    return {"sqlite": with_tables(f"sqlite:///{tmp_path_factory.mktemp('stores')}/fake.db")}


@pytest.fixture
def prepared(urls: Mapping[str, str]) -> str:
    """The URL of a database with tables."""
    return urls["sqlite"]


@pytest.fixture
def database(prepared: str) -> Iterator[Database]:
    """An empty database with tables."""
    with emptied(prepared) as database:
        yield database


@pytest.fixture(params=["memory", "sqlite"])
def new_store(request: pytest.FixtureRequest) -> Iterator[NewStore]:
    """A function that makes a store with tenants in it."""
    if request.param == "memory":
        yield MemoryStore
        return
    with new_stores(request.getfixturevalue("prepared")) as build:
        yield build
