"""Records with a heading that is almost the one that was meant."""

import itertools
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock.core.tenant import Configuration, Refusal
from cgmock.strategies.plans import (
    Column,
    Plan,
    Record,
    carried_by_forms,
    evenly,
    plan_of,
    records_of,
    values_of,
)
from cgmock.strategies.values import Value


class Slip(StrEnum):
    """How a heading was missed."""

    CASE = "another case"
    BLANKS = "blanks too many"
    NO_BREAK_SPACE = "a no-break space"
    LOOK_ALIKE = "a letter of another alphabet"
    NO_BLANKS = "blanks dropped"
    MISSING_LETTER = "a missing letter"
    EXTRA_LETTER = "a letter twice"
    SWAPPED_LETTERS = "two letters swapped"


class Misspelt(NamedTuple):
    """A record with `heading` for the heading that was `meant`, which is the nearest one.

    The heading is dropped as unmapped. The record is stored without it, or refused if that makes it lack a required
    field.
    """

    record: Record
    slip: Slip
    heading: str
    meant: str
    refusal: Refusal | None


class Garbled(NamedTuple):
    """As Misspelt, but nobody can be sure what was meant: there are few letters, or other headings are as near."""

    record: Record
    slip: Slip
    heading: str
    meant: str
    refusal: Refusal | None


class SwappedColumns(NamedTuple):
    """A record with a value below `heading` that was meant to be below `meant`, and the other way round.

    Both values fit, so that the API stores them and no notice tells.
    """

    record: Record
    heading: str
    meant: str


NearMiss = Misspelt | Garbled | SwappedColumns


class _Spelling(NamedTuple):
    slip: Slip
    heading: str
    meant: str
    is_sure: bool


def near_misses(
    configuration: Configuration, *, touchpoints: Collection[str] = ()
) -> SearchStrategy[NearMiss]:
    """Records in which one heading was missed by a slip, or two columns were swapped."""
    plan = plan_of(configuration, touchpoints)
    return near_misses_after(plan, configuration.headings)


def near_misses_after(
    plan: Plan, headings: Collection[str], *, as_form: bool = False
) -> SearchStrategy[NearMiss]:
    """Near misses of the records after a plan, among all `headings` of its configuration."""
    misspelt = (_misspelt(plan, column, headings, as_form=as_form) for column in plan.filled)
    pairs = itertools.pairwise(sorted(_exchangeable(plan), key=lambda column: column.field.format))
    swapped = [_swapped(plan, *pair) for pair in pairs if pair[0].field.format is pair[1].field.format]
    return evenly([evenly(misspelt), evenly(swapped)] if swapped else misspelt)


def _misspelt(
    plan: Plan, column: Column, headings: Collection[str], *, as_form: bool
) -> SearchStrategy[NearMiss]:
    name = column.field.name
    spellings = [
        spelling
        for meant in column.headings
        for spelling in _spellings(meant, headings)
        if carried_by_forms(spelling.heading) or not as_form
    ]
    groups = [group for group in plan.required if name in group]
    rescue = {
        heading
        for other in plan.columns
        for heading in other.headings
        if other.field.name != name and any(other.field.name in group for group in groups)
    }

    def near_miss(others: Record, value: Value, spelling: _Spelling) -> NearMiss:
        refusal = Refusal.UNPROCESSABLE if groups and not rescue & others.keys() else None
        slip, heading, meant, is_sure = spelling
        kind = Misspelt if is_sure else Garbled
        return kind({**others, heading: value}, slip, heading, meant, refusal)

    return st.builds(near_miss, records_of(plan.without(name)), values_of(column), st.sampled_from(spellings))


def _exchangeable(plan: Plan) -> Iterator[Column]:
    """The columns that any other may take a value from."""
    has_account = ("account_name",) in plan.required
    return (column for column in plan.filled if has_account or not column.describes_account)


def _swapped(plan: Plan, one: Column, other: Column) -> SearchStrategy[NearMiss]:
    others = records_of(plan.without(one.field.name, other.field.name))
    values = st.lists(values_of(one), min_size=2, max_size=2, unique=True)
    return st.builds(
        _with_swapped, others, st.sampled_from(one.headings), st.sampled_from(other.headings), values
    )


