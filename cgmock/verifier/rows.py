"""The records of a file, one by one."""

from collections.abc import Iterator
from typing import NamedTuple

from cgmock.core.php.values import PhpArray
from cgmock.verifier.tables import ABSENT, Batch


class Row(NamedTuple):
    """A record of a file, before its values are trimmed."""

    file: str
    number: int
    record: PhpArray


def rows_of(batches: Iterator[Batch]) -> Iterator[Row]:
    """The records of some batches, one by one."""
    for batch in batches:
        for number, values in zip(batch.numbers, zip(*batch.columns, strict=True), strict=True):
            pairs = zip(batch.headings, values, strict=True)
            yield Row(batch.file, number, {heading: value for heading, value in pairs if value is not ABSENT})
