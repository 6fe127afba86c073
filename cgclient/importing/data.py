"""The rows of a file: CSV or JSON Lines, read as a stream, one record a row."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self, TextIO

from cgclient.bodies import Record
from cgclient.inputs import InputError, json_object, named

MARK = "cgclient_"
"""How the columns begin that a file of failed rows has beside its own; they are not sent."""

OUTCOME = f"{MARK}outcome"

_DELIMITERS = ",;\t"
_SHOWN = 20

_Content = dict[str, object] | InputError


class DataFormat(StrEnum):
    """How the rows are written down."""

    CSV = "csv"
    JSONL = "jsonl"


class Row(NamedTuple):
    """A record by its number, counted from 1; `marks` are the columns that a file of failed rows has beside it."""

    number: int
    record: Record
    marks: Record


class DataError(Exception):
    """The data cannot be imported; its text has a sentence for each mistake, the first twenty at most."""


@dataclass(frozen=True, slots=True)
class Data:
    """A file of rows. With `omit_empty`, cells without a text are left out of the record."""

    path: Path
    format: DataFormat
    omit_empty: bool = False

    @classmethod
    def at(cls, path: Path, said: str | None = None, *, omit_empty: bool = False) -> Self:
        """The data of a file, in the format that is said or that its name tells. Raises DataError."""
        if path.exists() and not path.is_file():
            raise DataError(
                f"{path} is not a regular file, and the import reads DATA more than once: save it to a file first."
            )
        told = said or {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(path.suffix.lower())
        if told is None:
            raise DataError(f"Say --data-format csv or jsonl: the name of {path} does not tell.")
        return cls(path, DataFormat(told), omit_empty)

    def rows(self) -> Iterator[Row]:
        """Each row, read when it is wanted. Raises DataError, or OSError."""
        for number, line, content in self._numbered():
            if isinstance(content, InputError):
                raise DataError(f"Line {line}: {content}")
            yield self._row(number, content)

    def check(self, encode: Callable[[Record], object]) -> int:
        """The number of rows, after a look at each of them: `encode` raises ValueError for what cannot be sent.

        Raises DataError with the mistakes, or OSError.
        """
        mistakes: list[str] = []
        number = 0
        for number, line, content in self._numbered():
            try:
                if isinstance(content, InputError):
                    raise content
                encode(self._row(number, content).record)
            except (InputError, ValueError) as error:
                mistakes.append(f"Line {line}: {error}")
        if mistakes:
            more = [f"… and {len(mistakes) - _SHOWN:,} more."] if len(mistakes) > _SHOWN else []
            raise DataError("\n".join([*mistakes[:_SHOWN], *more]))
        return number

    def digest(self) -> str:
        """What tells the file from another one: SHA-256 of its bytes. Raises OSError."""
        with named(self.path), self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def marked(self) -> bool:
        """Whether it is a file of failed rows, as its first row shows. Raises DataError, or OSError."""
        first = next(self.rows(), None)
        return first is not None and bool(first.marks)

    def whole(self) -> Self:
        """The same data with all its cells."""
        return replace(self, omit_empty=False)

    def write(self, path: Path, records: Iterable[Record], more: Sequence[str] = ()) -> None:
        """Write records into another file in the form of this one, with `more` headings. Raises DataError, or OSError."""
        if self.format is DataFormat.JSONL:
            with named(path), path.open("w", encoding="utf-8") as file:
                file.writelines(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
            return
        with named(self.path), self.path.open(encoding="utf-8-sig", newline="") as ours:
            delimiter, found = _first_row(ours)
        headings = [*(heading for heading in found if not heading.startswith(MARK)), *more]
        with named(path), path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headings, restval="", delimiter=delimiter)
            writer.writeheader()
            writer.writerows(records)

    def _numbered(self) -> Iterator[tuple[int, int, _Content]]:
        """Each row: its number, the line that it ends in, and what it holds."""
        lines = self._csv() if self.format is DataFormat.CSV else self._json_lines()
        for number, (line, content) in enumerate(lines, 1):
            yield number, line, content

    def _csv(self) -> Iterator[tuple[int, _Content]]:
        with named(self.path), self.path.open(encoding="utf-8-sig", newline="") as file:
            try:
                delimiter, headings = _first_row(file)
                file.seek(0)
                reader = csv.reader(file, delimiter=delimiter, strict=True)
                next(reader)
                for cells in reader:
                    if cells:
                        yield reader.line_num, _record(headings, cells, delimiter)
            except csv.Error as error:
                raise DataError(f"Line {reader.line_num}: this is no CSV: {error}.") from None
            except UnicodeDecodeError:
                raise DataError(_not_utf8(self.path.read_bytes())) from None

    def _json_lines(self) -> Iterator[tuple[int, _Content]]:
        with named(self.path), self.path.open("rb") as file:
            for line, content in enumerate(file, 1):
                if content.strip():
                    try:
                        yield line, json_object(content.rstrip(b"\r\n"), "It")
                    except InputError as error:
                        yield line, error

    def _row(self, number: int, content: Record) -> Row:
        left_out: tuple[object, ...] = ("", None) if self.omit_empty else ()
        record, marks = {}, {}
        for heading, value in content.items():
            if heading.startswith(MARK):
                marks[heading] = value
            elif value not in left_out:
                record[heading] = value
        return Row(number, record, marks)


def _first_row(file: TextIO) -> tuple[str, Sequence[str]]:
    """The delimiter, which is the one that the first line has most of, and the headings."""
    first = file.readline()
    delimiter = max(_DELIMITERS, key=first.count)
    file.seek(0)
    try:
        headings = next(csv.reader(file, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise DataError(f"Line 1: this is no CSV: {error}.") from None
    if not headings or not all(heading.strip() for heading in headings):
        raise DataError("Line 1: there must be a heading for each column, and none is blank.")
    for heading, times in Counter(headings).items():
        if times > 1:
            raise DataError(
                f"Line 1: the heading {heading!r} is there {times} times; CustomerGauge would keep only the last one."
            )
    return delimiter, headings


def _record(headings: Sequence[str], cells: Sequence[str], delimiter: str) -> _Content:
    if len(cells) != len(headings):
        return InputError(
            f"{len(cells)} cells where there are {len(headings)} headings; they are separated by {delimiter!r}."
        )
    return dict(zip(headings, cells, strict=True))


def _not_utf8(content: bytes) -> str:
    good = re.split("[\udc80-\udcff]", content.decode(errors="surrogateescape"), maxsplit=1)[0]
    return f"Line {good.count(chr(10)) + 1}: this is not UTF-8: save the file as UTF-8."
