"""Parity: what the ledger says of a target, held against what the mock does in the same conversations."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from cgmock.contract.checks import Check, attempt
from cgmock.contract.ledger import Entry, Unreadable
from cgmock.contract.local import in_process, mock_target, stand_in, with_expired_token
from cgmock.contract.session import Session
from cgmock.contract.suite import checks
from cgmock.core.tenant import Tenant
from cgmock.exit_codes import COULD_NOT_CHECK, FINDINGS, FINE
from cgmock.live.rails import Guard, Rails
from cgmock.live.results import Result, Verdict

_RUN = "00000000"
_SILENT = frozenset({Verdict.NOT_RUN, Verdict.COULD_NOT_CHECK})
_LONGEST = 120


class Status(StrEnum):
    """How the mock compares with what was seen. The last three show nothing, and are never good."""

    SAME = "SAME"
    DIFFERS = "DIFFERS"
    COULD_NOT_CHECK = "COULD_NOT_CHECK"
    NOT_RUN = "NOT_RUN"
    EXPIRED = "EXPIRED"


class Row(NamedTuple):
    """The comparison of a behaviour or an open question; `date` and `target` are those of the ledger, where it has them."""

    id: str
    kind: str
    status: Status
    reason: str = ""
    date: str = ""
    target: str = ""


class Report(NamedTuple):
    """All comparisons: each behaviour and each open question once."""

    rows: tuple[Row, ...]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many rows have each status."""
        return {status: sum(row.status is status for row in self.rows) for status in Status}

    @property
    def exit_code(self) -> int:
        """Return FINDINGS if a row differs, else COULD_NOT_CHECK if a row shows nothing, else FINE."""
        found = {row.status for row in self.rows}
        if Status.DIFFERS in found:
            return FINDINGS
        return FINE if found <= {Status.SAME} else COULD_NOT_CHECK


def compare(
    ledger: Mapping[str, Entry | Unreadable], mock: Iterable[Result], today: date, max_age: int | None = None
) -> Report:
    """Hold a ledger against what a mock does; an entry of more than `max_age` days is expired."""
    here = {result.id: result for result in mock}
    oldest = _oldest(today, max_age)
    rows = [_row(check, ledger.get(check.id), here[check.id], oldest) for check in checks()]
    strangers = (name for name in ledger if name not in here)
    rows += [Row(name, "", Status.COULD_NOT_CHECK, "no check has this id") for name in strangers]
    return Report(tuple(rows))


def replay(tenant: Tenant) -> Iterator[Result]:
    """What a mock of a tenant does in each conversation."""
    target = mock_target(tenant)
    mock = stand_in(target)
    target = with_expired_token(target, mock)
    clock = mock.store.hosted(target.tenant.name).clock
    session = Session(
        target, Guard(in_process(mock), target, Rails(allow_invitations=True)), _RUN, sleep=clock.advance
    )
    for check in checks():
        yield attempt(check, session)
    session.close()


def difference(there: object, here: object, place: str = "") -> str:
    """Where two JSON values differ first, empty when they are the same."""
    match there, here:
        case Mapping(), Mapping():
            pairs = [
                (str(key), there.get(key), here.get(key))
                for key in [*there, *(each for each in here if each not in there)]
            ]
        case (list(), list()) if len(there) == len(here):
            pairs = [(str(number), *both) for number, both in enumerate(zip(there, here, strict=True), 1)]
        case _:
            return (
                ""
                if there == here and type(there) is type(here)
                else f"{place}: {_cut(there)} there, {_cut(here)} here"
            )
    found = (difference(one, other, f"{place}.{name}".lstrip(".")) for name, one, other in pairs)
    return next(filter(None, found), "")


def _row(check: Check, entry: Entry | Unreadable | None, here: Result, oldest: str) -> Row:
    match entry:
        case None:
            status, reason = Status.NOT_RUN, "the ledger has no entry of it"
        case Unreadable():
            status, reason = Status.COULD_NOT_CHECK, entry.reason
        case _ if entry.verdict in _SILENT:
            status = Status.NOT_RUN if entry.verdict is Verdict.NOT_RUN else Status.COULD_NOT_CHECK
            reason = entry.reason
        case _ if entry.date < oldest:
            status, reason = Status.EXPIRED, f"it was seen on {entry.date}"
        case _ if here.verdict in _SILENT:
            status, reason = Status.COULD_NOT_CHECK, f"the mock cannot show it: {here.reason}"
        case _:
            status, reason = _compared(entry, here)
    seen = (entry.date, entry.target) if isinstance(entry, Entry) else ("", "")
    return Row(check.id, check.kind, status, reason, *seen)


def _compared(entry: Entry, here: Result) -> tuple[Status, str]:
    """Walk through both conversations until one of them takes another way."""
    for number, (there, mine) in enumerate(zip(entry.evidence, here.evidence, strict=False), 1):
        if difference(there.get("asked"), mine.get("asked")):
            return (
                Status.COULD_NOT_CHECK,
                "other requests were sent then: run it again, or give the seed of that run",
            )
        found = difference(there, mine)
        if found:
            return Status.DIFFERS, f"step {number}, {found}"
    if len(entry.evidence) != len(here.evidence):
        return Status.COULD_NOT_CHECK, "more or fewer requests were sent then: run it again"
    if entry.verdict is not here.verdict:
        return Status.DIFFERS, f"{entry.verdict} there ({entry.reason}), {here.verdict} here ({here.reason})"
    return Status.SAME, ""


def _oldest(today: date, max_age: int | None) -> str:
    """The oldest date that counts, as ISO 8601 has it, so that texts compare as dates do."""
    return "" if max_age is None else date.fromordinal(max(1, today.toordinal() - max_age)).isoformat()


def _cut(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
