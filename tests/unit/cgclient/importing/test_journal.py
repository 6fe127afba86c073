import json
import os
import threading
from pathlib import Path

import pytest

from cgclient.importing.journal import Failure, Journal, JournalError, Outcome

ABOUT = {"data": "sha256 1", "configuration": "contact"}
FIRST = b'{"cgclient import": 1, "data": "sha256 1", "configuration": "contact"}\n'
STOPPED = "The import was stopped while the row was on its way, or about to be."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "journal"


def test_a_new_journal_says_what_it_is_about(path: Path) -> None:
    with Journal(path, ABOUT, 3) as journal:
        assert journal.counts == {"accepted": 0, "refused": 0, "ambiguous": 0, "not sent": 3}

    assert path.read_bytes() == FIRST


def test_an_intention_is_on_the_disk_before_it_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    with Journal(path, ABOUT, 3) as journal:
        monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.read_bytes()))

        journal.intend(2)

        assert synced == [FIRST + b'{"sending":2}\n']
        monkeypatch.undo()


def test_a_row_with_an_intention_and_no_result_is_ambiguous(path: Path) -> None:
    with Journal(path, ABOUT, 3) as journal:
        journal.intend(2)

        assert (journal[1], journal[2]) == (Outcome.UNSENT, Outcome.AMBIGUOUS)

    with Journal(path, ABOUT, 3) as journal:
        assert journal.failures == {2: Failure(Outcome.AMBIGUOUS, STOPPED)}


def test_results_are_there_for_another_run_while_this_one_has_not_ended(path: Path) -> None:
    with Journal(path, ABOUT, 4) as journal:
        for row in (1, 2, 3):
            journal.intend(row)
        journal.conclude(1, Outcome.ACCEPTED)
        journal.conclude(2, Outcome.REFUSED, "wrong")
        left = path.read_bytes()

    path.write_bytes(left)
    with Journal(path, ABOUT, 4) as journal:
        assert [journal[row].value for row in (1, 2, 3, 4)] == [
            "accepted",
            "refused",
            "ambiguous",
            "not sent",
        ]
        assert journal.failures[2] == Failure(Outcome.REFUSED, "wrong")
        assert list(journal.counts.values()) == [1, 1, 1, 1]


def test_who_looks_on_sees_a_row_on_its_way_as_not_sent_yet(path: Path) -> None:
    with Journal(path, ABOUT, 2) as journal:
        journal.intend(2)

        assert journal.settled == {"accepted": 0, "refused": 0, "ambiguous": 0, "not sent": 2}

        journal.conclude(2, Outcome.ACCEPTED)

        assert (
            journal.settled == journal.counts == {"accepted": 1, "refused": 0, "ambiguous": 0, "not sent": 1}
        )


def test_the_last_word_on_a_row_counts(path: Path) -> None:
    with Journal(path, ABOUT, 1) as journal:
        journal.intend(1)
        journal.conclude(1, Outcome.UNSENT)
        journal.intend(1)
        journal.conclude(1, Outcome.ACCEPTED)

    with Journal(path, ABOUT, 1) as journal:
        assert (journal[1], journal.failures) == (Outcome.ACCEPTED, {})


@pytest.mark.parametrize("torn", [b'{"sending":3', b"\0\0\0\0", b'{"sending":3}\0\n\0\0', b'{"sending"\n'])
def test_what_a_power_failure_has_left_of_the_last_line_is_cut_off(path: Path, torn: bytes) -> None:
    whole = FIRST + b'{"sending":2}\n'
    path.write_bytes(whole + torn)

    with Journal(path, ABOUT, 3) as journal:
        assert (journal[2], journal[3]) == (Outcome.AMBIGUOUS, Outcome.UNSENT)
        assert path.read_bytes() == whole
        journal.intend(3)

    assert path.read_bytes() == whole + b'{"sending":3}\n'


@pytest.mark.parametrize("begun", [b"", FIRST[:1], FIRST[:-1]])
def test_a_first_line_that_was_not_finished_is_written_again(path: Path, begun: bytes) -> None:
    path.write_bytes(begun)

    with Journal(path, ABOUT, 3):
        assert path.read_bytes() == FIRST


@pytest.mark.parametrize(
    "damaged",
    [
        b"x\n",
        b'{"sending":4}\n',
        b'{"sending":0}\n',
        b'{"sending":"1"}\n',
        b'{"row":1,"outcome":"lost"}\n',
        b'{"row":1}\n',
        b"[1]\n",
    ],
)
def test_damage_in_the_middle_is_told_and_nothing_is_changed(path: Path, damaged: bytes) -> None:
    content = FIRST + b'{"sending":1}\n' + damaged + b'{"row":1,"outcome":"accepted"}\n'
    path.write_bytes(content)

    with pytest.raises(JournalError, match=r"Line 3 of the journal .* is damaged"):
        Journal(path, ABOUT, 3)

    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"A text of somebody else.\n", b"No line", b"[1]\n", b"{}\n" * 3])
def test_a_file_that_is_no_journal_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(JournalError, match="is no journal of an import: give another --journal"):
        Journal(path, ABOUT, 3)

    assert path.read_bytes() == content


def test_the_journal_of_another_import_is_refused(path: Path) -> None:
    with Journal(path, ABOUT, 3):
        """Begin it."""

    with pytest.raises(JournalError, match=r"its configuration is 'contact', not 'account'\. With another"):
        Journal(path, ABOUT | {"configuration": "account"}, 3)


def test_two_imports_never_share_a_journal(path: Path) -> None:
    with Journal(path, ABOUT, 3), pytest.raises(JournalError, match="Another import is at work"):
        Journal(path, ABOUT, 3)

    with Journal(path, ABOUT, 3):
        """The first one has left it."""


def test_many_threads_write_whole_lines_and_share_the_waits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 400
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)
    with Journal(path, ABOUT, rows) as journal:
        waits.clear()

        def work(first: int) -> None:
            for row in range(first, rows + 1, 8):
                journal.intend(row)
                journal.conclude(row, Outcome.ACCEPTED)

        threads = [threading.Thread(target=work, args=(first,)) for first in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert journal.counts[Outcome.ACCEPTED] == rows
        assert len(waits) <= rows
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert len(lines) == 1 + 2 * rows
    for row in range(1, rows + 1):
        assert lines.index({"sending": row}) < lines.index({"row": row, "outcome": "accepted"})
