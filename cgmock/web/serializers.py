"""How rows, journal entries and what is found in them look as JSON."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from cgmock.core.behaviours import weakest
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Notice
from cgmock.faults import Fault, table
from cgmock.journal.expectations import Difference, Verdict
from cgmock.journal.heading_usage import Usage
from cgmock.journal.journal import Entry
from cgmock.journal.replay import copies, record_of
from cgmock.stores.base import Checkpoint, FaultControl, Row, TenantClock

Shape = Mapping[str, object]


def row_shape(row: Row, open_text: Callable[[str], str]) -> Shape:
    """An object as it is stored, its times as ISO 8601; a secret that was sent for a value is not shown."""
    values = {name: open_text(value) if isinstance(value, str) else value for name, value in row.items()}
    return {**values, "created_at": _time(row["created_at"]), "updated_at": _time(row["updated_at"])}


def entry_shape(entry: Entry) -> Shape:
    """A journal entry; `evidence` is that of its least certain behaviour, none where a planned fault decided all."""
    losses = frozenset(entry.losses)
    behaviours = dict.fromkeys([*entry.behaviours, *(notice.behaviour for notice in entry.notices)])
    return {
        "number": entry.number,
        "time": _time(entry.time),
        "method": entry.request.method,
        "path": entry.request.path,
        "status": entry.response.status,
        "request": _request(entry.request),
        "response": _response(entry.response),
        "notices": [_notice(notice, lost=notice in losses) for notice in entry.notices],
        "more_notices": entry.more_notices,
        "behaviours": [behaviour.id for behaviour in behaviours],
        "evidence": weakest(behaviours) if behaviours else None,
        "fault": entry.fault or None,
    }


def whole_entry_shape(entry: Entry, tenant: str, url: str) -> Shape:
    """A journal entry with the record that was sent, and in other forms; `url` is that of the fake."""
    configuration, record = record_of(entry) or (None, None)
    sent = {"configuration": configuration, "record": record}
    return {**entry_shape(entry), **sent, "copies": copies(entry, tenant, url)}


def clock_shape(clock: TenantClock) -> Shape:
    """What a clock tells."""
    now = clock.now()
    return {"now": _time(now), "seconds": now, "frozen": clock.is_frozen}


def checkpoint_shape(name: str, checkpoint: Checkpoint) -> Shape:
    """A checkpoint in a list."""
    return {"name": name, "saved_at": _time(checkpoint.saved_at)}


def verdict_shape(verdict: Verdict) -> Shape:
    """What became of an expectation."""
    return verdict._asdict()


def near_miss_shape(entry: Entry, differences: Iterable[Difference]) -> Shape:
    """A request that is not as expected, and how it differs."""
    return {
        "number": entry.number,
        "status": entry.response.status,
        "differences": [each._asdict() for each in differences],
    }


def usage_shape(usage: Usage) -> Shape:
    """What was used of a configuration."""
    return {**usage._asdict(), "unknown": [each._asdict() for each in usage.unknown]}


def faults_shape(plan: FaultControl, open_text: Callable[[str], str]) -> Shape:
    """A plan: what still waits, and what was met; `open_text` takes secrets out of a text."""
    return {
        "unmet": [{**_fault(fault, open_text), "left": left} for fault, left in plan.unmet],
        "met": [{**_fault(fault, open_text), "met": times} for fault, times in plan.met],
    }


def _fault(fault: Fault, open_text: Callable[[str], str]) -> Shape:
    headers = {name: open_text(value) for name, value in fault.headers}
    return {**table(fault), "headers": headers, "body": open_text(fault.body)}


def _request(request: Request) -> Shape:
    return {
        "id": request.id,
        "query": request.query,
        "headers": dict(request.headers),
        "body": request.body.decode(errors="replace"),
        "length": request.length,
    }


def _response(response: Response) -> Shape:
    return {"headers": dict(response.headers), "body": response.body.decode(errors="replace")}


def _notice(notice: Notice, *, lost: bool) -> Shape:
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
