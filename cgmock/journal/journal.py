"""The journal: what was asked of a tenant and what it answered, the newest entries of it."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from cgmock.clock import monotonic
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Fate, Notice, Outcome

BODY_LIMIT = 64 * 1024
"""Bytes of a body that are kept."""

MAX_NOTICES = 1000
"""Notices of an entry that are kept."""

MAX_NOTICE_TEXT = 1000
"""Characters that are kept of a heading and a reason, which come from the request."""

MAX_LOSING = 100
"""Entries with a loss that are kept beyond the journal's limit."""


_STORED = Fate.STORED


class Dropped(NamedTuple):
    """What made room for newer entries: how many entries, and how many losses were in them."""

    entries: int = 0
    losses: int = 0


class Entry(NamedTuple):
    """A request and its response in the journal. Secrets are redacted.

    Args:
        number: Number of the entry, from 1.
        time: Time in Unix seconds, on the tenant's clock.
        request: The request.
        response: The response. Status 0 means that no response was sent.
        notices: The fates of the headings.
        behaviours: The behaviours that decided.
        more_notices: Number of notices that are not kept.
        fault: Effect of the planned fault that the request met. Empty without a fault.
    """

    number: int
    time: float
    request: Request
    response: Response
    notices: tuple[Notice, ...]
    behaviours: tuple[Behaviour, ...]
    more_notices: int = 0
    fault: str = ""

    @property
    def losses(self) -> tuple[Notice, ...]:
        """What was lost in silence: nothing where the answer was a refusal."""
        if self.response.status != 200:
            return ()
        return tuple([notice for notice in self.notices if notice.fate is not _STORED and notice.is_loss])

    @property
    def is_cut(self) -> bool:
        """Whether only the beginning of the request's body is kept."""
        return len(self.request.body) >= BODY_LIMIT < self.request.length


class Journal:
    """The last `limit` entries, and the first older ones with a loss; safe to use from many threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: deque[Entry] = deque()
        self._losing: list[Entry] = []
        self._lock = threading.Lock()
        self._arrival: threading.Condition | None = None
        self._count = 0
        self._dropped_losses = 0

    @property
    def dropped(self) -> Dropped:
        """What made room for newer entries."""
        with self._lock:
            kept = len(self._entries) + len(self._losing)
            return Dropped(self._count - kept, self._dropped_losses)

    @property
    def newest(self) -> int:
        """The number of the newest entry, 0 before the first."""
        return self._count

    def append(self, time: float, request: Request, outcome: Outcome, fault: str = "") -> Entry:
        """Add a request and what it led to; only the beginning of a long body and of many notices is kept."""
        entry = new_entry(self._count + 1, time, request, outcome, fault)
        self.add(entry)
        return entry

    def add(self, entry: Entry) -> None:
        """Add the entry with the next number. All that can fail is done before the first change."""
        with self._lock:
            oldest = self._entries[0] if len(self._entries) == self._limit else None
            losses = oldest.losses if oldest else ()
            self._entries.append(entry)
            self._count = entry.number
            if oldest is not None:
                self._entries.popleft()
                if losses and len(self._losing) < MAX_LOSING:
                    self._losing.append(oldest)
                else:
                    self._dropped_losses += len(losses)
            if self._arrival is not None:
                self._arrival.notify_all()

    def after(self, number: int) -> Iterator[Entry]:
        """The entries with a higher number, oldest first."""
        with self._lock:
            losing, kept = tuple(self._losing), tuple(self._entries)
        first = kept[0].number if kept else 1
        if number + 1 >= first:
            return islice(kept, number + 1 - first, None)
        return iter((*(entry for entry in losing if entry.number > number), *kept))

    def wait(self, number: int, timeout: float) -> bool:
        """Wait until there is an entry with a higher number, for `timeout` seconds at most; whether there is one."""
        return self._wait(lambda: self._count > number, timeout)

    def wait_for(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Wait until something holds, which is looked at after each entry, for `timeout` seconds at most."""
        deadline = monotonic() + timeout
        while True:
            seen = self._count
            if holds():
                return True
            left = deadline - monotonic()
            if left <= 0:
                return False
            self._wait(lambda seen=seen: self._count != seen, left)  # type: ignore[misc]

    def _wait(self, holds: Callable[[], bool], timeout: float) -> bool:
        deadline = monotonic() + timeout
        with self._lock:
            if self._arrival is None:
                self._arrival = threading.Condition(self._lock)
            while not holds() and (left := deadline - monotonic()) > 0:
                self._arrival.wait(left)
            return holds()

    def clear(self) -> None:
        """Forget all entries, and count from 1 again."""
        with self._lock:
            self._entries.clear()
            self._losing.clear()
            self._count = 0
            self._dropped_losses = 0


def new_entry(number: int, time: float, request: Request, outcome: Outcome, fault: str = "") -> Entry:
    """Return the entry of a request and what it led to, a long body and many notices cut."""
    request, notices, more = within_limits(request, outcome)
    return Entry(number, time, request, outcome.response, notices, outcome.behaviours, more, fault)


def within_limits(request: Request, outcome: Outcome) -> tuple[Request, tuple[Notice, ...], int]:
    """Return the request and the notices, cut to the limits of the journal, and the number of dropped notices."""
    if len(request.body) > BODY_LIMIT:
        request = request._replace(body=request.body[:BODY_LIMIT])
    notices = outcome.notices if len(outcome.notices) <= MAX_NOTICES else _losses_first(outcome.notices)
    if len(request.body) + len(request.query) > MAX_NOTICE_TEXT:
        notices = tuple([_cut(notice) for notice in notices])
    return request, notices, len(outcome.notices) - len(notices)


def _losses_first(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    return tuple(sorted(notices, key=lambda notice: not notice.is_loss)[:MAX_NOTICES])


def _cut(notice: Notice) -> Notice:
    heading, reason = notice.heading, notice.reason
    if len(reason) <= MAX_NOTICE_TEXT and (heading is None or len(heading) <= MAX_NOTICE_TEXT):
        return notice
    return notice._replace(heading=heading and _shortened(heading), reason=_shortened(reason))


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_NOTICE_TEXT else f"{text[: MAX_NOTICE_TEXT - 1]}…"
