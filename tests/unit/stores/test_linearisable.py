"""What many threads and workers ask of a tenant at once could have been asked one after the other."""

import json
import threading
import time
from collections.abc import Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from random import Random
from typing import NamedTuple

import pytest

from cgmock.core.messages import Request
from cgmock.core.tenant import RepeatResponse, Tenant
from cgmock.mock_api import MockAPI
from cgmock.stores.base import Collection, Page
from cgmock.stores.memory import MemoryStore
from cgmock.stores.sql import SqlStore
from tests.acme import JSON
from tests.databases import emptied
from tests.unit.stores import drawn
from tests.unit.stores.linearisability import Call, is_linearisable

IGNORING = drawn.with_policy({"repeat_response": RepeatResponse.IGNORED, "rate_limit": 10_000})
TENANTS = (IGNORING(drawn.TENANTS["acme"]), IGNORING(drawn.TENANTS["roadrunner"]))
ALIAS = "Alias"


class Known(NamedTuple):
    """What a tenant holds: the number of requests, accounts and responses in order, and who claimed the alias."""

    requests: int = 0
    accounts: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


def step(known: Known, asked: Hashable) -> tuple[Known, Hashable]:
    """What a tenant holds after a call, and what the call is told."""
    told: Hashable = ""
    after = known._replace(requests=known.requests + 1)
    match asked:
        case ("newest", _):
            return known, known.requests
        case ("accounts", _):
            return known, known.accounts
        case ("respond", str(comment)):
            told = "sent before" if comment in known.responses else ""
            after = after._replace(responses=with_more(known.responses, comment))
        case ("claim", str(account)):
            accounts, claims = with_more(known.accounts, account), with_more(known.claims, account)
            after = after._replace(accounts=accounts, claims=claims)
        case ("contact", _):
            told = known.claims[-1] if known.claims else ""
            after = after._replace(accounts=with_more(known.accounts, told or ALIAS))
        case _:
            told = known.responses
    return after, (after.requests, told)


def with_more(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Names and one more, unless it is among them."""
    return names if name in names else (*names, name)


RECORDS = {
    "respond": ("external_response", "Comment", {"Email": "joe@example.com"}),
    "claim": ("account_alias", "Account Name", {"Alias": ALIAS}),
    "contact": ("contact", "Email", {"Account Name": ALIAS}),
}
VALUES: Mapping[str, Sequence[str]] = {
    "respond": "abcdef",
    "claim": "ABC",
    "contact": ["jane@example.com"],
    **dict.fromkeys(("read", "accounts", "newest"), "-"),
}
KINDS = sorted(VALUES)


def ask(mock: MockAPI, tenant: Tenant, token: str, kind: str, value: str) -> Hashable:
    """Do one of the things that the model knows; returns what is told."""
    if kind == "newest":
        return mock.store.hosted(tenant.name).journal.newest
    if kind == "accounts":
        page = mock.store.page(tenant.name, Collection.ACCOUNTS, limit=100, after=0)
        return tuple(row["account_name"] for row in page.rows)
    request = Request("GET", "/v7/rest/sync/responses", "per_page=100", {"accept": JSON})
    if kind in RECORDS:
        configuration, heading, others = RECORDS[kind]
        request = drawn.json_put(configuration, {heading: value, **others})
    headers = {**request.headers, "authorization": f"Bearer {token}"}
    answer, entry = mock.process(request._replace(headers=headers))
    assert answer.response.status == 200
    reasons = [notice.reason for notice in entry.notices]
    if kind == "read":
        return entry.number, tuple(each["comment"] for each in json.loads(answer.response.body)["data"])
    if kind == "respond":
        return entry.number, "sent before" if any("sent before" in each for each in reasons) else ""
    return entry.number, "".join(each.removeprefix("an alias of ") for each in reasons)


def histories(mocks: Sequence[MockAPI], threads: int, calls: int) -> Iterator[Sequence[Call]]:
    """What each tenant was asked by threads that share the workers, after each tenant's token request."""
    tokens = [token_of(mocks[0], tenant) for tenant in TENANTS]
    begin = threading.Barrier(threads)

    def run(thread: int) -> list[tuple[int, Call]]:
        chance, made = Random(thread), []  # noqa: S311  (no secret)
        begin.wait()
        for _ in range(calls):
            number, kind = chance.randrange(len(TENANTS)), chance.choice(KINDS)
            asked = kind, chance.choice(VALUES[kind])
            began = time.perf_counter()
            told = ask(mocks[thread % len(mocks)], TENANTS[number], tokens[number], *asked)
            made.append((number, Call(began, time.perf_counter(), asked, told)))
        return made

    with ThreadPoolExecutor(threads) as pool:
        made = [each for part in pool.map(run, range(threads)) for each in part]
    for number in range(len(TENANTS)):
        yield [call for of, call in made if of == number]


def token_of(mock: MockAPI, tenant: Tenant) -> str:
    """A token of a tenant's client."""
    (app,) = tenant.connected_apps
    answer = mock.handle(drawn.token_request(app.client_id, app.client_secret))
    return str(json.loads(answer.body)["access_token"])


def test_each_tenant_in_memory_answers_as_if_one_asked_after_the_other() -> None:
    check_histories([MockAPI(TENANTS)], threads=6, calls=30)


@contextmanager
def workers_on(url: str) -> Iterator[Sequence[MockAPI]]:
    """Two workers that share one database."""
    with ExitStack() as stack:
        databases = [stack.enter_context(emptied(url)) for _ in range(2)]
        stores = [SqlStore(each) for each in databases]
        stores[0].seed(TENANTS)
        yield [MockAPI(store=store) for store in stores]


@pytest.fixture
def workers(prepared: str) -> Iterator[Sequence[MockAPI]]:
    """Two workers that share one database."""
    with workers_on(prepared) as mocks:
        yield mocks


def test_each_tenant_answers_as_if_one_asked_after_the_other(workers: Sequence[MockAPI]) -> None:
    check_histories(workers, threads=6, calls=30)


def check_histories(workers: Sequence[MockAPI], threads: int, calls: int) -> None:
    """Check that what threads do at the same time could have been done in some order."""
    found = [*histories(workers, threads, calls)]

    assert sum(map(len, found)) == threads * calls
    assert all(is_linearisable(history, Known(1), step) for history in found)


def test_what_many_workers_write_at_once_is_one_row_and_loses_nothing(workers: Sequence[MockAPI]) -> None:
    begin = threading.Barrier(8)

    def write(thread: int) -> None:
        begin.wait()
        for number in range(10):
            record = {"Email": "joe@example.com", "Account Name": "ACME", "Comment": f"{thread} {number}"}
            workers[thread % len(workers)].try_record("acme", "external_response", record)

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(write, range(8)))

    check_all_is_there(workers[0], 80)


