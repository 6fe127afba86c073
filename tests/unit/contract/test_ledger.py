"""The ledger: one file a check, written as one step."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cgmock.contract.ledger import Entry, Unreadable, read, write
from cgmock.live.results import Verdict

ENTRY = Entry(
    "token.keys",
    "2026-11-24",
    "live https://x",
    Verdict.PASSED,
    "",
    "",
    ({"asked": {"path": "/", "query": [["a", "b"]]}},),
)


def test_an_entry_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path / "new" / "ledger", ENTRY)

    assert read(tmp_path / "new" / "ledger") == {"token.keys": ENTRY}
    assert [each.name for each in (tmp_path / "new" / "ledger").iterdir()] == ["token.keys.json"]


def test_a_newer_entry_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    newer = ENTRY._replace(date="2026-11-25", verdict=Verdict.FAILED, reason="no keys")

    write(tmp_path, ENTRY)
    write(tmp_path, newer)

    assert read(tmp_path) == {"token.keys": newer}


def test_an_entry_that_shows_nothing_takes_the_place_of_no_other(tmp_path: Path) -> None:
    nothing = ENTRY._replace(verdict=Verdict.NOT_RUN, reason="the write budget is used up", evidence=())

    write(tmp_path, ENTRY)
    write(tmp_path, nothing)
    write(tmp_path, nothing._replace(id="token.issued"))

    assert read(tmp_path) == {"token.keys": ENTRY, "token.issued": nothing._replace(id="token.issued")}


def test_many_writers_leave_whole_files(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda day: write(tmp_path, ENTRY._replace(date=f"2026-01-{day:02}")), range(1, 30)))

    (found,) = read(tmp_path).values()
    assert isinstance(found, Entry)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "token.keys.json is no entry of a ledger (JSONDecodeError)"),
        ("[]", "token.keys.json is no entry of a ledger (TypeError)"),
        ("{}", "token.keys.json is no entry of a ledger (KeyError)"),
        (
            json.dumps(ENTRY._asdict() | {"verdict": "fine"}),
            "token.keys.json is no entry of a ledger (ValueError)",
        ),
        (json.dumps(ENTRY._asdict() | {"more": 1}), "token.keys.json is no entry of a ledger (TypeError)"),
        (
            json.dumps(ENTRY._asdict() | {"id": "token.issued"}),
            "token.keys.json is the entry of token.issued",
        ),
    ],
)
def test_a_file_that_is_no_entry_is_told(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "token.keys.json").write_text(text, encoding="utf-8")

    assert read(tmp_path) == {"token.keys": Unreadable("token.keys", reason)}
