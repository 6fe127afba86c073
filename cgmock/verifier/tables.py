"""Records as a table: what every source makes of a file, and the engine judges."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from cgmock.core.php.values import PhpValue

ROWS_AT_ONCE = 4096
"""Rows of a batch."""


class _Absence(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absence.ABSENT
"""In the place of a value: the record does not have the heading."""

Cell: TypeAlias = PhpValue | _Absence


class Batch(NamedTuple):
    """Some rows of a file that have the same headings, column by column.

    `numbers` are the rows' places in the file, `places` those of the columns where the file has columns. `typed`
    tells that there are other values than texts.
    """

    file: str
    headings: tuple[str, ...]
    columns: tuple[Sequence[Cell], ...]
    numbers: Sequence[int]
    places: Mapping[str, int] = {}
    typed: bool = False


class UnreadableError(Exception):
    """A file that cannot be verified; its text is a sentence that says why, and what to do."""
