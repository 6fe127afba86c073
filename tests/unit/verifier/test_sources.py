"""Files of every kind, and such as are broken: a sentence or a finding, never a traceback."""

import io
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from cgmock.verifier.files import DataFile
from cgmock.verifier.model import Report
from cgmock.verifier.rules import Rule
from cgmock.verifier.sources import delimited, parts, workbook
from cgmock.verifier.tables import UnreadableError
from cgmock.verifier.verify import verify
from tests.unit.verifier.running import OPTIONS, mapping_file, verified

MAPPINGS = Path(__file__).with_name("corpus") / "mappings"
CONTACTS = mapping_file(MAPPINGS / "contacts.toml")


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
