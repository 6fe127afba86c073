"""Workbooks, which a process of their own reads, and files that several processes read in parts."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from cgmock.verifier.files import DataFile, Options
from cgmock.verifier.model import Report
from cgmock.verifier.rules import Rule
from cgmock.verifier.sources import parts
from cgmock.verifier.tables import UnreadableError
from cgmock.verifier.verify import verify
from tests.unit.verifier.running import TODAY, mapping_file, verified
from tests.unit.verifier.test_sources import CONTACTS, MAPPINGS, _export, small_parts

RESPONSES = mapping_file(MAPPINGS / "responses.toml")


def _workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        moment, day, hour = (
            book.add_format({"num_format": each}) for each in ("yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd", "hh:mm")
        )
        formats = {datetime: moment, date: day, time: hour}
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, formats.get(type(cell)))
    return path


def test_a_workbook_is_read_as_an_export_writes_it(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Email", "Sent Date", "Survey Completed Date", "NPS Score", "Comment", "Customer Number"],
        ["joe@example.com", datetime(2026, 3, 1, 9), datetime(2026, 3, 2, 10, 30), 9, "Good", 1234567],
        ["ann@example.com", datetime(2026, 3, 1, 9), datetime(2026, 3, 2), 10, True, 0.5],
        ["eve@example.com", datetime(2026, 3, 1, 9), time(12, 30), 7, "", 1e15],
    ]

    report = verified(RESPONSES, _workbook(tmp_path / "export.xlsx", rows))

    assert report.sources[0].kind == "workbook"
    assert [finding.examples[0].row for finding in report.by_rule[Rule.DATE_FORMAT]] == [4]
    assert report.rows.whole == 2
    assert any("cells of a workbook" in what for what, _ in report.not_checked)


def test_an_archive_that_is_no_workbook_is_told_in_a_sentence() -> None:
    with pytest.raises(UnreadableError, match=r"^data is not a workbook that can be read: "):
        verified(CONTACTS, b"PK\x03\x04" + b"x" * 100)


def test_a_sheet_that_asks_for_all_memory_is_told_in_a_sentence(tmp_path: Path) -> None:
    whole = _workbook(tmp_path / "whole.xlsx", [["Email"], ["joe@example.com"]])
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'r="A2"', b'r="XFD999999999"'))

    with pytest.raises(UnreadableError, match=r"^broken\.xlsx is not a workbook that can be read: .+\.$"):
        verified(CONTACTS, broken)


def _report(path: Path, jobs: int) -> Report:
    read: list[int] = []
    report = verify(CONTACTS, [DataFile.at(path, "export.csv")], Options(5, jobs, TODAY), read.append)
    assert sum(read) > 0
    return report


@pytest.mark.usefixtures("small_parts")
def test_parts_of_responses_are_put_together(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    row = "joe@example.com,2026-03-01 09:00:00,2026-03-02 10:30:00,9\n"
    path.write_text("Email,Sent Date,Survey Completed Date,NPS Score\n" + row * 100)

    apart, alone = (verify(RESPONSES, [DataFile.at(path)], Options(5, jobs, TODAY)) for jobs in (3, 1))

    assert apart == alone


@pytest.mark.usefixtures("small_parts")
def test_a_row_that_repeats_one_of_another_part_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = [f"joe{each}@example.com,2026-03-01 09:00:00,2026-03-02 10:30:00,9\n" for each in range(100)]
    heading = "Email,Sent Date,Survey Completed Date,NPS Score\n"
    path.write_text("".join([heading, *rows, rows[0]]))

    apart = verify(RESPONSES, [DataFile.at(path)], Options(5, 3, TODAY))

    (finding,) = apart.by_rule[Rule.ROW_REPEATED]
    assert [example.row for example in finding.examples] == [102]


@pytest.mark.usefixtures("small_parts")
def test_a_file_read_in_parts_has_the_same_report(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    lines = [*_export(500, spoilt=[3, 250, 499]), "joe1@example.com,Ann,Lee,ACME\n"]
    path.write_text("".join(lines))

    assert len(parts.parts(path, 3)) == 3
    assert _report(path, 3) == _report(path, 1)


@pytest.mark.usefixtures("small_parts")
def test_a_stray_quote_has_the_file_read_by_one(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("".join(_export(200)) + 'x@example.com,5" pipe,Doe,ACME\ny@example.com,Joe\n')

    assert _report(path, 2) == _report(path, 1)
