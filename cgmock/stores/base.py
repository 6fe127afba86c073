"""Where tenants are kept, with all that is their own."""

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
"""Objects of each kind that a tenant keeps by default."""

MAX_JOURNAL = 1000
"""Entries that a tenant's journal keeps by default."""

MAX_CHECKPOINTS = 20
"""Checkpoints that a tenant keeps."""

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


class Checkpoint(Protocol):
    """What a tenant was."""

    @property
    def saved_at(self) -> float:
        """When, on its clock, in Unix seconds."""
        ...


class NameTakenError(ValueError):
    """Raised when a tenant's name, client ID or webhook ID is already in use."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(what, name)

    def __str__(self) -> str:
        return "The {} {} is another tenant's.".format(*self.args)


class NoTenantError(KeyError):
    """A tenant that is not there, or not any more."""


class CheckpointError(LookupError):
    """A checkpoint that is not there."""

    def __init__(self, checkpoint: str, known: Sequence[str]) -> None:
        super().__init__(checkpoint, known)

    def __str__(self) -> str:
        checkpoint, known = self.args
        return f"There is no checkpoint {checkpoint}; there are: {', '.join(known) or 'none'}."


class TooManyError(ValueError):
    """One more checkpoint than a tenant keeps."""

    def __str__(self) -> str:
        return f"A tenant keeps {MAX_CHECKPOINTS} checkpoints at most; delete one first."


class StoreError(Exception):
    """A store that cannot be reached, or cannot write; its text is a sentence that says why, without secrets."""


class TenantJournal(Protocol):
    """The journal of a tenant: its newest entries, and the first older ones with a loss."""

    @property
    def dropped(self) -> Dropped:
        """What made room for newer entries."""
        ...

    @property
    def newest(self) -> int:
        """The number of the newest entry, 0 before the first."""
        ...

    def after(self, number: int) -> Iterator[Entry]:
        """The entries with a higher number, oldest first."""
        ...

    def wait(self, number: int, timeout: float) -> bool:
        """Wait until there is an entry with a higher number, for `timeout` seconds at most; whether there is one."""
        ...

    def wait_for(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Wait until something holds, which is looked at after each entry, for `timeout` seconds at most."""
        ...

    def clear(self) -> None:
        """Forget all entries, and count from 1 again."""
        ...


class HostedTenant(Protocol):
    """A tenant in a store: its configuration, clock, faults, journal and checkpoints."""

    @property
    def tenant(self) -> Tenant:
        """What the tenant is now."""
        ...

    @property
    def seed(self) -> Tenant:
        """What the tenant was when it came."""
        ...

    @property
    def clock(self) -> ClockControl:
        """Its clock."""
        ...

    @property
    def faults(self) -> FaultControl:
        """Its planned failures."""
        ...

    @property
    def journal(self) -> TenantJournal:
        """What was asked of it."""
        ...

    @property
    def checkpoints(self) -> Mapping[str, Checkpoint]:
        """What it was at other times, by name."""
        ...


class TransactionFaults(Protocol):
    """The planned faults that apply to requests, and the tokens that they invalidated."""

    def take(self, request: Request) -> FaultMatch | None:
        """Return the fault that applies to a request, and count the request."""
        ...

    def end_token(self, claims: Claims, effect: Effect) -> None:
        """Expire or revoke a token."""
        ...

    def effective_claims(self, claims: Claims | None) -> Claims | None:
        """Return the claims of a token: unchanged, expired, or None for a revoked token."""
        ...


class Transaction(Protocol):
    """The state of one tenant that one request reads and changes."""

    @property
    def tenant(self) -> Tenant | None:
        """The tenant of the request, or None if its credential is unknown."""
        ...

    @property
    def faults(self) -> TransactionFaults:
        """The planned faults of the tenant."""
        ...

    def now(self) -> float:
        """The time on the tenant's clock, in Unix seconds."""
        ...

    def decide_and_apply(self, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Call `decide` with the tenant's data and apply the changes atomically."""
        ...

    def append(self, time: float, request: Request, outcome: Outcome, fault: str = "") -> Entry:
        """Append a request and its outcome to the journal."""
        ...


class Store(Protocol):
    """Keeps tenants and what is theirs; safe to use from many threads. What it cannot do at all raises StoreError."""

    @property
    def secrets(self) -> frozenset[str]:
        """The secrets that its tenants have or had; the same object until there are others."""
        ...

    @property
    def unclaimed(self) -> TenantJournal:
        """The requests without a credential of any tenant."""
        ...

    @property
    def signing_key(self) -> str | None:
        """The key that signs tokens, a JSON Web Key; None where who signs makes one."""
        ...

    def check(self) -> None:
        """Raise StoreError if the store cannot be used; returns within 5 seconds."""
        ...

    def tenants(self) -> tuple[Tenant, ...]:
        """All tenants, in the order in which they came."""
        ...

    def hosted(self, name: str) -> HostedTenant:
        """The tenant of that name. Raises NoTenantError."""
        ...

    def add(self, tenant: Tenant, lease: float | None = None) -> None:
        """Keep one more tenant, for `lease` seconds of the machine's time unless it is None.

        Raises NameTakenError when its name, a client id or a webhook id is another's.
        """
        ...

    def lease(self, name: str, seconds: float) -> None:
        """Keep a tenant for so many seconds from now, by the machine's clock. Raises NoTenantError."""
        ...

    def remove_expired(self) -> None:
        """Remove the tenants whose lease is over."""
        ...

    def change(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Replace a tenant by what a function makes of it, as one step; all that is its own stays.

        Raises NoTenantError, NameTakenError, what `change` does.
        """
        ...

    def remove(self, name: str) -> None:
        """Forget a tenant and all that is its own."""
        ...

    def reset(self, name: str) -> None:
        """Leave of a tenant what its seed says. Raises NoTenantError, NameTakenError."""
        ...

    def save(self, name: str, checkpoint: str) -> Checkpoint:
        """Save the tenant's configuration and data as a named checkpoint. Raises NoTenantError, TooManyError."""
        ...

    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was; its journal, clock and faults stay.

        Raises NoTenantError, CheckpointError, NameTakenError.
        """
        ...

    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more. Raises NoTenantError, CheckpointError."""
        ...

    def transaction(self, credential: Credential) -> AbstractContextManager[Transaction]:
        """Open a transaction of the tenant that a credential belongs to, or of no tenant.

        Requests of one tenant are processed one at a time. All changes are stored at the end of the context.
        """
        ...

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """At most `limit` rows whose id is higher than `after`. Raises NoTenantError."""
        ...