def check_all_is_there(mock: MockAPI, number: int) -> None:
    """See that so many responses are kept of one contact at one account, and so many entries."""
    store = mock.store
    rows = {
        each: store.page("acme", each, limit=1000, after=0).rows
        for each in (Collection.ACCOUNTS, Collection.CONTACTS, Collection.RESPONSES)
    }
    assert [len(each) for each in rows.values()] == [1, 1, number]
    assert len({row["comment"] for row in rows[Collection.RESPONSES]}) == number
    entries = [entry.number for entry in mock.store.hosted("acme").journal.after(0)]
    assert entries == [*range(1, number + 1)]


WRITTEN = Call(0, 1, ("respond", "a"), (1, ""))


def test_what_ended_before_a_read_began_must_be_seen() -> None:
    stale = Call(2, 3, ("read", "-"), (1, ()))

    assert not is_linearisable([WRITTEN, stale], Known(), step)
    assert not is_linearisable([WRITTEN, stale._replace(told=(2, ()))], Known(), step)
    assert is_linearisable([WRITTEN, stale._replace(told=(2, ("a",)))], Known(), step)


def test_what_overlaps_may_come_in_any_order_but_only_once() -> None:
    meanwhile = Call(0.5, 3, ("newest", "-"), 0)

    assert is_linearisable([WRITTEN, meanwhile], Known(), step)
    assert is_linearisable([WRITTEN, meanwhile._replace(told=1)], Known(), step)
    assert not is_linearisable([WRITTEN, meanwhile._replace(told=2)], Known(), step)
    assert not is_linearisable([WRITTEN, WRITTEN], Known(), step)


def test_an_order_that_two_readers_saw_differently_is_none() -> None:
    other = Call(0, 1, ("claim", "A"), (2, ""))
    accounts = Call(2, 3, ("accounts", "-"), ())

    assert is_linearisable([WRITTEN, other, accounts._replace(told=("A",))], Known(), step)
    assert not is_linearisable([WRITTEN, other, accounts], Known(), step)


class _Late(MemoryStore):
    """Shows what it should have shown when it was asked before."""

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """The rows that were there when somebody looked last."""
        page = super().page(tenant, collection, limit=limit, after=after)
        shown: dict[str, Page] = vars(self).setdefault("shown", {})
        before, shown[tenant] = shown.get(tenant, page), page
        return before


def test_a_store_that_shows_what_was_is_found_out() -> None:
    for store, is_right in ((MemoryStore(TENANTS), True), (_Late(TENANTS), False)):
        found = histories([MockAPI(store=store)], 1, 80)

        assert [is_linearisable(history, Known(1), step) for history in found] == [is_right] * 2
