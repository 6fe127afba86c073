"""The journal of a tenant in a database: written in a transaction of the tenant, read by any process."""

import json
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from cgmock.clock import monotonic
from cgmock.core.messages import Request
from cgmock.core.outcome import Outcome
from cgmock.journal.journal import MAX_LOSING, Dropped, Entry, new_entry
from cgmock.stores.sql import schema
from cgmock.stores.sql.database import Database
from cgmock.stores.sql.packing import packed_entry, unpacked_entry

_PAUSE = 0.03
"""Seconds before one looks again whether there is a new entry, which another process may have written."""

_ENTRIES = schema.entries.c
_LEAVING = (
    _ENTRIES.tenant == bindparam("of_tenant"),
    _ENTRIES.number > bindparam("above"),
    _ENTRIES.number <= bindparam("up_to"),
)
_AFTER = (
    select(_ENTRIES.number, _ENTRIES.cells, _ENTRIES.asked, _ENTRIES.answered)
    .where(_ENTRIES.tenant == bindparam("of_tenant"), _ENTRIES.number > bindparam("above"))
    .order_by(_ENTRIES.number)
)
_DELETE_HARMLESS = delete(schema.entries).where(*_LEAVING, _ENTRIES.losses == 0)
_SELECT_LOSING = select(_ENTRIES.number, _ENTRIES.losses).where(*_LEAVING).order_by(_ENTRIES.number)
_DELETE_ONE = delete(schema.entries).where(
    _ENTRIES.tenant == bindparam("of_tenant"), _ENTRIES.number == bindparam("of_number")
)


class Counts(NamedTuple):
    """How many entries came, up to which they have left, and of those: how many are kept, and losses that are not."""

    newest: int = 0
    left: int = 0
    losing: int = 0
    dropped_losses: int = 0


class TransactionJournal:
    """The journal of a tenant in a transaction: its last `limit` entries, and the first older ones with a loss."""

    def __init__(self, connection: Connection, tenant: int, limit: int, counts: Counts) -> None:
        self._connection = connection
        self._tenant = tenant
        self._limit = limit
        self.counts: Counts = counts

    def append(self, time: float, request: Request, outcome: Outcome, fault: str = "") -> Entry:
        """Add a request and what it led to."""
        number = self.counts.newest + 1
        entry = new_entry(number, time, request, outcome, fault)
        self._connection.execute(insert(schema.entries), [{"tenant": self._tenant, **packed_entry(entry)}])
        self.counts = self.counts._replace(newest=number)
        if number - self._limit > self.counts.left:
            self._make_room(number - self._limit)
        return entry

    def clear(self) -> None:
        """Forget all entries, and count from 1 again."""
        self._connection.execute(delete(schema.entries).where(_ENTRIES.tenant == self._tenant))
        self.counts = Counts()

    def _make_room(self, up_to: int) -> None:
        """Let the entries up to a number leave, but the first with a loss."""
        _, left, losing, dropped_losses = self.counts
        leaving = {"of_tenant": self._tenant, "above": left, "up_to": up_to}
        gone = self._connection.execute(_DELETE_HARMLESS, leaving).rowcount
        if gone < up_to - left:
            for number, losses in self._connection.execute(_SELECT_LOSING, leaving).all():
                if losing < MAX_LOSING:
                    losing += 1
                else:
                    dropped_losses += losses
                    self._connection.execute(_DELETE_ONE, {"of_tenant": self._tenant, "of_number": number})
        self.counts = Counts(self.counts.newest, up_to, losing, dropped_losses)


class SqlJournal:
    """The journal of a tenant, which any process may write. `clear` deletes all entries in a transaction of its own."""

    def __init__(self, database: Database, tenant: int, clear: Callable[[], None]) -> None:
        self._database = database
        self._tenant = tenant
        self.clear = clear

    @property
    def dropped(self) -> Dropped:
        """What made room for newer entries."""
        number = select(func.count()).select_from(schema.entries).where(_ENTRIES.tenant == self._tenant)

        def look(connection: Connection) -> Dropped:
            counts = self._counts(connection)
            return Dropped(counts.newest - connection.scalars(number).one(), counts.dropped_losses)

        return self._database.read(look)

    @property
    def newest(self) -> int:
        """The number of the newest entry, 0 before the first."""
        return self._database.read(self._counts).newest

    def after(self, number: int) -> Iterator[Entry]:
        """The entries with a higher number, oldest first."""
        asked = {"of_tenant": self._tenant, "above": number}
        rows = self._database.read(lambda connection: connection.execute(_AFTER, asked).all())
        return (unpacked_entry(*row) for row in rows)

    def wait(self, number: int, timeout: float) -> bool:
        """Wait until there is an entry with a higher number, for `timeout` seconds at most; whether there is one."""
        return _waited(lambda: self.newest > number, timeout)

    def wait_for(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Wait until something holds, which is looked at after each entry, for `timeout` seconds at most."""
        seen = -1

        def holds_now() -> bool:
            nonlocal seen
            before, seen = seen, self.newest
            return seen != before and holds()

        return _waited(holds_now, timeout)

    def _counts(self, connection: Connection) -> Counts:
        state = connection.scalar(select(schema.states.c.state).where(schema.states.c.tenant == self._tenant))
        return Counts(*json.loads(state or "{}").get("journal", ()))


def _waited(holds: Callable[[], bool], timeout: float) -> bool:
    deadline = monotonic() + timeout
    while not holds():
        left = deadline - monotonic()
        if left <= 0:
            return False
        time.sleep(min(_PAUSE, left))
    return True
