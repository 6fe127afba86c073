"""How rows, journal entries and what is found in them look as JSON."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from cgmock.clock import ClockControl
from cgmock.core.behaviours import weakest
from cgmock.core.outcome import Notice
from cgmock.faults import Fault, FaultControl, table
from cgmock.journal.expectations import Difference, Verdict
from cgmock.journal.heading_usage import Usage
from cgmock.journal.journal import Entry
from cgmock.journal.replay import copies, record_of
from cgmock.stores.base import Checkpoint, Row

JsonObject = Mapping[str, object]


def serialize_row(row: Row, redact: Callable[[str], str]) -> JsonObject:
    """Return a stored object, with times in ISO 8601 and secrets redacted."""
    values = {name: redact(value) if isinstance(value, str) else value for name, value in row.items()}
    return {**values, "created_at": _time(row["created_at"]), "updated_at": _time(row["updated_at"])}


def serialize_entry(entry: Entry) -> JsonObject:
    """Return a journal entry.

    `evidence` is the evidence of its least certain behaviour, or null if a planned fault decided the response.
    """
    request, response, losses = entry.request, entry.response, frozenset(entry.losses)
    behaviours = dict.fromkeys([*entry.behaviours, *(notice.behaviour for notice in entry.notices)])
    return {
        "number": entry.number,
        "time": _time(entry.time),
        "method": request.method,
        "path": request.path,
        "status": response.status,
        "request": {
            "id": request.id,
            "query": request.query,
            "headers": dict(request.headers),
            "body": request.body.decode(errors="replace"),
            "length": request.length,
        },
        "response": {"headers": dict(response.headers), "body": response.body.decode(errors="replace")},
        "notices": [_notice(notice, lost=notice in losses) for notice in entry.notices],
        "more_notices": entry.more_notices,
        "behaviours": [behaviour.id for behaviour in behaviours],
        "evidence": weakest(behaviours) if behaviours else None,
        "fault": entry.fault or None,
    }


def serialize_full_entry(entry: Entry, tenant: str, url: str) -> JsonObject:
    """Return a journal entry with its record, and with copies in other forms. `url` is the URL of the fake."""
    configuration, record = record_of(entry) or (None, None)
    sent = {"configuration": configuration, "record": record}
    return {**serialize_entry(entry), **sent, "copies": copies(entry, tenant, url)}


def serialize_clock(clock: ClockControl) -> JsonObject:
    """Return the state of a clock."""
    now = clock.now()
    return {"now": _time(now), "seconds": now, "frozen": clock.is_frozen}


def serialize_checkpoint(name: str, checkpoint: Checkpoint) -> JsonObject:
    """Return a checkpoint for a list."""
    return {"name": name, "saved_at": _time(checkpoint.saved_at)}


def serialize_verdict(verdict: Verdict) -> JsonObject:
    """Return the result of an expectation."""
    return verdict._asdict()


def serialize_near_miss(entry: Entry, differences: Iterable[Difference]) -> JsonObject:
    """Return a request that differs from an expectation, and the differences."""
    return {
        "number": entry.number,
        "status": entry.response.status,
        "differences": [each._asdict() for each in differences],
    }


def serialize_usage(usage: Usage) -> JsonObject:
    """Return the usage of a configuration."""
    return {**usage._asdict(), "unknown": [each._asdict() for each in usage.unknown]}


def serialize_faults(plan: FaultControl, redact: Callable[[str], str]) -> JsonObject:
    """Return the planned faults: those that wait for requests, and those that were met."""
    return {
        "unmet": [{**_fault(fault, redact), "left": left} for fault, left in plan.unmet],
        "met": [{**_fault(fault, redact), "met": times} for fault, times in plan.met],
    }


def _fault(fault: Fault, redact: Callable[[str], str]) -> JsonObject:
    headers = {name: redact(value) for name, value in fault.headers}
    return {**table(fault), "headers": headers, "body": redact(fault.body)}


def _notice(notice: Notice, *, lost: bool) -> JsonObject:
    return {
        "heading": notice.heading,
        "field": notice.field,
        "fate": notice.fate,
        "lost": lost,
        "reason": notice.reason,
        "nearest": notice.nearest,
        "behaviour": notice.behaviour.id,
    }


def _time(seconds: object) -> str:
    return datetime.fromtimestamp(float(str(seconds)), UTC).isoformat(timespec="milliseconds")
