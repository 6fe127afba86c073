"""What a test expects to have been sent, and how the nearest request differs from it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from cgmock.core.laravel.request import read_input
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpValue
from cgmock.core.routing import Endpoint, EndpointName, endpoint_of
from cgmock.core.spelling import member, nearest as nearest_of
from cgmock.journal.journal import BODY_LIMIT, Entry
from cgmock.journal.redaction import REDACTED

MAX_LINES = 20
"""Lines that an explanation has at most."""

_APPENDED = 2
"""Lines of them for dropped entries, and for the time that a test waited."""

_WIDEST = 60


class Difference(NamedTuple):
    """A part of a request that is not as expected; `actual` None when it is not there."""

    part: str
    expected: str
    actual: str | None


class Verdict(NamedTuple):
    """Whether what was expected holds; `explanation` says why not, in 20 lines at most."""

    holds: bool
    explanation: str = ""


class NearMiss(NamedTuple):
    """A request of the right endpoint that is not as expected, and all that is different."""

    entry: Entry
    differences: tuple[Difference, ...]


class ExpectationError(ValueError):
    """Something that cannot be expected; its text is a sentence that says why."""


@dataclass(frozen=True, slots=True, init=False)
class Expectation:
    """Requests that a test expects to have been received.

    Numbers are compared as text. A secret that the journal redacts matches any value.

    Args:
        record: Headings and values the request must contain, as they were sent or after trimming. Other headings are
            allowed.
        configuration: Reference of the import configuration.
        endpoint: Endpoint of the requests.
        status: HTTP status the fake must have answered with. 0 means that no response was sent.
        times: Exact number of matching requests. By default, at least one.

    Raises:
        ValueError: There is no such endpoint. The message has the closest valid name.

    Example:
        >>> expected = Expectation(record={"Email": "joe@example.com"}, configuration="contact", times=1)
    """

    record: Mapping[str, object] | None
    configuration: str | None
    endpoint: Endpoint
    status: int | None
    times: int | None

    def __init__(
        self,
        *,
        record: Mapping[str, object] | None = None,
        configuration: str | None = None,
        endpoint: Endpoint | EndpointName = "records",
        status: int | None = None,
        times: int | None = None,
    ) -> None:
        members = {
            "record": record,
            "configuration": configuration,
            "endpoint": member(Endpoint, "endpoint", endpoint, ExpectationError),
            "status": status,
            "times": times,
        }
        for name, value in members.items():
            object.__setattr__(self, name, value)

    def holds(self, entries: Sequence[Entry]) -> bool:
        """Whether as many of the entries are as expected."""
        found = sum(not self.differences(entry) for entry in entries)
        return found == self.times if self.times is not None else found > 0

    def near_misses(self, entries: Iterable[Entry]) -> list[NearMiss]:
        """The requests of the endpoint that are not as expected, the nearest first."""
        alike = (entry for entry in entries if endpoint_of(entry.request) is self.endpoint)
        misses = [NearMiss(entry, found) for entry in alike if (found := self.differences(entry))]
        return sorted(misses, key=lambda miss: len(miss.differences))

    def differences(self, entry: Entry) -> tuple[Difference, ...]:
        """All that is not as expected, none for a request of the kind."""
        return tuple(self._differences(entry))

    def explain(self, entries: Sequence[Entry]) -> str:
        """Why the expectation does not hold, with the nearest request when there is too little of the kind."""
        found = sum(not self.differences(entry) for entry in entries)
        lines = [f"Expected {self}, and there {'was' if found == 1 else 'were'} {found or 'none'}."]
        misses = self.near_misses(entries) if self.times != 0 and found < (self.times or 1) else []
        if misses:
            nearest, differences = misses[0]
            lines += _cuts(nearest, sum(miss.entry.is_cut for miss in misses))
            lines.append(f"The nearest of {len(misses)}, which was answered with {nearest.response.status}:")
            lines += [line for each in differences for line in _shown(each)]
        limit = MAX_LINES - _APPENDED
        if len(lines) > limit:
            lines[limit - 1 :] = [f"  … and {len(lines) - limit + 1} more lines"]
        return "\n".join(lines)

    def __str__(self) -> str:
        number = "at least one" if self.times is None else str(self.times)
        what = {Endpoint.RECORDS: "record", Endpoint.TOKEN: "token request"}.get(
            self.endpoint, f"request for {self.endpoint}"
        )
        text = f"{number} {what}{'' if self.times in {None, 1} else 's'}"
        if self.configuration is not None:
            text += f" for {self.configuration}"
        if self.record is not None:
            text += (
                f" with {', '.join(f'{heading} = {_text(value)}' for heading, value in self.record.items())}"
            )
        return text if self.status is None else f"{text} answered with {self.status}"

    def _differences(self, entry: Entry) -> Iterator[Difference]:
        endpoint = endpoint_of(entry.request)
        if endpoint is not self.endpoint:
            yield Difference("endpoint", self.endpoint, endpoint or entry.request.path)
            return
        if self.status not in {None, entry.response.status}:
            yield Difference("status", str(self.status), str(entry.response.status))
        if self.configuration is None and self.record is None:
            return
        stored, sent = read_input(entry.request)
        yield from _difference("configuration", self.configuration, stored, sent)
        record, raw = (
            (each.get("record") if self.endpoint is Endpoint.RECORDS else each) for each in (stored, sent)
        )
        for heading, value in (self.record or {}).items():
            yield from _difference(heading, value, record, raw)


MEMBERS = tuple(field.name for field in fields(Expectation))
"""What the table of an expectation may have."""


def from_table(given: Mapping[str, object]) -> Expectation:
    """The expectation that a table tells of, of which each member may be null. Raises ExpectationError."""
    members = {name: value for name, value in given.items() if value is not None}
    for name, value in members.items():
        if name not in MEMBERS:
            near = nearest_of(name, MEMBERS)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(MEMBERS)}."
            raise ExpectationError(f"{name} is unknown; {hint}")
        if name in _CHECKS and not _CHECKS[name](value):
            raise ExpectationError(f"{name} must be {_KINDS[name]}.")
    return Expectation(**members)  # type: ignore[arg-type]


def verify(
    expected: Sequence[Expectation], entries: Sequence[Entry], *, in_order: bool = False, dropped: int = 0
) -> Verdict:
    """Whether all of it holds, and in order when that is asked for: each after the one before it."""
    explanations = [each.explain(entries) for each in expected if not each.holds(entries)]
    if in_order and not explanations:
        explanations = list(_out_of_order(expected, entries))
    if not explanations:
        return Verdict(holds=True)
    lost = f"\nThe journal has dropped {dropped} older entries, which cannot be compared."
    return Verdict(holds=False, explanation=explanations[0] + (lost if dropped else ""))


def _out_of_order(expected: Sequence[Expectation], entries: Sequence[Entry]) -> Iterator[str]:
    before: Entry | None = None
    for each in expected:
        if each.times == 0:
            continue
        found = [entry for entry in entries if not each.differences(entry)]
        later = [entry for entry in found if before is None or entry.number > before.number]
        if before is not None and not later:
            yield f"Expected {each} after entry {before.number}, and the last one is entry {found[-1].number}."
            return
        before = later[0]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_KINDS: Mapping[str, str] = {
    "record": "an object",
    "configuration": "a text",
    "status": "an integer from 0",
    "times": "an integer from 0",
}
_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "record": lambda value: isinstance(value, Mapping),
    "configuration": lambda value: isinstance(value, str),
    "status": _is_count,
    "times": _is_count,
}


def _cuts(nearest: Entry, number: int) -> Iterator[str]:
    if nearest.is_cut:
        yield f"The nearest one cannot be compared: its body was cut at {BODY_LIMIT} bytes."
    elif number:
        yield f"The journal has cut {number} of them at {BODY_LIMIT} bytes, which cannot be compared."


def _difference(part: str, expected: object, stored: PhpValue, sent: PhpValue) -> Iterator[Difference]:
    """Compare a value with the one that was sent, and with the one after Laravel has trimmed it."""
    if expected is None and part == "configuration":
        return
    key = php.array_key(part)
    values = [_text(each[key]) for each in (stored, sent) if isinstance(each, dict) and key in each]
    if not any(_may_be(value, _text(expected)) for value in values):
        yield Difference(part, _text(expected), values[0] if values else None)


def _may_be(written: str, expected: str) -> bool:
    """Whether a value may be what the journal has written; where a secret was, it can have been anything."""
    if written == expected or REDACTED not in written:
        return written == expected
    open_parts = map(re.escape, written.split(REDACTED))
    return re.fullmatch(".*".join(open_parts), expected, re.DOTALL) is not None


def _text(value: object) -> str:
    return php.text(value) if isinstance(value, bool | int | float | str) else repr(value)


def _shown(difference: Difference) -> Iterator[str]:
    yield f"  - {difference.part}: {_short(difference.expected)}"
    if difference.actual is not None:
        yield f"  + {difference.part}: {_short(difference.actual)}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
