"""A database that is frozen or locked: who waits gets an answer in time, and nobody else waits."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import psycopg
import pytest

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Outcome
from cgmock.core.routing import Credential
from cgmock.core.tenant import Tenant
from cgmock.mock_api import WHY, MockAPI
from cgmock.stores.base import StoreError
from cgmock.stores.sql import Database, SqlStore
from cgmock.web import create_app
from tests.acme import ACME, APP
from tests.postgresql import PostgreSQL, postgresql
from tests.processes import serving
from tests.waiting import eventually

PATIENCE = 4.0
SILENT = "the server did not answer within 5 seconds"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of our own."""
    with postgresql() as started:
        yield started


@pytest.fixture
def store(server: PostgreSQL) -> Iterator[SqlStore]:
    """A store with two tenants, which has connections already."""
    database = Database(server.url, patience=PATIENCE)
    database.prepare(reset=True)
    store = SqlStore(database)
    store.seed([ACME, Tenant(name="other")])
    yield store
    database.close()


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.monotonic()
    act()
    return time.monotonic() - started


def append(store: SqlStore) -> None:
    """Let a request of ACME come."""
    with store.transaction(Credential(APP.client_id)) as tx:
        tx.append(1.0, Request("GET", "/"), Outcome(Response(200)))


def test_a_frozen_database_is_a_503_in_time(server: PostgreSQL, store: SqlStore) -> None:
    mock = MockAPI(store=store)
    assert mock.answer(Request("GET", "/")).response.status == 404

    with server.frozen():
        started = time.monotonic()
        answers = [mock.answer(Request("GET", "/")).response for _ in range(2)]
        assert time.monotonic() - started < 2 * 2 * PATIENCE

    assert [answer.status for answer in answers] == [503, 503]
    assert SILENT in dict(answers[0].headers)[WHY]
    assert mock.answer(Request("GET", "/")).response.status == 404


def test_a_frozen_database_is_not_healthy_within_five_seconds(server: PostgreSQL, store: SqlStore) -> None:
    control = create_app(MockAPI(store=store)).test_client()
    assert control.get("/_cgmock/health").status_code == 200

    with server.frozen():
        assert seconds(lambda: control.get("/_cgmock/health")) < 5
        assert control.get("/_cgmock/health").status_code == 503

    eventually(lambda: control.get("/_cgmock/health").status_code == 200)


def test_cgmock_serve_answers_in_time_when_its_database_is_frozen(server: PostgreSQL) -> None:
    reported = r"The database .* cannot be used: .*\nThe database .* can be used again\.\n"
    statuses: list[int] = []
    with (
        serving("--database", server.url, "--reset", then=reported) as (line,),
        httpx.Client(base_url=line.split()[-1], timeout=30) as http,
    ):
        assert http.put("/records/").status_code == 401

        with server.frozen():
            put = seconds(lambda: statuses.append(http.put("/records/").status_code))
            health = seconds(lambda: statuses.append(http.get("/_cgmock/health").status_code))

        assert (statuses, put < 20, health < 5) == ([503, 503], True, True)
        eventually(lambda: http.get("/_cgmock/health").status_code == 200)
        assert http.put("/records/").status_code == 401


def test_a_locked_tenant_keeps_nobody_from_looking(server: PostgreSQL, store: SqlStore) -> None:
    waiting = [threading.Thread(target=lambda: refusals.append(refusal(store))) for _ in range(8)]
    refusals: list[str] = []
    with psycopg.connect(server.url) as holder, psycopg.connect(server.url, autocommit=True) as looking:
        holder.execute("SELECT * FROM cgmock_states WHERE tenant = 1 FOR UPDATE")
        for each in waiting:
            each.start()
        eventually(lambda: looking.execute(WAITING).fetchone() == (5,))

        assert seconds(store.tenants) < 1
        assert seconds(lambda: store.hosted("acme").tenant) < 1
        assert seconds(store.check) < 1

        for each in waiting:
            each.join()
    assert len(refusals) == len(waiting)


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def refusal(store: SqlStore) -> str:
    """Why a request could not be kept."""
    with pytest.raises(StoreError) as refused:
        append(store)
    return str(refused.value)


def test_a_process_that_is_stopped_within_a_transaction_does_not_lock_a_tenant_for_ever(
    server: PostgreSQL, store: SqlStore
) -> None:
    taken, ended = threading.Event(), threading.Event()
    holder = threading.Thread(target=lambda: refusal_of_silence(server, taken, ended))
    holder.start()
    assert taken.wait(30)

    eventually(lambda: is_kept(store), seconds=30)

    ended.set()
    holder.join()


def is_kept(store: SqlStore) -> bool:
    """Whether a request of ACME can be kept."""
    with suppress(StoreError):
        append(store)
        return True
    return False


def refusal_of_silence(server: PostgreSQL, taken: threading.Event, ended: threading.Event) -> None:
    """Begin a transaction, and do nothing in it for long."""
    database = Database(server.url, patience=1)

    def be_silent() -> None:
        taken.set()
        assert ended.wait(60)

    with (
        pytest.raises(StoreError, match="cannot be used"),
        SqlStore(database).transaction(Credential(APP.client_id)),
    ):
        be_silent()
    database.close()
