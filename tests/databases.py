"""Databases with tables in them, for tests of the stores."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cgmock.core.tenant import Tenant
from cgmock.stores.base import Store
from cgmock.stores.sql import Database, SqlStore
from cgmock.tokens import new_key

KEY = new_key()
"""One signing key for all databases: making one takes a while."""

NewStore = Callable[..., Store]


def with_tables(url: str) -> str:
    """Create the tables of a database anew, and return its URL."""
    database = Database(url)
    database.prepare(reset=True, make_key=lambda: KEY)
    database.close()
    return url


@contextmanager
def emptied(url: str) -> Iterator[Database]:
    """Open a database that has tables, and remove all rows."""
    database = Database(url)
    store = SqlStore(database)
    for tenant in store.tenants():
        store.remove(tenant.name)
    store.unclaimed.clear()
    yield database
    database.close()


@contextmanager
def new_stores(url: str) -> Iterator[NewStore]:
    """Yield a function that makes a store in an empty database, with tenants in it."""
    with emptied(url) as database:

        def build(tenants: tuple[Tenant, ...] = (), **options: object) -> Store:
            store = SqlStore(database, **options)  # type: ignore[arg-type]
            store.seed(tenants)
            return store

        yield build
