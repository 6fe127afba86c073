import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cgclient import (
    AmbiguousWriteError,
    AuthenticationError,
    CustomerGaugeError,
    RateLimitedError,
    TransportError,
    UnexpectedResponseError,
    ValidationError,
)
from cgclient.importing.data import Row
from cgclient.importing.journal import Journal, Outcome
from cgclient.importing.run import Import, Limits, Pace, Stopped

Fate = Exception | None

SIGNS = {Outcome.ACCEPTED: "+", Outcome.REFUSED: "-", Outcome.AMBIGUOUS: "?", Outcome.UNSENT: "."}


def rows(number: int, marks: Mapping[str, object] | None = None) -> list[Row]:
    """So many rows."""
    return [Row(each, {"A": each}, marks or {}) for each in range(1, number + 1)]


class Service:
    """Has a fate for some rows, the first ones for the first attempts."""

    def __init__(self, **fates: list[Fate] | Fate) -> None:
        self.fates = {int(row[1:]): fate if isinstance(fate, list) else [fate] for row, fate in fates.items()}
        self.sent: list[object] = []

    def __call__(self, record: Mapping[str, object]) -> None:
        """Take a record."""
        self.sent.append(record["A"])
        fates = self.fates.get(int(str(record["A"])))
        fate = fates.pop(0) if fates else None
        if fate is not None:
            raise fate


def run(
    path: Path, service: Callable[[Mapping[str, object]], None], limits: Limits, sent: list[Row]
) -> tuple[str, str]:
    """Outcomes of the rows as signs, and why the import was stopped."""
    importing = Import(limits)
    with Journal(path, {}, len(sent)) as journal:
        importing.run(journal, sent, service, lambda: None)
        return "".join(SIGNS[journal[row.number]] for row in sent), importing.stopped_by


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "journal"


