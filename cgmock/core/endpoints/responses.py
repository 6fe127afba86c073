"""GET /v7/rest/sync/responses: the recorded responses, read back page by page."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.behaviours import Behaviour
from cgmock.core.laravel import responses as laravel
from cgmock.core.laravel.request import read_input
from cgmock.core.laravel.responses import Rule
from cgmock.core.laravel.rules import broken_rules
from cgmock.core.messages import Request
from cgmock.core.outcome import Fate, Notice, Outcome, StoredResponse, View
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpArray, PhpValue
from cgmock.core.tenant import Tenant

MAX_PER_PAGE = 1000
"""Responses that a page has at most, and where `per_page` is not said (5000875861)."""

PERIOD_FIELDS = ("date_creation", "date_order", "date_sent", "date_survey_response")
"""The dates that a period can be of."""

EXPANSIONS = ("drivers", "tags", "questions", "properties")
"""What `with[]` can ask for; no record can write any of it, so here it is empty."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ALWAYS_SHOWN = (
    *("first_name", "last_name", "account_name", "customer_number", "email", "phone", "nps", "comment"),
    *("order_date", "sent_date", "completed_date", "touchpoint", "division"),
)

_Row = dict[str, object]


class _Period(NamedTuple):
    """Days, from the first to the last, of one of the dates of a response."""

    field: str
    start: str
    end: str

    def has(self, row: _Row) -> bool:
        moment = row[self.field]
        return isinstance(moment, str) and self.start <= moment[: len("YYYY-MM-DD")] <= self.end


class _Violation(NamedTuple):
    path: str
    rule: Rule
    other: str = ""


def get_responses(view: View, tenant: Tenant, request: Request) -> Outcome:
    """Decide a request whose token is good."""
    asked = read_input(request).values
    violations = tuple(_violations(asked))
    if violations:
        dialect = tenant.policies.dialect
        errors: dict[str, list[str]] = {}
        for path, rule, other in violations:
            errors.setdefault(path, []).append(laravel.text(rule, path, dialect, other=other))
        return Outcome(laravel.invalid(errors, dialect), behaviours=(Behaviour.RESPONSES_INVALID,))
    cursor, period = _number(asked.get("cursor")) or 0, _period(asked)
    rows = (_row(stored) for stored in view.data.responses(cursor))
    in_period = (row for row in rows if period is None or period.has(row))
    page = tuple(islice(in_period, _number(asked.get("per_page")) or MAX_PER_PAGE))
    expansions = _expansions(asked)
    shown = {
        "data": [row | {name: [] for name in expansions} for row in page],
        "cursor": {"next": page[-1]["number_customergauge"] if page else cursor},
    }
    return Outcome(laravel.content(shown), (), _emptiness(expansions), tuple(_behaviours(page, period)))


def _violations(asked: PhpArray) -> Iterator[_Violation]:
    for name, between in (("per_page", (1, MAX_PER_PAGE)), ("cursor", None)):
        for rule in broken_rules(asked[name], between) if name in asked else ():
            yield _Violation(name, rule, f"1 and {MAX_PER_PAGE}")
    if asked.get("period") is not None:
        yield from _period_violations(_members(asked["period"]))


def _period_violations(period: PhpArray) -> Iterator[_Violation]:
    for name in ("field", "start", "end"):
        value = period.get(name)
        if value is None:
            yield _Violation(f"period.{name}", Rule.REQUIRED)
        elif name == "field" and value not in PERIOD_FIELDS:
            yield _Violation(f"period.{name}", Rule.IN)
        elif name != "field" and not _is_day(value):
            yield _Violation(f"period.{name}", Rule.DATE_FORMAT, "Y-m-d")


def _period(asked: PhpArray) -> _Period | None:
    if asked.get("period") is None:
        return None
    period = _members(asked["period"])
    return _Period(str(period["field"]), str(period["start"]), str(period["end"]))


def _expansions(asked: PhpArray) -> tuple[str, ...]:
    wanted = _members(asked.get("with")).values()
    return tuple(name for name in EXPANSIONS if name in wanted)


def _row(stored: StoredResponse) -> _Row:
    """A response with the technical names of its fields; those with a dot are members of an object."""
    row: _Row = {"number_customergauge": stored.number, "date_creation": _moment(stored.created_at)}
    values = dict.fromkeys(_ALWAYS_SHOWN) | dict(stored.values)
    for name, value in values.items():
        field = catalog.field(name)
        owner, dot, member = (field.technical_name if field else name).rpartition(".")
        place = row.setdefault(owner, {}) if dot else row
        place[member] = value  # type: ignore[index]
    return row


def _behaviours(page: tuple[_Row, ...], period: _Period | None) -> Iterator[Behaviour]:
    yield Behaviour.RESPONSES_LISTED if page else Behaviour.RESPONSES_END
    yield Behaviour.RESPONSES_SHAPE
    if period is not None:
        yield Behaviour.RESPONSES_PERIOD


def _emptiness(expansions: tuple[str, ...]) -> tuple[Notice, ...]:
    reason = "no record can write it, so the fake has none"
    return tuple(
        Notice(None, Fate.IGNORED, Behaviour.RESPONSES_EXPANDED, field=name, reason=reason)
        for name in expansions
    )


def _members(value: PhpValue) -> PhpArray:
    return value if isinstance(value, dict) else {}


def _number(value: PhpValue) -> int | None:
    return None if value is None or isinstance(value, dict) else int(php.text(value))


def _is_day(value: PhpValue) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _moment(seconds: float) -> str:
    """A time as CustomerGauge writes it, in UTC; which zone it is in there, no document says."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
