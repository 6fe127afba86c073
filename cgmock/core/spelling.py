"""Did you mean: the known word that a misspelt one was probably meant to be."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

_Kind = TypeVar("_Kind", bound=StrEnum)

CUTOFF = 0.75
"""How alike two words must be at least, from 0 to 1."""

_LONGEST = 128
_LOOK_ALIKES = str.maketrans("аеорсухіАВЕКМНОРСТХ", "aeopcyxiABEKMHOPCTX")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, ignoring case, blanks, punctuation and look-alike letters, or None."""
    return _nearest(word[:_LONGEST], tuple(known))


def member(kind: type[_Kind], what: str, name: object, error: type[ValueError] = ValueError) -> _Kind:
    """Return the member of an enumeration that has this name. Raise `error`, with the closest valid name, if none has."""
    if isinstance(name, str) and name in set(kind):
        return kind(name)
    raise error(unknown(what, name, kind))


def unknown(what: str, name: object, known: Iterable[str]) -> str:
    """Return the message for an unknown name: with the closest valid name, or with all of them if none is close."""
    names = tuple(known)
    near = nearest(name, names) if isinstance(name, str) else None
    hint = f"did you mean `{near}`?" if near else f"valid names: {', '.join(names)}."
    return f"unknown {what} `{name!s:.60}`; {hint}"


def without_look_alikes(word: str) -> str:
    """A word with Latin letters in the place of Cyrillic ones that look the same."""
    return word.translate(_LOOK_ALIKES)


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    sought = _folded(word)
    if not sought:
        return None
    matcher = SequenceMatcher(b=sought, autojunk=False)
    best, best_likeness = None, 0.0
    for candidate in known:
        likeness = _likeness(matcher, _folded(candidate))
        if likeness > best_likeness:
            best, best_likeness = candidate, likeness
    return best


def _likeness(matcher: SequenceMatcher[str], folded: str) -> float:
    """0 for words that are not alike enough."""
    matcher.set_seq1(folded)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return matcher.ratio() if all(bound() >= CUTOFF for bound in bounds) else 0.0


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKC", without_look_alikes(word[:_LONGEST])).casefold()
    return "".join(character for character in plain if character.isalnum())
