"""Parts of a large CSV file that can be read at the same time, each from the beginning of a row."""

import io
import mmap
from pathlib import Path
from typing import NamedTuple

SMALLEST = 1024 * 1024
"""Bytes of a part, at least: a smaller one is read sooner than a process starts."""

_BLOCK = 4 * 1024 * 1024


class Part(NamedTuple):
    """The bytes from `start` up to `end`."""

    start: int
    end: int


def parts(path: Path, wanted: int) -> list[Part]:
    """At most as many parts as are wanted; each but the first begins with a row.

    A line break inside quotes ends no row: it has an odd number of quotes before it.
    """
    size = path.stat().st_size
    wanted = min(wanted, max(1, size // SMALLEST))
    if wanted == 1:
        return [Part(0, size)]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        starts = [0]
        quotes = at = 0
        for target in (size * part // wanted for part in range(1, wanted)):
            quotes += sum(
                content[block : min(block + _BLOCK, target)].count(b'"')
                for block in range(at, target, _BLOCK)
            )
            start, quotes = _row_after(content, max(at, target), quotes)
            starts.append(start)
            at = start
    return [Part(*each) for each in zip(starts, [*starts[1:], size], strict=True) if each[0] < each[1]]


def _row_after(content: mmap.mmap, at: int, quotes: int) -> tuple[int, int]:
    """Where the next row begins, and the quotes before it."""
    while True:
        end = content.find(b"\n", at)
        end = len(content) if end < 0 else end + 1
        quotes += content[at:end].count(b'"')
        if quotes % 2 == 0 or end == len(content):
            return end, quotes
        at = end


class Span(io.RawIOBase):
    """A part of a file, as a file of its own."""

    def __init__(self, path: Path, part: Part) -> None:
        self._file = path.open("rb")
        self._file.seek(part.start)
        self._left = part.end - part.start

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The next bytes of the part."""
        read = self._file.readinto(memoryview(buffer)[: self._left])
        self._left -= read
        return read

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
