"""What there is to say of one value: whether the core finds a flaw in it, and what it looks like to a human."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core.catalog import Field, Format
from cgmock.core.field_values import UNKNOWN_TOUCHPOINT, Flaw, flaw_of
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpValue
from cgmock.core.spelling import nearest
from cgmock.verifier.remarks import Remark, remarks_of
from cgmock.verifier.rules import Rule


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
    remarks = remarks_of(field, value, text, expected.today)
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
