"""A tenant of a shared store, as commands see it: whatever they ask or tell is a turn of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from cgmock.core.tenant import Tenant
from cgmock.faults import Fault
from cgmock.stores.sql import checkpoints, tenancy
from cgmock.stores.sql.checkpoints import SqlCheckpoint
from cgmock.stores.sql.database import Database
from cgmock.stores.sql.journals import SqlJournal
from cgmock.stores.sql.packing import unpacked_tenant
from cgmock.stores.sql.transactions import SqlTurn

_T = TypeVar("_T")


class Visit(Protocol):
    """Does something in a turn at a tenant. Raises NoTenantError when it is not there any more."""

    def __call__(self, act: Callable[[SqlTurn], _T], /) -> _T:
        """Do it."""
        ...


class Look(Protocol):
    """Looks at a tenant, which nobody has to wait for. Raises NoTenantError when it is not there any more."""

    def __call__(self, act: Callable[[Connection, str], _T], /) -> _T:
        """Do it; the text is the revision that the tenant has."""
        ...


class SqlHosted:
    """The tenant with that id; `describe` tells what it is in a revision, `look` looks at it, `visit` has a turn at it."""

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
        self.clock = SqlClock(visit)
        self.faults = SqlFaults(visit)
        self.journal = SqlJournal(database, number, lambda: visit(lambda turn: turn.journal.clear()))

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


class SqlClock:
    """The clock of a tenant."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._visit(lambda turn: turn.clock.is_frozen)

    def now(self) -> float:
        """The time in Unix seconds."""
        return self._visit(lambda turn: turn.now())

    def freeze(self, at: float | None = None) -> None:
        """Stand still, at a time in Unix seconds or at that of now. Raises ValueError."""
        self._visit(lambda turn: turn.clock.freeze(at))

    def advance(self, seconds: float) -> None:
        """Move on, or back. Raises ValueError."""
        self._visit(lambda turn: turn.clock.advance(seconds))

    def reset(self) -> None:
        """Tell the time of the machine again."""
        self._visit(lambda turn: turn.clock.reset())


class SqlFaults:
    """The planned failures of a tenant."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def add(self, *faults: Fault) -> None:
        """Plan more of them."""
        self._visit(lambda turn: turn.faults.add(*faults))

    @property
    def unmet(self) -> Sequence[tuple[Fault, int]]:
        """Those that still wait for requests, with the number of them."""
        return self._visit(lambda turn: turn.faults.unmet)

    @property
    def met(self) -> Sequence[tuple[Fault, int]]:
        """Those that requests have met, with the number of them."""
        return self._visit(lambda turn: turn.faults.met)

    def clear(self) -> None:
        """Plan nothing any more."""
        self._visit(lambda turn: turn.faults.clear())
