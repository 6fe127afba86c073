"""Records that break one rule, with what becomes of them."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import Format
from cgmock.core.tenant import Configuration, Refusal
from cgmock.strategies.plans import Column, Plan, Record, evenly, plan_of, records_of

Content = str | int | float | bool | list[str] | dict[str, str] | None
"""What JSON can say in the place of a value."""


class InvalidRecord(NamedTuple):
    """A record of which nothing is stored.

    `reason` says what is wrong with the value of `heading`, or that there is none. By the default policies the API
    refuses it as `refusal` says, because of `behaviour`; the fate of the heading is `failed`.
    """

    record: Mapping[str, Content]
    heading: str
    reason: str
    behaviour: Behaviour
    refusal: Refusal


class _Bad(NamedTuple):
    value: Content
    reason: str
    behaviour: Behaviour = Behaviour.VALUE_BAD
    refusal: Refusal = Refusal.ACCEPTED_AND_FAILED


def invalid_records(
    configuration: Configuration, *, touchpoints: Collection[str] = ()
) -> SearchStrategy[InvalidRecord]:
    """Records that break one rule: a value of the wrong shape or length, or a required field without a value."""
    return invalid_after(plan_of(configuration, touchpoints), touchpoints)


def invalid_after(plan: Plan, touchpoints: Collection[str] = ()) -> SearchStrategy[InvalidRecord]:
    """Records that break one rule, and keep to a plan otherwise."""
    formats: dict[Format, list[SearchStrategy[InvalidRecord]]] = {}
    for column in plan.columns:
        of_format = formats.setdefault(column.field.format, [])
        of_format.append(_with_bad_value(plan, column, touchpoints))
    lacking = (each for group in plan.required for each in _lacking(plan, group))
    return evenly([*map(evenly, formats.values()), *lacking])


def _with_bad_value(
    plan: Plan, column: Column, touchpoints: Collection[str]
) -> SearchStrategy[InvalidRecord]:
    others = records_of(plan.without(column.field.name))
    bad = evenly(map(st.sampled_from, _bad_values(column, touchpoints)))
    return st.builds(_invalid, others, st.sampled_from(column.headings), bad)


def _lacking(plan: Plan, group: tuple[str, ...]) -> Iterator[SearchStrategy[InvalidRecord]]:
    """Records with blanks in the place of a required value, or without it.

    The API names the first heading of a field. A record without any heading is refused for that alone.
    """
    others = plan.without(*group)
    headings = [column.headings[0] for column in plan.columns if column.field.name in group]
    yield st.builds(_invalid, records_of(others), st.sampled_from(headings), st.sampled_from(_BLANK))
    if [*others.filled]:
        yield st.builds(_absent, records_of(others.not_empty()), st.just(headings[0]))


def _invalid(others: Record, heading: str, bad: _Bad) -> InvalidRecord:
    record: dict[str, Content] = {**others, heading: bad.value}
    return InvalidRecord(record, heading, f"{heading} {bad.reason}", bad.behaviour, bad.refusal)


def _absent(others: Record, heading: str) -> InvalidRecord:
    reason = f"{heading} is required"
    return InvalidRecord(others, heading, reason, Behaviour.FIELD_REQUIRED, Refusal.UNPROCESSABLE)


def _bad_values(column: Column, touchpoints: Collection[str]) -> Iterator[Sequence[_Bad]]:
    """Bad values, by what is bad about them."""
    field = column.field
    if field.format is Format.TOUCHPOINT:
        names = (f"No such touchpoint{'!' * number}" for number in itertools.count())
        nearly = (f"{each}s"[: field.max_length] for each in sorted(touchpoints))
        unknown = (next(name for name in names if name not in touchpoints), *nearly)
        reason, behaviour = "is not a touchpoint of the tenant", Behaviour.TOUCHPOINT_UNKNOWN
        yield [_Bad(text, reason, behaviour) for text in unknown if text not in touchpoints]
    if field.format in _BY_FORMAT:
        values, reason = _BY_FORMAT[field.format]
        yield [_Bad(value, reason) for value in values]
    reason = f"is longer than {field.max_length} characters"
    yield [_Bad(letter * (field.max_length + 1), reason) for letter in ("x", "0", "\N{GRINNING FACE}")]
    reason = "must be a single value, not a list or an object"
    yield [_Bad(["x"], reason), _Bad({"x": "y"}, reason)]


_BLANK = tuple(
    _Bad(blank, "is required", Behaviour.FIELD_REQUIRED, Refusal.UNPROCESSABLE)
    for blank in ("", None, " ", "\t\r\n\0\x0b")
)
_EMAILS = (
    "joe",
    "joe@",
    "@example.com",
    "joe@example@com",
    "joe doe@example.com",
    "joe@example.com, jim@example.com",
)
_PHONES = ("call me", "+", "() -", "12345 ext. 6", "12/34", "\N{ARABIC-INDIC DIGIT ONE}")
_BY_FORMAT: Mapping[Format, tuple[tuple[Content, ...], str]] = MappingProxyType(
    {
        Format.EMAIL: (
            (*_EMAILS, "joe\N{NO-BREAK SPACE}doe@example.com"),
            "must contain one @ and no blanks",
        ),
        Format.PHONE: ((*_PHONES, "joe@example.com"), "may hold only digits, blanks, ( ) - and +"),
        Format.EMAIL_OR_PHONE: ((*_EMAILS, *_PHONES), "must be an email or a phone number"),
        Format.DATE: (
            (
                "2024-05-10",
                "2024-05-10T11:34:56",
                "2024-05-10 11:34:56Z",
                "2024-05-10 11:34:56 +0530",
                "2024-05-10 11:34",
                "10/05/2024 11:34:56",
                "2024-5-1 1:2:3",
                "2024-13-01 00:00:00",
                "2023-02-29 00:00:00",
                "1900-02-29 00:00:00",
                "2024-05-10 24:00:00",
                "2024-05-10 11:60:00",
                "0000-00-00 00:00:00",
                "yesterday",
                1715340896,
            ),
            "must be a date as YYYY-MM-DD HH:MM:SS",
        ),
        Format.SCORE: (
            ("11", 11, "-1", -1, "7.5", 7.5, "ten", "07", "+7", "1e1", "\N{ARABIC-INDIC DIGIT FIVE}"),
            "must be an integer from 0 to 10",
        ),
        Format.FLAG: (("yes", "no", "y", "true", "1", True, False), "must be Y or N"),
        Format.JOB_LEVEL: (("D", "a", "Strategic", 1), "must be A, B, C or U"),
    }
)
