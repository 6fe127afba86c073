"""The operations that can be performed on a mock, in this process or remotely."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from cgmock.core.tenant import Tenant
from cgmock.journal.journal import Dropped, Entry
from cgmock.journal.search import Search
from cgmock.seeds.tenant_tables import Part
from cgmock.stores.base import ClockControl, Collection, FaultControl, Row


class Control(Protocol):
    """A mock, in this process or elsewhere: all that its control API can do."""

    def tenants(self) -> Sequence[Mapping[str, Any]]:
        """All tenants as tables, without their secrets."""
        ...

    def unclaimed(self) -> Sequence[Entry]:
        """The requests without a credential of any tenant."""
        ...

    def add(self, tenant: Tenant) -> None:
        """Host a tenant."""
        ...

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one of its name; data and journal stay."""
        ...

    def part(self, name: str, part: Part) -> Sequence[Any]:
        """A part of a tenant, without secrets, as the control API shows it."""
        ...

    def put_part(self, name: str, part: Part, key: str, value: Any) -> None:
        """Add something to a part of a tenant, or replace what has that key."""
        ...

    def delete_part(self, name: str, part: Part, key: str) -> None:
        """Remove something from a part of a tenant; a policy has its default again."""
        ...

    def save(self, name: str, checkpoint: str) -> None:
        """Keep what a tenant is, its description and its data, under a name."""
        ...

    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was; journal, clock and faults stay."""
        ...

    def checkpoints(self, name: str) -> Sequence[str]:
        """The names of what is kept of a tenant."""
        ...

    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more."""
        ...

    def find(self, name: str, search: Search) -> Sequence[Entry]:
        """The entries of a tenant's journal that are found."""
        ...

    def count(self, name: str, search: Search) -> int:
        """The number of them."""
        ...

    def remove(self, name: str) -> None:
        """Forget a tenant."""
        ...

    def reset(self, name: str) -> None:
        """Leave of a tenant what its seed says."""
        ...

    def entries(self, name: str, after: int = 0) -> Sequence[Entry]:
        """The journal of a tenant after a number."""
        ...

    def dropped(self, name: str) -> Dropped:
        """What the journal of a tenant has no more."""
        ...

    def wait(self, name: str, after: int, timeout: float) -> bool:
        """Wait for an entry after a number, `timeout` seconds at most; whether there is one."""
        ...

    def rows(self, name: str, collection: Collection) -> Sequence[Row]:
        """The data of a tenant."""
        ...

    def clock(self, name: str) -> ClockControl:
        """The clock of a tenant."""
        ...

    def faults(self, name: str) -> FaultControl:
        """The faults of a tenant."""
        ...
