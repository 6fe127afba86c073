"""CSV: a row of headings, then a record in each row."""

import csv
import io
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, NamedTuple

from cgmock.verifier.collecting import Collector
from cgmock.verifier.model import Example, Finding
from cgmock.verifier.rules import Rule
from cgmock.verifier.samples import visible
from cgmock.verifier.tables import ABSENT, ROWS_AT_ONCE, Batch, Cell, UnreadableError

MOST_COLUMNS = 16_384
"""Columns that a file may have, as many as a sheet of a workbook."""

LONGEST_CELL = 64 * 1024 * 1024
"""Characters of one cell; a quote that is not closed makes a cell of all that follows."""

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"
_WINDOWS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


class Header(NamedTuple):
    """How a file is to be read: its encoding, its delimiter, and the headings in its first row."""

    encoding: str
    delimiter: str
    headings: tuple[str, ...]


def encoding_of(start: bytes, file: str) -> str:
    """The encoding of a file that begins so. Raises UnreadableError when it is no text."""
    if start.startswith(_UTF_16):
        return "utf-16"
    if b"\0" in start:
        raise UnreadableError(
            f"{file} is not text (it has a NUL byte): give a CSV, JSON or XLSX file, or a captured body."
        )
    return "utf-8-sig" if start.startswith(_UTF_8_MARK) else "utf-8"


def header_of(stream: BinaryIO, encoding: str, known: Container[str], file: str) -> Header:
    """The first row of a file, with the delimiter that gives the most known headings, else the most headings."""
    text = io.TextIOWrapper(stream, encoding, "surrogateescape", newline="")
    try:
        lines = [line.translate(_WINDOWS) for line in islice(text, 200)]
        candidates = [(delimiter, _first_row(lines, delimiter, file)) for delimiter in DELIMITERS]
    except UnicodeError as error:
        raise UnreadableError(f"{file} is not {encoding}: save it in UTF-8.") from error
    finally:
        text.detach()
    delimiter, headings = max(
        candidates, key=lambda each: (sum(heading in known for heading in each[1]), len(each[1]))
    )
    return header_of_row(headings, file)._replace(encoding=encoding, delimiter=delimiter)


def header_of_row(headings: Sequence[str], file: str) -> Header:
    """A first row that was read. Raises UnreadableError."""
    if not any(headings):
        raise UnreadableError(f"{file} is empty: its first row must have the headings.")
    if len(headings) > MOST_COLUMNS:
        raise UnreadableError(
            f"{file} has {len(headings):,} columns, and more than {MOST_COLUMNS:,} are not read: "
            "is its delimiter a comma, semicolon, tab or bar?"
        )
    return Header("utf-8", "", tuple(headings))


def lint_header(header: Header, file: str, known: Container[str], found: Collector) -> None:
    """Say what is wrong with the first row of a file."""
    if header.encoding == "utf-16":
        found.add(Finding(Rule.ENCODING, Rule.ENCODING.severity, file, detail="it is UTF-16"))
    if header.encoding == "utf-8-sig":
        found.add(Finding(Rule.BYTE_ORDER_MARK, Rule.BYTE_ORDER_MARK.severity, file))
    if len(header.headings) == 1 and header.headings[0] not in known:
        found.add(Finding(Rule.ONE_COLUMN, Rule.ONE_COLUMN.severity, file))
    if len(header.headings) > 1000:
        found.add(Finding(Rule.TOO_MANY_HEADINGS, Rule.TOO_MANY_HEADINGS.severity, file))
    if not any(heading in known for heading in header.headings) and any(map(_is_value, header.headings)):
        found.add(Finding(Rule.HEADER_MISSING, Rule.HEADER_MISSING.severity, file))
    last = {heading: place for place, heading in enumerate(header.headings, start=1)}
    for place, heading in enumerate(header.headings, start=1):
        if last[heading] != place and heading.strip():
            detail = f"column {place} is lost to column {last[heading]}"
            finding = Finding(Rule.HEADING_TWICE, Rule.HEADING_TWICE.severity, file, heading, detail=detail)
            found.add(finding, 1, [Example(1, place, visible(heading))])


