"""Samples of values that tell what is wrong with them, and nothing about a person."""

import re
import unicodedata

from cgmock.core.catalog import Field, Format
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpValue

LONGEST = 40
"""Characters of a sample; a longer one is cut."""

_HARMLESS = {
    Format.DATE: re.compile(
        r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ][\d:.]{4,15} ?(Z|[AaPp][Mm]|[A-Z]{3}|[+-]\d\d:?\d\d)?)?"
    ),
    Format.SCORE: re.compile(r"-?\d{1,3}([.,]\d{1,2})?"),
    Format.FLAG: re.compile(r"[A-Za-z]{1,5}|[01]"),
    Format.JOB_LEVEL: re.compile(r"[A-Za-z]|\d"),
}
"""Values that are shown as they are, by the format of their field."""


def sample(field: Field | None, value: PhpValue) -> str:
    """A value that cannot be about a person as it is, any other with its letters as a and its digits as 9."""
    if isinstance(value, dict):
        return "{…}"
    text = php.text(value)
    harmless = _HARMLESS.get(field.format) if field else None
    if harmless and harmless.fullmatch(text):
        return text
    shown = "".join(map(_masked, text[:LONGEST]))
    return f"{shown}… ({len(text)} characters)" if len(text) > LONGEST else shown


def visible(text: str) -> str:
    """A heading with what nobody would see in it written out: U+00A0 for a no-break space."""
    shown = "".join(each if each.isprintable() else f"<U+{ord(each):04X}>" for each in text[:200])
    return f"{shown}…" if len(text) > 200 else shown


def _masked(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Lu":
        return "A"
    if category[0] in "LM":
        return "a"
    if category[0] == "N":
        return "9"
    return character if character.isprintable() else f"<U+{ord(character):04X}>"
