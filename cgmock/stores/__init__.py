"""Where tenants and their data are kept."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple, NewType, Protocol

from cgmock.core.outcome import Data, Outcome
from cgmock.core.tenant import Tenant

Row = Mapping[str, str | int | float | list[str] | None]
"""An object as it is stored: `id`, its fields, `created_at` and `updated_at` (Unix seconds), `request` (an id)."""


class Collection(StrEnum):
    """The objects that a tenant holds."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    RESPONSES = "responses"
    INVITATIONS = "invitations"
    ACTIVITIES = "activities"


class Page(NamedTuple):
    """Some rows, oldest first: `next_cursor` is None at the end; `dropped` rows made room for newer ones."""

    rows: tuple[Row, ...]
    next_cursor: int | None
    dropped: int


class Origin(NamedTuple):
    """The request that a change comes from, and its time in Unix seconds."""

    request: str
    time: float


Snapshot = NewType("Snapshot", object)
"""A copy of a tenant's data, which only the store that made it understands."""


class TakenError(ValueError):
    """A tenant that cannot be added, because something of it is another tenant's."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"The {what} {name} is another tenant's.")


class Store(Protocol):
    """Keeps tenants and their data; safe to use from many threads."""

    def tenants(self) -> tuple[Tenant, ...]:
        """All tenants, in the order in which they came."""
        ...

    def tenant_of(self, client_id: str) -> Tenant | None:
        """The tenant that has a connected app with that client id."""
        ...

    def tenant_of_webhook(self, webhook: str) -> Tenant | None:
        """The tenant that has a webhook with that id."""
        ...

    def add(self, tenant: Tenant) -> None:
        """Keep one more tenant. Raises TakenError when its name, a client id or a webhook id is another's."""
        ...

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one of its name, whose data stays. Raises TakenError, KeyError."""
        ...

    def snapshot(self, name: str) -> Snapshot:
        """A copy of a tenant's data as it is now."""
        ...

    def restore(self, name: str, snapshot: Snapshot) -> None:
        """Put data in the place of a tenant's, as often as one likes."""
        ...

    def remove(self, name: str) -> None:
        """Forget a tenant and its data."""
        ...

    def clear(self, name: str) -> None:
        """Forget the data of a tenant."""
        ...

    def transact(self, tenant: str, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Let `decide` look at a tenant's data and apply its changes, as one step that nobody sees half done."""
        ...

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """At most `limit` rows whose id is higher than `after`."""
        ...
