"""Did you mean: the known word that a misspelt one was probably meant to be."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

CUTOFF = 0.75
"""How alike two words must be, from 0 to 1."""

_LONGEST = 128
_LOOK_ALIKES = str.maketrans("аеорсухіАВЕКМНОРСТХ", "aeopcyxiABEKMHOPCTX")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, ignoring case, blanks, punctuation and look-alike letters, or None."""
    return _nearest(word[:_LONGEST], tuple(known))


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    sought = _folded(word)
    best, best_ratio = None, CUTOFF
    if not sought:
        return None
    for candidate in known:
        ratio = _likeness(sought, _folded(candidate))
        if ratio == 1.0:
            return candidate
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    return best


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > CUTOFF else 0.0


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word[:_LONGEST].translate(_LOOK_ALIKES)).casefold()
    return "".join(character for character in plain if character.isalnum())
