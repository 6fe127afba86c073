"""The default store: everything in memory, bounded, gone with the process."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from itertools import islice
from typing import assert_never, cast

from cgmock.core.outcome import (
    AddAlias,
    Change,
    CountRequest,
    Data,
    Outcome,
    RateWindow,
    RecordResponse,
    SaveAccount,
    SaveActivity,
    SaveContact,
    SendInvitation,
    StoredResponse,
    Value,
    Values,
)
from cgmock.core.tenant import Tenant
from cgmock.stores import Collection, Origin, Page, Row, Snapshot, TakenError

MAX_RECORDS = 10_000
"""Objects of each kind that a tenant keeps by default."""

_Cell = str | int | float | list[str] | None


class MemoryStore:
    """Holds at most `max_records` objects of each kind for a tenant; the oldest make room for new ones."""

    def __init__(self, tenants: Iterable[Tenant] = (), *, max_records: int = MAX_RECORDS) -> None:
        self._max_records = max_records
        self._lock = threading.Lock()
        self._tenants: dict[str, Tenant] = {}
        self._data: dict[str, _TenantData] = {}
        self._owners: dict[str, Tenant] = {}
        self._webhooks: dict[str, Tenant] = {}
        for tenant in tenants:
            self.add(tenant)

    def tenants(self) -> tuple[Tenant, ...]:
        """All tenants, in the order in which they came."""
        with self._lock:
            return tuple(self._tenants.values())

    def tenant_of(self, client_id: str) -> Tenant | None:
        """The tenant that has a connected app with that client id."""
        return self._owners.get(client_id)

    def tenant_of_webhook(self, webhook: str) -> Tenant | None:
        """The tenant that has a webhook with that id."""
        return self._webhooks.get(webhook)

    def add(self, tenant: Tenant) -> None:
        """Keep one more tenant. Raises TakenError when its name, a client id or a webhook id is another's."""
        clients = [app.client_id for app in tenant.connected_apps]
        with self._lock:
            _refuse_taken("name", [tenant.name], self._tenants)
            _refuse_taken("client id", clients, self._owners)
            _refuse_taken("webhook", tenant.webhooks, self._webhooks)
            self._data[tenant.name] = _TenantData(self._max_records)
            self._tenants[tenant.name] = tenant
            self._owners |= dict.fromkeys(clients, tenant)
            self._webhooks |= dict.fromkeys(tenant.webhooks, tenant)

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one of its name, whose data stays. Raises TakenError, KeyError."""
        clients = [app.client_id for app in tenant.connected_apps]
        with self._lock:
            old = self._tenants[tenant.name]
            owners = {name: each for name, each in self._owners.items() if each is not old}
            webhooks = {name: each for name, each in self._webhooks.items() if each is not old}
            _refuse_taken("client id", clients, owners)
            _refuse_taken("webhook", tenant.webhooks, webhooks)
            self._tenants[tenant.name] = tenant
            self._owners = owners | dict.fromkeys(clients, tenant)
            self._webhooks = webhooks | dict.fromkeys(tenant.webhooks, tenant)

    def snapshot(self, name: str) -> Snapshot:
        """A copy of a tenant's data as it is now."""
        return Snapshot(self._data[name].copy())

    def restore(self, name: str, snapshot: Snapshot) -> None:
        """Put data in the place of a tenant's, as often as one likes."""
        copy = cast("_TenantData", snapshot).copy()
        with self._lock:
            self._data[name] = copy

    def remove(self, name: str) -> None:
        """Forget a tenant and its data."""
        with self._lock:
            tenant = self._tenants.pop(name, None)
            if tenant is not None:
                for app in tenant.connected_apps:
                    del self._owners[app.client_id]
                for webhook in tenant.webhooks:
                    del self._webhooks[webhook]
                del self._data[name]

    def clear(self, name: str) -> None:
        """Forget the data of a tenant."""
        with self._lock:
            self._data[name] = _TenantData(self._max_records)

    def transact(self, tenant: str, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Let `decide` look at a tenant's data and apply its changes, under the tenant's lock.

        A tenant that was removed meanwhile has data that nobody will see.
        """
        data = self._data.get(tenant) or _TenantData(self._max_records)
        with data.lock:
            outcome = decide(data)
            for change in outcome.changes:
                data.apply(change, origin)
        return outcome

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """At most `limit` rows whose id is higher than `after`."""
        data = self._data[tenant]
        with data.lock:
            return data.page(collection, limit=limit, after=after)


def _refuse_taken(what: str, names: Iterable[str], taken: Mapping[str, Tenant]) -> None:
    for name in names:
        if name in taken:
            raise TakenError(what, name)


def no_data() -> Data:
    """The data of nobody."""
    return _TenantData(0)


class _Table:
    """Rows by id, oldest first, at most `limit` of them, found by what they hold in the columns `keys`."""

    def __init__(self, limit: int, keys: tuple[str, ...] = ()) -> None:
        self.rows: OrderedDict[int, dict[str, _Cell]] = OrderedDict()
        self.last_id = 0
        self._limit = limit
        self._keys = keys
        self._holders: dict[tuple[str, str], dict[int, None]] = {}

    def find(self, key: str, identifier: str | None) -> int | None:
        """The id of the row that holds the identifier in the column `key`; of several, the last that got it."""
        holders = None if identifier is None else self._holders.get((key, identifier))
        return next(reversed(holders)) if holders else None

    def add(self, values: Mapping[str, _Cell], origin: Origin) -> int:
        """Add a row; the oldest one makes room."""
        self.last_id += 1
        request, time = origin
        row = self.rows[self.last_id] = {"id": self.last_id, **values}
        row["created_at"] = row["updated_at"] = time
        row["request"] = request
        self._point(self.last_id, values)
        if len(self.rows) > self._limit:
            oldest = next(iter(self.rows))
            self._unpoint(oldest, self._keys)
            self.removed(oldest)
            del self.rows[oldest]
        return self.last_id

    def update(self, number: int, values: Mapping[str, _Cell], origin: Origin) -> None:
        """Change the given values of a row."""
        row = self.rows[number]
        pointing = [key for key in self._keys if key in values and not self._is_alone(key, row, values[key])]
        if pointing:
            self._unpoint(number, pointing)
        row.update(values)
        row["request"], row["updated_at"] = origin
        if pointing:
            self._point(number, values)

    def save(self, key: str, identifier: str, values: Mapping[str, _Cell], origin: Origin) -> int:
        """Update the row that holds the identifier, else add one; returns its id."""
        number = self.find(key, identifier)
        if number is None:
            return self.add({key: identifier, **values}, origin)
        self.update(number, values, origin)
        return number

    def removed(self, number: int) -> None:
        """Hear of a row that makes room."""

    def _is_alone(self, key: str, row: Row, cell: _Cell) -> bool:
        """Whether a row holds an identifier already, and is the only one: an update with it moves nothing."""
        return isinstance(cell, str) and row.get(key) == cell and len(self._holders[key, cell]) == 1

    def _point(self, number: int, values: Mapping[str, _Cell]) -> None:
        for key in self._keys:
            for identifier in _identifiers(values.get(key)):
                self._holders.setdefault((key, identifier), {})[number] = None

    def _unpoint(self, number: int, keys: Iterable[str]) -> None:
        for key in keys:
            for identifier in _identifiers(self.rows[number].get(key)):
                holders = self._holders[key, identifier]
                del holders[number]
                if not holders:
                    del self._holders[key, identifier]


class _Responses(_Table):
    """Survey responses, which know whether the same one was sent before."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._sent = Counter[int]()
        self._fingerprints: dict[int, int] = {}
        self._asked: tuple[Mapping[str, _Cell], int] = ({}, 0)

    def add(self, values: Mapping[str, _Cell], origin: Origin) -> int:
        """Add a response."""
        fingerprint = self._fingerprint(values)
        self._sent[fingerprint] += 1
        self._fingerprints[self.last_id + 1] = fingerprint
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

    def _fingerprint(self, values: Mapping[str, _Cell]) -> int:
        """What the same values have in common. A response is asked for just before it is added."""
        asked, fingerprint = self._asked
        if values is not asked:
            fingerprint = hash(frozenset(values.items()))
            self._asked = values, fingerprint
        return fingerprint


class _TenantData:
    """The data of one tenant."""

    def __init__(self, limit: int) -> None:
        self.lock = threading.RLock()
        self._limit = limit
        self._accounts = _Table(limit, ("account_name", "aliases"))
        self._contacts = _Table(limit, ("email", "phone"))
        self._responses = _Responses(limit)
        self._invitations = _Table(limit)
        self._activities = _Table(limit, ("reference",))
        self._tables: Mapping[Collection, _Table] = {
            Collection.ACCOUNTS: self._accounts,
            Collection.CONTACTS: self._contacts,
            Collection.RESPONSES: self._responses,
            Collection.INVITATIONS: self._invitations,
            Collection.ACTIVITIES: self._activities,
        }
        self._window = RateWindow()

    def copy(self) -> "_TenantData":
        """The same data, which goes its own way."""
        copied = _TenantData(self._limit)
        with self.lock:
            state = {name: each for name, each in vars(self).items() if each is not self.lock}
            vars(copied).update(deepcopy(state))
        return copied

    def contact(self, email: str | None, phone: str | None) -> Values | None:
        """The contact with that email, else with that phone."""
        number = self._contact_number(email, phone)
        return None if number is None else _fields(self._contacts.rows[number])

    def account_of(self, alias: str) -> str | None:
        """The name of the account that has this alias."""
        number = self._accounts.find("aliases", alias)
        return None if number is None else str(self._accounts.rows[number]["account_name"])

    def has_response(self, values: Values) -> bool:
        """Whether a response with exactly these values is kept."""
        return self._responses.has(values)

    def responses(self, after: int) -> Iterator[StoredResponse]:
        """The responses with a higher number, oldest first."""
        for number, row in self._responses.rows.items():
            if number > after:
                yield StoredResponse(number, float(str(row["created_at"])), _fields(row))

    def rate_window(self) -> RateWindow:
        """The window that requests are counted in."""
        return self._window

    def apply(self, change: Change, origin: Origin) -> None:
        """Make one change."""
        match change:
            case SaveAccount(name, values):
                self._accounts.save("account_name", name, values, origin)
            case SaveContact(email, phone, values):
                self._save_contact(email, phone, values, origin)
            case RecordResponse(values):
                self._responses.add(values, origin)
            case AddAlias(account_name, alias):
                self._add_alias(account_name, alias, origin)
            case SaveActivity(reference, values):
                self._activities.save("reference", reference, values, origin)
            case SendInvitation(values):
                self._invitations.add(values, origin)
            case CountRequest(started):
                used = self._window.used if started == self._window.started else 0
                self._window = RateWindow(started, used + 1)
            case _ as never:
                assert_never(never)

    def page(self, collection: Collection, *, limit: int, after: int) -> Page:
        """At most `limit` rows whose id is higher than `after`."""
        table = self._tables[collection]
        newer = (number for number in table.rows if number > after)
        numbers = tuple(islice(newer, limit + 1))
        shown = numbers[:limit]
        cursor = shown[-1] if len(numbers) > limit else None
        return Page(
            tuple(dict(table.rows[number]) for number in shown), cursor, table.last_id - len(table.rows)
        )

    def _add_alias(self, account_name: str, alias: str, origin: Origin) -> None:
        number = self._accounts.save("account_name", account_name, {}, origin)
        aliases = _identifiers(self._accounts.rows[number].get("aliases"))
        if alias not in aliases:
            self._accounts.update(number, {"aliases": [*aliases, alias]}, origin)

    def _save_contact(self, email: str | None, phone: str | None, values: Values, origin: Origin) -> None:
        number = self._contact_number(email, phone)
        if number is None:
            self._contacts.add(values, origin)
        else:
            self._contacts.update(number, values, origin)

    def _contact_number(self, email: str | None, phone: str | None) -> int | None:
        number = self._contacts.find("email", email)
        return self._contacts.find("phone", phone) if number is None else number


def _identifiers(cell: _Cell) -> list[str]:
    if isinstance(cell, list):
        return cell
    return [cell] if isinstance(cell, str) else []


def _fields(row: Row) -> dict[str, Value]:
    """The values of a row as the core wrote them."""
    return {
        name: cell for name, cell in row.items() if name not in _OWN and not isinstance(cell, list | float)
    }


_OWN = frozenset({"id", "created_at", "updated_at", "request"})
