"""A change of a shared store that fails leaves no trace, whichever of its steps fails."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from cgmock.stores.base import Store
from cgmock.stores.sql import Database, SqlStore, schema
from tests.acme import NOW
from tests.failing import CHANGES, MAX_JOURNAL, MAX_RECORDS, NewStore, leave_no_trace
from tests.postgresql import postgresql


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server, without the name of a database."""
    with postgresql() as started:
        yield started.url.rpartition("/")[0]


@pytest.fixture
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewStore]:
    """A function that makes a store in a database of its own."""
    numbers = count()

    def url() -> str:
        if request.getfixturevalue("kind") == "sqlite":
            return f"sqlite:///{tmp_path}/{next(numbers)}.db"
        server, name = request.getfixturevalue("server"), f"fake_{next(numbers)}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        return f"{server}/{name}"

    with ExitStack() as after:

        def build() -> SqlStore:
            database = Database(url())
            after.callback(database.close)
            database.prepare(make_key=lambda: "{}")
            return SqlStore(database, max_records=MAX_RECORDS, max_journal=MAX_JOURNAL, clock=lambda: NOW)

        yield build


def everything(store: Store) -> object:
    """All rows of all tables."""
    tables = schema.metadata.sorted_tables
    return vars(store)["_database"].read(
        lambda connection: [sorted(connection.execute(select(each)).all(), key=repr) for each in tables]
    )


@pytest.mark.parametrize(
    ("kind", "change"),
    [*(("sqlite", each) for each in CHANGES), ("postgresql", "restore"), ("postgresql", "request")],
)
@pytest.mark.usefixtures("kind")
def test_a_change_that_fails_leaves_the_database_as_it_was(new_store: NewStore, change: str) -> None:
    assert leave_no_trace(new_store, CHANGES[change], everything) > 9
