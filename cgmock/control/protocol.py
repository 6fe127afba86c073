"""The operations that can be performed on a mock, in this process or remotely."""

from collections.abc import Mapping
from typing import Any, Protocol

from cgmock.clock import ClockControl
from cgmock.core.tenant import Tenant
from cgmock.faults import FaultControl
from cgmock.journal.journal import Dropped, Entry
from cgmock.journal.search import EVERYTHING, Search
from cgmock.seeds.tenant_tables import Part
from cgmock.stores.base import Collection, Row


class Control(Protocol):
    """All operations of the control API, for a mock in this process or a remote one.

    A mock in this process raises NoTenantError for an unknown tenant, and the errors that each method names. A remote
    mock raises ControlError with the message of the control API instead.
    """

    def tenants(self) -> list[Mapping[str, Any]]:
        """Return all tenants as tables, without their secrets."""

    def unclaimed(self) -> list[Entry]:
        """Return the requests with unknown credentials, oldest first."""

    def add(self, tenant: Tenant) -> None:
        """Add a tenant. Raises NameTakenError."""

    def replace(self, tenant: Tenant) -> None:
        """Replace the tenant of the same name. Its data, journal, clock and faults are unchanged. Raises NameTakenError."""

    def remove(self, name: str) -> None:
        """Remove a tenant and everything that belongs to it."""

    def reset(self, name: str) -> None:
        """Reset a tenant to its seed. Its data, journal, faults and checkpoints are deleted. Raises NameTakenError."""

    def part(self, name: str, part: Part) -> list[Any]:
        """Return a part of a tenant, such as its webhooks, as tables without secrets."""

    def put_part(self, name: str, part: Part, key: str, value: Any) -> None:
        """Add an item to a part of a tenant, or replace the item with that key. Raises PartError, NameTakenError."""

    def delete_part(self, name: str, part: Part, key: str) -> None:
        """Remove an item from a part of a tenant. A policy returns to its default. Raises NoItemError."""

    def checkpoints(self, name: str) -> list[str]:
        """Return the names of a tenant's checkpoints."""

    def save(self, name: str, checkpoint: str) -> None:
        """Save the tenant's configuration and data as a named checkpoint. Raises TooManyError."""

    def restore(self, name: str, checkpoint: str) -> None:
        """Restore a checkpoint. The journal, clock and faults are unchanged. Raises CheckpointError, NameTakenError."""

    def forget(self, name: str, checkpoint: str) -> None:
        """Delete a checkpoint. Raises CheckpointError."""

    def entries(self, name: str, search: Search = EVERYTHING) -> list[Entry]:
        """Return the journal entries of a tenant that match a search, oldest first."""

    def count(self, name: str, search: Search) -> int:
        """Return the number of journal entries that match a search."""

    def dropped(self, name: str) -> Dropped:
        """Return how many entries the journal of a tenant has evicted."""

    def wait(self, name: str, after: int, timeout: float) -> bool:
        """Wait at most `timeout` seconds for an entry with a number above `after`. Return whether there is one.

        A remote mock waits for whole seconds, rounded down, and may return False early.
        """

    def rows(self, name: str, collection: Collection) -> list[Row]:
        """Return the stored objects of a collection, oldest first."""

    def clock(self, name: str) -> ClockControl:
        """Return the clock of a tenant."""

    def faults(self, name: str) -> FaultControl:
        """Return the planned faults of a tenant."""
