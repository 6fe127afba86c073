"""Claims, rows, clocks, checkpoints, faults and the results of searches as JSON."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from cgmock.clock import ClockControl
from cgmock.control.serialization import (
    BehaviourId,
    Count,
    EntryJson,
    Number,
    Status,
    Time,
    serialize_entry,
    to_iso,
)
from cgmock.core.behaviours import Difference as KnownDifference, Evidence
from cgmock.core.questions import Question
from cgmock.faults import Fault, FaultControl, table
from cgmock.journal.expectations import Difference, NearMiss
from cgmock.journal.heading_usage import Usage
from cgmock.journal.journal import Entry
from cgmock.journal.replay import Copies, copies, record_of
from cgmock.stores.base import Checkpoint, Row

JsonObject = Mapping[str, Any]


class BehaviourJson(TypedDict):
    id: BehaviourId
    sentence: str
    evidence: Evidence
    source: str


class ClaimsJson(TypedDict):
    behaviours: list[BehaviourJson]
    differences: list[KnownDifference]
    questions: list[Question]


class ClockJson(TypedDict):
    now: Time
    seconds: float
    frozen: bool


class CheckpointJson(TypedDict):
    name: str
    saved_at: Time


class FullEntryJson(EntryJson):
    configuration: str | None
    record: Mapping[str, object] | None
    copies: Copies


class EntryPageJson(TypedDict):
    data: list[EntryJson]
    next_cursor: int | None
    newest: Count
    dropped: Count
    dropped_losses: Count


class NearMissJson(TypedDict):
    number: Number
    status: Status
    differences: list[Difference]


class UnknownJson(TypedDict):
    heading: str
    sent: Count
    nearest: str | None


class UsageJson(TypedDict):
    reference: str
    requests: Count
    headings: Mapping[str, Count]
    unknown: list[UnknownJson]


class UsagePageJson(TypedDict):
    data: list[UsageJson]
    dropped: Count


def serialize_row(row: Row, redact: Callable[[str], str]) -> JsonObject:
    """Return a stored object, with times in ISO 8601 and secrets redacted."""
    values = {name: redact(value) if isinstance(value, str) else value for name, value in row.items()}
    times = {name: to_iso(float(str(row[name]))) for name in ("created_at", "updated_at")}
    return {**values, **times}


def serialize_full_entry(entry: Entry, tenant: str, url: str) -> FullEntryJson:
    """Return a journal entry with its record, and with copies in other forms. `url` is the URL of the fake."""
    configuration, record = record_of(entry) or (None, None)
    return {
        **serialize_entry(entry),
        "configuration": configuration,
        "record": record,
        "copies": copies(entry, tenant, url),
    }


def serialize_clock(clock: ClockControl) -> ClockJson:
    """Return the state of a clock."""
    now = clock.now()
    return {"now": to_iso(now), "seconds": now, "frozen": clock.is_frozen}


def serialize_checkpoint(name: str, checkpoint: Checkpoint) -> CheckpointJson:
    """Return a checkpoint for a list."""
    return {"name": name, "saved_at": to_iso(checkpoint.saved_at)}


def serialize_near_miss(miss: NearMiss) -> JsonObject:
    """Return a request that differs from an expectation, and the differences."""
    return {
        "number": miss.entry.number,
        "status": miss.entry.response.status,
        "differences": [each._asdict() for each in miss.differences],
    }


def serialize_usage(usage: Usage) -> UsageJson:
    """Return the usage of a configuration."""
    return {
        "reference": usage.reference,
        "requests": usage.requests,
        "headings": usage.headings,
        "unknown": [
            {"heading": each.heading, "sent": each.sent, "nearest": each.nearest} for each in usage.unknown
        ],
    }


def serialize_faults(plan: FaultControl, redact: Callable[[str], str]) -> JsonObject:
    """Return the planned faults: those that wait for requests, and those that were met."""
    return {
        "unmet": [{**_fault(fault, redact), "left": left} for fault, left in plan.unmet],
        "met": [{**_fault(fault, redact), "met": times} for fault, times in plan.met],
    }


def _fault(fault: Fault, redact: Callable[[str], str]) -> JsonObject:
    headers = {name: redact(value) for name, value in fault.headers}
    return {**table(fault), "headers": headers, "body": redact(fault.body)}
