"""Sending the rows: some threads, one journal, and an end that is told."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial

from cgclient.bodies import Record
from cgclient.errors import AmbiguousWriteError, CustomerGaugeError, UnexpectedResponseError, ValidationError
from cgclient.importing.data import OUTCOME, Row
from cgclient.importing.journal import Journal, Outcome

_TICK = 0.1
"""Seconds between two looks at the progress."""

_MARKED = "It was ambiguous in the file already."
_EARLIER = "It may have been written by an earlier attempt."
_STOPPED = "The import was stopped before another attempt; an earlier one may have been written."

Send = Callable[[Record], None]


class Stopped(BaseException):
    """The import ends while a row waits for another attempt."""


class Pace:
    """Lets so many rows a second pass, or all of them. Safe to use from many threads."""

    def __init__(self, per_second: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._between = 1 / per_second if per_second else 0.0  # seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock()

    def pause(self) -> float:
        """Seconds to wait before the next row."""
        with self._lock:
            now = self._clock()
            begin = max(now, self._next)
            self._next = begin + self._between
            return begin - now


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How an import goes about it: threads, rows a second, and how many ambiguous rows are enough."""

    concurrency: int = 1
    pace: Pace = field(default_factory=lambda: Pace(None))
    max_ambiguous: int = 20
    retry_ambiguous: bool = False


class Import:
    """One run over the rows; `sleep` is how it waits before it tries again, wherever that is."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._stop = threading.Event()
        self._taking = threading.Lock()
        self._ambiguous = 0
        self.sent: int = 0
        """Rows that were tried."""
        self.stopped_by: str = ""
        """Why rows are left that were not sent; empty when there is no reason."""

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped when the import ends."""
        if self._stop.wait(seconds):
            raise Stopped

    def run(self, journal: Journal, rows: Iterable[Row], send: Send, tick: Callable[[], None]) -> None:
        """Send what was not sent yet; `tick` is called a few times a second, in this thread."""
        waiting = self._waiting(journal, rows)
        with ThreadPoolExecutor(self._limits.concurrency) as threads:
            workers = [
                threads.submit(self._work, journal, waiting, send) for _ in range(self._limits.concurrency)
            ]
            try:
                self._watch(workers, tick)
            finally:
                self._stop.set()

    def _watch(self, workers: list[Future[None]], tick: Callable[[], None]) -> None:
        pending = set(workers)
        while pending:
            done, pending = wait(pending, timeout=_TICK)
            tick()
            for worker in done:
                worker.result()

    def _waiting(self, journal: Journal, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that are to be sent."""
        for row in rows:
            if journal[row.number] is Outcome.UNSENT and row.marks.get(OUTCOME) == Outcome.AMBIGUOUS:
                journal.conclude(row.number, Outcome.AMBIGUOUS, _MARKED)
            ambiguous = journal[row.number] is Outcome.AMBIGUOUS
            if journal[row.number] is Outcome.UNSENT or (ambiguous and self._limits.retry_ambiguous):
                yield row

    def _work(self, journal: Journal, waiting: Iterator[Row], send: Send) -> None:
        while not self._stop.is_set():
            with self._taking:
                row = next(waiting, None)
            pause = self._limits.pace.pause()
            if row is None or (pause and self._stop.wait(pause)):
                return
            doubtful = journal[row.number] is Outcome.AMBIGUOUS
            journal.intend(row.number)
            outcome, reason = self._sent(partial(send, row.record))
            if doubtful and outcome is not Outcome.ACCEPTED:  # it may have been written all the same
                outcome, reason = Outcome.AMBIGUOUS, reason or _EARLIER
            journal.conclude(row.number, outcome, reason)

    def _sent(self, send: Callable[[], None]) -> tuple[Outcome, str]:
        """Send a record; what became of it, and why."""
        with self._taking:
            self.sent += 1
        try:
            send()
        except AmbiguousWriteError as error:
            self._count_ambiguous()
            return Outcome.AMBIGUOUS, str(error)
        except ValidationError as error:
            return Outcome.REFUSED, " ".join(
                text for texts in error.errors.values() for text in texts
            ) or str(error)
        except UnexpectedResponseError as error:
            return Outcome.REFUSED, str(error)
        except CustomerGaugeError as error:
            self._end(str(error))
            return Outcome.UNSENT, ""
        except Stopped:
            return (Outcome.AMBIGUOUS, _STOPPED) if self._limits.retry_ambiguous else (Outcome.UNSENT, "")
        return Outcome.ACCEPTED, ""

    def _count_ambiguous(self) -> None:
        with self._taking:
            self._ambiguous += 1
            many = self._ambiguous > self._limits.max_ambiguous
        if many:
            self._end(f"More than {self._limits.max_ambiguous} rows became ambiguous.")

    def _end(self, reason: str) -> None:
        with self._taking:
            self.stopped_by = self.stopped_by or reason
        self._stop.set()