def _with_swapped(others: Record, heading: str, meant: str, values: list[Value]) -> NearMiss:
    return SwappedColumns({**others, **dict(zip((heading, meant), values, strict=True))}, heading, meant)


def _spellings(meant: str, headings: Collection[str]) -> Iterator[_Spelling]:
    difference = min((_difference(meant, other) for other in headings if other != meant), default=len(meant))
    letters = sum(_letters(meant).values()) if meant.isascii() and len(meant) <= _LONGEST else 0
    for slip, (misspell, apart, fewest) in _SLIPS.items():
        for heading in dict.fromkeys(misspell(meant)):
            if heading.strip() and heading not in headings:
                yield _Spelling(slip, heading, meant, letters >= fewest and difference >= apart)


def _difference(meant: str, other: str) -> int:
    """How many letters and digits the headings do not share, at least.

    One from beyond ASCII may look like any.
    """
    ours, theirs = _letters(meant), _letters(other)
    return (ours - theirs).total() + (theirs - ours).total() - 2 * _foreign(other)


def _letters(heading: str) -> Counter[str]:
    return Counter(letter for letter in _folded(heading) if letter.isascii())


def _foreign(heading: str) -> int:
    return sum(not letter.isascii() for letter in _folded(heading))


def _folded(heading: str) -> str:
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(filter(str.isalnum, plain))


def _in_another_case(heading: str) -> Iterator[str]:
    yield from (heading.lower(), heading.upper(), heading.swapcase())


def _with_blanks(heading: str) -> Iterator[str]:
    yield from (f"{heading} ", f" {heading}", f"{heading}\t", heading.replace(" ", "  "))


def _with_no_break_space(heading: str) -> Iterator[str]:
    yield from (f"{heading}\N{NO-BREAK SPACE}", heading.replace(" ", "\N{NO-BREAK SPACE}"))


def _with_look_alikes(heading: str) -> Iterator[str]:
    for position, letter in enumerate(heading):
        if letter in _LOOK_ALIKES:
            yield heading[:position] + _LOOK_ALIKES[letter] + heading[position + 1 :]


def _without_blanks(heading: str) -> Iterator[str]:
    yield heading.replace(" ", "")


def _with_a_letter_less(heading: str) -> Iterator[str]:
    for position in range(len(heading)):
        yield heading[:position] + heading[position + 1 :]


def _with_a_letter_twice(heading: str) -> Iterator[str]:
    for position in range(len(heading)):
        yield heading[: position + 1] + heading[position:]


def _with_two_letters_swapped(heading: str) -> Iterator[str]:
    for position in range(len(heading) - 1):
        swapped = heading[position + 1] + heading[position]
        yield heading[:position] + swapped + heading[position + 2 :]


_LONGEST = 100

_LOOK_ALIKES = {
    "a": "\N{CYRILLIC SMALL LETTER A}",
    "e": "\N{CYRILLIC SMALL LETTER IE}",
    "o": "\N{CYRILLIC SMALL LETTER O}",
    "p": "\N{CYRILLIC SMALL LETTER ER}",
    "c": "\N{CYRILLIC SMALL LETTER ES}",
    "A": "\N{CYRILLIC CAPITAL LETTER A}",
    "E": "\N{CYRILLIC CAPITAL LETTER IE}",
    "P": "\N{CYRILLIC CAPITAL LETTER ER}",
    "S": "\N{FULLWIDTH LATIN CAPITAL LETTER S}",
}

_SLIPS: Mapping[Slip, tuple[Callable[[str], Iterable[str]], int, int]] = MappingProxyType(
    {
        Slip.CASE: (_in_another_case, 1, 1),
        Slip.BLANKS: (_with_blanks, 1, 1),
        Slip.NO_BREAK_SPACE: (_with_no_break_space, 1, 1),
        Slip.LOOK_ALIKE: (_with_look_alikes, 1, 1),
        Slip.NO_BLANKS: (_without_blanks, 1, 1),
        Slip.MISSING_LETTER: (_with_a_letter_less, 4, 4),
        Slip.EXTRA_LETTER: (_with_a_letter_twice, 4, 4),
        Slip.SWAPPED_LETTERS: (_with_two_letters_swapped, 5, 4),
    }
)
"""How to misspell a heading, by how many letters all others must differ, and how many there must be, to be sure."""
