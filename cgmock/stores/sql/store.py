"""A store in a database, which any number of processes and machines share."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, select

from cgmock.clock import Clock
from cgmock.core.routing import Credential
from cgmock.core.tenant import Tenant
from cgmock.stores.base import MAX_JOURNAL, MAX_RECORDS, Collection, NoTenantError, Page
from cgmock.stores.sql import checkpoints, schema, tenancy
from cgmock.stores.sql.database import Database
from cgmock.stores.sql.hosted import SqlHostedTenant
from cgmock.stores.sql.journals import SqlJournal
from cgmock.stores.sql.packing import packed_tenant, unpacked_tenant
from cgmock.stores.sql.tables import clear_dataset
from cgmock.stores.sql.transactions import (
    NO_DATA,
    Limits,
    Place,
    SqlTransaction,
    data_of,
    locked_by_id,
    locked_by_name,
)

_T = TypeVar("_T")
_TENANTS, _STATES = schema.tenants.c, schema.states.c


class SqlStore:
    """Holds at most `max_records` objects of each kind, and `max_journal` entries of its journal, for a tenant.

    The oldest make room for new ones. `clock` gives the time in Unix seconds, from which each tenant's clock starts.
    The database must have been prepared. Whatever is asked for may raise StoreError.
    """

    def __init__(
        self,
        database: Database,
        *,
        max_records: int = MAX_RECORDS,
        max_journal: int = MAX_JOURNAL,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._database = database
        self._limits = Limits(max_records, max_journal)
        self._clock = Clock if clock is None else partial(Clock, clock)
        self._learning = threading.Lock()
        self._described: dict[int, tuple[str, Tenant]] = {}
        self._generation = ""
        self.secrets: frozenset[str] = frozenset()
        self.signing_key: str = ""
        self._learn_now()

    @property
    def unclaimed(self) -> SqlJournal:
        """The journal of the requests with unknown credentials."""
        visit = partial(self._visit, schema.NOBODY, "")
        return SqlJournal(self._database, schema.NOBODY, lambda: visit(lambda tx: tx.journal.clear()))

    def seed(self, tenants: Iterable[Tenant]) -> None:
        """Keep the tenants of a seed. One that is there stays what it is, unless its seed was another. Raises NameTakenError."""
        for tenant in tenants:
            self._database.write(partial(tenancy.seed, tenant=tenant))

    def check(self) -> None:
        """Check that the database is usable, within 5 seconds. Raises StoreError."""
        self._database.check()

    def tenants(self) -> tuple[Tenant, ...]:
        """Return all tenants, in the order in which they were added."""

        def look(connection: Connection) -> tuple[Tenant, ...]:
            query = select(_STATES.tenant, _STATES.revision).where(_STATES.tenant != schema.NOBODY)
            rows = connection.execute(query.order_by(_STATES.tenant)).all()
            return tuple(self._tenant(connection, *row) for row in rows)

        return self._look(look)

    def hosted(self, name: str) -> SqlHostedTenant:
        """Return the tenant with this name. Raises NoTenantError."""
        number = self._look(lambda connection: tenancy.id_of(connection, name))
        look, visit = partial(self._look_at, number, name), partial(self._visit, number, name)
        return SqlHostedTenant(self._database, number, self._tenant, look, visit)

    def add(self, tenant: Tenant, lease: float | None = None) -> None:
        """Add a tenant, with a lease of `lease` seconds of system time unless it is None.

        Raises NameTakenError if another tenant has its name, a client ID or a webhook ID.
        """
        leased_until = None if lease is None else self._clock().now() + lease

        def act(connection: Connection) -> None:
            tenancy.add(connection, tenant, leased_until)
            self._learn(connection)

        self._database.write(act)

    def lease(self, name: str, seconds: float) -> None:
        """Set the lease of a tenant to a number of seconds of system time. Raises NoTenantError."""
        until = self._clock().now() + seconds
        number = self._database.read(lambda connection: tenancy.id_of(connection, name))
        self._visit(number, name, lambda tx: tenancy.lease(tx.connection, number, until))

    def remove_expired(self) -> None:
        """Remove the tenants with an expired lease."""
        now = self._clock().now()

        def act(connection: Connection) -> None:
            tenancy.lock(connection)
            for number in tenancy.expired(connection, now):
                self._run(connection, locked_by_id(connection, number), _forget, "")
            self._learn(connection)

        if self._database.read(lambda connection: tenancy.expired(connection, now)):
            self._database.write(act)

    def change(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Replace a tenant atomically with the result of a function. Its data, journal, clock and faults are unchanged.

        Raises NoTenantError, NameTakenError, and the errors of `change`.
        """

        def act(tx: SqlTransaction, tenant: Tenant) -> Tenant:
            changed = change(tenant)
            tenancy.describe(tx.connection, tx.place.tenant, changed)
            return changed

        return self._administer(name, act)

    def remove(self, name: str) -> None:
        """Remove a tenant and everything that belongs to it."""
        with suppress(NoTenantError):
            self._administer(name, lambda tx, _: _forget(tx))

    def reset(self, name: str) -> None:
        """Reset a tenant to its seed. Its data, journal, faults and checkpoints are deleted.

        Raises NoTenantError, NameTakenError.
        """

        def act(tx: SqlTransaction, tenant: Tenant) -> None:
            seed = tenancy.seed_of(tx.connection, tx.place.tenant)
            if packed_tenant(tenant) != seed:
                tenancy.describe(tx.connection, tx.place.tenant, unpacked_tenant(seed))
            checkpoints.forget_all(tx)
            clear_dataset(tx.connection, tx.place.dataset)
            tx.data_state = NO_DATA
            tx.journal.clear()
            tx.faults.clear()
            tx.clock.reset()

        self._administer(name, act)

    def save(self, name: str, checkpoint: str) -> checkpoints.SqlCheckpoint:
        """Save the tenant's configuration and data as a named checkpoint. Raises NoTenantError, TooManyError."""
        return self._administer(name, lambda tx, tenant: checkpoints.save(tx, tenant, checkpoint))

    def restore(self, name: str, checkpoint: str) -> None:
        """Restore a checkpoint. The journal, clock and faults are unchanged.

        Raises NoTenantError, CheckpointError, NameTakenError.
        """

        def act(tx: SqlTransaction, _: Tenant) -> None:
            tenancy.describe(tx.connection, tx.place.tenant, checkpoints.restore(tx, checkpoint))

        self._administer(name, act)

    def forget(self, name: str, checkpoint: str) -> None:
        """Delete a checkpoint. Raises NoTenantError, CheckpointError."""
        self._administer(name, lambda tx, _: checkpoints.forget(tx, checkpoint))

    @contextmanager
    def transaction(self, credential: Credential) -> Iterator[SqlTransaction]:
        """Open a transaction of the tenant that a credential belongs to, or of no tenant."""
        client_id, webhook, _ = credential
        kind, found = (tenancy.CLIENT_ID, client_id) if webhook is None else (tenancy.WEBHOOK, webhook)

        def begin(connection: Connection) -> SqlTransaction:
            place = locked_by_name(connection, kind, found) if found else None
            return self._begin(connection, place or locked_by_id(connection, schema.NOBODY))

        with self._database.transaction(begin) as tx:
            yield tx
            tx.save()

    def page(self, tenant: str, collection: Collection, *, limit: int, after: int) -> Page:
        """Return at most `limit` rows with an ID above `after`. Raises NoTenantError."""

        def look(connection: Connection) -> Page:
            data = data_of(connection, tenancy.id_of(connection, tenant), self._limits)
            return data.page(collection, limit=limit, after=after)

        return self._look(look)

    def _look(self, act: Callable[[Connection], _T]) -> _T:
        """Look at something, and know the secrets that may be in it."""
        generation, seen = self._database.read(
            lambda connection: (tenancy.generation(connection), act(connection))
        )
        if generation != self._generation:
            self._learn_now()
        return seen

    def _visit(self, number: int, name: str, act: Callable[[SqlTransaction], _T]) -> _T:
        """Run a command on one tenant in a transaction. Raises NoTenantError."""
        return self._database.write(
            lambda connection: self._run(connection, locked_by_id(connection, number), act, name)
        )

    def _administer(self, name: str, act: Callable[[SqlTransaction, Tenant], _T]) -> _T:
        """Run a command on one tenant in a transaction that excludes all other such commands. Raises NoTenantError."""

        def take(connection: Connection) -> _T:
            tenancy.lock(connection)
            place = locked_by_id(connection, tenancy.id_of(connection, name))

            def act_on_tenant(tx: SqlTransaction) -> _T:
                number, _, revision, *_ = tx.place
                return act(tx, self._tenant(connection, number, revision))

            done = self._run(connection, place, act_on_tenant, name)
            self._learn(connection)
            return done

        return self._database.write(take)

    def _begin(self, connection: Connection, place: Place | None, name: str = "") -> SqlTransaction:
        """Begin a transaction of the tenant whose row is locked. Raises NoTenantError."""
        if place is None:
            raise NoTenantError(name)
        is_somebody = place.tenant != schema.NOBODY
        tenant = self._tenant(connection, place.tenant, place.revision) if is_somebody else None
        has_new_secrets = tenant is not None and not self.secrets.issuperset(tenant.secrets)
        if place.generation != self._generation or has_new_secrets:
            self._learn(connection)
        return SqlTransaction(connection, place, tenant, self._limits, self._clock)

    def _run(
        self, connection: Connection, place: Place | None, act: Callable[[SqlTransaction], _T], name: str
    ) -> _T:
        tx = self._begin(connection, place, name)
        result = act(tx)
        tx.save()
        return result

    def _look_at(self, number: int, name: str, act: Callable[[Connection, str], _T]) -> _T:
        """Let a command look at a tenant in a revision. Raises NoTenantError."""

        def look(connection: Connection) -> _T:
            revision = connection.scalar(select(_STATES.revision).where(_STATES.tenant == number))
            if revision is None:
                raise NoTenantError(name)
            return act(connection, revision)

        return self._database.read(look)

    def _tenant(self, connection: Connection, number: int, revision: str) -> Tenant:
        """What a tenant is in a revision, which is read once."""
        known = self._described.get(number)
        if known is not None and known[0] == revision:
            return known[1]
        query = select(_TENANTS.description).where(_TENANTS.id == number)
        tenant = unpacked_tenant(connection.scalars(query).one())
        self._described[number] = (revision, tenant)
        return tenant

    def _learn(self, connection: Connection) -> None:
        """Read the signing key and the secrets of all tenants, and forget the tenants that are gone."""
        with self._learning:
            self._read_all(connection)

    def _learn_now(self) -> None:
        """Do the same without a connection that writes, for which others may wait.

        The lock comes before the snapshot: no snapshot is older than what was learned before.
        """
        with self._learning:
            self._database.read(self._read_all)

    def _read_all(self, connection: Connection) -> None:
        generation = tenancy.generation(connection)
        rows = connection.execute(select(_TENANTS.id, _TENANTS.secrets)).all()
        described = {number: self._described.get(number) for number, _ in rows}
        self._described = {number: each for number, each in described.items() if each is not None}
        self.secrets = frozenset(secret for _, packed in rows for secret in json.loads(packed))
        self.signing_key = tenancy.signing_key(connection)
        self._generation = generation


def _forget(tx: SqlTransaction) -> None:
    """Remove a tenant and everything that belongs to it."""
    checkpoints.forget_all(tx)
    tenancy.forget(tx.connection, tx.place.tenant, tx.place.dataset)
