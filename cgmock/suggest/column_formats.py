"""What the values of a column look like: which fields they fit, and which they would fit if written otherwise."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core.catalog import FIELDS, Field, Format
from cgmock.core.field_values import flaw_of

MOST = 200
"""Different values of a column that are looked at."""

_FITTING, _LIKE, _OTHERWISE = 0.9, 0.8, 0.3


class Fit(Enum):
    """How the values of a column suit a field: its text is the end of a sentence."""

    NOT_SEEN = "no value was seen"
    ANYTHING = "which takes any text"
    FITS = "the values fit"
    ALIKE = "the values look like it, but are written otherwise"
    SOME = "some of the values fit"
    NOT = "but the values do not fit"


class Column(NamedTuple):
    """The heading of a column, and different values of it as text, none of them empty."""

    heading: str
    values: Sequence[str]


def fit(field: Field, column: Column) -> Fit:
    """How the values of a column suit a field, by the core's own rules."""
    if field.format is Format.TOUCHPOINT:  # those of the tenant are not known
        return Fit.ANYTHING
    if not column.values:
        return Fit.NOT_SEEN
    if field.format is Format.TEXT:
        return Fit.NOT if _is_of_another_format(field, column) else Fit.ANYTHING
    fitting = _share(field, column)
    if fitting >= _FITTING:
        return Fit.FITS
    alike = sum(_ALIKE[field.format].fullmatch(text) is not None for text in column.values)
    if max(fitting, alike / len(column.values)) >= _LIKE:
        return Fit.ALIKE
    return Fit.SOME if fitting >= _OTHERWISE else Fit.NOT


def shape(column: Column) -> Format | None:
    """The format that the values have by their looks alone, or None when they do not tell."""
    for name, needed, looks in _LOOKS:
        if len(column.values) >= needed and all(map(looks.fullmatch, column.values)):
            return name
    return None


def _share(field: Field, column: Column) -> float:
    fitting = sum(flaw_of(field, value, frozenset()) is None for value in column.values)
    return fitting / len(column.values)


def _is_of_another_format(field: Field, column: Column) -> bool:
    """Whether texts are emails or dates all the same."""
    return any(
        _share(FIELDS[name], column) >= _LIKE for name in ("email", "sent_date") if field.name not in _NAMING
    )


_NAMING = frozenset({"account_manager", "alias", "customer_number", "reference"})
"""Fields of text that may well hold emails: whatever tells one from another."""

_ALIKE: Mapping[Format, re.Pattern[str]] = MappingProxyType(
    {
        Format.EMAIL: re.compile(r".*@.*"),
        Format.PHONE: re.compile(r"(tel:)?\+?[\d\s()./-]{6,24}((ext|x)\W*\d+)?"),
        Format.EMAIL_OR_PHONE: re.compile(r".*@.*|\+?[\d\s()./-]{6,24}"),
        Format.DATE: re.compile(
            r"\d{4}([-/.])\d\d?\1\d\d?([T ].*)?|\d\d?([-/.])\d\d?\3\d{2,4}( .*)?|\d\d? \w{3,9}\.? \d{4}.*"
        ),
        Format.SCORE: re.compile(r"(\d|10)([.,]0+)?( ?/ ?10)?( ?-.*)?"),
        Format.FLAG: re.compile(r"(?i)y|n|yes|no|true|false|0|1|j|ja|nein|o|oui|non"),
        Format.JOB_LEVEL: re.compile(r"(?i)[abcu]|strategic|tactical|operational|unknown"),
    }
)
"""Values that are meant for a field, though it does not take them as they are written."""

_LOOKS = (
    (Format.EMAIL, 1, _ALIKE[Format.EMAIL]),
    (Format.DATE, 1, _ALIKE[Format.DATE]),
    (Format.SCORE, 5, re.compile(r"\d|10")),
    (Format.JOB_LEVEL, 2, re.compile(r"[ABCU]")),
    (Format.FLAG, 2, re.compile(r"[YN]")),
    (Format.PHONE, 2, re.compile(r"\+\d[\d ()./-]{6,22}")),
)
"""Formats whose values are told by their looks, and how many different ones it takes."""
