"""Whether a value has the shape that its field asks for, and the form in which it is stored."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core.catalog import Field, Format
from cgmock.core.laravel.responses import Rule
from cgmock.core.outcome import Value
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpValue


class Flaw(NamedTuple):
    """What is wrong with a value: Laravel's rule, `reason` in plain words, and what the rule compares with.

    That is a text, or `others` are the headings of which one would do. An `unstorable` value fits no field, whatever
    the policy says.
    """

    rule: Rule
    reason: str
    other: str = ""
    others: tuple[str, ...] = ()
    unstorable: bool = False

    def sentence(self, heading: str) -> str:
        """The flaw as a statement about a heading."""
        return f"{heading} {self.reason}"


UNKNOWN_TOUCHPOINT = Flaw(Rule.EXISTS, "is not a touchpoint of the tenant")
_NOT_TEXT = Flaw(Rule.STRING, "must be a single value, not an object or a list", unstorable=True)
_BAD_EMAIL = Flaw(Rule.EMAIL, "must contain one @ and no blanks")
_BAD_PHONE = Flaw(Rule.REGEX, "may hold only digits, blanks, ( ) - and +")
_BAD_DATE = Flaw(Rule.DATE_FORMAT, "must be a date as YYYY-MM-DD HH:MM:SS", "Y-m-d H:i:s")
_NOT_INTEGER = Flaw(Rule.INTEGER, "must be an integer from 0 to 10")
_OUT_OF_RANGE = Flaw(Rule.BETWEEN, "must be an integer from 0 to 10", "0 and 10")
_BAD_FLAG = Flaw(Rule.IN, "must be Y or N")
_BAD_JOB_LEVEL = Flaw(Rule.IN, "must be A, B, C or U")

# Looking a member of an enumeration up costs more than what is done with these.
_TEXT, _TOUCHPOINT, _SCORE = Format.TEXT, Format.TOUCHPOINT, Format.SCORE

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}")
_PHONE_CHARACTERS = frozenset("0123456789 ()-+")
_DIGITS = frozenset("0123456789")
_SCORES = frozenset(str(score) for score in range(11))


def flaw_of(field: Field, value: PhpValue, touchpoints: frozenset[str]) -> Flaw | None:
    """What keeps a value, which is not empty, out of a field."""
    if isinstance(value, dict):
        return _NOT_TEXT
    text = value if isinstance(value, str) else php.text(value)
    if len(text) > field.max_length:
        return Flaw(Rule.MAX, f"is longer than {field.max_length} characters", str(field.max_length))
    if field.format is _TEXT:
        return None
    if field.format is _TOUCHPOINT:
        return None if text in touchpoints else UNKNOWN_TOUCHPOINT
    return _CHECKS[field.format](text)


def stored_form(field: Field, value: PhpValue, flaw: Flaw | None) -> Value:
    """The value as it is kept: scores as integers, all else as text."""
    text = value if isinstance(value, str) else php.text(value)
    return int(text) if field.format is _SCORE and flaw is None else text


def _email(text: str) -> Flaw | None:
    return None if _EMAIL.fullmatch(text) else _BAD_EMAIL


def _phone(text: str) -> Flaw | None:
    characters = set(text)
    return None if characters <= _PHONE_CHARACTERS and characters & _DIGITS else _BAD_PHONE


def _email_or_phone(text: str) -> Flaw | None:
    return _email(text) if "@" in text else _phone(text)


def _date(text: str) -> Flaw | None:
    if not _DATE.fullmatch(text):
        return _BAD_DATE
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return _BAD_DATE
    return None


def _score(text: str) -> Flaw | None:
    if text in _SCORES:
        return None
    return _OUT_OF_RANGE if text.removeprefix("-").isdecimal() else _NOT_INTEGER


def _flag(text: str) -> Flaw | None:
    return None if text in {"Y", "N"} else _BAD_FLAG


def _job_level(text: str) -> Flaw | None:
    return None if text in {"A", "B", "C", "U"} else _BAD_JOB_LEVEL


_CHECKS: Mapping[Format, Callable[[str], Flaw | None]] = MappingProxyType(
    {
        Format.EMAIL: _email,
        Format.PHONE: _phone,
        Format.EMAIL_OR_PHONE: _email_or_phone,
        Format.DATE: _date,
        Format.SCORE: _score,
        Format.FLAG: _flag,
        Format.JOB_LEVEL: _job_level,
    }
)
