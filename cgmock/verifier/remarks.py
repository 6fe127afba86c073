"""What there is to say of a value that is stored: risks, and what looks wrong to a human."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core.catalog import Field, Format
from cgmock.core.php.values import PhpValue
from cgmock.verifier.rules import Rule


class Remark(NamedTuple):
    """A rule that a value breaks, and what is special about it; few different details, many values."""

    rule: Rule
    detail: str = ""


Remarks = tuple[Remark, ...]


def remarks_of(field: Field, value: PhpValue, sent: str, today: str) -> Remarks:
    """What to say of a value without flaw, which is `sent` with its blanks; `today` is YYYY-MM-DD."""
    if not isinstance(value, str):
        return _of_a_literal(field, value)
    around = () if value == sent else _AROUND
    if field.format is Format.DATE:
        return around + _date(value, today)
    said = _CHECKS[field.format](field, value)
    if value.isascii() and value.isalnum():
        return around + said
    return around + said + _any_text(value)


def _of_a_literal(field: Field, value: PhpValue) -> Remarks:
    if isinstance(value, bool):
        return (Remark(Rule.LITERAL_AS_TEXT),)
    return () if field.format is Format.SCORE else (Remark(Rule.NUMBER_AS_TEXT),)


_AROUND = (Remark(Rule.BLANKS_AROUND),)
_EARLY = (Remark(Rule.DATE_IMPLAUSIBLE, "before 1990"),)
_LATE = (Remark(Rule.DATE_IMPLAUSIBLE, "in the future"),)


def _date(value: str, today: str) -> Remarks:
    if value < "1990":
        return _EARLY
    return _LATE if value[: len(today)] > today else ()


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
_ROLE = (Remark(Rule.EMAIL_ROLE),)
_DOUBT = (Remark(Rule.EMAIL_DOUBTFUL),)


def _email(_: Field, value: str) -> Remarks:
    role = _ROLE if value.partition("@")[0].lower() in _ROLES else ()
    return _DOUBT + role if _DOUBTFUL.search(value) else role


_ZEROS = (Remark(Rule.PHONE_COUNTRY, "begins with 00"),)
_NO_PLUS = (Remark(Rule.PHONE_COUNTRY, "begins without +"),)


def _phone(_: Field, value: str) -> Remarks:
    if value.startswith("+"):
        return ()
    return _ZEROS if value.startswith("00") else _NO_PLUS


def _email_or_phone(field: Field, value: str) -> Remarks:
    return _email(field, value) if "@" in value else _phone(field, value)


_LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
_ROUNDED = re.compile(r"\d[.,]\d+[Ee]\+\d+")
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
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))


def _text(field: Field, value: str) -> Remarks:
    if field.name == "language" and not _LANGUAGE.fullmatch(value):
        return (Remark(Rule.LANGUAGE),)
    if len(value) > _LONGEST_PLACEHOLDER:
        return ()
    if value.casefold() in _PLACEHOLDERS:
        return (Remark(Rule.PLACEHOLDER),)
    return (Remark(Rule.SPREADSHEET_NUMBER),) if "E" in value and _ROUNDED.fullmatch(value) else ()


def _nothing(_: Field, __: str) -> Remarks:
    return ()


_CHECKS: Mapping[Format, Callable[[Field, str], Remarks]] = MappingProxyType(
    dict.fromkeys(Format, _nothing)
    | {
        Format.EMAIL: _email,
        Format.PHONE: _phone,
        Format.EMAIL_OR_PHONE: _email_or_phone,
        Format.TEXT: _text,
    }
)

_INVISIBLE = re.compile(
    r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_SPECIAL = re.compile(r"[\"'&+%]")
_BREAKS_FORMS = (Remark(Rule.VALUE_BREAKS_FORMS),)


def _any_text(value: str) -> Remarks:
    unseen = () if value.isascii() and value.isprintable() else _unseen(value)
    if not _SPECIAL.search(value):
        return unseen
    quoted = (Remark(Rule.QUOTED),) if _is_quoted(value) else ()
    special = _BREAKS_FORMS if "&" in value or "+" in value or "%" in value else ()
    return unseen + quoted + special


def _is_quoted(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"


def _unseen(value: str) -> Remarks:
    if _is_garbled(value):
        return (Remark(Rule.GARBLED),)
    return (Remark(Rule.INVISIBLE),) if _INVISIBLE.search(value) else ()


def _is_garbled(value: str) -> bool:
    """Whether a text is UTF-8 that was read as Windows-1252, or has the mark of what could not be read."""
    if value.isascii():
        return False
    try:
        value.encode("cp1252").decode()
    except UnicodeError:
        return "\N{REPLACEMENT CHARACTER}" in value
    return True
