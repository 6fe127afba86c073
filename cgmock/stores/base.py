"""The protocol of a store, which holds tenants and everything that belongs to them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import NamedTuple, Protocol

from cgmock.clock import ClockControl
from cgmock.core.messages import Request
from cgmock.core.outcome import Claims, Data, Outcome
from cgmock.core.routing import Credential
from cgmock.core.tenant import Tenant
from cgmock.faults import Effect, FaultControl, FaultMatch
from cgmock.journal.journal import Dropped, Entry

MAX_RECORDS = 10_000
"""Default number of objects of each kind that a store keeps per tenant."""

MAX_JOURNAL = 1000
"""Default number of entries that a journal keeps."""

MAX_CHECKPOINTS = 20
"""Maximum number of checkpoints of a tenant."""

Row = Mapping[str, str | int | float | list[str] | None]
"""A stored object: `id`, its fields, `created_at` and `updated_at` (Unix seconds), and `request` (an ID)."""


class Collection(StrEnum):
    """The objects that a tenant holds."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    RESPONSES = "responses"
    INVITATIONS = "invitations"
    ACTIVITIES = "activities"


class Page(NamedTuple):
    """Rows, oldest first. `next_cursor` is None on the last page, and `dropped` the number of evicted rows."""

    rows: tuple[Row, ...]
    next_cursor: int | None
    dropped: int


class Origin(NamedTuple):
    """The request that a change comes from, and its time in Unix seconds."""

    request: str
    time: float


class Checkpoint(Protocol):
    """A saved configuration of a tenant, with its data."""

    @property
    def saved_at(self) -> float:
        """Time of the save on the clock of the tenant, in Unix seconds."""


class NameTakenError(ValueError):
    """Raised when a tenant's name, client ID or webhook ID is already in use."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(what, name)

    def __str__(self) -> str:
        return "The {} {} is another tenant's.".format(*self.args)


class NoTenantError(KeyError):
    """Raised when a tenant does not exist, or has been removed."""


class CheckpointError(LookupError):
    """Raised when a tenant has no such checkpoint."""

    def __init__(self, checkpoint: str, known: Sequence[str]) -> None:
        super().__init__(checkpoint, known)

    def __str__(self) -> str:
        checkpoint, known = self.args
        return f"There is no checkpoint {checkpoint}; there are: {', '.join(known) or 'none'}."


class TooManyError(ValueError):
    """Raised when a tenant already has the maximum number of checkpoints."""

    def __str__(self) -> str:
        return f"A tenant keeps {MAX_CHECKPOINTS} checkpoints at most; delete one first."


class StoreError(Exception):
    """Raised when a store is unreachable or cannot write. The message is a sentence without secrets."""


class TenantJournal(Protocol):
    """The journal of a tenant: its newest entries, and the first older entries with a loss."""

    @property
    def dropped(self) -> Dropped:
        """Number of evicted entries, and of the losses in them."""

    @property
    def newest(self) -> int:
        """Number of the newest entry, or 0 if there is none."""

    def after(self, number: int) -> Iterator[Entry]:
        """Iterate over the entries with a higher number, oldest first."""

    def wait(self, number: int, timeout: float) -> bool:
        """Wait at most `timeout` seconds for an entry with a higher number. Return whether there is one."""

    def wait_for(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Wait at most `timeout` seconds until `holds` returns True. It is called after each entry."""

    def clear(self) -> None:
        """Delete all entries. The next entry has the number 1."""


class HostedTenant(Protocol):
    """A tenant in a store: its configuration, clock, faults, journal and checkpoints."""

    @property
    def tenant(self) -> Tenant:
        """The current configuration."""

    @property
    def seed(self) -> Tenant:
        """The configuration with which the tenant was added."""

    @property
    def clock(self) -> ClockControl:
        """The clock of the tenant."""

    @property
    def faults(self) -> FaultControl:
        """The planned faults of the tenant."""

    @property
    def journal(self) -> TenantJournal:
        """The journal of the tenant."""

    @property
    def checkpoints(self) -> Mapping[str, Checkpoint]:
        """The checkpoints by name."""


