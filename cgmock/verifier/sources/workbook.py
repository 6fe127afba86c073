"""Workbooks (XLSX, XLS, ODS): the first sheet, as an export to CSV would write it."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import BinaryIO

from cgmock.verifier.tables import UnreadableError

STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""The first bytes of a workbook."""


def rows_of(stream: BinaryIO, file: str) -> Iterator[list[str]]:
    """The rows of the first sheet, its dates as YYYY-MM-DD HH:MM:SS. Raises UnreadableError."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ModuleNotFoundError as error:
        raise UnreadableError(
            f"{file} is a workbook, and reading it needs the package python-calamine: pip install 'cgmock[verify]'."
        ) from error
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(stream.read())).get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        raise UnreadableError(f"{file} is not a workbook that can be read: {error}.") from error
    for row in sheet.iter_rows():
        yield [_text(cell) for cell in row]


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
