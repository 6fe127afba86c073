"""Control of a mock in this process."""

from collections.abc import Mapping
from typing import Any

from cgmock.clock import ClockControl
from cgmock.control.protocol import Control
from cgmock.core.tenant import Tenant
from cgmock.faults import FaultControl
from cgmock.journal.journal import Dropped, Entry
from cgmock.journal.search import EVERYTHING, Search
from cgmock.mock_api import MockAPI
from cgmock.seeds.tenant_tables import Part, all_of, put, shown, without
from cgmock.stores.base import Collection, Row

_ALL = 10**9
"""More rows than any store holds."""


class LocalControl(Control):
    """Controls a mock in this process."""

    def __init__(self, mock: MockAPI) -> None:
        self.mock = mock

    def tenants(self) -> list[Mapping[str, Any]]:
        return [shown(each) for each in self.mock.store.tenants()]

    def unclaimed(self) -> list[Entry]:
        return list(self.mock.store.unclaimed.after(0))

    def add(self, tenant: Tenant) -> None:
        self.mock.store.add(tenant)

    def replace(self, tenant: Tenant) -> None:
        self.mock.store.change(tenant.name, lambda _: tenant)

    def remove(self, name: str) -> None:
        self.mock.store.remove(name)

    def reset(self, name: str) -> None:
        self.mock.store.reset(name)

    def part(self, name: str, part: Part) -> list[Any]:
        return list(all_of(self.mock.store.hosted(name).tenant, part).values())

    def put_part(self, name: str, part: Part, key: str, value: Any) -> None:
        self.mock.store.change(name, lambda tenant: put(tenant, part, key, value))

    def delete_part(self, name: str, part: Part, key: str) -> None:
        self.mock.store.change(name, lambda tenant: without(tenant, part, key))

    def checkpoints(self, name: str) -> list[str]:
        return list(self.mock.store.hosted(name).checkpoints)

    def save(self, name: str, checkpoint: str) -> None:
        self.mock.store.save(name, checkpoint)

    def restore(self, name: str, checkpoint: str) -> None:
        self.mock.store.restore(name, checkpoint)

    def forget(self, name: str, checkpoint: str) -> None:
        self.mock.store.forget(name, checkpoint)

    def entries(self, name: str, search: Search = EVERYTHING) -> list[Entry]:
        return list(search.among(self.mock.store.hosted(name).journal.after(0)))

    def count(self, name: str, search: Search) -> int:
        return len(self.entries(name, search))

    def dropped(self, name: str) -> Dropped:
        return self.mock.store.hosted(name).journal.dropped

    def wait(self, name: str, after: int, timeout: float) -> bool:
        return self.mock.store.hosted(name).journal.wait(after, timeout)

    def rows(self, name: str, collection: Collection) -> list[Row]:
        return list(self.mock.store.page(name, collection, limit=_ALL, after=0).rows)

    def clock(self, name: str) -> ClockControl:
        return self.mock.store.hosted(name).clock

    def faults(self, name: str) -> FaultControl:
        return self.mock.store.hosted(name).faults
