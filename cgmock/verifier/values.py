"""What there is to say of one value: whether the core finds a flaw in it, and what it looks like to a human."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import php
from cgmock.core.catalog import Field, Format
from cgmock.core.php import PhpValue
from cgmock.core.suggest import nearest
from cgmock.core.values import UNKNOWN_TOUCHPOINT, Flaw, flaw_of
from cgmock.verifier.rules import Rule


class Remark(NamedTuple):
    """A rule that a value breaks, and what is special about it; few different details, many values."""

    rule: Rule
    detail: str = ""


class Kind(NamedTuple):
    """All that the verifier says of a value; many values are of one kind.

    `trouble` explains the core's `flaw`; `remarks` are risks of a value that is stored.
    """

    empty: bool = False
    flaw: Flaw | None = None
    trouble: Remark | None = None
    remarks: tuple[Remark, ...] = ()


EMPTY = Kind(empty=True)
PLAIN = Kind()


class Expectations(NamedTuple):
    """What values are held against: the touchpoints of the tenant, and today as YYYY-MM-DD."""

    touchpoints: frozenset[str]
    today: str


def kind_of(field: Field, value: PhpValue, expected: Expectations) -> Kind:
    """Judge a value of a field, as it is sent."""
    if value is None:
        return EMPTY
    text = value if isinstance(value, str) else ""
    if isinstance(value, str):
        value = php.trim(value)
        if not value:
            return EMPTY
    flaw = flaw_of(field, value, expected.touchpoints)
    if flaw is not None:
        return Kind(flaw=flaw, trouble=_trouble(field, value, flaw, expected))
    remarks = tuple(_remarks(field, value, text, expected))
    return Kind(remarks=remarks) if remarks else PLAIN


def _trouble(field: Field, value: PhpValue, flaw: Flaw, expected: Expectations) -> Remark:
    if isinstance(value, dict):
        return Remark(Rule.NOT_ONE_VALUE)
    text = php.text(value)
    if len(text) > field.max_length:
        return Remark(Rule.TOO_LONG)
    if flaw is UNKNOWN_TOUCHPOINT:
        meant = nearest(text, expected.touchpoints)
        return Remark(Rule.TOUCHPOINT, f"did you mean {meant}?" if meant else "")
    form = Format.EMAIL if field.format is Format.EMAIL_OR_PHONE and "@" in text else field.format
    rule, forms = _FORMS[form]
    for pattern, of_its_own, detail in forms:
        if pattern.search(text):
            return Remark(of_its_own or rule, detail)
    return Remark(rule)


_Forms = tuple[tuple[re.Pattern[str], Rule | None, str], ...]


def _forms(*rows: tuple[str, str] | tuple[str, str, Rule]) -> _Forms:
    return tuple((re.compile(row[0]), row[2] if len(row) > 2 else None, row[1]) for row in rows)


_DAY, _TIME = r"\d{4}-\d\d-\d\d", r"\d\d?:\d\d(:\d\d)?([.,]\d+)?"
_DATE_FORMS = _forms(
    (r"\A0000-00-00", "the empty date of a database", Rule.DATE_IMPOSSIBLE),
    (r"\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\Z", "", Rule.DATE_IMPOSSIBLE),
    (rf"\A{_DAY}[T ]{_TIME} ?(Z|UTC|GMT|[+-]\d\d:?(\d\d)?|[A-Z]{{3,4}})\Z", "", Rule.DATE_WITH_ZONE),
    (rf"\A{_DAY}T{_TIME}\Z", "written with a T"),
    (rf"\A{_DAY}\Z", "without a time"),
    (rf"\A{_DAY} \d\d?:\d\d\Z", "without seconds"),
    (rf"\A{_DAY} \d\d?:\d\d:\d\d[.,]\d+\Z", "with fractions of a second"),
    (r"\A\d\d?([/.-])\d\d?\1(\d{4}|\d\d)\b", "written with the day or the month first"),
    (r"\A\d{4}([/.])\d\d?\1\d\d?\b", "written without hyphens"),
    (r"\A\d{4}-\d\d?-\d\d?\b", "written without zeros in front, or with something behind"),
    (r"\A\d{8}(T?\d{6})?\Z", "written without separators"),
    (r"\A\d{5}([.,]\d+)?\Z", "a day number of a spreadsheet"),
    (r"\A\d{10}(\d{3})?\Z", "seconds or milliseconds since 1970"),
    (r"(?i)\b(jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)", "with the name of the month"),
    (r"\A\D*\Z", "not a date"),
)
_EMAIL_FORMS = _forms(
    (r"@.*[,;\s].*@", "two addresses"),
    (r"<[^<>]*@[^<>]*>", "a name around the address"),
    (r"\A[^@]*\Z", "without an @"),
    (r"@.*@", "with a second @"),
    (r"\s", "with a blank"),
    (r"", "with nothing before or behind the @"),
)
_PHONE_FORMS = _forms(
    (r"\A\d[.,]?\d*[Ee]\+?\d+\Z", "a number that a spreadsheet has rounded"),
    (r"(?i)(ext|x|#)\W*\d+\Z", "with an extension"),
    (r"@", "an email"),
    (r"[./]", "with dots or slashes"),
    (r"[^\W\d_]", "with letters"),
)
_SCORE_FORMS = _forms(
    (r"\A-\d+\Z", "below 0", Rule.SCORE_RANGE),
    (r"\A0\d+\Z", "with a zero in front", Rule.SCORE_RANGE),
    (r"\A\d+\Z", "above 10", Rule.SCORE_RANGE),
    (r"\A-?\d+[.,]\d+\Z", "with decimals"),
    (r"\A\d+ ?(/|of|%)", "with its scale behind it"),
    (r"\A\D+\Z", "in words"),
)
_FLAG_FORMS = _forms(
    (r"\A[yn]\Z", "in lower case"),
    (r"(?i)\A(true|false)\Z", "true or false"),
    (r"\A[01]\Z", "0 or 1"),
    (r"(?i)\A(yes|no)\Z", "yes or no"),
)
_LEVEL_FORMS = _forms((r"\A[abcu]\Z", "in lower case"), (r"\A\d\Z", "a number"), (r"...", "in words"))
_FORMS: Mapping[Format, tuple[Rule, _Forms]] = MappingProxyType(
    {
        Format.DATE: (Rule.DATE_FORMAT, _DATE_FORMS),
        Format.EMAIL: (Rule.EMAIL, _EMAIL_FORMS),
        Format.PHONE: (Rule.PHONE, _PHONE_FORMS),
        Format.EMAIL_OR_PHONE: (Rule.PHONE, _PHONE_FORMS),
        Format.SCORE: (Rule.SCORE_NOT_INTEGER, _SCORE_FORMS),
        Format.FLAG: (Rule.FLAG, _FLAG_FORMS),
        Format.JOB_LEVEL: (Rule.JOB_LEVEL, _LEVEL_FORMS),
    }
)
"""How a value in a wrong form looks, the first that fits; a form may have a rule of its own."""


def _remarks(field: Field, value: PhpValue, sent: str, expected: Expectations) -> Iterator[Remark]:
    if not isinstance(value, str):
        if isinstance(value, bool):
            yield Remark(Rule.LITERAL_AS_TEXT)
        elif field.format is not Format.SCORE:
            yield Remark(Rule.NUMBER_AS_TEXT)
        return
    if value != sent:
        yield Remark(Rule.BLANKS_AROUND)
    if field.format is Format.DATE:
        yield from _date(value, expected.today)
        return
    check = _CHECKS.get(field.format)
    if check:
        yield from check(field, value)
    if not (value.isascii() and value.isalnum()):
        yield from _any_text(value)


def _date(value: str, today: str) -> Iterator[Remark]:
    if value < "1990":
        yield Remark(Rule.DATE_IMPLAUSIBLE, "before 1990")
    elif value[: len(today)] > today:
        yield Remark(Rule.DATE_IMPLAUSIBLE, "in the future")


_ROLES = frozenset(
    {
        *(
            "admin",
            "billing",
            "contact",
            "enquiries",
            "finance",
            "helpdesk",
            "hello",
            "hr",
            "info",
            "invoices",
        ),
        *(
            "mail",
            "marketing",
            "no-reply",
            "noreply",
            "office",
            "postmaster",
            "reception",
            "sales",
            "service",
        ),
        *("support", "team", "webmaster"),
    }
)
_DOUBTFUL = re.compile(r"[,;<>()\[\]\"'\\]|\.\.|^\.|\.@|@\.|\.$|^mailto:|@[^.]*$|@-|\.[^.]$")


def _email(_: Field, value: str) -> Iterator[Remark]:
    if _DOUBTFUL.search(value):
        yield Remark(Rule.EMAIL_DOUBTFUL)
    if value.partition("@")[0].lower() in _ROLES:
        yield Remark(Rule.EMAIL_ROLE)


def _phone(_: Field, value: str) -> Iterator[Remark]:
    if value.startswith("00"):
        yield Remark(Rule.PHONE_COUNTRY, "begins with 00")
    elif not value.startswith("+"):
        yield Remark(Rule.PHONE_COUNTRY, "begins without +")


def _email_or_phone(field: Field, value: str) -> Iterator[Remark]:
    return _email(field, value) if "@" in value else _phone(field, value)


_LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
_ROUNDED = re.compile(r"\d[.,]\d+[Ee]\+\d+")


def _text(field: Field, value: str) -> Iterator[Remark]:
    if field.name == "language" and not _LANGUAGE.fullmatch(value):
        yield Remark(Rule.LANGUAGE)
    if "E" in value and _ROUNDED.fullmatch(value):
        yield Remark(Rule.SPREADSHEET_NUMBER)
    if value.casefold() in _PLACEHOLDERS:
        yield Remark(Rule.PLACEHOLDER)


_CHECKS: Mapping[Format, Callable[[Field, str], Iterator[Remark]]] = MappingProxyType(
    {
        Format.EMAIL: _email,
        Format.PHONE: _phone,
        Format.EMAIL_OR_PHONE: _email_or_phone,
        Format.TEXT: _text,
    }
)

_PLACEHOLDERS = frozenset(
    {
        *(
            "#n/a",
            "#name?",
            "#null!",
            "#ref!",
            "#value!",
            "#div/0!",
            "(blank)",
            "(not provided)",
            "not provided",
        ),
        *("-", "--", ".", "?", "n.a.", "n/a", "nan", "nil", "none", "null", "undefined", "unknown"),
        "[object object]",
    }
)
_INVISIBLE = re.compile(
    r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_SPECIAL = re.compile(r"[\"'&+%]")


def _any_text(value: str) -> Iterator[Remark]:
    if not value.isprintable() or not value.isascii():
        if _is_garbled(value):
            yield Remark(Rule.GARBLED)
        elif _INVISIBLE.search(value):
            yield Remark(Rule.INVISIBLE)
    if not _SPECIAL.search(value):
        return
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        yield Remark(Rule.QUOTED)
    if "&" in value or "+" in value or "%" in value:
        yield Remark(Rule.VALUE_BREAKS_FORMS)


def _is_garbled(value: str) -> bool:
    """Whether a text is UTF-8 that was read as Windows-1252, or has the mark of what could not be read."""
    if value.isascii():
        return False
    try:
        value.encode("cp1252").decode()
    except UnicodeError:
        return "\N{REPLACEMENT CHARACTER}" in value
    return True
