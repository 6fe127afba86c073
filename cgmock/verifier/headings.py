"""What is wrong with a heading that the configuration does not know."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.spelling import nearest, without_look_alikes
from cgmock.core.tenant import Configuration
from cgmock.verifier.rules import Rule

OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "account_name": ("Account", "Account Reference", "Company", "Company Name"),
        "email": ("Email Address", "E-mail", "Mail"),
        "phone": ("Phone Number", "Telephone", "SMS Telephone", "Mobile"),
        "job_title": ("Job Position", "Position"),
        "language": ("Locale",),
        "sent_date": ("EmailSentDate", "Email Sent Date", "Date Sent", "Survey Sent Date", "Invitation Date"),
        "completed_date": ("Completed Date", "Response Date", "SurveyCompletedDate", "Date Survey Response"),
        "nps": ("NPS", "NetPromoterScore", "Net Promoter Score", "Score"),
        "comment": ("Comments", "Feedback", "Remarks"),
        "follow_up_request": ("FollowUpRequired", "Follow Up Required", "Follow Up"),
        "happened_at": ("Date", "Happened On"),
    }
)
"""Other names of fields: those of the vendor's files and interfaces, and what exports often call them."""

OTHER_QUESTION = re.compile(r"(?i)csat|\bces\b|rating|satisf|effort|stars")
"""What a heading of scores says that belong to another question than how likely one is to recommend."""


class Judgement(NamedTuple):
    """The rule that an unmapped heading breaks, the heading that is meant if any, and what is special."""

    rule: Rule
    meant: str | None
    detail: str


def judge(heading: str, configuration: Configuration) -> Judgement:
    """What is wrong with a heading that the configuration does not have."""
    known = configuration.headings
    if not heading.strip():
        return Judgement(Rule.HEADING_BLANK, None, "")
    for rule, alike in _LIKENESSES:
        for candidate in known:
            if plain(heading) and alike(heading) == alike(candidate):
                return Judgement(rule, candidate, f"did you mean {candidate}?")
    name = field_called(heading)
    for candidate, field in configuration.fields.items():
        if field.name == name:
            detail = f"the configuration calls it {candidate}"
            return Judgement(Rule.HEADING_OTHER_NAME, candidate, detail)
    meant = nearest(heading, known)
    if meant:
        return Judgement(Rule.HEADING_MISSPELT, meant, f"did you mean {meant}?")
    called = catalog.FIELDS.get(name or "")
    detail = f"the configuration has no heading for {called.display_name}" if called else ""
    return Judgement(Rule.HEADING_UNMAPPED, None, detail)


@lru_cache(maxsize=4096)
def field_called(heading: str) -> str | None:
    """The field that has this name in any of the vendor's interfaces, or None."""
    return _NAMES.get(plain(heading))


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """A word without case, blanks and punctuation."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(character for character in folded if character.isalnum())


def _without_look_alikes(word: str) -> str:
    return plain(without_look_alikes(word))


_LIKENESSES = (
    (Rule.HEADING_CASE, str.casefold),
    (Rule.HEADING_BLANKS, plain),
    (Rule.HEADING_LOOK_ALIKE, _without_look_alikes),
)

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        plain(word): field.name
        for field in catalog.FIELDS.values()
        for word in (
            field.name,
            field.display_name,
            field.technical_name,
            field.technical_name.rpartition(".")[2],
            *OTHER_NAMES.get(field.name, ()),
        )
    }
    | {plain(field.display_name): field.name for field in catalog.FIELDS.values()}
)
