"""A PostgreSQL server that cuts connections or is down, and URLs with its password."""

import logging
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Outcome
from cgmock.core.routing import Credential
from cgmock.mock_api import WHY, MockAPI
from cgmock.stores.base import StoreError
from cgmock.stores.sql import Database, SqlStore
from tests.acme import ACME
from tests.postgresql import PostgreSQL
from tests.unit.stores.test_database import do, number_of_tables

END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


END_ONESELF = "SELECT pg_terminate_backend(pg_backend_pid())"


@pytest.fixture
def own(server: PostgreSQL) -> Iterator[Database]:
    """The database of the server, for those who do harm to it."""
    database = Database(server.url)
    database.prepare(reset=True)
    yield database
    database.close()


@pytest.mark.parametrize(
    "credentials", ["user:sesame@127.0.0.1:{port}/name", "/name?host=127.0.0.1&port={port}&password=sesame"]
)
def test_no_sentence_has_the_password(server: PostgreSQL, credentials: str) -> None:
    database = Database(f"postgresql://{credentials.format(port=server.port)}")

    with pytest.raises(StoreError, match="does not exist") as caught:
        database.read(number_of_tables)

    assert "sesame" not in str(caught.value)


def test_a_connection_that_was_cut_is_opened_again(own: Database, server: PostgreSQL) -> None:
    other = Database(server.url)
    tables = own.read(number_of_tables)

    do(other, END_OTHERS)

    assert own.read(number_of_tables) == tables
    do(other, END_OTHERS)
    do(own, "UPDATE cgmock_about SET generation = 'again'")
    assert own.read(lambda each: each.scalar(text("SELECT generation FROM cgmock_about"))) == "again"
    other.close()


def test_what_is_cut_twice_is_given_up(own: Database) -> None:
    with pytest.raises(StoreError, match="cannot be used: terminating connection"):
        do(own, END_ONESELF)

    assert own.read(number_of_tables)


def test_a_connection_that_is_lost_in_a_transaction_fails_that_request_only(
    own: Database, server: PostgreSQL
) -> None:
    store, other = SqlStore(own), Database(server.url)
    store.seed([ACME])

    def append(first: Callable[[], None]) -> int:
        with store.transaction(Credential("acme-crm")) as tx:
            first()
            return tx.append(1.0, Request("GET", "/"), Outcome(Response(200))).number

    with pytest.raises(StoreError, match="cannot be used: terminating connection"):
        append(lambda: do(other, END_OTHERS))

    assert append(lambda: None) == 1
    other.close()


def test_a_server_that_is_down_is_told_once_and_once_more_when_it_is_back(
    own: Database, server: PostgreSQL, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqlStore(own)
    store.seed([ACME])
    mock = MockAPI(store=store)
    caplog.set_level(logging.WARNING, "cgmock")

    server.stop()
    answers = [mock.answer(Request("GET", "/")).response for _ in range(2)]
    server.start()

    assert mock.answer(Request("GET", "/")).response.status == 404
    assert [answer.status for answer in answers] == [503, 503]
    assert all("cannot be used" in dict(answer.headers)[WHY] for answer in answers)
    assert [record.message.partition(" cannot")[2] or record.message for record in caplog.records] == [
        " be used: " + answers_reason(answers[0]),
        f"The database {server.url} can be used again.",
    ]
    assert store.unclaimed.newest == 1


def answers_reason(answer: Response) -> str:
    """What an answer says of why the database could not be used."""
    return dict(answer.headers)[WHY].partition(" cannot be used: ")[2]
