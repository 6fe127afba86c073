"""Files of every kind, and such as are broken: a sentence or a finding, never a traceback."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from cgmock.verifier.files import DataFile, Options
from cgmock.verifier.model import Report
from cgmock.verifier.rules import Rule
from cgmock.verifier.sources import delimited, parts, workbook
from cgmock.verifier.tables import UnreadableError
from cgmock.verifier.verify import verify
from tests.verifier.running import OPTIONS, TODAY, mapping_file, verified

MAPPINGS = Path(__file__).with_name("corpus") / "mappings"
CONTACTS = mapping_file(MAPPINGS / "contacts.toml")
RESPONSES = mapping_file(MAPPINGS / "responses.toml")


def found(report: Report) -> set[str]:
    """The ids of what was found, but for what every file with these mappings has."""
    return {finding.rule.id for finding in report.findings} - {"CG007", "CG035", "CG063", "CG081", "CG082"}


def test_a_file_that_is_no_text_is_told_in_a_sentence() -> None:
    with pytest.raises(UnreadableError, match=r"^data is not text \(it has a NUL byte\): give a CSV"):
        verified(CONTACTS, b"\x7fELF\0\0\0")


@pytest.mark.parametrize("content", [b"", b"\n\n", b",,\n"])
def test_an_empty_file_is_told_in_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^data is empty: its first row must have the headings\.$"):
        verified(CONTACTS, content)


def test_a_million_columns_are_told_in_a_sentence() -> None:
    with pytest.raises(
        UnreadableError, match=r"^data has 1,000,001 columns, and more than 16,384 are not read"
    ):
        verified(CONTACTS, b"," * 1_000_000 + b"Email\n")


def test_ten_megabytes_in_one_cell_are_too_long() -> None:
    report = verified(CONTACTS, b"Email,Last Name\njoe@example.com," + b"x" * 10_000_000 + b"\n")

    assert found(report) == {"CG047"}
    assert max(len(example.sample) for finding in report.findings for example in finding.examples) < 100


def test_a_cell_that_never_ends_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LONGEST_CELL", 1000)

    with pytest.raises(
        UnreadableError, match=r"^data cannot be read at line [0-9]+: .*Is a quote not closed\?$"
    ):
        verified(CONTACTS, b'Email\njoe@example.com\n"' + b"x\n" * 1000)
    with pytest.raises(UnreadableError, match=r"^data cannot be read: .*Is it a CSV file\?$"):
        verified(CONTACTS, b"x" * 2000)


def test_a_file_in_utf_16_is_read_and_told() -> None:
    report = verified(CONTACTS, "Email,Last Name\njoe@example.com,Müller\n".encode("utf-16"))

    assert found(report) == {"CG110"}
    assert report.rows.whole == 1


def test_half_a_character_of_utf_16_is_told_in_a_sentence() -> None:
    with pytest.raises(UnreadableError, match=r"^data is not utf-16: save it in UTF-8\.$"):
        verified(CONTACTS, b"\xff\xfe\x00\xdc\x00\xdcE")


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers() -> None:
    report = verified(CONTACTS, b"Email,Last Name\n\n,\njoe@example.com,Doe\nnobody,Doe\n")

    (finding,) = (each for each in report.findings if each.rule is Rule.EMAIL)
    assert [example.row for example in finding.examples] == [5]
    assert report.rows.all == 2


def test_a_row_may_end_before_a_column_that_is_not_mapped() -> None:
    report = verified(CONTACTS, b"Email,Colour\njoe@example.com\nann@example.com,red\n")

    assert (report.rows.whole, report.rows.in_part) == (1, 1)


def test_empty_cells_beyond_the_last_heading_are_nothing() -> None:
    assert found(verified(CONTACTS, b"Email\njoe@example.com,,\n")) == set()


def test_lines_tell_when_a_row_is_a_line() -> None:
    lines = verified(CONTACTS, b"Email,Last Name\njoe@example.com,Doe\n")
    no_lines = verified(CONTACTS, b'Email,Last Name\njoe@example.com,"D\noe"\n')

    assert lines.sources[0].lines
    assert not no_lines.sources[0].lines


def test_more_headings_than_a_form_has_are_told() -> None:
    headings = ",".join(["Email", *(f"Column {number}" for number in range(1000))])

    report = verified(CONTACTS, f"{headings}\njoe@example.com\n".encode())

    assert Rule.TOO_MANY_HEADINGS in report.by_rule


def test_json_that_breaks_off_is_told_with_its_place() -> None:
    with pytest.raises(UnreadableError, match=r"^data is not JSON: .*line 2 column 1"):
        verified(CONTACTS, b"[{\n")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b'{"Email": "\xff"}', "it is not UTF-8 at byte 11"),
        (b"[" * 100_000, "it is nested too deep"),
        (b'{"Email": "\\ud800"}', "it is no object and no array"),
    ],
)
def test_json_that_the_api_cannot_read_is_told(document: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        verified(CONTACTS, document)


def test_lines_of_json_that_are_no_records_are_told_one_by_one() -> None:
    lines = b'{"Email": "joe@example.com"}\n\n{oops\n[1]\n7\n{"Email": "ann@example.com"}\n'

    report = verified(CONTACTS, lines)

    rows = [example.row for each in report.by_rule[Rule.LINE_UNREAD] for example in each.examples]
    assert sorted(rows) == [3, 4, 5]
    assert report.rows.whole == 2
    assert report.rows.refused == 3


def test_many_lines_of_json_are_read() -> None:
    report = verified(CONTACTS, b'{"Email": "joe@example.com"}\n' * 5000)

    assert report.rows.whole == 5000


def test_an_item_of_an_array_that_is_no_record_is_told() -> None:
    report = verified(CONTACTS, b'[{"Email": "joe@example.com"}, 7]')

    assert found(report) == {"CG101"}


def test_a_body_without_a_record_is_told() -> None:
    report = verified(CONTACTS, b'{"configuration": "contacts", "record": null}')

    assert found(report) == {"CG100"}


def test_blank_lines_between_forms_are_nothing() -> None:
    report = verified(CONTACTS, b"configuration=contacts&record[Email]=joe%40example.com\n\n")

    assert (found(report), report.rows.whole) == (set(), 1)


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


def test_a_workbook_without_its_library_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "find_spec", lambda _: None)

    with pytest.raises(UnreadableError, match=r"pip install 'cgmock\[verify\]'\.$"):
        verified(CONTACTS, b"PK\x03\x04")


def _export(rows: int, *, spoilt: Sequence[int] = ()) -> Iterator[str]:
    yield "Email,First Name,Last Name,Account Name\n"
    for number in range(rows):
        name = '"Doe, ""J""\nJunior"' if number % 3 else "Doe"
        email = "nobody" if number in spoilt else f"joe{number}@example.com"
        account = "acme" if number == rows - 1 else "ACME"
        yield f"{email},Joe,{name},{account}\n"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SMALLEST", 1000)
    monkeypatch.setattr(parts, "_BLOCK", 512)


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
def test_each_part_begins_with_a_row(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("".join(_export(200)))
    whole = path.read_bytes()

    for wanted in range(1, 9):
        found = parts.parts(path, wanted)
        pieces = [whole[part.start : part.end] for part in found]
        assert b"".join(pieces) == whole
        assert all(piece.startswith((b"joe", b"Email")) for piece in pieces)


@pytest.mark.usefixtures("small_parts")
def test_a_stray_quote_has_the_file_read_by_one(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("".join(_export(200)) + 'x@example.com,5" pipe,Doe,ACME\ny@example.com,Joe\n')

    assert _report(path, 2) == _report(path, 1)


@pytest.mark.usefixtures("small_parts")
def test_a_quote_that_is_never_closed_makes_one_part(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text('Email\n"' + "x\n" * 2000)

    assert parts.parts(path, 2) == [parts.Part(0, path.stat().st_size)]


def test_a_file_of_no_path_is_read_by_one() -> None:
    content = "".join(_export(20)).encode()

    report = verify(CONTACTS, [DataFile("data", partial(io.BytesIO, content))], OPTIONS._replace(jobs=4))

    assert report.rows.all == 20


def test_several_files_are_one_report() -> None:
    report = verified(CONTACTS, b"Email\njoe@example.com\n", json.dumps({"Phone": "+55 62"}).encode())

    assert [source.kind for source in report.sources] == ["CSV", "JSON"]
    assert report.rows.whole == 2
