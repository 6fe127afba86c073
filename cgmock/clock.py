"""The clock of a tenant; nothing else in the fake reads the time."""

import threading
import time
from collections.abc import Callable

LATEST = 32_503_680_000.0
"""The first second of the year 3000. No clock goes further, nor back behind 1970, so that each time has a date."""


class Clock:
    """Tells Unix seconds: those of `source`, until it is frozen or moved. Safe to use from many threads.

    `state` is that of another clock, which this one goes on from.
    """

    def __init__(
        self, source: Callable[[], float] = time.time, state: tuple[float, float | None] = (0.0, None)
    ) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._offset, self._frozen = state

    @property
    def state(self) -> tuple[float, float | None]:
        """The seconds that it has been moved by, and where it stands still."""
        return self._offset, self._frozen

    def now(self) -> float:
        """The time."""
        frozen = self._frozen
        return self._source() + self._offset if frozen is None else frozen

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    def freeze(self, at: float | None = None) -> None:
        """Stand still, at a time in Unix seconds or at that of now. Raises ValueError."""
        with self._lock:
            self._frozen = self.now() if at is None else _checked(at)

    def advance(self, seconds: float) -> None:
        """Move on, or back; a frozen clock stays frozen. Raises ValueError."""
        with self._lock:
            moved = _checked(self.now() + seconds)
            if self._frozen is None:
                self._offset += seconds
            else:
                self._frozen = moved

    def reset(self) -> None:
        """Tell the time of the source again."""
        with self._lock:
            self._offset, self._frozen = 0.0, None


def _checked(seconds: float) -> float:
    if 0 <= seconds <= LATEST:
        return seconds
    raise ValueError("A clock tells the time from 1970 to the year 3000.")
