"""The default store, in memory. Its size is limited, and its content is lost at the end of the process.

Every change is atomic: what can fail is computed first and then put in place by assignments, or is undone.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from copy import deepcopy
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, Self, TypeVar

from cgmock.clock import Clock
from cgmock.core.messages import Request
from cgmock.core.outcome import Data, Outcome, RateWindow, Values
from cgmock.core.routing import Credential
from cgmock.core.tenant import Tenant
from cgmock.faults import FaultPlan
from cgmock.journal.journal import Entry, Journal, new_entry
from cgmock.stores.base import (
    MAX_CHECKPOINTS,
    MAX_JOURNAL,
    MAX_RECORDS,
    Checkpoint,
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

_K = TypeVar("_K")
_V = TypeVar("_V")
_ABSENT = object()
_LAST_ID = "last id"


class MemoryStore:
    """Holds at most `max_records` objects of each kind, and `max_journal` entries of its journal, for a tenant.

    The oldest ones are evicted. `clock` returns Unix seconds, and the clock of each tenant starts from it.
    """

    signing_key = None
    """Each process creates its own signing key."""

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
        self._registry = _Registry({}, {}, {}, frozenset())
        self._nobody = _TenantSlot(self._clock(), self._limits)
        for tenant in tenants:
            self.add(tenant)

    @property
    def unclaimed(self) -> Journal:
        """The journal of the requests with unknown credentials."""
        return self._nobody.journal

    @property
    def secrets(self) -> frozenset[str]:
        """The secrets that the tenants have or have had. The object stays the same until they change."""
        return self._registry.secrets

    def check(self) -> None:
        """Do nothing, because memory is always usable."""

    def tenants(self) -> tuple[Tenant, ...]:
        """Return all tenants, in the order in which they were added."""
        return tuple(each.tenant for each in self._registry.hosted.values())

    def hosted(self, name: str) -> "HostedTenantInMemory":
        """Return the tenant with this name. Raises NoTenantError."""
        try:
            return self._registry.hosted[name]
        except KeyError:
            raise NoTenantError(name) from None

    def add(self, tenant: Tenant, lease: float | None = None) -> None:
        """Add a tenant, with a lease of `lease` seconds of system time unless it is None.

        Raises NameTakenError if another tenant has its name, a client ID or a webhook ID.
        """
        with self._lock:
            if tenant.name in self._registry.hosted:
                raise NameTakenError("name", tenant.name)
            hosted = HostedTenantInMemory(tenant, self._clock(), self._limits)
            hosted.leased_until = None if lease is None else self._clock().now() + lease
            self._put(hosted, tenant)

    def lease(self, name: str, seconds: float) -> None:
        """Set the lease of a tenant to a number of seconds of system time. Raises NoTenantError."""
        self.hosted(name).leased_until = self._clock().now() + seconds

    def remove_expired(self) -> None:
        """Remove the tenants with an expired lease."""
        now = self._clock().now()
        with self._lock:
            for name, hosted in self._registry.hosted.items():
                if hosted.leased_until is not None and hosted.leased_until < now:
                    self.remove(name)

    def change(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Replace a tenant atomically with the result of a function. Its data, journal, clock and faults are unchanged.

        Raises NoTenantError, NameTakenError, and the errors of `change`.
        """
        with self._lock:
            hosted = self.hosted(name)
            tenant = change(hosted.tenant)
            self._put(hosted, tenant)
        return tenant

    def remove(self, name: str) -> None:
        """Remove a tenant and everything that belongs to it."""
        with self._lock:
            registry = self._registry
            hosted = registry.hosted.get(name)
            self._registry = _Registry(
                _without(registry.hosted, hosted),
                _without(registry.clients, hosted),
                _without(registry.webhooks, hosted),
                frozenset().union(*(each.secrets for each in registry.hosted.values() if each is not hosted)),
            )

    def reset(self, name: str) -> None:
        """Reset a tenant to its seed. Its data, journal, faults and checkpoints are deleted.

        Raises NoTenantError, NameTakenError.
        """
        with self._lock:
            hosted = self.hosted(name)
            with hosted.lock:
                data = DataInMemory(self._limits.records)
                self._put(hosted, hosted.seed)
                hosted.reset(data)

    def save(self, name: str, checkpoint: str) -> Checkpoint:
        """Save the tenant's configuration and data as a named checkpoint. Raises NoTenantError, TooManyError."""
        with self._lock:
            hosted = self.hosted(name)
            if checkpoint not in hosted.checkpoints and len(hosted.checkpoints) == MAX_CHECKPOINTS:
                raise TooManyError
            with hosted.lock:
                saved = _Checkpoint(hosted.now(), hosted.tenant, hosted.data.copy())
            hosted.checkpoints[checkpoint] = saved
        return saved

    def restore(self, name: str, checkpoint: str) -> None:
        """Restore a checkpoint. The journal, clock and faults are unchanged.

        Raises NoTenantError, CheckpointError, NameTakenError.
        """
        with self._lock:
            hosted = self.hosted(name)
            saved = _found(hosted, checkpoint)
            data = saved.data.copy()
            with hosted.lock:
                self._put(hosted, saved.tenant)
                hosted.data = data

    def forget(self, name: str, checkpoint: str) -> None:
        """Delete a checkpoint. Raises NoTenantError, CheckpointError."""
        with self._lock:
            hosted = self.hosted(name)
            _found(hosted, checkpoint)
            del hosted.checkpoints[checkpoint]

    def transaction(self, credential: Credential) -> AbstractContextManager[Transaction]:
        """Open a transaction of the tenant that a credential belongs to, or of no tenant."""
        client_id, webhook, _ = credential
        registry = self._registry
        if webhook is not None:
            return registry.webhooks.get(webhook) or self._nobody
        return (registry.clients.get(client_id) if client_id else None) or self._nobody

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """Return at most `limit` rows with an ID above `after`. Raises NoTenantError."""
        hosted = self.hosted(tenant)
        with hosted.lock:  # a transaction shows its data and its journal entry at once, or neither
            return hosted.data.page(collection, limit=limit, after=after)

    def _put(self, hosted: "HostedTenantInMemory", tenant: Tenant) -> None:
        """Describe a tenant, which is found by these client ids and webhooks from now on. Raises NameTakenError."""
        registry = self._registry
        clients, webhooks = _without(registry.clients, hosted), _without(registry.webhooks, hosted)
        ids = [app.client_id for app in tenant.connected_apps]
        for what, names, taken in (("client id", ids, clients), ("webhook", tenant.webhooks, webhooks)):
            for name in names:
                if name in taken:
                    raise NameTakenError(what, name)
        secrets = hosted.secrets.union(tenant.secrets)
        new = _Registry(
            {**registry.hosted, tenant.name: hosted},
            clients | dict.fromkeys(ids, hosted),
            webhooks | dict.fromkeys(tenant.webhooks, hosted),
            registry.secrets if registry.secrets.issuperset(secrets) else registry.secrets | secrets,
        )
        self._registry, hosted.tenant, hosted.secrets = new, tenant, secrets

    def _clock(self) -> Clock:
        return Clock() if self._source is None else Clock(self._source)


