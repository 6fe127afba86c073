"""The part of the control API that reads journals: pages, searches, and what is expected of them."""

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import islice, takewhile

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import NotFound, UnprocessableEntity

from cgmock.core.outcome import Fate
from cgmock.journal.expectations import MEMBERS, Expectation, Verdict, from_table, verify
from cgmock.journal.heading_usage import usage
from cgmock.journal.search import Search
from cgmock.mock_api import MockAPI
from cgmock.stores.base import TenantJournal
from cgmock.web.params import (
    DEFAULT_LIMIT,
    DEFAULT_WAIT,
    MAX_CURSOR,
    MAX_EXPECTATIONS,
    MAX_LIMIT,
    MAX_WAIT,
    Order,
    hosted,
    http_errors,
    json_body,
    number,
    with_integers,
)
from cgmock.web.serializers import (
    serialize_entry,
    serialize_full_entry,
    serialize_near_miss,
    serialize_usage,
    serialize_verdict,
)

MAX_WAITING = 2
"""Maximum number of requests that wait at the same time. The next one is answered immediately.

It is lower than the number of threads of a server.
"""

_TENANT = "/v1/tenants/<name>"
_VERIFIED = ("expect", "in_order")


def add_journals(blueprint: Blueprint, mock: MockAPI) -> None:
    """Add them to the blueprint of the control API."""
    room = threading.BoundedSemaphore(MAX_WAITING)

    @blueprint.get(f"{_TENANT}/journal")
    def journal(name: str) -> Response:
        journal = hosted(mock, name).journal
        cursor, wait = number("cursor", 0, 0, MAX_CURSOR), number("wait", 0, 0, MAX_WAIT)
        _waited(room, wait and (lambda: journal.wait(cursor, wait)))
        return _entries(journal)

    @blueprint.get(f"{_TENANT}/journal/count")
    def count(name: str) -> Response:
        found = _search().among(hosted(mock, name).journal.after(0))
        return jsonify(count=sum(1 for _ in found))

    @blueprint.get(f"{_TENANT}/journal/<int:number>")
    def entry(name: str, number: int) -> Response:
        return _entry(hosted(mock, name).journal, number, name)

    @blueprint.post(f"{_TENANT}/journal/near-misses")
    def near_misses(name: str) -> Response:
        limit = number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        entries = tuple(hosted(mock, name).journal.after(0))
        with http_errors():
            misses = from_table(json_body()).near_misses(entries)
        return jsonify(data=[serialize_near_miss(*miss) for miss in misses[:limit]])

    @blueprint.post(f"{_TENANT}/journal/verify")
    def verify_journal(name: str) -> Response:
        verified = _verified(hosted(mock, name).journal, json_body(_VERIFIED))
        return jsonify(serialize_verdict(verified()))

    @blueprint.post(f"{_TENANT}/journal/wait")
    def wait_for_journal(name: str) -> Response:
        journal, timeout = hosted(mock, name).journal, number("timeout", DEFAULT_WAIT, 0, MAX_WAIT)
        verified = _verified(journal, json_body(_VERIFIED))
        _waited(room, lambda: journal.wait_for(lambda: verified().holds, timeout))
        return jsonify(serialize_verdict(verified()))


def add_overviews(blueprint: Blueprint, mock: MockAPI) -> None:
    """Add what is told of a whole journal, and the requests of nobody, to the blueprint of the control API."""

    @blueprint.get(f"{_TENANT}/usage")
    def configuration_usage(name: str) -> Response:
        found = hosted(mock, name)
        told = usage(found.tenant, found.journal.after(0))
        return jsonify(data=[serialize_usage(each) for each in told], dropped=found.journal.dropped.entries)

    @blueprint.get("/v1/unclaimed")
    def unclaimed() -> Response:
        return _entries(mock.store.unclaimed)

    @blueprint.get("/v1/unclaimed/<int:number>")
    def unclaimed_entry(number: int) -> Response:
        return _entry(mock.store.unclaimed, number, "")


def _waited(room: threading.Semaphore, wait: Callable[[], object] | int) -> None:
    """Wait, if there is room for one more that does."""
    if callable(wait) and room.acquire(blocking=False):
        try:
            wait()
        finally:
            room.release()


def _entry(journal: TenantJournal, number: int, tenant: str) -> Response:
    entry = next(journal.after(number - 1), None)
    if entry is None or entry.number != number:
        raise NotFound(f"There is no entry {number}: it never was, was dropped, or a reset forgot it.")
    return jsonify(serialize_full_entry(entry, tenant, request.url_root.rstrip("/")))


def _entries(journal: TenantJournal) -> Response:
    """A page of a journal: oldest first from the cursor on, or newest first down to the cursor."""
    limit, cursor = number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), number("cursor", 0, 0, MAX_CURSOR)
    search, order, newest = _search(), request.args.get("order", Order.OLDEST), journal.newest
    if order not in list(Order):
        raise UnprocessableEntity(f"order must be one of {', '.join(Order)}.")
    if order == Order.NEWEST:
        older = takewhile(lambda entry: not cursor or entry.number < cursor, journal.after(_after()))
        among = search.among(reversed(tuple(older)))
    else:
        among = search.among(journal.after(max(cursor, _after())))
    found = tuple(islice(among, limit + 1))
    shown, dropped = found[:limit], journal.dropped
    return jsonify(
        data=[serialize_entry(entry) for entry in shown],
        next_cursor=shown[-1].number if len(found) > limit else None,
        newest=newest,
        dropped=dropped.entries,
        dropped_losses=dropped.losses,
    )


def _after() -> int:
    return number("after", 0, 0, MAX_CURSOR)


def _search() -> Search:
    """What the query string looks for."""
    asked = request.args
    notice = asked.get("notice")
    if notice is not None and notice not in list(Fate):
        raise UnprocessableEntity(f"notice must be one of {', '.join(Fate)}.")
    return Search(
        path=asked.get("path"),
        status=number("status", 0, 0, 599) if "status" in asked else None,
        notice=None if notice is None else Fate(notice),
        heading=asked.get("heading"),
        since=number("since", 0, 0, MAX_CURSOR) if "since" in asked else None,
        text=asked.get("text"),
        request=asked.get("request"),
    )


def _verified(journal: TenantJournal, given: Mapping[str, object]) -> Callable[[], Verdict]:
    """What a body expects of a journal, to be found out as often as one likes."""
    expected, in_order = _expected(given.get("expect")), given.get("in_order")
    if not isinstance(in_order, bool | None):
        raise UnprocessableEntity("in_order must be true or false.")
    return lambda: verify(
        expected, tuple(journal.after(0)), in_order=bool(in_order), dropped=journal.dropped.entries
    )


def _expected(given: object) -> Sequence[Expectation]:
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_EXPECTATIONS:
        raise UnprocessableEntity(f"expect must be a list of 1 to {MAX_EXPECTATIONS} expectations.")
    if not all(isinstance(each, dict) for each in given):
        raise UnprocessableEntity(f"expect must have objects, with some of {', '.join(MEMBERS)}.")
    with http_errors():
        return [from_table(with_integers(each)) for each in given]
