"""Proposes a mapping for a file: which heading leads to which field, how sure that is, and why."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.catalog import CONTACT_IDENTIFIERS, DataType, Entity, Field, Format
from cgmock.suggest.column_formats import Column, Fit, fit, shape
from cgmock.suggest.synonyms import Likeness, is_of_another, meanings
from cgmock.verifier.samples import visible


class Confidence(IntEnum):
    """How sure it is that a heading means a field: its name and its values say so; mostly; perhaps."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class Lead(NamedTuple):
    """A heading that is led to a field."""

    heading: str
    field: Field
    confidence: Confidence
    reason: str


class Left(NamedTuple):
    """A heading that is led nowhere; `segment` is the field that it may be made, where the data type has segments."""

    heading: str
    segment: str | None
    reason: str


class Proposal(NamedTuple):
    """A mapping for a data type, the headings in the order of the file.

    `missing` are the groups of required fields of which none has a heading, `wanted` the fields that an import from a
    file must have. `given` tells that somebody chose the data type.
    """

    data_type: DataType
    given: bool
    lines: tuple[Lead | Left, ...]
    missing: tuple[tuple[str, ...], ...]
    wanted: tuple[str, ...]

    @property
    def leads(self) -> tuple[Lead, ...]:
        """The headings that are led to a field."""
        return tuple(line for line in self.lines if isinstance(line, Lead))


class _Claim(NamedTuple):
    """A heading that may lead to a field: the claim that sorts higher is the better one."""

    confidence: Confidence
    likeness: Likeness
    sureness: int
    place: int
    heading: str
    field: Field
    fit: Fit


def propose(columns: Sequence[Column], data_type: DataType | None = None) -> Proposal:
    """The mapping that suits the columns, for a data type or for the one that suits best."""
    claims = [claim for place, column in enumerate(columns) for claim in _claims(column, -place)]
    chosen = data_type or max(DataType, key=lambda each: _suitability(each, _winners(claims, each)))
    winners = _winners(claims, chosen)
    if data_type is DataType.SURVEY:
        _refer(winners)
    led = {claim.heading: claim for claim in winners.values()}
    lost = {claim.heading: claim for claim in reversed(claims) if claim.heading not in led}
    lines = [
        _lead(led[column.heading])
        if column.heading in led
        else _left(column, chosen, lost.get(column.heading), winners)
        for column in columns
    ]
    missing = tuple(group for group in catalog.RULES[chosen].required if winners.keys().isdisjoint(group))
    wanted = tuple(name for name in _WANTED.get(chosen, ()) if name not in winners)
    return Proposal(chosen, data_type is not None, tuple(lines), missing, wanted)


def takes(data_type: DataType, field: Field) -> bool:
    """Whether records of a data type keep a field."""
    if data_type is DataType.ACCOUNT_ALIAS:
        return any(field.name in group for group in catalog.RULES[data_type].required)
    return field.entity in catalog.RULES[data_type].entities


def _claims(column: Column, place: int) -> Iterator[_Claim]:
    heading, named = column.heading, False
    if _unusable(heading):
        return
    for meaning in meanings(heading):
        named = True
        field = catalog.FIELDS[meaning.field]
        suits = fit(field, column)
        confidence = _confidence(meaning.likeness, suits)
        yield _Claim(confidence, meaning.likeness, _SURENESS[suits], place, heading, field, suits)
    seen = None if named or is_of_another(heading) else _BY_VALUES.get(shape(column) or Format.TEXT)
    if seen:
        suits = fit(catalog.FIELDS[seen], column)
        sure = _SURENESS[suits]
        yield _Claim(Confidence.LOW, Likeness.VALUES, sure, place, heading, catalog.FIELDS[seen], suits)


def _unusable(heading: str) -> str:
    """Why a heading can be that of no mapping; empty if it can."""
    if not heading.strip():
        return "a column without a heading cannot be mapped"
    return "it is not UTF-8" if any("\ud800" <= each <= "\udfff" for each in heading) else ""


def _confidence(likeness: Likeness, suits: Fit) -> Confidence:
    if suits is Fit.NOT:
        return Confidence.LOW
    if likeness >= Likeness.EXPORTS:
        return Confidence.MEDIUM if suits is Fit.SOME else Confidence.HIGH
    sure = likeness in {Likeness.PART, Likeness.QUESTION} and suits in {Fit.FITS, Fit.ALIKE}
    return Confidence.HIGH if sure else Confidence.MEDIUM


