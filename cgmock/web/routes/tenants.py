"""Views that show and change tenants: their parts, data, checkpoints, clocks and faults."""

from flask import request
from werkzeug.exceptions import UnprocessableEntity

from cgmock import seeds
from cgmock.control.serialization import EntryJson, serialize_entry
from cgmock.faults import KEYS as FAULT_KEYS, OF_THE_CONNECTION, from_table
from cgmock.faults.connection import connection
from cgmock.mock_api import MockAPI
from cgmock.seeds.tenant_tables import KEYS, Part, all_of, one_of, put, shown, without
from cgmock.stores.base import Collection
from cgmock.web.params import MAX_LEASE, hosted, json_body, require_known, seconds
from cgmock.web.serializers import (
    CheckpointJson,
    ClockJson,
    JsonObject,
    serialize_checkpoint,
    serialize_clock,
    serialize_faults,
    serialize_row,
)


def tenants(mock: MockAPI) -> list[JsonObject]:
    """List all tenants, without their secrets."""
    mock.store.remove_expired()
    return [shown(each) for each in mock.store.tenants()]


def tenant(mock: MockAPI, name: str) -> JsonObject:
    """Return a tenant, without its secrets."""
    return shown(hosted(mock, name).tenant)


def add_tenant(mock: MockAPI, lease: int) -> JsonObject:
    """Add a tenant. The body is a table as in a seed."""
    tenant = seeds.tenant(json_body())
    mock.store.remove_expired()
    mock.store.add(tenant, lease or None)
    return shown(tenant)


def lease_tenant(mock: MockAPI, name: str) -> None:
    """Remove a tenant after a number of seconds of system time, unless its lease is renewed."""
    lease = json_body(("seconds",)).get("seconds")
    if not isinstance(lease, int) or isinstance(lease, bool) or not 1 <= lease <= MAX_LEASE:
        raise UnprocessableEntity(f"seconds must be an integer from 1 to {MAX_LEASE}.")
    mock.store.lease(hosted(mock, name).tenant.name, lease)
    mock.store.remove_expired()


def replace_tenant(mock: MockAPI, name: str) -> JsonObject:
    """Replace the configuration of a tenant. Its data and journal are unchanged."""
    table = {"name": hosted(mock, name).tenant.name, **json_body()}
    if not request.get_data():
        raise UnprocessableEntity("The body must be a JSON object: all that the tenant is to be.")
    tenant = seeds.tenant(table)
    if tenant.name != name:
        raise UnprocessableEntity(f"name must be {name}, as in the path.")
    mock.store.change(name, lambda _: tenant)
    return shown(tenant)


def remove_tenant(mock: MockAPI, name: str) -> None:
    """Remove a tenant with its data, journal, clock and faults."""
    mock.store.remove(hosted(mock, name).tenant.name)


def reset_tenant(mock: MockAPI, name: str) -> None:
    """Reset a tenant to its seed."""
    mock.store.reset(hosted(mock, name).tenant.name)


def rows(mock: MockAPI, name: str, collection: Collection, limit: int, cursor: int) -> JsonObject:
    """List the {collection} of a tenant as they are stored, oldest first."""
    page = mock.store.page(hosted(mock, name).tenant.name, collection, limit=limit, after=cursor)
    data = [serialize_row(row, mock.redact) for row in page.rows]
    return {"data": data, "next_cursor": page.next_cursor, "dropped": page.dropped}


def try_record(mock: MockAPI, name: str) -> EntryJson:
    """Send a record as a client of the tenant, and return the journal entry. Faults that delay do not apply."""
    given = json_body(("configuration", "record"))
    configuration, record = given.get("configuration"), given.get("record")
    if not isinstance(configuration, str) or not isinstance(record, dict):
        raise UnprocessableEntity("configuration must be a text, and record an object.")
    return serialize_entry(mock.try_record(hosted(mock, name).tenant.name, configuration, record))


def list_parts(mock: MockAPI, name: str, part: Part) -> list[JsonObject]:
    """List the {part} of a tenant."""
    return list(all_of(hosted(mock, name).tenant, part).values())


