"""The checkpoints of a tenant: its description, and a dataset of their own."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from cgmock.core.tenant import Tenant
from cgmock.stores.base import MAX_CHECKPOINTS, CheckpointError, TooManyError
from cgmock.stores.sql import schema
from cgmock.stores.sql.packing import digest, packed_tenant, unpacked_tenant
from cgmock.stores.sql.tables import clear_dataset, copy_dataset
from cgmock.stores.sql.tenancy import forget_dataset, new_dataset
from cgmock.stores.sql.transactions import SqlTransaction

_CHECKPOINTS = schema.checkpoints.c


class SqlCheckpoint(NamedTuple):
    """When a tenant was what is kept, on its clock, in Unix seconds."""

    saved_at: float


def all_of(connection: Connection, tenant: int) -> Mapping[str, SqlCheckpoint]:
    """The checkpoints of a tenant by name, in the order in which they came."""
    query = select(_CHECKPOINTS.name, _CHECKPOINTS.saved_at).where(_CHECKPOINTS.tenant == tenant)
    rows = connection.execute(query.order_by(_CHECKPOINTS.dataset)).all()
    return {json.loads(name): SqlCheckpoint(saved_at) for name, saved_at in rows}


def save(tx: SqlTransaction, tenant: Tenant, checkpoint: str) -> SqlCheckpoint:
    """Save the configuration and data of a tenant as a checkpoint. Raises TooManyError."""
    connection, place = tx.connection, tx.place
    dataset = connection.scalar(select(_CHECKPOINTS.dataset).where(*_is_named(place.tenant, checkpoint)))
    if dataset is None:
        dataset = _begun(connection, place.tenant, checkpoint)
    clear_dataset(connection, dataset)
    copy_dataset(connection, place.dataset, dataset)
    saved = SqlCheckpoint(tx.now())
    connection.execute(
        update(schema.checkpoints)
        .where(_CHECKPOINTS.dataset == dataset)
        .values(saved_at=saved.saved_at, description=packed_tenant(tenant), data=json.dumps(tx.data_state))
    )
    return saved


def restore(tx: SqlTransaction, checkpoint: str) -> Tenant:
    """Have the data be what it was; returns what the tenant was. Raises CheckpointError."""
    connection, place = tx.connection, tx.place
    query = select(_CHECKPOINTS.dataset, _CHECKPOINTS.description, _CHECKPOINTS.data)
    kept = connection.execute(query.where(*_is_named(place.tenant, checkpoint))).one_or_none()
    if kept is None:
        raise CheckpointError(checkpoint, tuple(all_of(connection, place.tenant)))
    clear_dataset(connection, place.dataset)
    copy_dataset(connection, kept.dataset, place.dataset)
    tx.data_state = json.loads(kept.data)
    return unpacked_tenant(kept.description)


def forget(tx: SqlTransaction, checkpoint: str) -> None:
    """Keep a checkpoint no more. Raises CheckpointError."""
    connection, tenant = tx.connection, tx.place.tenant
    if not _forget(connection, _is_named(tenant, checkpoint)):
        raise CheckpointError(checkpoint, tuple(all_of(connection, tenant)))


def forget_all(tx: SqlTransaction) -> None:
    """Keep none."""
    _forget(tx.connection, [_CHECKPOINTS.tenant == tx.place.tenant])


def _begun(connection: Connection, tenant: int, checkpoint: str) -> int:
    """The dataset of one more checkpoint, of which nothing but the name is written yet. Raises TooManyError."""
    number = select(func.count()).select_from(schema.checkpoints).where(_CHECKPOINTS.tenant == tenant)
    if connection.scalars(number).one() == MAX_CHECKPOINTS:
        raise TooManyError
    dataset = new_dataset(connection)
    name = {"tenant": tenant, "digest": digest(checkpoint), "name": json.dumps(checkpoint)}
    nothing = {"saved_at": 0.0, "description": "", "data": ""}
    connection.execute(insert(schema.checkpoints), [{"dataset": dataset, **name, **nothing}])
    return dataset


def _is_named(tenant: int, checkpoint: str) -> Iterable[ColumnElement[bool]]:
    return (_CHECKPOINTS.tenant == tenant, _CHECKPOINTS.digest == digest(checkpoint))


def _forget(connection: Connection, which: Iterable[ColumnElement[bool]]) -> bool:
    """Forget some; whether there was any."""
    datasets = connection.scalars(
        delete(schema.checkpoints).where(*which).returning(_CHECKPOINTS.dataset)
    ).all()
    for dataset in datasets:
        forget_dataset(connection, dataset)
    return bool(datasets)
