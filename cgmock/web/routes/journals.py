"""Views that read journals: pages, searches and expectations."""

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import islice, takewhile
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import NotFound, UnprocessableEntity

from cgmock.control.serialization import serialize_entry
from cgmock.journal import heading_usage
from cgmock.journal.expectations import MEMBERS, Expectation, Verdict, from_table, verify
from cgmock.journal.search import Search
from cgmock.mock_api import MockAPI
from cgmock.stores.base import TenantJournal
from cgmock.web.params import MAX_EXPECTATIONS, Order, hosted, json_body, with_integers
from cgmock.web.serializers import (
    EntryPageJson,
    FullEntryJson,
    JsonObject,
    UsagePageJson,
    serialize_full_entry,
    serialize_near_miss,
    serialize_usage,
)

MAX_WAITING = 2
"""Maximum number of requests that wait at the same time. The next one is answered immediately.

It is lower than the number of threads of a server.
"""


def journal(mock: MockAPI, name: str, wait: int, **asked: Any) -> EntryPageJson:
    """Search the requests of a tenant and their responses."""
    journal = hosted(mock, name).journal
    if wait:
        _wait(lambda: journal.wait(asked["cursor"], wait))
    return _page(journal, **asked)


def count_entries(mock: MockAPI, name: str, **search: Any) -> JsonObject:
    """Count the journal entries that a search finds."""
    found = Search(**search).among(hosted(mock, name).journal.after(0))
    return {"count": sum(1 for _ in found)}


def entry(mock: MockAPI, name: str, number: int) -> FullEntryJson:
    """Return one journal entry, with ways to send its request again."""
    return _entry(hosted(mock, name).journal, number, name)


def near_misses(mock: MockAPI, name: str, limit: int) -> list[JsonObject]:
    """List the requests that do not match an expectation, the most similar first."""
    entries = tuple(hosted(mock, name).journal.after(0))
    misses = from_table(json_body()).near_misses(entries)
    return [serialize_near_miss(each) for each in misses[:limit]]


def verify_journal(mock: MockAPI, name: str) -> JsonObject:
    """Check whether a journal contains the expected requests, optionally in order."""
    return _verifier(hosted(mock, name).journal)()._asdict()


def wait_for_journal(mock: MockAPI, name: str, timeout: int) -> JsonObject:
    """Wait until a journal contains the expected requests."""
    journal = hosted(mock, name).journal
    verdict = _verifier(journal)
    _wait(lambda: journal.wait_for(lambda: verdict().holds, timeout))
    return verdict()._asdict()


def usage(mock: MockAPI, name: str) -> UsagePageJson:
    """Count the headings that requests have used, per configuration."""
    found = hosted(mock, name)
    used = heading_usage.usage(found.tenant, found.journal.after(0))
    return {"data": [serialize_usage(each) for each in used], "dropped": found.journal.dropped.entries}


def unclaimed(mock: MockAPI, **asked: Any) -> EntryPageJson:
    """Search the requests without credentials of any tenant."""
    return _page(mock.store.unclaimed, **asked)


def unclaimed_entry(mock: MockAPI, number: int) -> FullEntryJson:
    """Return one of the requests without credentials of any tenant, with ways to send it again."""
    return _entry(mock.store.unclaimed, number, "")


def _wait(wait: Callable[[], object]) -> None:
    """Wait, unless as many requests as possible wait already."""
    waiting = current_app.extensions.setdefault("cgmock.waiting", threading.BoundedSemaphore(MAX_WAITING))
    if waiting.acquire(blocking=False):
        try:
            wait()
        finally:
            waiting.release()


def _entry(journal: TenantJournal, number: int, tenant: str) -> FullEntryJson:
    entry = next(journal.after(number - 1), None)
    if entry is None or entry.number != number:
        raise NotFound(f"There is no entry {number}: it never was, was dropped, or a reset forgot it.")
    return serialize_full_entry(entry, tenant, request.url_root.rstrip("/"))


def _page(journal: TenantJournal, limit: int, cursor: int, after: int, **asked: Any) -> EntryPageJson:
    """Return the oldest entries after the cursor, or the newest entries before it."""
    order, newest = asked.pop("order"), journal.newest
    search = Search(**asked)
    if order is Order.NEWEST:
        older = takewhile(lambda entry: not cursor or entry.number < cursor, journal.after(after))
        among = search.among(reversed(tuple(older)))
    else:
        among = search.among(journal.after(max(cursor, after)))
    found = tuple(islice(among, limit + 1))
    page, dropped = found[:limit], journal.dropped
    return {
        "data": [serialize_entry(entry) for entry in page],
        "next_cursor": page[-1].number if len(found) > limit else None,
        "newest": newest,
        "dropped": dropped.entries,
        "dropped_losses": dropped.losses,
    }


def _verifier(journal: TenantJournal) -> Callable[[], Verdict]:
    """Return a function that compares the journal with the body of the request."""
    given: Mapping[str, object] = json_body(("expect", "in_order"))
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
    return [from_table(with_integers(each)) for each in given]