def get_part(mock: MockAPI, name: str, part: Part, key: str) -> JsonObject:
    """Return one of the {part} of a tenant, without secrets."""
    return one_of(hosted(mock, name).tenant, part, key)


def put_part(mock: MockAPI, name: str, part: Part, key: str) -> tuple[JsonObject, int]:
    """Add or replace one of the {part} of a tenant."""
    tenant = hosted(mock, name).tenant
    if part is Part.POLICIES:
        one_of(tenant, part, key)
    value = _value(part, key)
    changed = mock.store.change(name, lambda tenant: put(tenant, part, key, value))
    return one_of(changed, part, key), 200 if key in all_of(tenant, part) else 201


def delete_part(mock: MockAPI, name: str, part: Part, key: str) -> None:
    """Delete one of the {part} of a tenant. A policy returns to its default."""
    mock.store.change(hosted(mock, name).tenant.name, lambda tenant: without(tenant, part, key))


def _value(part: Part, key: str) -> object:
    given = json_body()
    if part in KEYS:
        return given
    require_known(given, ("name", "value") if part is Part.POLICIES else ("name",))
    if given.get("name", key) != key:
        raise UnprocessableEntity(f"name must be {key}, as in the path.")
    return given.get("value")


def checkpoints(mock: MockAPI, name: str) -> list[CheckpointJson]:
    """List the checkpoints of a tenant."""
    return [serialize_checkpoint(*each) for each in list(hosted(mock, name).checkpoints.items())]


def save_checkpoint(mock: MockAPI, name: str, checkpoint: str) -> CheckpointJson:
    """Save the configuration and the data of a tenant as a checkpoint."""
    return serialize_checkpoint(checkpoint, mock.store.save(hosted(mock, name).tenant.name, checkpoint))


def restore_checkpoint(mock: MockAPI, name: str, checkpoint: str) -> None:
    """Restore a checkpoint. The journal, clock and faults of the tenant are unchanged."""
    mock.store.restore(hosted(mock, name).tenant.name, checkpoint)


def delete_checkpoint(mock: MockAPI, name: str, checkpoint: str) -> None:
    """Delete a checkpoint."""
    mock.store.forget(hosted(mock, name).tenant.name, checkpoint)


def clock(mock: MockAPI, name: str) -> ClockJson:
    """Return the time of a tenant."""
    return serialize_clock(hosted(mock, name).clock)


def freeze_clock(mock: MockAPI, name: str) -> ClockJson:
    """Freeze the clock of a tenant at `at` (Unix seconds), or at its current time."""
    clock = hosted(mock, name).clock
    clock.freeze(seconds(json_body(("at",)), "at"))
    return serialize_clock(clock)


def advance_clock(mock: MockAPI, name: str) -> ClockJson:
    """Move the clock of a tenant forward or back, between 1970 and the year 3000."""
    clock = hosted(mock, name).clock
    clock.advance(seconds(json_body(("seconds",)), "seconds") or 0.0)
    return serialize_clock(clock)


def reset_clock(mock: MockAPI, name: str) -> ClockJson:
    """Return the clock of a tenant to system time."""
    clock = hosted(mock, name).clock
    clock.reset()
    return serialize_clock(clock)


def faults(mock: MockAPI, name: str) -> JsonObject:
    """List the planned faults of a tenant, and the faults that requests have met."""
    return serialize_faults(hosted(mock, name).faults, mock.redact)


def add_fault(mock: MockAPI, name: str) -> JsonObject:
    """Plan a fault for the next requests to an endpoint, or to any endpoint."""
    plan, fault = hosted(mock, name).faults, from_table(json_body(FAULT_KEYS))
    if fault.effect in OF_THE_CONNECTION and connection(request.environ) is None:
        raise UnprocessableEntity(
            f"effect {fault.effect} needs a server that lends its connections: cgmock serve --server werkzeug."
        )
    plan.add(fault)
    return serialize_faults(plan, mock.redact)


def clear_faults(mock: MockAPI, name: str) -> None:
    """Remove all planned faults."""
    hosted(mock, name).faults.clear()
