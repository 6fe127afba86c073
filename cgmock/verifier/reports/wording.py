"""How a report shows what strangers wrote: on one line, every character to be seen, and not too long."""

import json
import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

LONGEST = 200
"""Characters of a heading, a sample or a detail that people are shown; JSON has them all."""

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_BLANKS_AT_ENDS = re.compile(r"^ +| +$")
_WORD = re.compile(r"[^ ]+ *| +")


def clear(text: str) -> str:
    """The text, cut after 200 characters, with what cannot be seen escaped as JSON does it.

    So are the backslash, and blanks at the ends.
    """
    return _BLANKS_AT_ENDS.sub(lambda blanks: "\\u0020" * len(blanks[0]), _escaped(text))


def quoted(text: str) -> str:
    """The text as `clear` has it, in quotes, between which the blanks are seen."""
    escaped = _escaped(text).replace('"', '\\"')
    return f'"{escaped}"'


def counted(number: int, word: str) -> str:
    """A number with its word: 1 finding, 1,200 findings."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def folded(text: str, width: int) -> Iterator[str]:
    """Lines that take at most `width` columns of a terminal and, joined, are the text; they break after blanks."""
    line = ""
    for word in _WORD.findall(text):
        for piece in chop_cells(word, width) or [word]:  # what has no width is no cell
            if cell_len(line + piece) > width:
                yield line
                line = ""
            line += piece
    yield line


def _escaped(text: str) -> str:
    shown = text[:LONGEST]
    if not shown.isprintable() or "\\" in shown or _UNSEEN.search(shown):
        shown = "".join(map(_visible, shown))
    return f"{shown}… ({len(text):,} characters)" if len(text) > LONGEST else shown


def _visible(character: str) -> str:
    seen = character.isprintable() and character != "\\" and not _UNSEEN.match(character)
    return character if seen else json.dumps(character)[1:-1]
