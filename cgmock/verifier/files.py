"""Verifies one file of data: reads it as what it is, judges its rows, and keeps the tally."""

import gc
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cgmock.verifier.children import end_with_parent
from cgmock.verifier.collecting import Collector
from cgmock.verifier.deciding import Decider
from cgmock.verifier.distributions import Spread
from cgmock.verifier.engine import Engine
from cgmock.verifier.mapping import MappingFile, Sought
from cgmock.verifier.model import Finding, Rows, Source, sum_of
from cgmock.verifier.neighbours import Neighbours
from cgmock.verifier.rules import Rule
from cgmock.verifier.sources import delimited, records, workbook
from cgmock.verifier.sources.parts import Part, Span, parts
from cgmock.verifier.tables import Batch, UnreadableError
from cgmock.verifier.values import Expectations

_START = 64 * 1024
_MANY_ROWS = 5000
_SELDOM = (100_000, 50, 50)

Tick = Callable[[int], None]
"""Is told how many more characters were read."""


class DataFile(NamedTuple):
    """A file to verify: how the user calls it, and what opens it; without a `path` it is read by one process."""

    name: str
    open: Callable[[], BinaryIO]
    path: Path | None = None

    @classmethod
    def at(cls, path: Path, name: str = "") -> "DataFile":
        """A file on a disk."""
        return cls(name or str(path), lambda: path.open("rb"), path)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The content of the file. An OSError becomes an UnreadableError."""
        try:
            with self.open() as stream:
                yield stream
        except OSError as error:
            raise UnreadableError(f"{self.name} cannot be read: {error.strerror or error}.") from error


class Options(NamedTuple):
    """How to verify: examples of each finding, processes, and the day today as YYYY-MM-DD."""

    limit: int
    jobs: int
    today: str


class Tally:
    """What is known of a file, or of a part of it, when its rows are judged."""

    def __init__(self, mapping: MappingFile, file: str, options: Options) -> None:
        decider = Decider(mapping.tenant, mapping.configuration)
        self.found: Collector = Collector(options.limit)
        self.file = file
        self.filled: dict[str, int] = {}
        """By heading, how many of its cells are not empty."""
        self.rows: Rows = Rows()
        self.last_row: int = 1
        self.is_of_lines: bool = True
        """Whether each row of a CSV file is one line."""
        self.neighbours: Neighbours = Neighbours(decider, self.found)
        self.spread: Spread = Spread()
        self._engine: Engine | None = Engine(
            decider, Expectations(mapping.tenant.touchpoints, options.today), self.found
        )

    def take(self, batches: Iterable[Batch]) -> None:
        """Judge the rows of a file, or of a part of it."""
        engine = self._engine
        assert engine is not None  # noqa: S101  (a tally is taken once)
        with _few_collections():
            for batch in batches:
                judged = engine.take(batch)
                self.spread.take(judged, self.found, first=not self.rows.all)
                self.neighbours.take(judged)
                self.rows = engine.rows
        self.filled = engine.filled
        self._engine = None  # what it has learned is of no use to another process

    def merge(self, later: "Tally") -> None:
        """Add the next part of the same file."""
        before = self.last_row - 1
        self.found.merge(later.found, before)
        self.neighbours.merge(later.neighbours, self.file, before)
        self.spread.merge(later.spread)
        self.rows = sum_of((self.rows, later.rows))
        for heading, count in later.filled.items():
            self.filled[heading] = self.filled.get(heading, 0) + count
        self.last_row += later.last_row - 1
        self.is_of_lines = self.is_of_lines and later.is_of_lines

    def refuse(self, number: int) -> None:
        """Count rows that hold no record."""
        self.rows = self.rows._replace(refused=self.rows.refused + number)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cycles less often: rows are lists by the thousand, of which none is in a cycle."""
    thresholds = gc.get_threshold()
    gc.set_threshold(*map(max, thresholds, _SELDOM))
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


class Verified(NamedTuple):
    """A file that was verified."""

    source: Source
    tally: Tally


class Table(NamedTuple):
    """A file that is read as records: what it is, and its rows."""

    kind: str
    encoding: str
    delimiter: str | None
    batches: Iterator[Batch]
    reader: delimited.Rows | records.Records
    header: delimited.Header | None = None


