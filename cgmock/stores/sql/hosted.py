"""A tenant of a shared store. Each operation is a transaction of its own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from cgmock.clock import ClockControl
from cgmock.core.tenant import Tenant
from cgmock.faults import Fault, FaultControl
from cgmock.stores.sql import checkpoints, tenancy
from cgmock.stores.sql.checkpoints import SqlCheckpoint
from cgmock.stores.sql.database import Database
from cgmock.stores.sql.journals import SqlJournal
from cgmock.stores.sql.packing import unpacked_tenant
from cgmock.stores.sql.transactions import SqlTransaction

_T = TypeVar("_T")


class Visit(Protocol):
    """Runs a function in a transaction of a tenant. Raises NoTenantError if the tenant was removed."""

    def __call__(self, act: Callable[[SqlTransaction], _T], /) -> _T:
        """Run it."""


class Look(Protocol):
    """Runs a function that reads a tenant and locks nothing. Raises NoTenantError if the tenant was removed."""

    def __call__(self, act: Callable[[Connection, str], _T], /) -> _T:
        """Run it with the revision of the tenant."""


class SqlHostedTenant:
    """The tenant with an ID. `describe` reads a revision of it, `look` reads it, `visit` runs a transaction."""

    def __init__(
        self,
        database: Database,
        number: int,
        describe: Callable[[Connection, int, str], Tenant],
        look: Look,
        visit: Visit,
    ) -> None:
        self._number = number
        self._describe = describe
        self._look = look
        self.clock: SqlClock = SqlClock(visit)
        self.faults: SqlFaults = SqlFaults(visit)
        self.journal: SqlJournal = SqlJournal(database, number, lambda: visit(lambda tx: tx.journal.clear()))

    @property
    def tenant(self) -> Tenant:
        """What the tenant is now. Raises NoTenantError."""
        return self._look(lambda connection, revision: self._describe(connection, self._number, revision))

    @property
    def seed(self) -> Tenant:
        """What the tenant was when it came. Raises NoTenantError."""
        return unpacked_tenant(self._look(lambda connection, _: tenancy.seed_of(connection, self._number)))

    @property
    def checkpoints(self) -> Mapping[str, SqlCheckpoint]:
        """What it was at other times, by name. Raises NoTenantError."""
        return self._look(lambda connection, _: checkpoints.all_of(connection, self._number))


class SqlClock(ClockControl):
    """The clock of a tenant in a database."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @property
    def is_frozen(self) -> bool:
        return self._visit(lambda tx: tx.clock.is_frozen)

    def now(self) -> float:
        return self._visit(lambda tx: tx.now())

    def freeze(self, at: float | datetime | None = None) -> None:
        self._visit(lambda tx: tx.clock.freeze(at))

    def advance(self, seconds: float | timedelta) -> None:
        self._visit(lambda tx: tx.clock.advance(seconds))

    def reset(self) -> None:
        self._visit(lambda tx: tx.clock.reset())


class SqlFaults(FaultControl):
    """The planned faults of a tenant in a database."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @property
    def unmet(self) -> Sequence[tuple[Fault, int]]:
        return self._visit(lambda tx: tx.faults.unmet)

    @property
    def met(self) -> Sequence[tuple[Fault, int]]:
        return self._visit(lambda tx: tx.faults.met)

    def add(self, *faults: Fault) -> None:
        self._visit(lambda tx: tx.faults.add(*faults))

    def clear(self) -> None:
        self._visit(lambda tx: tx.faults.clear())
