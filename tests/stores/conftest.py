"""Stores of all kinds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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


@pytest.fixture(scope="session")
def urls(server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The URLs of a database of each kind, with tables in them."""
    found = {"sqlite": f"sqlite:///{tmp_path_factory.mktemp('stores')}/fake.db", "postgresql": server.url}
    for url in found.values():
        database = Database(url)
        database.prepare(reset=True, make_key=lambda: KEY)
        database.close()
    return found


@contextmanager
def emptied(url: str) -> Iterator[Database]:
    """A database with tables, and nothing in them."""
    database = Database(url)
    store = SqlStore(database)
    for tenant in store.tenants():
        store.remove(tenant.name)
    store.unclaimed.clear()
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that may be without tables."""
    is_file = request.param == "sqlite"
    return f"sqlite:///{tmp_path}/fake.db" if is_file else str(request.getfixturevalue("server").url)


@pytest.fixture(params=["sqlite", "postgresql"])
def prepared(request: pytest.FixtureRequest, urls: Mapping[str, str]) -> str:
    """The URL of a database with tables."""
    return urls[request.param]


@pytest.fixture
def database(prepared: str) -> Iterator[Database]:
    """A database with nothing in it."""
    with emptied(prepared) as database:
        yield database


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, urls: Mapping[str, str]) -> Iterator[NewStore]:
    """What makes a store of each kind, with tenants in it."""
    if request.param == "memory":
        yield MemoryStore
        return
    with emptied(urls[request.param]) as database:

        def build(tenants: tuple[Tenant, ...] = (), **options: object) -> Store:
            store = SqlStore(database, **options)  # type: ignore[arg-type]
            store.seed(tenants)
            return store

        yield build