def read_table(stream: BinaryIO, file: str, sought: Sought, found: Collector, tick: Tick) -> Table:
    """Read a file as what it is; what is wrong with its form is said to `found`. Raises UnreadableError."""
    start = stream.read(_START)
    stream.seek(0)
    if start.startswith(workbook.STARTS):
        rows = workbook.rows_of(stream, file)
        header = delimited.header_of_row(next(rows, []), file)
        reader = delimited.Rows(file, header, found, tick)
        return Table("workbook", header.encoding, None, reader.of_rows(rows), reader, header)
    encoding = delimited.encoding_of(start, file)
    if records.is_json(start) or records.is_form(start):
        bodies = records.Records(file, sought.reference, found, tick)
        if records.is_form(start):
            return Table("form", encoding, None, bodies.tables(bodies.of_forms(stream)), bodies)
        return Table("JSON", encoding, None, bodies.tables(bodies.of_json(stream)), bodies)
    header = delimited.header_of(stream, encoding, sought.headings, file)
    stream.seek(0)
    reader = delimited.Rows(file, header, found, tick)
    batches = reader.of_stream(stream, with_header=True)
    return Table("CSV", encoding, delimited.DELIMITERS[header.delimiter], batches, reader, header)


def verify_file(file: DataFile, mapping: MappingFile, options: Options, tick: Tick) -> Verified:
    """Judge all rows of a file. Raises UnreadableError."""
    tally = Tally(mapping, file.name, options)
    with file.opened() as stream:
        table = read_table(stream, file.name, mapping.sought, tally.found, tick)
        apart = _apart(file, table, mapping, options, tick)
        if apart:
            return _finished(table, apart, mapping)
        tally.take(table.batches)
    tally.is_of_lines = table.reader.is_of_lines
    if isinstance(table.reader, records.Records):
        tally.refuse(table.reader.refused)
    return _finished(table, tally, mapping)


def _apart(file: DataFile, table: Table, mapping: MappingFile, options: Options, tick: Tick) -> Tally | None:
    """The tally of a large CSV file by several processes, or None where one has to do it."""
    if table.kind != "CSV" or not table.header or not file.path:
        return None
    if options.jobs == 1 or table.encoding == "utf-16":
        return None
    tally = _side_by_side(file.path, _Reading(file.name, table.header, mapping, options), tick)
    # A stray quote may have hidden where rows begin.
    is_doubtful = tally.found.has(Rule.ROW_TOO_LONG, Rule.ROW_TOO_SHORT, Rule.QUOTE_OPEN)
    return None if is_doubtful else tally


def _finished(table: Table, tally: Tally, mapping: MappingFile) -> Verified:
    """Say what only shows at the end of a file."""
    if table.header:
        delimited.lint_header(table.header, tally.file, mapping.configuration.headings, tally.found)
    rows = tally.rows.all
    tally.spread.judge(tally.file, tally.found)
    if not rows:
        tally.found.add(Finding(Rule.NO_ROWS, Rule.NO_ROWS.severity, tally.file))
    if rows > _MANY_ROWS:
        tally.found.add(Finding(Rule.MANY_ROWS, Rule.MANY_ROWS.severity, tally.file), rows)
    columns = len(table.header.headings) if table.header else len(tally.filled)
    lines = tally.is_of_lines and table.kind != "workbook"
    source = Source(tally.file, table.kind, table.encoding, table.delimiter, rows, columns, lines)
    return Verified(source, tally)


class _Reading(NamedTuple):
    """How a CSV file is read and judged, in one process or several."""

    file: str
    header: delimited.Header
    mapping: MappingFile
    options: Options

    def tally(self) -> Tally:
        return Tally(self.mapping, self.file, self.options)


def _side_by_side(path: Path, reading: _Reading, tick: Tick) -> Tally:
    """The tally of a file whose parts are read at the same time."""
    spans = parts(path, reading.options.jobs)
    with ProcessPoolExecutor(len(spans), initializer=end_with_parent) as pool:
        tallies = []
        for span, tally in zip(spans, pool.map(partial(_part, path, reading), spans), strict=True):
            tick(span.end - span.start)
            tallies.append(tally)
    first, *others = tallies
    for each in others:
        first.merge(each)
    return first


def _part(path: Path, reading: _Reading, part: Part) -> Tally:
    tally = reading.tally()
    rows = delimited.Rows(tally.file, reading.header, tally.found, lambda _: None)
    with io.BufferedReader(Span(path, part), 1024 * 1024) as stream:
        tally.take(rows.of_stream(stream, with_header=part.start == 0))
    tally.last_row = rows.number
    tally.is_of_lines = rows.is_of_lines
    return tally
