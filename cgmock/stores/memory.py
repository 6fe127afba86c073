"""The default store: everything in memory, bounded, gone with the process."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from copy import deepcopy
from itertools import islice
from typing import NamedTuple, Self

from cgmock.clock import Clock
from cgmock.core.outcome import Data, Outcome, RateWindow, Values
from cgmock.core.routing import Credential
from cgmock.core.tenant import Tenant
from cgmock.faults import FaultPlan
from cgmock.journal.journal import Entry, Journal
from cgmock.stores.base import (
    MAX_CHECKPOINTS,
    MAX_JOURNAL,
    MAX_RECORDS,
    CheckpointError,
    Collection,
    NameTakenError,
    NoTenantError,
    Origin,
    Page,
    TooManyError,
    Transaction,
)
from cgmock.stores.data import KEYS, Cell, TenantData, identifiers, new_row


class MemoryStore:
    """Holds at most `max_records` objects of each kind, and `max_journal` entries of its journal, for a tenant.

    The oldest make room for new ones. `clock` gives the time in Unix seconds, from which each tenant's clock starts.
    """

    signing_key = None
    """Who signs tokens makes a key, which is gone with the process as well."""

    def __init__(
        self,
        tenants: Iterable[Tenant] = (),
        *,
        max_records: int = MAX_RECORDS,
        max_journal: int = MAX_JOURNAL,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._limits = _Limits(max_records, max_journal)
        self._source = clock
        self._lock = threading.RLock()
        self._hosted: dict[str, HostedTenantInMemory] = {}
        self._clients: dict[str, HostedTenantInMemory] = {}
        self._webhooks: dict[str, HostedTenantInMemory] = {}
        self._nobody = _TenantSlot(self._clock(), self._limits)
        self.secrets: frozenset[str] = frozenset()
        for tenant in tenants:
            self.add(tenant)

    @property
    def unclaimed(self) -> Journal:
        """The requests without a credential of any tenant."""
        return self._nobody.journal

    def tenants(self) -> tuple[Tenant, ...]:
        """All tenants, in the order in which they came."""
        with self._lock:
            return tuple(each.tenant for each in self._hosted.values())

    def hosted(self, name: str) -> "HostedTenantInMemory":
        """The tenant of that name. Raises NoTenantError."""
        try:
            return self._hosted[name]
        except KeyError:
            raise NoTenantError(name) from None

    def add(self, tenant: Tenant) -> None:
        """Keep one more tenant. Raises NameTakenError when its name, a client id or a webhook id is another's."""
        with self._lock:
            if tenant.name in self._hosted:
                raise NameTakenError("name", tenant.name)
            hosted = HostedTenantInMemory(tenant, self._clock(), self._limits)
            self._point_to(hosted, tenant)
            self._hosted[tenant.name] = hosted

    def change(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Replace a tenant by what a function makes of it, as one step; all that is its own stays.

        Raises NoTenantError, NameTakenError, what `change` does.
        """
        with self._lock:
            hosted = self.hosted(name)
            tenant = change(hosted.tenant)
            self._point_to(hosted, tenant)
            hosted.tenant = tenant
        return tenant

    def remove(self, name: str) -> None:
        """Forget a tenant and all that is its own."""
        with self._lock:
            hosted = self._hosted.pop(name, None)
            self._clients = _without(self._clients, hosted)
            self._webhooks = _without(self._webhooks, hosted)
            self.secrets = self._all_secrets()

    def reset(self, name: str) -> None:
        """Leave of a tenant what its seed says. Raises NoTenantError, NameTakenError."""
        hosted = self.hosted(name)
        if hosted.tenant is not hosted.seed:
            self.change(name, lambda _: hosted.seed)
        hosted.reset()

    def save(self, name: str, checkpoint: str) -> None:
        """Keep what a tenant is, its description and its data, under a name. Raises NoTenantError, TooManyError."""
        with self._lock:
            hosted = self.hosted(name)
            if checkpoint not in hosted.checkpoints and len(hosted.checkpoints) == MAX_CHECKPOINTS:
                raise TooManyError
            hosted.checkpoints[checkpoint] = _Checkpoint(hosted.now(), hosted.tenant, hosted.data.copy())

    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was; its journal, clock and faults stay.

        Raises NoTenantError, CheckpointError, NameTakenError.
        """
        with self._lock:
            hosted = self.hosted(name)
            kept = _found(hosted, checkpoint)
            self.change(name, lambda _: kept.tenant)
            hosted.data = kept.data.copy()

    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more. Raises NoTenantError, CheckpointError."""
        with self._lock:
            hosted = self.hosted(name)
            _found(hosted, checkpoint)
            del hosted.checkpoints[checkpoint]

    def transaction(self, credential: Credential) -> AbstractContextManager[Transaction]:
        """Open a transaction of the tenant that a credential belongs to, or of no tenant."""
        client_id, webhook, _ = credential
        if webhook is not None:
            return self._webhooks.get(webhook) or self._nobody
        return (self._clients.get(client_id) if client_id else None) or self._nobody

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """At most `limit` rows whose id is higher than `after`. Raises NoTenantError."""
        return self.hosted(tenant).data.page(collection, limit=limit, after=after)

    def _point_to(self, hosted: "HostedTenantInMemory", tenant: Tenant) -> None:
        """Have a tenant found by its client ids and webhooks, and by no others. Raises NameTakenError."""
        clients, webhooks = _without(self._clients, hosted), _without(self._webhooks, hosted)
        ids = [app.client_id for app in tenant.connected_apps]
        for what, names, taken in (("client id", ids, clients), ("webhook", tenant.webhooks, webhooks)):
            for name in names:
                if name in taken:
                    raise NameTakenError(what, name)
        self._clients = clients | dict.fromkeys(ids, hosted)
        self._webhooks = webhooks | dict.fromkeys(tenant.webhooks, hosted)
        hosted.secrets.update(tenant.secrets)
        if not self.secrets.issuperset(hosted.secrets):
            self.secrets |= hosted.secrets

    def _all_secrets(self) -> frozenset[str]:
        return frozenset(secret for hosted in self._hosted.values() for secret in hosted.secrets)

    def _clock(self) -> Clock:
        return Clock() if self._source is None else Clock(self._source)


class _Limits(NamedTuple):
    """How many objects of each kind, and how many entries of its journal, a tenant keeps."""

    records: int
    journal: int


class _Checkpoint(NamedTuple):
    """What a tenant was: its description and its data at a time of its clock, in Unix seconds."""

    saved_at: float
    tenant: Tenant
    data: "DataInMemory"


class _TenantSlot:
    """The state of a tenant, or of all requests without a tenant. One transaction at a time enters it."""

    tenant: Tenant | None = None

    def __init__(self, clock: Clock, limits: _Limits) -> None:
        self._limits = limits
        self._transaction = threading.Lock()
        self.clock = clock
        self.faults: FaultPlan = FaultPlan(clock.now)
        self.journal: Journal = Journal(limits.journal)
        self.data: DataInMemory = DataInMemory(limits.records)
        self.now: Callable[[], float] = clock.now
        self.append: Callable[..., Entry] = self.journal.append

    def __enter__(self) -> Self:
        """Wait until no other request of the tenant is processed."""
        self._transaction.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the next request in."""
        self._transaction.release()

    def decide_and_apply(self, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Call `decide` with the tenant's data and apply the changes, under the lock of the data."""
        return self.data.decide_and_apply(decide, origin)


class HostedTenantInMemory(_TenantSlot):
    """A tenant with all that is its own. `seed` is what it was when it came, `secrets` are all that it ever had."""

    tenant: Tenant

    def __init__(self, tenant: Tenant, clock: Clock, limits: _Limits) -> None:
        super().__init__(clock, limits)
        self.tenant = tenant
        self.seed: Tenant = tenant
        self.secrets: set[str] = set()
        self.checkpoints: dict[str, _Checkpoint] = {}

    def reset(self) -> None:
        """No data, an empty journal, no faults, no checkpoints, and the time of the source."""
        self.journal.clear()
        self.faults.clear()
        self.clock.reset()
        self.checkpoints.clear()
        self.data: DataInMemory = DataInMemory(self._limits.records)


def no_data() -> Data:
    """The data of nobody."""
    return DataInMemory(0)


class DataInMemory(TenantData):
    """The data of a tenant, at most `limit` rows of each kind."""

    def __init__(self, limit: int) -> None:
        self._lock = threading.RLock()
        self._limit = limit
        responses = _Responses(limit, KEYS[Collection.RESPONSES])
        self._tables: Mapping[Collection, _Table] = {
            each: responses if each is Collection.RESPONSES else _Table(limit, keys)
            for each, keys in KEYS.items()
        }
        super().__init__(self._tables, responses, RateWindow())

    def decide_and_apply(self, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Call `decide` with this data and apply the changes atomically."""
        with self._lock:
            outcome = decide(self)
            for change in outcome.changes:
                self.apply(change, origin)
        return outcome

    def copy(self) -> "DataInMemory":
        """The same data, which goes its own way."""
        copied = DataInMemory(self._limit)
        with self._lock:
            state = {name: each for name, each in vars(self).items() if each is not self._lock}
            vars(copied).update(deepcopy(state))
        return copied

    def page(self, collection: Collection, *, limit: int, after: int) -> Page:
        """At most `limit` rows whose id is higher than `after`."""
        with self._lock:
            return self._tables[collection].page(limit, after)


class _Table:
    """Rows by id, oldest first, at most `limit` of them, found by what they hold in the columns `keys`."""

    def __init__(self, limit: int, keys: tuple[str, ...]) -> None:
        self._rows: OrderedDict[int, dict[str, Cell]] = OrderedDict()
        self._last_id = 0
        self._limit = limit
        self._keys = keys
        self._holders: dict[tuple[str, str], dict[int, None]] = {}

    def find(self, key: str, identifier: str | None) -> int | None:
        """The id of the row that holds the identifier in the column `key`; of several, the last that got it."""
        holders = None if identifier is None else self._holders.get((key, identifier))
        return next(reversed(holders)) if holders else None

    def row(self, number: int) -> Mapping[str, Cell]:
        """The row of that id."""
        return self._rows[number]

    def newer(self, after: int) -> Iterator[Mapping[str, Cell]]:
        """The rows with a higher id, oldest first."""
        return (row for number, row in self._rows.items() if number > after)

    def page(self, limit: int, after: int) -> Page:
        """At most `limit` of them."""
        numbers = tuple(islice((number for number in self._rows if number > after), limit + 1))
        shown = numbers[:limit]
        cursor = shown[-1] if len(numbers) > limit else None
        rows = tuple(dict(self._rows[number]) for number in shown)
        return Page(rows, cursor, self._last_id - len(self._rows))

    def add(self, values: Mapping[str, Cell], origin: Origin) -> int:
        """Add a row, and return its id; the oldest one makes room."""
        self._last_id += 1
        self._rows[self._last_id] = new_row(self._last_id, values, origin)
        self._point(self._last_id, values)
        if len(self._rows) > self._limit:
            oldest = next(iter(self._rows))
            self._unpoint(oldest, self._keys)
            self.removed(oldest)
            del self._rows[oldest]
        return self._last_id

    def update(self, number: int, values: Mapping[str, Cell], origin: Origin) -> None:
        """Change the given values of a row."""
        row = self._rows[number]
        pointing = [key for key in self._keys if key in values and not self._is_alone(key, row, values[key])]
        if pointing:
            self._unpoint(number, pointing)
        row.update(values)
        row["request"], row["updated_at"] = origin
        if pointing:
            self._point(number, values)

    def removed(self, number: int) -> None:
        """Hear of a row that makes room."""

    def _is_alone(self, key: str, row: Mapping[str, Cell], cell: Cell) -> bool:
        """Whether a row holds an identifier already, and is the only one: an update with it moves nothing."""
        return isinstance(cell, str) and row.get(key) == cell and len(self._holders[key, cell]) == 1

    def _point(self, number: int, values: Mapping[str, Cell]) -> None:
        for key in self._keys:
            for identifier in identifiers(values.get(key)):
                self._holders.setdefault((key, identifier), {})[number] = None

    def _unpoint(self, number: int, keys: Iterable[str]) -> None:
        for key in keys:
            for identifier in identifiers(self._rows[number].get(key)):
                holders = self._holders[key, identifier]
                del holders[number]
                if not holders:
                    del self._holders[key, identifier]


class _Responses(_Table):
    """Survey responses, which know whether the same one was sent before."""

    def __init__(self, limit: int, keys: tuple[str, ...]) -> None:
        super().__init__(limit, keys)
        self._sent = Counter[int]()
        self._fingerprints: dict[int, int] = {}
        self._asked: tuple[Mapping[str, Cell], int] = ({}, 0)

    def add(self, values: Mapping[str, Cell], origin: Origin) -> int:
        """Add a response."""
        fingerprint = self._fingerprint(values)
        self._sent[fingerprint] += 1
        self._fingerprints[self._last_id + 1] = fingerprint
        return super().add(values, origin)

    def removed(self, number: int) -> None:
        """Forget a response that makes room."""
        fingerprint = self._fingerprints.pop(number)
        self._sent[fingerprint] -= 1
        if not self._sent[fingerprint]:
            del self._sent[fingerprint]

    def has(self, values: Values) -> bool:
        """Whether a response with exactly these values is kept."""
        return self._fingerprint(values) in self._sent

    def _fingerprint(self, values: Mapping[str, Cell]) -> int:
        """What the same values have in common. A response is asked for just before it is added."""
        asked, fingerprint = self._asked
        if values is not asked:
            fingerprint = hash(frozenset(values.items()))
            self._asked = values, fingerprint
        return fingerprint


def _found(hosted: HostedTenantInMemory, checkpoint: str) -> _Checkpoint:
    try:
        return hosted.checkpoints[checkpoint]
    except KeyError:
        raise CheckpointError(checkpoint, tuple(hosted.checkpoints)) from None


def _without(
    found: Mapping[str, HostedTenantInMemory], hosted: HostedTenantInMemory | None
) -> dict[str, HostedTenantInMemory]:
    return {name: each for name, each in found.items() if each is not hosted}
