"""The first rows of a file, column by column: enough to see what its columns hold."""

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from cgmock.core import php
from cgmock.verifier.collecting import Collector
from cgmock.verifier.files import START, DataFile
from cgmock.verifier.model import Finding
from cgmock.verifier.shapes import MOST, Column
from cgmock.verifier.sources import delimited, records, workbook
from cgmock.verifier.synonyms import meanings
from cgmock.verifier.tables import ABSENT, ROWS_AT_ONCE, Batch, Cell


class FieldNames(frozenset[str]):
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
    start = file.stream.read(START)
    file.stream.seek(0)
    if start.startswith(workbook.STARTS):
        sheet = workbook.rows_of(file.stream, file.name)
        header = delimited.header_of_row(next(sheet, []), file.name)
        return _of_table(
            header, delimited.Rows(file.name, header, found, _no_tick).of_rows(sheet), file, found
        )
    encoding = delimited.encoding_of(start, file.name)
    if records.is_json(start) or records.is_form(start):
        reader = records.Records(file.name, None, found, _no_tick)
        read = reader.of_forms(file.stream) if records.is_form(start) else reader.of_json(file.stream)
        return Sample(_columns((), reader.tables(islice(read, ROWS_AT_ONCE))), found.findings())
    header = delimited.header_of(file.stream, encoding, FieldNames(), file.name)
    file.stream.seek(0)
    text = io.TextIOWrapper(file.stream, encoding, "surrogateescape", newline="")
    rows = delimited.Rows(file.name, header, found, _no_tick)
    sampled = _of_table(header, rows.of_lines(text, with_header=True), file, found)
    text.detach()
    return sampled


def _of_table(header: delimited.Header, batches: Iterable[Batch], file: DataFile, found: Collector) -> Sample:
    columns = _columns(header.headings, islice(batches, 1))
    delimited.lint_header(header, file.name, FieldNames(), found)
    return Sample(columns, found.findings())


def _columns(headings: Iterable[str], batches: Iterable[Batch]) -> tuple[Column, ...]:
    """The columns with these headings, and those that batches have besides."""
    seen: dict[str, dict[str, None]] = {heading: {} for heading in headings}
    for batch in batches:
        for heading, cells in zip(batch.headings, batch.columns, strict=True):
            seen.setdefault(heading, {}).update(dict.fromkeys(_texts(cells)))
    return tuple(Column(heading, tuple(islice(values, MOST))) for heading, values in seen.items())


def _texts(cells: Iterable[Cell]) -> Iterator[str]:
    """The values that are neither empty nor an object, as text."""
    for cell in cells:
        if cell is not ABSENT and cell is not None and not isinstance(cell, dict):
            text = php.trim(php.text(cell))
            if text:
                yield text


def _no_tick(_: int) -> None:
    """Show no progress: a sample is read at once."""
