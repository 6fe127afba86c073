"""The journal: what was asked of a tenant and what it answered, the newest entries of it."""

import threading
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Notice, Outcome

BODY_LIMIT = 64 * 1024
"""Bytes of a body that are kept."""


class Entry(NamedTuple):
    """A request with its answer, both without secrets; `number` counts from 1, `time` is in Unix seconds."""

    number: int
    time: float
    request: Request
    response: Response
    notices: tuple[Notice, ...]
    behaviours: tuple[Behaviour, ...]

    @property
    def losses(self) -> tuple[Notice, ...]:
        """What was lost in silence: nothing where the answer was a refusal."""
        return tuple([notice for notice in self.notices if self._is_silent(notice)])

    def _is_silent(self, notice: Notice) -> bool:
        return self.response.status == 200 and notice.is_loss


class Journal:
    """The last `limit` entries, safe to use from many threads."""

    def __init__(self, limit: int) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._lock = threading.Condition(threading.Lock())
        self._count = 0
        self._waiting = 0

    @property
    def dropped(self) -> int:
        """How many entries made room for newer ones."""
        with self._lock:
            return self._count - len(self._entries)

    def append(self, time: float, request: Request, response: Response, outcome: Outcome) -> Entry:
        """Add a request, its answer and what else it led to; of a long body only the beginning is kept."""
        if len(request.body) > BODY_LIMIT:
            request = request._replace(body=request.body[:BODY_LIMIT])
        with self._lock:
            self._count += 1
            entry = Entry(self._count, time, request, response, outcome.notices, outcome.behaviours)
            self._entries.append(entry)
            if self._waiting:
                self._lock.notify_all()
        return entry

    def after(self, number: int) -> Iterator[Entry]:
        """The entries with a higher number, oldest first."""
        with self._lock:
            kept = tuple(self._entries)
        first = kept[0].number if kept else 1
        return islice(kept, max(0, number + 1 - first), None)

    def wait(self, number: int, timeout: float) -> bool:
        """Wait until there is an entry with a higher number, for `timeout` seconds at most; whether there is one."""
        with self._lock:
            self._waiting += 1
            try:
                return self._lock.wait_for(lambda: self._count > number, timeout)
            finally:
                self._waiting -= 1

    def clear(self) -> None:
        """Forget all entries, and count from 1 again."""
        with self._lock:
            self._entries.clear()
            self._count = 0