class _Limits(NamedTuple):
    """How many objects of each kind, and how many entries of its journal, a tenant keeps."""

    records: int
    journal: int


class _Registry(NamedTuple):
    """The tenants by name, client ID and webhook ID, and the secrets that they have or had. It is never changed."""

    hosted: Mapping[str, "HostedTenantInMemory"]
    clients: Mapping[str, "HostedTenantInMemory"]
    webhooks: Mapping[str, "HostedTenantInMemory"]
    secrets: frozenset[str]


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
        self.lock: threading.Lock = threading.Lock()
        self.clock = clock
        self.faults: FaultPlan = FaultPlan(clock.now)
        self.journal: Journal = Journal(limits.journal)
        self.data: DataInMemory = DataInMemory(limits.records)
        self.now: Callable[[], float] = clock.now
        self._entries: list[Entry] = []

    def __enter__(self) -> Self:
        """Begin a transaction when no other request of the tenant is processed."""
        self.lock.acquire()
        try:
            self._undo = self._begin()
        except BaseException:
            self.lock.release()
            raise
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """Commit the transaction, or undo it after an error, and let the next request in."""
        is_committed = False
        try:
            if error is None:
                self._commit()
                is_committed = True
        finally:
            if not is_committed:
                self._undo()
            self.lock.release()

    def decide_and_apply(self, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Call `decide` with the tenant's data and apply the changes, under the lock of the data."""
        return self.data.decide_and_apply(decide, origin)

    def append(self, time: float, request: Request, outcome: Outcome, fault: str = "") -> Entry:
        """Append a request and its outcome to the journal, when the transaction is committed."""
        number = self.journal.newest + len(self._entries) + 1
        entry = new_entry(number, time, request, outcome, fault)
        self._entries.append(entry)
        return entry

    def _begin(self) -> Callable[[], None]:
        """Begin a transaction, and return the function that undoes it."""
        undo_data, undo_faults = self.data.begin(), self.faults.snapshot()
        self._entries = []

        def undo() -> None:
            undo_data()
            undo_faults()

        return undo

    def _commit(self) -> None:
        """Write the journal, which is all that is not yet in place."""
        for entry in self._entries:
            self.journal.add(entry)


class HostedTenantInMemory(_TenantSlot):
    """A tenant with all that is its own. `seed` is what it was when it came, `secrets` are all that it ever had."""

    tenant: Tenant

    def __init__(self, tenant: Tenant, clock: Clock, limits: _Limits) -> None:
        super().__init__(clock, limits)
        self.tenant = tenant
        self.seed: Tenant = tenant
        self.secrets: frozenset[str] = frozenset()
        self.leased_until: float | None = None
        self.checkpoints: dict[str, _Checkpoint] = {}

    def reset(self, data: "DataInMemory") -> None:
        """Empty the journal and drop faults, checkpoints and the clock's changes. None of these steps can fail."""
        self.data = data
        self.checkpoints.clear()
        self.journal.clear()
        self.faults.clear()
        self.clock.reset()


def no_data() -> Data:
    """The data of nobody."""
    return DataInMemory(0)


class DataInMemory(TenantData):
    """The data of a tenant, at most `limit` rows of each kind."""

    def __init__(self, limit: int) -> None:
        self._lock = threading.RLock()
        self._limit = limit
        self._steps = _Steps()
        responses = _Responses(limit, KEYS[Collection.RESPONSES], self._steps)
        self._tables: Mapping[Collection, _Table] = {
            each: responses if each is Collection.RESPONSES else _Table(limit, keys, self._steps)
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

    def begin(self) -> Callable[[], None]:
        """Return a function that undoes all changes from now on."""
        window = self.window
        self._steps.clear()

        def undo() -> None:
            with self._lock:
                self.window = window
                self._steps.undo()
                for table in self._tables.values():
                    table.sort()

        return undo

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


class _Steps:
    """The changes of dictionaries since the last `clear`, so that they can be undone."""

    def __init__(self) -> None:
        self._before: list[tuple[MutableMapping[Any, Any], object, object]] = []

    def clear(self) -> None:
        """Start again, with nothing to undo."""
        self._before.clear()

    def put(self, target: MutableMapping[_K, _V], key: _K, value: _V) -> None:
        """Set an item."""
        self._before.append((target, key, target.get(key, _ABSENT)))
        target[key] = value

    def remove(self, target: MutableMapping[_K, _V], key: _K) -> _V:
        """Delete an item, and return it."""
        value = target[key]
        self._before.append((target, key, value))
        del target[key]
        return value

    def undo(self) -> None:
        """Set all items to what they were. What was deleted is now the last item of its dictionary."""
        for target, key, value in reversed(self._before):
            target.pop(key, None)
            if value is not _ABSENT:
                target[key] = value
        self.clear()


class _Table:
    """Rows by id, oldest first, at most `limit` of them, found by what they hold in the columns `keys`.

    `_holders` has, for each identifier in a key column, the rows that hold it and numbers that say which got it later.
    """

    def __init__(self, limit: int, keys: tuple[str, ...], steps: _Steps) -> None:
        self._rows: OrderedDict[int, dict[str, Cell]] = OrderedDict()
        self._counts = {_LAST_ID: 0}
        self._pointed = 0
        self._limit = limit
        self._keys = keys
        self._steps = steps
        self._holders: dict[tuple[str, str], dict[int, int]] = {}

    def sort(self) -> None:
        """Restore the order of rows and holders."""
        self._rows = OrderedDict(sorted(self._rows.items()))
        for name, holders in self._holders.items():
            self._holders[name] = dict(sorted(holders.items(), key=itemgetter(1)))

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
        return Page(rows, cursor, self._counts[_LAST_ID] - len(self._rows))

    def add(self, values: Mapping[str, Cell], origin: Origin) -> int:
        """Add a row, and return its id; the oldest one makes room."""
        number = self._counts[_LAST_ID] + 1
        self._steps.put(self._counts, _LAST_ID, number)
        self._steps.put(self._rows, number, new_row(number, values, origin))
        self._point(number, values)
        if len(self._rows) > self._limit:
            oldest = next(iter(self._rows))
            self._unpoint(oldest, self._keys)
            self.removed(oldest)
            self._steps.remove(self._rows, oldest)
        return number

    def update(self, number: int, values: Mapping[str, Cell], origin: Origin) -> None:
        """Change the given values of a row."""
        row = self._rows[number]
        pointing = [key for key in self._keys if key in values and not self._is_alone(key, row, values[key])]
        if pointing:
            self._unpoint(number, pointing)
        changed = {**row, **values, "request": origin.request, "updated_at": origin.time}
        self._steps.put(self._rows, number, changed)
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
                self._pointed += 1  # never undone: only the order of these numbers matters
                holders = self._holders.get((key, identifier))
                if holders is None:
                    self._steps.put(self._holders, (key, identifier), {number: self._pointed})
                else:
                    self._steps.put(holders, number, self._pointed)

    def _unpoint(self, number: int, keys: Iterable[str]) -> None:
        for key in keys:
            for identifier in identifiers(self._rows[number].get(key)):
                holders = self._holders[key, identifier]
                self._steps.remove(holders, number)
                if not holders:
                    self._steps.remove(self._holders, (key, identifier))


class _Responses(_Table):
    """Survey responses, which know whether the same one was sent before."""

    def __init__(self, limit: int, keys: tuple[str, ...], steps: _Steps) -> None:
        super().__init__(limit, keys, steps)
        self._sent: dict[int, int] = {}
        self._fingerprints: dict[int, int] = {}
        self._asked: tuple[Mapping[str, Cell], int] = ({}, 0)

    def add(self, values: Mapping[str, Cell], origin: Origin) -> int:
        """Add a response."""
        fingerprint = self._fingerprint(values)
        self._steps.put(self._sent, fingerprint, self._sent.get(fingerprint, 0) + 1)
        self._steps.put(self._fingerprints, self._counts[_LAST_ID] + 1, fingerprint)
        return super().add(values, origin)

    def removed(self, number: int) -> None:
        """Forget a response that makes room."""
        fingerprint = self._steps.remove(self._fingerprints, number)
        left = self._sent[fingerprint] - 1
        if left:
            self._steps.put(self._sent, fingerprint, left)
        else:
            self._steps.remove(self._sent, fingerprint)

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
