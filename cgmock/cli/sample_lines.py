"""Samples of the records that a mapping takes, or does not take, as JSON Lines or CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hypothesis.errors import InvalidArgument

from cgmock.core.php import values as php
from cgmock.seeds import ImportMapping
from cgmock.strategies import InvalidRecord, invalid_records, records
from cgmock.strategies.samples import samples


class NoSampleError(Exception):
    """A mapping that takes no record at all."""


class Wish(NamedTuple):
    """How many samples are wanted, of which kind and in which format; the same `seed` gives the same samples."""

    how_many: int
    seed: int
    form: str
    invalid: bool


class _Sample(NamedTuple):
    record: Mapping[str, object]
    reason: str


def lines(mapping: ImportMapping, wish: Wish) -> Iterator[str]:
    """The lines to print. Raises NoSampleError."""
    try:
        drawn = _invalid(mapping, wish) if wish.invalid else _valid(mapping, wish)
    except InvalidArgument as error:
        raise NoSampleError(f"{error}.") from error
    return FORMATS[wish.form](mapping, wish, drawn)


def _valid(mapping: ImportMapping, wish: Wish) -> Iterator[_Sample]:
    strategy = records(mapping.configuration, touchpoints=mapping.touchpoints)
    return (_Sample(record, "") for record in samples(strategy, count=wish.how_many, random_seed=wish.seed))


def _invalid(mapping: ImportMapping, wish: Wish) -> Iterator[_Sample]:
    strategy = invalid_records(mapping.configuration, touchpoints=mapping.touchpoints)
    drawn = samples(strategy.filter(_fits_a_table), count=wish.how_many, random_seed=wish.seed)
    return (_Sample(each.record, each.reason) for each in drawn)


def _fits_a_table(invalid: InvalidRecord) -> bool:
    return not any(isinstance(value, list | dict) for value in invalid.record.values())


def _json_lines(_: ImportMapping, wish: Wish, drawn: Iterator[_Sample]) -> Iterator[str]:
    for record, reason in drawn:
        content = {"record": record, "reason": reason} if wish.invalid else record
        yield f"{json.dumps(content)}\n"


def _csv_lines(mapping: ImportMapping, wish: Wish, drawn: Iterator[_Sample]) -> Iterator[str]:
    headings = list(mapping.configuration.headings)
    yield _csv_line([*headings, "reason"] if wish.invalid else headings)
    for record, reason in drawn:
        cells = [_cell(record.get(heading)) for heading in headings]
        yield _csv_line([*cells, reason] if wish.invalid else cells)


def _cell(value: object) -> str:
    return php.text(value) if isinstance(value, str | int | float) else ""


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    # The writer quotes what ends a line, and other readers take either character for that.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"


FORMATS: Mapping[str, Callable[[ImportMapping, Wish, Iterator[_Sample]], Iterator[str]]] = MappingProxyType(
    {"jsonl": _json_lines, "csv": _csv_lines}
)
