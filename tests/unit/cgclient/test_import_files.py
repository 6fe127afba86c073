"""Files of `cgclient import` that cannot be used, and journals with any content."""

import errno
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, strategies as st

from cgclient.importing.data import Data, DataError
from cgclient.importing.journal import Journal, JournalError, Outcome

ABOUT = {"data": "sha256 1", "configuration": "contact"}
FIRST = json.dumps({"cgclient import": 1, **ABOUT}).encode() + b"\n"
ROWS = 3

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.dictionaries(
    st.sampled_from(["row", "sending", "outcome", "reason", "cgclient import", "data"]),
    JSON | st.integers(-1, ROWS + 1) | st.sampled_from(list(Outcome)),
)
LINES = st.binary(max_size=40) | (MEMBERS | JSON).map(lambda value: json.dumps(value).encode())
DEEP = b'{"row":1,"outcome":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@given(first=st.just(FIRST) | LINES.map(lambda line: line + b"\n") | LINES, lines=st.lists(LINES, max_size=4))
@example(first=FIRST, lines=[b'{"row":1,"outcome":[]}'])
@example(first=FIRST, lines=[b'{"row":1,"outcome":{}}', b'{"sending":2}'])
@example(first=FIRST, lines=[b'{"row":true,"outcome":"accepted"}', b'{"sending":2}'])
@example(first=FIRST, lines=[DEEP])
@example(first=FIRST, lines=[DEEP, b'{"sending":2}'])
@example(first=DEEP + b"\n", lines=[])
@example(first=FIRST, lines=[b'{"row":1,"outcome":"refused","reason":"\\ud800\\u001b[2J"}'])
@example(first=FIRST, lines=[b'{"row":' + b"9" * 5000 + b',"outcome":"accepted"}'])
@example(first=b"x" * 2_000_000, lines=[])
@example(first=b'{"cgclient import": 1, "data": "' + b"x" * 5000 + b'"}\n', lines=[])
def test_a_journal_of_any_content_is_taken_up_or_refused_in_a_sentence(
    first: bytes, lines: list[bytes]
) -> None:
    content = first + b"".join(line + b"\n" for line in lines)
    with TemporaryDirectory() as folder:
        path = Path(folder, "journal")
        path.write_bytes(content)

        outcomes, sentence = _taken_up(path)

        if outcomes is None:
            assert path.read_bytes() == content
            assert len(sentence) < 800
        else:
            assert len(outcomes) == ROWS
            assert _taken_up(path) == (outcomes, "")


def _taken_up(path: Path) -> tuple[list[Outcome] | None, str]:
    """The outcomes of a journal, or why it is refused."""
    try:
        with Journal(path, ABOUT, ROWS) as journal:
            return [journal[row] for row in range(1, ROWS + 1)], ""
    except JournalError as error:
        return None, str(error)


def test_a_disk_that_fails_at_the_end_is_reported_with_the_name_of_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with (
        pytest.raises(OSError, match=r"Input/output error: '.*journal'"),
        Journal(tmp_path / "journal", ABOUT, ROWS),
    ):
        monkeypatch.setattr(os, "fsync", fail)


@pytest.fixture(params=["pipe", "folder", "device"])
def irregular(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A path that is no regular file."""
    path = tmp_path / "irregular.csv"
    match request.param:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path = Path("/dev/zero")
    return path


def test_a_journal_must_be_a_regular_file(irregular: Path) -> None:
    with pytest.raises(JournalError, match="is not a regular file: give another --journal"):
        Journal(irregular, ABOUT, ROWS)


def test_data_must_be_a_regular_file(irregular: Path) -> None:
    with pytest.raises(DataError, match=r"is not a regular file.*save it to a file first"):
        Data.at(irregular)