def _winners(claims: Iterable[_Claim], data_type: DataType) -> dict[str, _Claim]:
    """By field of a data type, the best claim to it; no heading leads to two fields."""
    winners: dict[str, _Claim] = {}
    taken: set[str] = set()
    for claim in sorted(claims, key=lambda each: each[:4], reverse=True):
        if takes(data_type, claim.field) and claim.heading not in taken and claim.field.name not in winners:
            winners[claim.field.name] = claim
            taken.add(claim.heading)
    return winners


def _suitability(data_type: DataType, winners: Collection[str]) -> tuple[bool, int, int, int]:
    """Complete first, then the more headings that make sense, then the stricter and the simpler data type."""
    names = set(winners) - _BESIDE_THE_POINT.get(data_type, frozenset())
    required = catalog.RULES[data_type].required
    complete = not any(names.isdisjoint(group) for group in required)
    return complete, len(names), len(required), -list(DataType).index(data_type)


def _refer(winners: dict[str, _Claim]) -> None:
    """Have the email or the phone be the contact reference of a survey that has no other."""
    reference = catalog.FIELDS["contact_reference"]
    for name in CONTACT_IDENTIFIERS:
        if name in winners and reference.name not in winners:
            winners[reference.name] = winners[name]._replace(field=reference, likeness=Likeness.REFERENCE)


def _lead(claim: _Claim) -> Lead:
    reason = _REASONS[claim.likeness].format(field=claim.field.display_name)
    if claim.likeness is not Likeness.VALUES and claim.fit is not Fit.ANYTHING:
        reason = f"{reason}; {claim.fit.value}"
    return Lead(claim.heading, claim.field, claim.confidence, reason)


def _left(column: Column, data_type: DataType, lost: _Claim | None, winners: Mapping[str, _Claim]) -> Left:
    heading, has_segments = column.heading, Entity.SURVEY in catalog.RULES[data_type].entities
    if why := _unusable(heading):
        return Left(heading, None, why)
    segment = f"{catalog.SEGMENT}{heading}" if has_segments else None
    if lost is None:
        return Left(heading, segment, _unknown(column, data_type))
    name = lost.field.display_name
    if not takes(data_type, lost.field):
        return Left(heading, segment, f"{name} is no field of {catalog.RULES[data_type].display_name}")
    better = visible(winners[lost.field.name].heading)
    return Left(heading, segment, f"{name} as well, but {better} is the better one")


def _unknown(column: Column, data_type: DataType) -> str:
    seen = None if is_of_another(column.heading) else shape(column)
    fields = [
        field.name for field in catalog.FIELDS.values() if field.format is seen and takes(data_type, field)
    ]
    return f"the values would fit {' or '.join(fields)}" if fields else "no field is known by this name"


_WANTED: Mapping[DataType, tuple[str, ...]] = MappingProxyType(
    {DataType.EXTERNAL_RESPONSE: ("sent_date", "completed_date")}
)
_ANSWERS = frozenset(
    {"sent_date", "completed_date", "nps", "comment", "follow_up_request", "follow_up_details"}
)
_BESIDE_THE_POINT: Mapping[DataType, frozenset[str]] = MappingProxyType(
    {
        DataType.SURVEY: _ANSWERS,
        DataType.MULTI_OBJECT: _ANSWERS | {"contact_reference"},
        DataType.EXTERNAL_RESPONSE: frozenset({"contact_reference"}),
    }
)
"""Fields that a data type takes, but that speak for another one."""

_BY_VALUES: Mapping[Format, str] = MappingProxyType(
    {Format.EMAIL: "email", Format.PHONE: "phone", Format.SCORE: "nps"}
)
"""The field that values lead to when the heading says nothing; of dates there are too many, flags may be any."""

_SURENESS: Mapping[Fit, int] = MappingProxyType(
    {Fit.NOT: 0, Fit.NOT_SEEN: 1, Fit.SOME: 2, Fit.ANYTHING: 3, Fit.ALIKE: 4, Fit.FITS: 5}
)
_REASONS: Mapping[Likeness, str] = MappingProxyType(
    {
        Likeness.VALUES: "by its values alone, which are like those of {field}",
        Likeness.REFERENCE: "has the values of {field}",
        Likeness.SIMILAR: "much like a name of {field}",
        Likeness.PART: "has a name of {field} in it",
        Likeness.QUESTION: "asks for {field}",
        Likeness.EXPORTS: "a usual name of {field}",
        Likeness.OTHER_NAME: "another name of {field}",
        Likeness.NAME: "the name of {field}",
    }
)
