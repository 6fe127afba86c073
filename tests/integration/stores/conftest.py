"""Stores in PostgreSQL, and databases of both kinds for processes that share one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cgmock.stores.sql import Database
from tests.databases import NewStore, emptied, new_stores, with_tables
from tests.postgresql import PostgreSQL, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server."""
    with postgresql() as started:
        yield started


@pytest.fixture(scope="session")
def urls(server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The URL of a database of each kind, with tables in it."""
    found = {"sqlite": f"sqlite:///{tmp_path_factory.mktemp('stores')}/fake.db", "postgresql": server.url}
    return {kind: with_tables(url) for kind, url in found.items()}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that may have no tables."""
    is_file = request.param == "sqlite"
    return f"sqlite:///{tmp_path}/fake.db" if is_file else str(request.getfixturevalue("server").url)


@pytest.fixture
def prepared(urls: Mapping[str, str]) -> str:
    """The URL of a PostgreSQL database with tables."""
    return urls["postgresql"]


@pytest.fixture
def database(prepared: str) -> Iterator[Database]:
    """An empty database with tables."""
    with emptied(prepared) as database:
        yield database


@pytest.fixture
def new_store(prepared: str) -> Iterator[NewStore]:
    """A function that makes a store with tenants in it."""
    with new_stores(prepared) as build:
        yield build