class TransactionFaults(Protocol):
    """The planned faults that apply to requests, and the tokens that they invalidated."""

    def take(self, request: Request) -> FaultMatch | None:
        """Return the fault that applies to a request, and count the request."""

    def end_token(self, claims: Claims, effect: Effect) -> None:
        """Expire or revoke a token."""

    def effective_claims(self, claims: Claims | None) -> Claims | None:
        """Return the claims of a token: unchanged, expired, or None for a revoked token."""


class Transaction(Protocol):
    """The state of one tenant that one request reads and changes."""

    @property
    def tenant(self) -> Tenant | None:
        """The tenant of the request, or None if its credential is unknown."""

    @property
    def faults(self) -> TransactionFaults:
        """The planned faults of the tenant."""

    def now(self) -> float:
        """The time on the tenant's clock, in Unix seconds."""

    def decide_and_apply(self, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Call `decide` with the tenant's data and apply the changes atomically."""

    def append(self, time: float, request: Request, outcome: Outcome, fault: str = "") -> Entry:
        """Append a request and its outcome to the journal."""


class Store(Protocol):
    """Storage of tenants and everything that belongs to them. It is thread-safe. Any operation may raise StoreError."""

    @property
    def secrets(self) -> frozenset[str]:
        """The secrets that the tenants have or have had. The object stays the same until they change."""

    @property
    def unclaimed(self) -> TenantJournal:
        """The journal of the requests with unknown credentials."""

    @property
    def signing_key(self) -> str | None:
        """The key that signs tokens, as a JSON Web Key. If it is None, each process creates its own."""

    def check(self) -> None:
        """Check that the store is usable, within 5 seconds. Raises StoreError."""

    def tenants(self) -> tuple[Tenant, ...]:
        """Return all tenants, in the order in which they were added."""

    def hosted(self, name: str) -> HostedTenant:
        """Return the tenant with this name. Raises NoTenantError."""

    def add(self, tenant: Tenant, lease: float | None = None) -> None:
        """Add a tenant, with a lease of `lease` seconds of system time unless it is None.

        Raises NameTakenError if another tenant has its name, a client ID or a webhook ID.
        """

    def lease(self, name: str, seconds: float) -> None:
        """Set the lease of a tenant to a number of seconds of system time. Raises NoTenantError."""

    def remove_expired(self) -> None:
        """Remove the tenants with an expired lease."""

    def change(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Replace a tenant atomically with the result of a function. Its data, journal, clock and faults are unchanged.

        Raises NoTenantError, NameTakenError, and the errors of `change`.
        """

    def remove(self, name: str) -> None:
        """Remove a tenant and everything that belongs to it."""

    def reset(self, name: str) -> None:
        """Reset a tenant to its seed. Its data, journal, faults and checkpoints are deleted.

        Raises NoTenantError, NameTakenError.
        """

    def save(self, name: str, checkpoint: str) -> Checkpoint:
        """Save the tenant's configuration and data as a named checkpoint. Raises NoTenantError, TooManyError."""

    def restore(self, name: str, checkpoint: str) -> None:
        """Restore a checkpoint. The journal, clock and faults are unchanged.

        Raises NoTenantError, CheckpointError, NameTakenError.
        """

    def forget(self, name: str, checkpoint: str) -> None:
        """Delete a checkpoint. Raises NoTenantError, CheckpointError."""

    def transaction(self, credential: Credential) -> AbstractContextManager[Transaction]:
        """Open a transaction of the tenant that a credential belongs to, or of no tenant.

        Requests of one tenant are processed one at a time. All changes are stored at the end of the context.
        """

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """Return at most `limit` rows with an ID above `after`. Raises NoTenantError."""