class Rows:
    """The rows below the headings, in batches."""

    def __init__(self, file: str, header: Header, found: Collector, tick: Callable[[int], None]) -> None:
        self.file = file
        self.header = header
        self.found = found
        self.number: int = 1
        """The last row that was read; the headings are row 1."""
        self._tick = tick
        self._lines = 1  # the headings' line
        self._quotes = 0
        last = {heading: index for index, heading in enumerate(header.headings)}
        self._kept = [
            index
            for index, heading in enumerate(header.headings)
            if last[heading] == index or not heading.strip()
        ]

    @property
    def is_of_lines(self) -> bool:
        """Whether each row was one line."""
        return self._lines == self.number

    def of_stream(self, stream: BinaryIO, *, with_header: bool) -> Iterator[Batch]:
        """The rows of a file, below the headings if it has them. Raises UnreadableError."""
        with io.TextIOWrapper(stream, self.header.encoding, "surrogateescape", newline="") as lines:
            yield from self._of_lines(lines, with_header=with_header)

    def _of_lines(self, lines: Iterable[str], *, with_header: bool) -> Iterator[Batch]:
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(self._counted(lines), delimiter=self.header.delimiter)
        try:
            if with_header:
                self._lines = 0
                next(filter(None, reader))
            yield from self.of_rows(reader)
        except csv.Error as error:
            raise UnreadableError(
                f"{self.file} cannot be read at line {self._lines}: {error}. Is a quote not closed?"
            ) from error
        if self._quotes % 2:
            self._say(Rule.QUOTE_OPEN, [Example(self.number, None, "")])

    def of_rows(self, rows: Iterator[list[str]]) -> Iterator[Batch]:
        """The rows that come one by one."""
        while some := list(islice(rows, ROWS_AT_ONCE)):
            batch = self._batch(some)
            self.number += len(some)
            if batch.numbers:
                yield batch

    def _counted(self, lines: Iterable[str]) -> Iterator[str]:
        """The lines, with what is not UTF-8 read as Windows-1252."""
        for line in lines:
            self._lines += 1
            if '"' in line:
                self._quotes += line.count('"')
            if not line.isascii() and _NOT_UTF_8.search(line):
                self._say(Rule.ENCODING, [Example(self._lines, None, "")])
                line = line.translate(_WINDOWS)  # noqa: PLW2901
            self._tick(len(line))
            yield line

    def _batch(self, rows: list[list[str]]) -> Batch:
        numbers: Sequence[int] = range(self.number + 1, self.number + 1 + len(rows))
        if not all(map(any, rows)):
            numbers = [number for number, row in zip(numbers, rows, strict=True) if any(row)]
            rows = [row for row in rows if any(row)]
        width = len(self.header.headings)
        cells: Sequence[Sequence[Cell]] = rows
        if set(map(len, rows)) - {width}:
            cells = [self._fitted(number, row, width) for number, row in zip(numbers, rows, strict=True)]
        columns = tuple(zip(*cells, strict=True))
        kept = [
            index
            for index in self._kept
            if columns and (self.header.headings[index].strip() or any(columns[index]))
        ]
        headings = tuple(self.header.headings[index] for index in kept)
        places = {self.header.headings[index]: index + 1 for index in kept}
        return Batch(self.file, headings, tuple(columns[index] for index in kept), numbers, places)

    def _fitted(self, number: int, row: list[str], width: int) -> list[Cell]:
        """A row with as many cells as there are headings."""
        if len(row) < width:
            self._say(Rule.ROW_TOO_SHORT, [Example(number, len(row), "")])
            return [*row, *([ABSENT] * (width - len(row)))]
        if any(row[width:]):
            self._say(Rule.ROW_TOO_LONG, [Example(number, width + 1, "")])
        return [*row[:width]]

    def _say(self, rule: Rule, examples: list[Example]) -> None:
        self.found.add(Finding(rule, rule.severity, self.file), 1, examples)


def _first_row(lines: Sequence[str], delimiter: str, file: str) -> list[str]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        return next((row for row in csv.reader(lines, delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise UnreadableError(f"{file} cannot be read: {error}. Is it a CSV file?") from error


def _is_value(heading: str) -> bool:
    """Whether a heading looks like a value: an email, a date, or a number."""
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+|\d{4}-\d\d-\d\d.*|[\d.,+ -]*\d[\d.,]*", heading))
