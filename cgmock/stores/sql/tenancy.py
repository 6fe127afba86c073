"""Who the tenants of a database are: their names, their descriptions, their secrets. One at a time changes them."""

import json
import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from cgmock.core.tenant import Tenant
from cgmock.stores.base import NameTakenError, NoTenantError
from cgmock.stores.sql import schema
from cgmock.stores.sql.packing import digest, packed_tenant
from cgmock.stores.sql.tables import clear_dataset

NAME, CLIENT_ID, WEBHOOK = "name", "client id", "webhook"
"""What leads to a tenant."""

_ABOUT, _TENANTS, _STATES, _NAMES = schema.about.c, schema.tenants.c, schema.states.c, schema.names.c


def lock(connection: Connection) -> None:
    """Wait until nobody else changes who the tenants are."""
    connection.execute(select(_ABOUT.version).with_for_update())


def generation(connection: Connection) -> str:
    """What is another one after each change of who the tenants and what their secrets are."""
    current: str = connection.scalars(select(_ABOUT.generation)).one()
    return current


def id_of(connection: Connection, name: str) -> int:
    """The id of a tenant. Raises NoTenantError."""
    query = select(_NAMES.tenant).where(_NAMES.kind == NAME, _NAMES.digest == digest(name))
    found: int | None = connection.scalar(query)
    if found is None:
        raise NoTenantError(name)
    return found


def signing_key(connection: Connection) -> str:
    """The key that signs tokens, which was made with the tables."""
    kept: str = connection.scalars(select(_ABOUT.signing_key)).one()
    return kept


def seed(connection: Connection, tenant: Tenant) -> None:
    """Keep the tenant of a seed; one that is there stays what it is, unless its seed was another. Raises NameTakenError."""
    lock(connection)
    packed = packed_tenant(tenant)
    try:
        number = id_of(connection, tenant.name)
    except NoTenantError:
        add(connection, tenant)
        return
    if seed_of(connection, number) != packed:
        describe(connection, number, tenant)
        connection.execute(update(schema.tenants).where(_TENANTS.id == number).values(seed=packed))


def add(connection: Connection, tenant: Tenant, leased_until: float | None = None) -> None:
    """Keep one more tenant. Raises NameTakenError."""
    lock(connection)
    packed, dataset = packed_tenant(tenant), new_dataset(connection)
    new = insert(schema.tenants).values(
        description=packed, seed=packed, secrets="[]", leased_until=leased_until
    )
    number = connection.execute(new.returning(_TENANTS.id)).scalar_one()
    connection.execute(insert(schema.states).values(tenant=number, dataset=dataset, revision="", state="{}"))
    describe(connection, number, tenant)


def lease(connection: Connection, number: int, until: float) -> None:
    """Keep a tenant until a time of the machine's clock."""
    connection.execute(update(schema.tenants).where(_TENANTS.id == number).values(leased_until=until))


def expired(connection: Connection, now: float) -> Sequence[int]:
    """The ids of the tenants whose lease is over."""
    return connection.scalars(select(_TENANTS.id).where(_TENANTS.leased_until < now)).all()


def describe(connection: Connection, number: int, tenant: Tenant) -> None:
    """Have a tenant be what is described, under the lock. Raises NameTakenError."""
    _claim(connection, number, tenant)
    of_tenant = _TENANTS.id == number
    known = set(json.loads(connection.scalars(select(_TENANTS.secrets).where(of_tenant)).one()))
    had = sorted(known.union(tenant.secrets))
    connection.execute(
        update(schema.tenants)
        .where(of_tenant)
        .values(description=packed_tenant(tenant), secrets=json.dumps(had))
    )
    connection.execute(update(schema.states).where(_STATES.tenant == number).values(revision=_mark()))
    _begin_generation(connection)


def seed_of(connection: Connection, number: int) -> str:
    """What a tenant was when it came."""
    packed: str = connection.scalars(select(_TENANTS.seed).where(_TENANTS.id == number)).one()
    return packed


def forget(connection: Connection, number: int, dataset: int) -> None:
    """Forget a tenant and all that is its own but its checkpoints, under the lock."""
    forget_dataset(connection, dataset)
    for table in (schema.entries, schema.names, schema.states):
        connection.execute(delete(table).where(table.c.tenant == number))
    connection.execute(delete(schema.tenants).where(_TENANTS.id == number))
    _begin_generation(connection)


def new_dataset(connection: Connection) -> int:
    """An empty dataset."""
    new = insert(schema.datasets).values().returning(schema.datasets.c.id)
    number: int = connection.execute(new).scalar_one()
    return number


def forget_dataset(connection: Connection, dataset: int) -> None:
    """Delete a dataset."""
    clear_dataset(connection, dataset)
    connection.execute(delete(schema.datasets).where(schema.datasets.c.id == dataset))


def _claim(connection: Connection, number: int, tenant: Tenant) -> None:
    """Have what leads to a tenant lead to it, and nothing else. Raises NameTakenError."""
    connection.execute(delete(schema.names).where(_NAMES.tenant == number))
    claimed = [(NAME, tenant.name)]
    claimed += [(CLIENT_ID, app.client_id) for app in tenant.connected_apps]
    claimed += [(WEBHOOK, webhook) for webhook in tenant.webhooks]
    for kind, name in claimed:
        key = {"kind": kind, "digest": digest(name)}
        taken = select(_NAMES.tenant).where(_NAMES.kind == kind, _NAMES.digest == key["digest"])
        if connection.scalar(taken) is not None:
            raise NameTakenError(kind, name)
        connection.execute(insert(schema.names), [{**key, "tenant": number}])


def _begin_generation(connection: Connection) -> None:
    connection.execute(update(schema.about).values(generation=_mark()))


def _mark() -> str:
    return secrets.token_hex(8)
