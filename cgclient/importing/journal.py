"""What became of each row, in a file that outlives whatever happens to the import.

A line says that rows are about to be sent, and is on the disk before anything of them leaves; another line says what
became of a row. A row of which only the first is there may have been written: nobody knows. Lines are JSON, so that
somebody who has to look can read them.
"""

import fcntl
import json
import os
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self

from cgclient.inputs import named
from cgclient.terminal import visible

_ABOUT = "cgclient import"
_LONGEST_FIRST = 1024 * 1024
"""Bytes of the first line at most; the first line of another file may be as long as the file."""


class Outcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"
    UNSENT = "not sent"


class Failure(NamedTuple):
    """Why a row is refused or ambiguous."""

    outcome: Outcome
    reason: str


class JournalError(Exception):
    """The journal cannot be used; its text is a sentence that says why and what to do."""


_FAILED = frozenset({Outcome.REFUSED, Outcome.AMBIGUOUS})
_KNOWN = frozenset(Outcome)
_STOPPED = "The import was stopped while the row was on its way, or about to be."


class Journal:
    """The journal of one import of so many rows. Safe to use from many threads, but by one process only.

    `about` tells this import from others: a file that is about another one is refused. Raises JournalError, or OSError.
    """

    def __init__(self, path: Path, about: Mapping[str, str], rows: int) -> None:
        self.path = path
        self._about: Mapping[str, object] = {_ABOUT: 1, **about}
        self._outcomes = [Outcome.UNSENT] * (rows + 1)
        self._counts = Counter({Outcome.UNSENT: rows})
        self._failures: dict[int, Failure] = {}
        self._reasons: dict[str, str] = {}
        self._sending: set[int] = set()
        self._writing, self._syncing = threading.Lock(), threading.Lock()
        self._written = self._synced = 0
        if path.exists() and not path.is_file():
            raise JournalError(f"{path} is not a regular file: give another --journal.")
        with named(path):
            self._file = path.open("a+b")
        try:
            with named(path):
                self._begin()
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            with named(self.path):
                self._file.flush()
                os.fsync(self._file.fileno())
        except OSError:
            if kind is None:  # otherwise the first failure is reported
                raise
        finally:
            self._close()

    def _close(self) -> None:
        with suppress(OSError):  # it flushes once more what could not be written
            self._file.close()

    def __getitem__(self, row: int) -> Outcome:
        return self._outcomes[row]

    @property
    def failures(self) -> Mapping[int, Failure]:
        """The rows that are refused or ambiguous, in their order."""
        with self._writing:
            return dict(sorted(self._failures.items()))

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many rows have each outcome."""
        with self._writing:
            return {outcome: self._counts[outcome] for outcome in Outcome}

    @property
    def settled(self) -> Mapping[Outcome, int]:
        """How many rows have each outcome, where those that are on their way are not sent yet."""
        with self._writing:
            counts = {outcome: self._counts[outcome] for outcome in Outcome}
            counts[Outcome.AMBIGUOUS] -= len(self._sending)
            counts[Outcome.UNSENT] += len(self._sending)
            return counts

    def intend(self, row: int) -> None:
        """Write down that a row is about to be sent; returns when that is on the disk.

        Threads that come while another one waits for the disk have their lines written with one further wait.
        """
        with self._writing, named(self.path):
            self._file.write(b'{"sending":%d}\n' % row)
            self._note(row, Outcome.AMBIGUOUS, _STOPPED)
            self._sending.add(row)
            self._written += 1
            mine = self._written
        with self._syncing, named(self.path):
            if self._synced < mine:
                with self._writing:
                    self._file.flush()
                    written = self._written
                os.fsync(self._file.fileno())
                self._synced = written

    def conclude(self, row: int, outcome: Outcome, reason: str = "") -> None:
        """Write down what became of a row. The line survives this process; the next wait has it survive the machine."""
        said: dict[str, object] = {"row": row, "outcome": outcome} | ({"reason": reason} if reason else {})
        line = json.dumps(said, ensure_ascii=False).encode() + b"\n"
        with self._writing, named(self.path):
            self._file.write(line)
            self._file.flush()
            self._sending.discard(row)
            self._note(row, outcome, reason)

    def _note(self, row: int, outcome: Outcome, reason: str) -> None:
        self._counts[self._outcomes[row]] -= 1
        self._counts[outcome] += 1
        self._outcomes[row] = outcome
        if outcome in _FAILED:
            self._failures[row] = Failure(outcome, self._reasons.setdefault(reason, reason))
        else:
            self._failures.pop(row, None)

    def _begin(self) -> None:
        """Take up what an earlier run has left, or write the first line."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise JournalError(f"Another import is at work with the journal {self.path}.") from None
        first = json.dumps(self._about).encode() + b"\n"
        self._file.seek(0)
        begun = self._file.readline(_LONGEST_FIRST)
        if begun.endswith(b"\n") or not first.startswith(begun):
            self._check(_said(begun))
            self._take_up(len(begun))
        else:  # a new file, or one whose first line was not finished
            self._file.truncate(0)
            self._file.write(first)
            self._file.flush()
        os.fsync(self._file.fileno())
        _sync_folder(self.path.parent)

    def _check(self, said: Mapping[str, object]) -> None:
        if _ABOUT not in said:
            raise JournalError(f"{self.path} is no journal of an import: give another --journal.")
        for name, value in self._about.items():
            if said.get(name) != value:
                raise JournalError(
                    f"The journal {self.path} is of another import: its {name} is {said.get(name)!r:.200}, not {value!r}. With another --journal every row would be sent again."
                )

    def _take_up(self, good: int) -> None:
        """Read the lines after the first, and cut off what a power failure has left of the last ones."""
        damaged = 0
        for number, line in enumerate(self._file, 2):
            known = self._read(_said(line))
            if not known:
                damaged = damaged or number
            elif damaged:
                raise JournalError(
                    f"Line {damaged} of the journal {self.path} is damaged, so nobody knows what was sent: correct it."
                )
            else:
                good += len(line)
        self._file.truncate(good)

    def _read(self, said: Mapping[str, object]) -> bool:
        """Note what a line says; whether it says anything."""
        row, outcome, reason = said.get("sending"), Outcome.AMBIGUOUS, _STOPPED
        found = said.get("outcome")
        if row is None and isinstance(found, str) and found in _KNOWN:
            row, outcome, reason = said.get("row"), Outcome(found), visible(str(said.get("reason", "")))
        if type(row) is not int or not 0 < row < len(self._outcomes):
            return False
        self._note(row, outcome, reason)
        return True


def _sync_folder(path: Path) -> None:
    """Have the name of a new file on the disk as well."""
    folder = os.open(path, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _said(line: bytes) -> Mapping[str, object]:
    """The object of a whole line; empty when it holds none."""
    try:
        said = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
