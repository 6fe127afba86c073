"""Workbooks (XLSX, XLS, ODS): the first sheet, as an export to CSV would write it."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import date, datetime
from importlib.util import find_spec
from io import BytesIO
from typing import BinaryIO

from cgmock.verifier.children import end_with_parent
from cgmock.verifier.tables import UnreadableError

STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""The first bytes of a workbook."""

_MOST_MEMORY = 4 * 1024**3
"""Bytes that reading a workbook may take."""


def rows_of(stream: BinaryIO, file: str) -> Iterator[list[str]]:
    """The rows of the first sheet, its dates as YYYY-MM-DD HH:MM:SS. Raises UnreadableError.

    A process of its own reads it: the library ends its process when a broken sheet asks for too much memory.
    """
    if find_spec("python_calamine") is None:
        raise UnreadableError(
            f"{file} is a workbook, and reading it needs the package python-calamine: pip install 'cgmock[verify]'."
        )
    try:
        with ProcessPoolExecutor(1, initializer=_restrain) as pool:
            rows, fault = pool.submit(_read, stream.read()).result()
    except BrokenProcessPool:
        rows, fault = [], "its sheet is broken"
    if fault:
        raise UnreadableError(f"{file} is not a workbook that can be read: {fault}.")
    return iter(rows)


def _restrain() -> None:
    """Take no more than enough memory, print nothing, and end with the process that asked."""
    end_with_parent()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with suppress(ImportError, ValueError, OSError):  # where there are no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def _read(content: bytes) -> tuple[list[list[str]], str]:
    """The rows of a workbook, or what is wrong with it."""
    from python_calamine import CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.iter_rows()], ""
    except BaseException as error:  # noqa: BLE001  (what its library panics with is no Exception)
        return [], " ".join(str(error).split())[:200] or type(error).__name__


def _text(cell: object) -> str:
    """A cell as an export writes it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return f"{cell} 00:00:00"  # a moment at midnight comes as a date
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)
