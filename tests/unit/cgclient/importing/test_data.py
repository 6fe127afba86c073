import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cgclient.importing.data import Data, DataError, DataFormat, Row


def data(folder: Path, content: bytes | str, name: str = "data.csv", *, omit_empty: bool = False) -> Data:
    """A file of rows."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Data.at(path, omit_empty=omit_empty)


def encode(record: Mapping[str, object]) -> bytes:
    """Refuse what is no text of this world."""
    return str(record["A"]).encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_is_read_whatever_separates_its_cells(
    tmp_path: Path, delimiter: str, end: str, mark: str
) -> None:
    lines = [f"A{delimiter}First Name", f'1{delimiter}"Joe{delimiter} Doe"', "", f"2{delimiter}"]
    csv = data(tmp_path, mark + end.join(lines) + end)

    assert list(csv.rows()) == [
        Row(1, {"A": "1", "First Name": f"Joe{delimiter} Doe"}, {}),
        Row(2, {"A": "2", "First Name": ""}, {}),
    ]
    assert csv.check(encode) == 2


def test_a_cell_may_have_lines(tmp_path: Path) -> None:
    csv = data(tmp_path, 'A,B\n"1\n2",x\n3,y\n')

    assert [row.record["A"] for row in csv.rows()] == ["1\n2", "3"]


def test_json_lines_keep_their_types(tmp_path: Path) -> None:
    lines = data(tmp_path, '{"A": 1, "B": null}\n\n{"A": "x"}', "data.jsonl")

    assert list(lines.rows()) == [Row(1, {"A": 1, "B": None}, {}), Row(2, {"A": "x"}, {})]
    assert lines.check(encode) == 2


@pytest.mark.parametrize(
    ("name", "content"), [("data.csv", "A,B,C\n1,,0\n"), ("data.ndjson", '{"A": "1", "B": null, "C": "0"}\n')]
)
def test_empty_cells_are_left_out_if_the_user_says_so(tmp_path: Path, name: str, content: str) -> None:
    (row,) = data(tmp_path, content, name, omit_empty=True).rows()

    assert row.record == {"A": "1", "C": "0"}


def test_the_marks_of_failed_rows_are_no_headings(tmp_path: Path) -> None:
    csv = data(tmp_path, "A,cgclient_row,cgclient_outcome\n1,7,ambiguous\n")

    assert list(csv.rows()) == [Row(1, {"A": "1"}, {"cgclient_row": "7", "cgclient_outcome": "ambiguous"})]
    assert csv.marked()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Line 1: there must be a heading for each column"),
        ("A,,B\n", "Line 1: there must be a heading for each column"),
        ("A,B,A\n", "Line 1: the heading 'A' is there 2 times"),
        ('A,"B\n', "Line 1: this is no CSV"),
        ("A,B\n1,2\n3\n", "Line 3: 1 cells where there are 2 headings; they are separated by ','."),
        ('A,B\n1,2\n"3"x,4\n', "Line 3: this is no CSV: ',' expected after '\"'."),
        (b"A\n1\n\xe9\n", "Line 3: this is not UTF-8: save the file as UTF-8."),
        (b"A\n" + b"1\n" * 9000 + b"\xe9\n2\n", "Line 9002: this is not UTF-8"),
    ],
)
def test_what_is_wrong_with_csv_is_told_by_its_line(
    tmp_path: Path, content: bytes | str, sentence: str
) -> None:
    csv = data(tmp_path, content)

    with pytest.raises(DataError) as checked:
        csv.check(encode)
    with pytest.raises(DataError) as read:
        list(csv.rows())

    assert str(checked.value).startswith(sentence)
    assert str(read.value).startswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"A": 1}\n{\n', "Line 2: It is not JSON"),
        ("[1]\n", "Line 1: It must hold one JSON object"),
        ('{"A": 1, "A": 2}\n', "Line 1: The heading 'A' is there twice"),
        ('{"A": NaN}\n', "Line 1: NaN is no number that can be sent."),
        (b'{"A": "\xe9"}\n', "Line 1: It is not UTF-8: byte 7 is wrong."),
    ],
)
def test_what_is_wrong_with_json_lines_is_told_by_its_line(
    tmp_path: Path, content: bytes | str, sentence: str
) -> None:
    lines = data(tmp_path, content, "data.jsonl")

    with pytest.raises(DataError) as checked:
        lines.check(encode)
    with pytest.raises(DataError) as read:
        list(lines.rows())

    assert str(checked.value).startswith(sentence)
    assert str(read.value).startswith(sentence)


def test_all_mistakes_are_told_and_the_first_twenty_of_them_shown(tmp_path: Path) -> None:
    with pytest.raises(DataError) as few:
        data(tmp_path, "A,B\n1\n2,2\n3\n").check(encode)
    with pytest.raises(DataError) as many:
        data(tmp_path, "A,B\n" + "1\n" * 1021).check(encode)

    assert [line.split(":")[0] for line in str(few.value).splitlines()] == ["Line 2", "Line 4"]
    assert len(str(many.value).splitlines()) == 21
    assert str(many.value).endswith("… and 1,001 more.")


@pytest.mark.parametrize(
    ("name", "content", "plain"),
    [
        ("data.csv", "A;cgclient_row;B\n1;7;\n", "A;B\r\n1;\r\n"),
        ("data.jsonl", '{"A": "é", "cgclient_row": 7, "B": null}\n', '{"A": "é", "B": null}\n'),
    ],
)
def test_records_are_written_in_the_form_of_the_data(
    tmp_path: Path, name: str, content: str, plain: str
) -> None:
    marked, copy = data(tmp_path, content, name), tmp_path / "copy"

    marked.write(copy, (row.record for row in marked.rows()))

    assert copy.read_bytes().decode() == plain


def test_data_without_rows_is_not_marked(tmp_path: Path) -> None:
    assert not data(tmp_path, "A\n").marked()


def test_what_cannot_be_encoded_is_a_mistake(tmp_path: Path) -> None:
    lines = data(tmp_path, json.dumps({"A": "\ud800"}) + "\n", "data.jsonl")

    with pytest.raises(DataError, match=r"Line 1: .*surrogates not allowed"):
        lines.check(encode)


def test_the_format_is_said_where_the_name_does_not_tell(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Say --data-format csv or jsonl"):
        Data.at(tmp_path / "data.txt")

    assert Data.at(tmp_path / "data.txt", "jsonl").format is DataFormat.JSONL
    assert Data.at(tmp_path / "DATA.CSV").format is DataFormat.CSV
