"""Control of a mock in this process."""

from collections.abc import Mapping, Sequence
from typing import Any

from cgmock.core.tenant import Tenant
from cgmock.journal.journal import Dropped, Entry
from cgmock.journal.search import Search
from cgmock.mock_api import MockAPI
from cgmock.seeds.tenant_tables import Part, all_of, put, shown, without
from cgmock.stores.base import ClockControl, Collection, FaultControl, Row

_PAGE = 1000


class LocalControl:
    """A mock of this process."""

    def __init__(self, mock: MockAPI) -> None:
        self.mock = mock

    def tenants(self) -> Sequence[Mapping[str, Any]]:
        """All tenants as tables, without their secrets."""
        return tuple(shown(each) for each in self.mock.store.tenants())

    def unclaimed(self) -> Sequence[Entry]:
        """The requests without a credential of any tenant."""
        return tuple(self.mock.store.unclaimed.after(0))

    def add(self, tenant: Tenant) -> None:
        """Host a tenant."""
        self.mock.store.add(tenant)

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one of its name; data and journal stay."""
        self.mock.store.change(tenant.name, lambda _: tenant)

    def part(self, name: str, part: Part) -> Sequence[Any]:
        """A part of a tenant, without secrets, as the control API shows it."""
        return tuple(all_of(self.mock.store.hosted(name).tenant, part).values())

    def put_part(self, name: str, part: Part, key: str, value: Any) -> None:
        """Add something to a part of a tenant, or replace what has that key."""
        self.mock.store.change(name, lambda tenant: put(tenant, part, key, value))

    def delete_part(self, name: str, part: Part, key: str) -> None:
        """Remove something from a part of a tenant; a policy has its default again."""
        self.mock.store.change(name, lambda tenant: without(tenant, part, key))

    def save(self, name: str, checkpoint: str) -> None:
        """Keep what a tenant is, its description and its data, under a name."""
        self.mock.store.save(name, checkpoint)

    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was; journal, clock and faults stay."""
        self.mock.store.restore(name, checkpoint)

    def checkpoints(self, name: str) -> Sequence[str]:
        """The names of what is kept of a tenant."""
        return tuple(self.mock.store.hosted(name).checkpoints)

    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more."""
        self.mock.store.forget(name, checkpoint)

    def find(self, name: str, search: Search) -> Sequence[Entry]:
        """The entries of a tenant's journal that are found."""
        return tuple(search.among(self.entries(name)))

    def count(self, name: str, search: Search) -> int:
        """The number of them."""
        return len(self.find(name, search))

    def remove(self, name: str) -> None:
        """Forget a tenant."""
        self.mock.store.remove(name)

    def reset(self, name: str) -> None:
        """Leave of a tenant what its seed says."""
        self.mock.store.reset(name)

    def entries(self, name: str, after: int = 0) -> Sequence[Entry]:
        """The journal of a tenant after a number."""
        return tuple(self.mock.store.hosted(name).journal.after(after))

    def dropped(self, name: str) -> Dropped:
        """What the journal of a tenant has no more."""
        return self.mock.store.hosted(name).journal.dropped

    def wait(self, name: str, after: int, timeout: float) -> bool:
        """Wait for an entry after a number, `timeout` seconds at most; whether there is one."""
        return self.mock.store.hosted(name).journal.wait(after, timeout)

    def rows(self, name: str, collection: Collection) -> Sequence[Row]:
        """The data of a tenant."""
        rows: list[Row] = []
        cursor: int | None = 0
        while cursor is not None:
            page = self.mock.store.page(name, collection, limit=_PAGE, after=cursor)
            rows += page.rows
            cursor = page.next_cursor
        return rows

    def clock(self, name: str) -> ClockControl:
        """The clock of a tenant."""
        return self.mock.store.hosted(name).clock

    def faults(self, name: str) -> FaultControl:
        """The faults of a tenant."""
        return self.mock.store.hosted(name).faults
