"""The clock of a tenant, and the one for deadlines; nothing else in the fake reads the time."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

monotonic: Callable[[], float] = (
    partial(time.clock_gettime, time.CLOCK_MONOTONIC) if hasattr(time, "clock_gettime") else time.monotonic
)
"""Seconds for deadlines. Unlike `time.monotonic`, freezegun does not replace it."""

LATEST = 32_503_680_000.0
"""The first second of the year 3000. No clock goes further, nor back behind 1970, so that each time has a date."""


class ClockError(ValueError):
    """Raised for a time before 1970 or after the year 3000, and for a datetime without a time zone."""


class ClockControl(Protocol):
    """The clock of a tenant, in this process or remote."""

    @property
    def is_frozen(self) -> bool:
        """Whether the clock is frozen."""

    def now(self) -> float:
        """Return the time in Unix seconds."""

    def freeze(self, at: float | datetime | None = None) -> None:
        """Freeze the clock.

        Args:
            at: Unix seconds, or a datetime with a time zone. By default, the current time of the clock.

        Raises:
            ClockError: `at` has no time zone, or is not from 1970 to the year 3000.

        Example:
            >>> cg.clock.freeze(datetime(2026, 1, 31, 12, 0, tzinfo=UTC))
        """

    def advance(self, seconds: float | timedelta) -> None:
        """Move the clock forward, or back if negative. A frozen clock stays frozen.

        Args:
            seconds: Seconds, or a timedelta.

        Raises:
            ClockError: The new time is not from 1970 to the year 3000. A remote clock raises ControlError instead.

        Example:
            >>> cg.clock.advance(timedelta(hours=1))
        """

    def reset(self) -> None:
        """Return to system time."""


class Clock(ClockControl):
    """A clock that follows `source`, a function that returns Unix seconds. Safe to use from many threads.

    `state` continues another clock.
    """

    def __init__(
        self, source: Callable[[], float] = time.time, state: tuple[float, float | None] = (0.0, None)
    ) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._offset, self._frozen = state

    @property
    def state(self) -> tuple[float, float | None]:
        """Seconds the clock was advanced by, and the time it is frozen at."""
        return self._offset, self._frozen

    @property
    def is_frozen(self) -> bool:
        return self._frozen is not None

    def now(self) -> float:
        frozen = self._frozen
        return self._source() + self._offset if frozen is None else frozen

    def freeze(self, at: float | datetime | None = None) -> None:
        with self._lock:
            self._frozen = self.now() if at is None else unix_seconds(at)

    def advance(self, seconds: float | timedelta) -> None:
        by = in_seconds(seconds)
        with self._lock:
            moved = unix_seconds(self.now() + by)
            if self._frozen is None:
                self._offset += by
            else:
                self._frozen = moved

    def reset(self) -> None:
        with self._lock:
            self._offset, self._frozen = 0.0, None


def unix_seconds(at: float | datetime) -> float:
    """Return a time in Unix seconds. Raises ClockError for a datetime without a time zone, and outside 1970 to 3000."""
    if isinstance(at, datetime):
        if at.utcoffset() is None:
            raise ClockError(
                f"{at} has no time zone; pass an aware datetime, such as datetime(2026, 1, 31, tzinfo=UTC)."
            )
        at = at.timestamp()
    if 0 <= at <= LATEST:
        return at
    raise ClockError("The time of a clock must be from 1970 to the year 3000.")


def in_seconds(span: float | timedelta) -> float:
    """Return a period in seconds."""
    return span.total_seconds() if isinstance(span, timedelta) else span
