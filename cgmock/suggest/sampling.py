"""The first rows of a file, column by column: enough to see what its columns hold."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from cgmock.core.php import values as php
from cgmock.suggest.column_formats import MOST, Column
from cgmock.suggest.synonyms import meanings
from cgmock.verifier.collecting import Collector
from cgmock.verifier.files import DataFile, Table, read_table
from cgmock.verifier.mapping import Sought
from cgmock.verifier.model import Finding
from cgmock.verifier.sources import delimited
from cgmock.verifier.tables import ROWS_AT_ONCE, Batch, Cell


class FieldNames:
    """All headings that mean a field: no list has them."""

    def __contains__(self, heading: object) -> bool:
        """Whether a heading means a field by its name."""
        return isinstance(heading, str) and bool(meanings(heading))


class Sample(NamedTuple):
    """The columns of a file, in its order, and what is wrong with how it is written."""

    columns: tuple[Column, ...]
    findings: tuple[Finding, ...]


def sample(file: DataFile) -> Sample:
    """The first rows of a file. Raises UnreadableError."""
    found = Collector(0)
    with file.opened() as stream:
        table = read_table(stream, file.name, Sought(FieldNames(), None), found, lambda _: None)
        columns = tuple(_columns(table))
    if table.header:
        delimited.lint_header(table.header, file.name, FieldNames(), found)
    return Sample(columns, found.findings())


def _columns(table: Table) -> Iterator[Column]:
    """The columns that the first row names, and those that later records have besides."""
    seen: dict[str, dict[str, None]] = {
        heading: {} for heading in (table.header.headings if table.header else ())
    }
    for batch in _first(table.batches):
        for heading, cells in zip(batch.headings, batch.columns, strict=True):
            seen.setdefault(heading, {}).update(dict.fromkeys(_texts(cells)))
    for heading, values in seen.items():
        yield Column(heading, tuple(islice(values, MOST)))


def _first(batches: Iterable[Batch]) -> Iterator[Batch]:
    """As many batches as have enough rows; records with different headings come in many small ones."""
    rows = 0
    for batch in batches:
        yield batch
        rows += len(batch.numbers)
        if rows >= ROWS_AT_ONCE:
            return


def _texts(cells: Iterable[Cell]) -> Iterator[str]:
    """The values that are neither empty nor an object, as text."""
    for cell in cells:
        if isinstance(cell, str | int | float):
            text = php.trim(php.text(cell))
            if text:
                yield text