def test_whatever_the_disk_has_kept_no_row_that_left_counts_as_not_sent(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    left: dict[int, int] = {}
    monkeypatch.setattr(os, "fsync", lambda _: kept.append(path.stat().st_size))

    def send(record: Mapping[str, object]) -> None:
        left[int(str(record["A"]))] = kept[-1]

    run(path, send, Limits(concurrency=2), rows(4))

    content = path.read_bytes()
    for row, certain in left.items():
        for length in range(certain, len(content) + 1):
            path.write_bytes(content[:length])
            with Journal(path, {}, 4) as journal:
                assert journal[row] is not Outcome.UNSENT


def test_every_row_is_sent_once_and_in_order(path: Path) -> None:
    service = Service()

    assert run(path, service, Limits(), rows(5)) == ("+++++", "")
    assert service.sent == [1, 2, 3, 4, 5]


def test_what_was_sent_is_not_sent_again_by_another_run(path: Path) -> None:
    service = Service(_2=ValidationError("wrong", {}), _3=AmbiguousWriteError("late"))

    assert run(path, service, Limits(), rows(4)) == ("+-?+", "")
    assert run(path, service, Limits(), rows(4)) == ("+-?+", "")
    assert service.sent == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "error",
    [
        TransportError("no connection"),
        RateLimitedError("slow"),
        AuthenticationError("wrong"),
    ],
)
def test_an_import_that_cannot_reach_the_service_stops_and_loses_nothing(
    path: Path, error: CustomerGaugeError
) -> None:
    service = Service(_3=error)

    assert run(path, service, Limits(), rows(5)) == ("++...", str(error))
    assert run(path, service, Limits(), rows(5)) == ("+++++", "")
    assert service.sent == [1, 2, 3, 3, 4, 5]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValidationError("422: odd long", {"record.A": ["odd"], "record.B": ["long"]}), "odd long"),
        (ValidationError("422: it does not say why", {}), "422: it does not say why"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_service(
    path: Path, error: ValidationError, reason: str
) -> None:
    run(path, Service(_1=error), Limits(), rows(1))

    with Journal(path, {}, 1) as journal:
        assert journal.failures[1].reason == reason


def test_an_unexpected_answer_is_the_failure_of_its_row(path: Path) -> None:
    assert run(path, Service(_1=UnexpectedResponseError("413")), Limits(), rows(2)) == ("-+", "")


def test_an_import_stops_when_too_many_rows_are_ambiguous(path: Path) -> None:
    service = Service(_1=AmbiguousWriteError("1"), _3=AmbiguousWriteError("3"), _4=AmbiguousWriteError("4"))

    outcomes, stopped = run(path, service, Limits(max_ambiguous=2), rows(6))

    assert (outcomes, stopped) == ("?+??..", "More than 2 rows became ambiguous.")
    assert len(service.sent) == 4


@pytest.mark.parametrize(
    ("fate", "outcome"),
    [
        (None, Outcome.ACCEPTED),
        (ValidationError("wrong", {}), Outcome.AMBIGUOUS),
        (TransportError("no connection"), Outcome.AMBIGUOUS),
        (AmbiguousWriteError("again"), Outcome.AMBIGUOUS),
    ],
)
def test_only_a_success_settles_a_row_that_was_ambiguous(path: Path, fate: Fate, outcome: Outcome) -> None:
    service = Service(_1=[AmbiguousWriteError("late"), fate])
    run(path, service, Limits(), rows(1))

    run(path, service, Limits(retry_ambiguous=True), rows(1))

    assert service.sent == [1, 1]
    with Journal(path, {}, 1) as journal:
        assert journal[1] is outcome


@pytest.mark.parametrize(("retry_ambiguous", "sent"), [(False, []), (True, [1, 2])])
def test_rows_that_are_marked_as_ambiguous_are_sent_only_if_the_user_says_so(
    path: Path, sent: list[int], *, retry_ambiguous: bool
) -> None:
    service = Service()

    run(path, service, Limits(retry_ambiguous=retry_ambiguous), rows(2, {"cgclient_outcome": "ambiguous"}))

    assert service.sent == sent
    with Journal(path, {}, 2) as journal:
        assert journal.counts[Outcome.AMBIGUOUS] == 2 - len(sent)


def test_rows_that_were_refused_are_sent_when_they_are_fed_back(path: Path) -> None:
    assert run(path, Service(), Limits(), rows(2, {"cgclient_outcome": "refused"})) == ("++", "")


def test_many_threads_send_each_row_once(path: Path) -> None:
    together = threading.Barrier(8)

    def send(record: Mapping[str, object]) -> None:
        if int(str(record["A"])) <= 8:
            together.wait(120)
        sent.append(record["A"])

    sent: list[object] = []
    outcomes, _ = run(path, send, Limits(concurrency=8), rows(200))

    assert outcomes == "+" * 200
    assert sorted(map(str, sent)) == sorted(str(each) for each in range(1, 201))


@pytest.mark.parametrize(("retry_ambiguous", "outcome"), [(False, "."), (True, "?")])
def test_a_row_that_waits_for_another_attempt_when_the_import_ends_is_no_longer_waited_for(
    path: Path, outcome: str, *, retry_ambiguous: bool
) -> None:
    importing = Import(Limits(concurrency=2, retry_ambiguous=retry_ambiguous))
    waiting = threading.Event()

    def send(record: Mapping[str, object]) -> None:
        if record["A"] == 1:
            waiting.set()
            importing.sleep(3600)
        waiting.wait(120)
        raise TransportError("no connection")

    with Journal(path, {}, 2) as journal:
        importing.run(journal, rows(2), send, lambda: None)

        assert SIGNS[journal[1]] == outcome
        assert importing.stopped_by == "no connection"


def test_a_pause_ends_when_its_time_is_over() -> None:
    began = time.monotonic()

    Import(Limits()).sleep(0.01)

    assert time.monotonic() - began >= 0.01


def test_a_pause_of_an_import_that_ended_is_none(path: Path) -> None:
    importing = Import(Limits())
    with Journal(path, {}, 0) as journal:
        importing.run(journal, [], Service(), lambda: None)

    with pytest.raises(Stopped):
        importing.sleep(3600)


def test_a_program_that_fails_ends_the_import_and_its_row_is_ambiguous(path: Path) -> None:
    def fail(_: Mapping[str, object]) -> None:
        raise ZeroDivisionError

    with Journal(path, {}, 3) as journal, pytest.raises(ZeroDivisionError):
        Import(Limits()).run(journal, rows(3), fail, lambda: None)

    with Journal(path, {}, 3) as journal:
        assert [SIGNS[journal[row]] for row in (1, 2, 3)] == ["?", ".", "."]


def test_rows_come_no_faster_than_the_rate() -> None:
    now = [100.0]
    pace = Pace(4, lambda: now[0])

    assert [pace.pause() for _ in range(3)] == [0, 0.25, 0.5]
    now[0] = 200
    assert [pace.pause() for _ in range(2)] == [0, 0.25]


def test_without_a_rate_nobody_waits() -> None:
    pace = Pace(None, lambda: 0.0)

    assert [pace.pause() for _ in range(3)] == [0, 0, 0]


def test_no_row_begins_after_the_end_of_an_import_that_waits_for_its_turn(path: Path) -> None:
    importing = Import(Limits(concurrency=2, pace=Pace(0.001)))
    service = Service(_1=TransportError("no connection"))

    with Journal(path, {}, 3) as journal:
        importing.run(journal, rows(3), service, lambda: None)

        assert service.sent == [1]
        assert journal.counts[Outcome.UNSENT] == 3
