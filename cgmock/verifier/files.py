"""Verifies one file of data: reads it as what it is, judges its rows, and keeps the tally."""

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cgmock.verifier.collecting import Collector, Subject
from cgmock.verifier.deciding import Decider
from cgmock.verifier.distributions import Spread
from cgmock.verifier.engine import Engine
from cgmock.verifier.mapping import MappingFile
from cgmock.verifier.model import Rows, Source, sum_of
from cgmock.verifier.neighbours import Neighbours
from cgmock.verifier.rules import Rule
from cgmock.verifier.sources import delimited, records, workbook
from cgmock.verifier.sources.parts import Part, Span, parts
from cgmock.verifier.tables import Batch
from cgmock.verifier.values import Expectations

START = 64 * 1024
"""Bytes by which it is told what a file is."""

_MANY_ROWS = 5000

Tick = Callable[[int], None]
"""Is told how many more characters were read."""


class DataFile(NamedTuple):
    """A file to verify: how the user calls it, and its content; without a `path` it is read by one process."""

    name: str
    stream: BinaryIO
    path: Path | None = None


class Options(NamedTuple):
    """How to verify: examples of each finding, processes, and the day today as YYYY-MM-DD."""

    limit: int
    jobs: int
    today: str


class Tally:
    """What is known of a file, or of a part of it, when its rows are judged."""

    def __init__(self, mapping: MappingFile, file: str, options: Options) -> None:
        decider = Decider(mapping.tenant, mapping.configuration)
        self.found = Collector(options.limit)
        self.file = file
        self.filled: dict[str, int] = {}
        """By heading, how many of its cells are not empty."""
        self.rows = Rows()
        self.last_row = 1
        self.neighbours = Neighbours(decider, self.found)
        self.spread = Spread()
        self._engine: Engine | None = Engine(
            decider, Expectations(mapping.tenant.touchpoints, options.today), self.found
        )

    def take(self, batches: Iterable[Batch]) -> None:
        """Judge the rows of a file, or of a part of it."""
        engine = self._engine
        assert engine is not None  # noqa: S101  (a tally is taken once)
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

    def refuse(self, number: int) -> None:
        """Count rows that hold no record."""
        self.rows = self.rows._replace(refused=self.rows.refused + number)


class Verified(NamedTuple):
    """A file that was verified."""

    source: Source
    tally: Tally


def verify_file(file: DataFile, mapping: MappingFile, options: Options, tick: Tick) -> Verified:
    """Judge all rows of a file. Raises UnreadableError."""
    start = file.stream.read(START)
    file.stream.seek(0)
    if start.startswith(workbook.STARTS):
        return _workbook(file, mapping, options, tick)
    encoding = delimited.encoding_of(start, file.name)
    if records.is_json(start) or records.is_form(start):
        return _records(file, mapping, options, tick, form=records.is_form(start))
    known = mapping.configuration.headings
    header = delimited.header_of(file.stream, encoding, known, file.name)
    tally = _delimited(file, _Reading(file.name, header, mapping, options), tick)
    delimited.lint_header(header, file.name, known, tally.found)
    delimiter = delimited.DELIMITERS[header.delimiter]
    return _finished("CSV", encoding, delimiter, len(header.headings), tally)


def _finished(kind: str, encoding: str, delimiter: str | None, columns: int, tally: Tally) -> Verified:
    rows = tally.rows.all
    tally.spread.judge(tally.file, tally.found)
    if not rows:
        tally.found.add(Subject(Rule.NO_ROWS, Rule.NO_ROWS.severity, tally.file))
    if rows > _MANY_ROWS:
        tally.found.add(Subject(Rule.MANY_ROWS, Rule.MANY_ROWS.severity, tally.file), rows)
    return Verified(Source(tally.file, kind, encoding, delimiter, rows, columns), tally)


def _workbook(file: DataFile, mapping: MappingFile, options: Options, tick: Tick) -> Verified:
    rows = workbook.rows_of(file.stream, file.name)
    header = delimited.header_of_row(next(rows, []), file.name)
    tally = Tally(mapping, file.name, options)
    reader = delimited.Rows(file.name, header, tally.found, tick)
    tally.take(reader.of_rows(rows))
    delimited.lint_header(header, file.name, mapping.configuration.headings, tally.found)
    return _finished("workbook", header.encoding, None, len(header.headings), tally)


def _records(file: DataFile, mapping: MappingFile, options: Options, tick: Tick, *, form: bool) -> Verified:
    tally = Tally(mapping, file.name, options)
    reader = records.Records(file.name, mapping.configuration.reference, tally.found, tick)
    tally.take(reader.tables(reader.of_forms(file.stream) if form else reader.of_json(file.stream)))
    tally.refuse(reader.refused)
    return _finished("form" if form else "JSON", "utf-8", None, len(tally.filled), tally)


class _Reading(NamedTuple):
    """How a CSV file is read and judged, in one process or several."""

    file: str
    header: delimited.Header
    mapping: MappingFile
    options: Options

    def tally(self) -> Tally:
        return Tally(self.mapping, self.file, self.options)


def _delimited(file: DataFile, reading: _Reading, tick: Tick) -> Tally:
    if reading.options.jobs > 1 and file.path is not None and reading.header.encoding != "utf-16":
        tally = _side_by_side(file.path, reading, tick)
        if not tally.found.has(Rule.ROW_TOO_LONG, Rule.ROW_TOO_SHORT, Rule.QUOTE_OPEN):
            return tally
        # A stray quote may have hidden where rows begin.
    file.stream.seek(0)
    return _take_lines(reading, file.stream, tick, with_header=True)


def _side_by_side(path: Path, reading: _Reading, tick: Tick) -> Tally:
    """The tally of a file whose parts are read at the same time."""
    spans = parts(path, reading.options.jobs)
    with ProcessPoolExecutor(len(spans)) as pool:
        tallies = []
        for span, tally in zip(spans, pool.map(partial(_part, path, reading), spans), strict=True):
            tick(span.end - span.start)
            tallies.append(tally)
    first, *others = tallies
    for each in others:
        first.merge(each)
    return first


def _part(path: Path, reading: _Reading, part: Part) -> Tally:
    with io.BufferedReader(Span(path, part), 1024 * 1024) as stream:
        return _take_lines(reading, stream, lambda _: None, with_header=part.start == 0)


def _take_lines(reading: _Reading, stream: BinaryIO, tick: Tick, *, with_header: bool) -> Tally:
    tally = reading.tally()
    text = io.TextIOWrapper(stream, reading.header.encoding, "surrogateescape", newline="")
    rows = delimited.Rows(tally.file, reading.header, tally.found, tick)
    tally.take(rows.of_lines(text, with_header=with_header))
    tally.last_row = rows.number
    text.detach()
    return tally
