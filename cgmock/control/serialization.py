"""Journal entries as JSON: the form that the control API returns and that a remote control reads."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict

from cgmock.core.behaviours import BEHAVIOURS, Evidence, weakest
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Fate, Notice
from cgmock.faults import Effect
from cgmock.journal.journal import Entry

BehaviourId = Annotated[str, {"enum": list(BEHAVIOURS)}]
Count = Annotated[int, {"minimum": 0}]
Number = Annotated[int, {"minimum": 1}]
Status = Annotated[int, {"maximum": 599, "minimum": 0}, "HTTP status, or 0 if the connection broke."]
Time = Annotated[str, {"format": "date-time"}]


class NoticeJson(TypedDict):
    heading: Annotated[str | None, "Heading, or null for a notice about the whole request."]
    field: Annotated[str | None, "Field that the heading is mapped to."]
    fate: Fate
    lost: Annotated[bool, "Whether a value was lost although the response was 200."]
    reason: str
    nearest: Annotated[str | None, "The known heading that the unknown one was probably meant to be."]
    behaviour: BehaviourId


class RequestJson(TypedDict):
    id: str
    query: str
    headers: Mapping[str, str]
    body: str
    length: Annotated[Count, "Length of the whole body in bytes. The journal may store less."]


class ResponseJson(TypedDict):
    headers: Mapping[str, str]
    body: str


class EntryJson(TypedDict):
    number: Number
    time: Time
    method: str
    path: str
    status: Status
    request: RequestJson
    response: ResponseJson
    notices: list[NoticeJson]
    more_notices: Annotated[Count, "Number of notices that were not stored."]
    behaviours: list[BehaviourId]
    evidence: Annotated[
        Evidence | None, "Evidence of the least certain behaviour, or null if a planned fault decided."
    ]
    fault: Annotated[Effect | None, "Effect of the planned fault that applied to the request."]


def serialize_entry(entry: Entry) -> EntryJson:
    """Return an entry as JSON. Bodies are decoded as UTF-8, and repeated response headers are merged."""
    request, response, losses = entry.request, entry.response, frozenset(entry.losses)
    behaviours = dict.fromkeys([*entry.behaviours, *(notice.behaviour for notice in entry.notices)])
    return {
        "number": entry.number,
        "time": to_iso(entry.time),
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
        "notices": [
            {
                "heading": notice.heading,
                "field": notice.field,
                "fate": notice.fate,
                "lost": notice in losses,
                "reason": notice.reason,
                "nearest": notice.nearest,
                "behaviour": notice.behaviour.id,
            }
            for notice in entry.notices
        ],
        "more_notices": entry.more_notices,
        "behaviours": [behaviour.id for behaviour in behaviours],
        "evidence": weakest(behaviours) if behaviours else None,
        "fault": Effect(entry.fault) if entry.fault else None,
    }


def deserialize_entry(shown: Mapping[str, Any]) -> Entry:
    """Return the entry that `serialize_entry` returned as JSON."""
    request, response = shown["request"], shown["response"]
    return Entry(
        shown["number"],
        from_iso(shown["time"]),
        Request(
            shown["method"],
            shown["path"],
            request["query"],
            request["headers"],
            request["body"].encode(),
            request["length"],
            request["id"],
        ),
        Response(shown["status"], tuple(response["headers"].items()), response["body"].encode()),
        tuple(
            Notice(
                each["heading"],
                Fate(each["fate"]),
                BEHAVIOURS[each["behaviour"]],
                field=each["field"],
                reason=each["reason"],
                nearest=each["nearest"],
            )
            for each in shown["notices"]
        ),
        tuple(BEHAVIOURS[each] for each in shown["behaviours"]),
        shown["more_notices"],
        shown["fault"] or "",
    )


def to_iso(seconds: float) -> str:
    """Return a time in ISO 8601, in UTC and rounded down to milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def from_iso(moment: str) -> float:
    """Return a time in Unix seconds."""
    return datetime.fromisoformat(moment).timestamp()
