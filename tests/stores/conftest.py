"""Stores of all kinds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cgmock.core.tenant import Tenant
from cgmock.stores import Store
from cgmock.stores.memory import MemoryStore
from cgmock.stores.sql import Database, SqlStore
from cgmock.tokens import new_key
from tests.postgresql import PostgreSQL, postgresql

KEY = new_key()

NewStore = Callable[..., Store]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server."""
    with postgresql() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database."""
    is_file = request.param == "sqlite"
    return f"sqlite:///{tmp_path}/fake.db" if is_file else str(request.getfixturevalue("server").url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/fake.db" if is_file else request.getfixturevalue("server").url
    prepared = Database(url)
    prepared.prepare(reset=True, make_key=lambda: KEY)
    yield prepared
    prepared.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewStore]:
    """What makes a store of each kind, with tenants in it."""
    if request.param == "memory":
        yield MemoryStore
        return
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/fake.db" if is_file else request.getfixturevalue("server").url
    database = Database(url)
    database.prepare(reset=True, make_key=lambda: KEY)

    def build(tenants: tuple[Tenant, ...] = (), **options: object) -> Store:
        store = SqlStore(database, **options)  # type: ignore[arg-type]
        store.seed(tenants)
        return store

    yield build
    database.close()
