"""Values of each format, made from numbers: draws are what costs time, and a record has many values."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock.core.catalog import MAX_LENGTH, Field, Format

Value = str | int


class Numbered(NamedTuple):
    """A value for each number below `end`; None stands for any text of `free`. The smallest is the simplest."""

    end: int
    value: Callable[[int], Value | None]
    free: SearchStrategy[str] = st.nothing()


_EMAILS = (
    "{:x}@example.com",
    "{:x}+news@example.com",
    "{:x}.o'brien@mail.example.co.uk",
    "J_{:X}-y@Example.ORG",
    "{:x}@bücher.example",
    "{:x}@xn--bcher-kva.example",
    "ü{:x}@пример.example",
    f"{{:x<64}}@{'d' * 51}.example.org",
)
_PHONES = ("{}", "+{}", "+55 (62) 0{}", "00{}", "({}) 01234-56789", "{:0>128}")

_MOMENTS = (
    "2000-01-01 00:00:00",
    "2024-02-29 23:59:59",
    "1999-12-31 23:59:59",
    "1970-01-01 00:00:00",
    "2038-01-19 03:14:08",
    "2024-03-31 02:30:00",
    "1900-03-01 00:00:00",
    "9999-12-31 23:59:59",
)
_MANY = 256
"""Below this number there are moments of the list only, for Hypothesis prefers small numbers."""

_ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
_CENTURY = 3_155_760_000
"""Seconds."""

# Hypothesis takes a second to learn what characters there are, when it is asked for any of them.
_BLOCKS = (
    range(0x250),  # ASCII, Latin
    range(0x300, 0x370),  # marks that combine
    range(0x370, 0x530),  # Greek, Cyrillic
    range(0x5D0, 0x5EB),  # Hebrew
    range(0x600, 0x660),  # Arabic
    range(0x900, 0x940),  # Devanagari
    range(0x2000, 0x20D0),  # blanks, directions, currencies
    range(0x3000, 0x3100),  # Japanese
    range(0x4E00, 0x4E40),  # Chinese
    range(0xE000, 0xE008),  # of private use
    range(0xFE00, 0xFE10),  # variants
    range(0xFF01, 0xFF5F),  # full width
    range(0xFFF9, 0x10000),  # no characters
    range(0x1F1E6, 0x1F200),  # flags
    range(0x1F600, 0x1F650),  # faces
    range(0x10FFF0, 0x110000),  # the last ones
)
_ALPHABET = "".join(chr(code) for block in _BLOCKS for code in block)

_TEXTS = (
    "0",
    "50 % + 1 & more = [all]",
    '"quoted"',
    "O'Neill \\ Sons",
    "=1+1",
    "<b>bold</b>",
    "null",
    "1e5",
    "two\r\nlines",
    "Zoë, 客户 \N{DIGIT ONE}\N{COMBINING ENCLOSING KEYCAP}",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc",
    "x" * MAX_LENGTH,
    "\N{GRINNING FACE}" * MAX_LENGTH,
)
_UNICODE_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))
_EDGES = f"{_UNICODE_BLANKS}\0\N{LEFT-TO-RIGHT MARK}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
"""What PHP's trim, or Laravel in any of its versions, cuts off the ends of a value."""


@cache
def texts(max_length: int = MAX_LENGTH) -> SearchStrategy[str]:
    """Anything that arrives as it was sent: not empty, and without blanks at its ends."""
    telling = st.sampled_from([text[:max_length] for text in _TEXTS])
    return st.one_of(_free(max_length).map(without_edges), telling)


def numbered(field: Field, touchpoints: Collection[str]) -> Numbered:
    """All values that a field takes, of those that are made here; none for a touchpoint where there is none."""
    if field.format is Format.TEXT:
        return _texts(field.max_length)
    if field.format is Format.TOUCHPOINT:
        return _listed(
            [text for text in sorted(touchpoints) if text == without_edges(text)[: field.max_length]]
        )
    return _BY_FORMAT[field.format]


def without_edges(text: str) -> str:
    """A text that no trimming changes."""
    return text.strip(_EDGES) or "0"


def _email(number: int) -> str:
    local, form = divmod(number, len(_EMAILS))
    return _EMAILS[form].format(local)


def _phone(number: int) -> str:
    digits, form = divmod(number, len(_PHONES))
    return _PHONES[form].format(digits)


def _email_or_phone(number: int) -> str:
    half, odd = divmod(number, 2)
    return _phone(half) if odd else _email(half)


def _date(number: int) -> str:
    if number < _MANY:
        return _MOMENTS[number % len(_MOMENTS)]
    return f"{_ORIGIN + timedelta(seconds=number):%Y-%m-%d %H:%M:%S}"


def _listed(values: Sequence[Value]) -> Numbered:
    return Numbered(len(values), values.__getitem__)


def _texts(max_length: int) -> Numbered:
    telling = [text[:max_length] for text in _TEXTS]
    values = [*telling, *[None] * len(telling)]
    return Numbered(len(values), values.__getitem__, _free(max_length))


@cache
def _free(max_length: int) -> SearchStrategy[str]:
    """Return any texts. Cached: Hypothesis takes milliseconds to validate a new strategy of so many characters."""
    return st.text(_ALPHABET, min_size=1, max_size=max_length)


_BY_FORMAT: Mapping[Format, Numbered] = MappingProxyType(
    {
        Format.EMAIL: Numbered(10**9, _email),
        Format.PHONE: Numbered(10**12, _phone),
        Format.EMAIL_OR_PHONE: Numbered(10**12, _email_or_phone),
        Format.DATE: Numbered(_CENTURY, _date),
        Format.SCORE: _listed([*map(str, range(11)), *range(11)]),
        Format.FLAG: _listed("YN"),
        Format.JOB_LEVEL: _listed("ABCU"),
    }
)
