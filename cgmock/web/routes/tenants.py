"""The part of the control API that changes something: tenants, their clocks and their faults."""

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import NotFound, UnprocessableEntity

from cgmock import faults, seeds
from cgmock.clock import ClockControl
from cgmock.core.tenant import Tenant
from cgmock.faults import OF_THE_CONNECTION, Fault, from_table
from cgmock.faults.connection import connection
from cgmock.mock_api import MockAPI
from cgmock.seeds.tenant_tables import KEYS, Part, all_of, put, shown, without
from cgmock.web.params import Reply, hosted, http_errors, json_body, require_known, seconds
from cgmock.web.serializers import serialize_checkpoint, serialize_clock, serialize_entry, serialize_faults

_PART = "<any(connected_apps, configurations, touchpoints, webhooks, policies):part>"


def add_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    """Add the commands to the blueprint of the control API."""
    _add_tenant_commands(blueprint, mock)
    _add_part_commands(blueprint, mock)
    _add_checkpoint_commands(blueprint, mock)
    _add_clock_commands(blueprint, mock)
    _add_fault_commands(blueprint, mock)
    _add_attempts(blueprint, mock)


def _add_attempts(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.post("/v1/tenants/<name>/try")
    def try_record(name: str) -> Reply:
        given = json_body(("configuration", "record"))
        configuration, record = given.get("configuration"), given.get("record")
        if not isinstance(configuration, str) or not isinstance(record, dict):
            raise UnprocessableEntity("configuration must be a text, and record an object.")
        tenant = hosted(mock, name).tenant
        with http_errors():
            return jsonify(serialize_entry(mock.try_record(tenant.name, configuration, record)))


def _add_tenant_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.post("/v1/tenants")
    def add_tenant() -> Reply:
        with http_errors():
            tenant = seeds.tenant(json_body())
            mock.store.add(tenant)
        return jsonify(shown(tenant)), 201

    @blueprint.put("/v1/tenants/<name>")
    def replace_tenant(name: str) -> Reply:
        table = {"name": hosted(mock, name).tenant.name, **json_body()}
        if not request.get_data():
            raise UnprocessableEntity("The body must be a JSON object: all that the tenant is to be.")
        with http_errors():
            tenant = seeds.tenant(table)
            if tenant.name != name:
                raise UnprocessableEntity(f"name must be {name}, as in the path.")
            mock.store.change(name, lambda _: tenant)
        return jsonify(shown(tenant))

    @blueprint.delete("/v1/tenants/<name>")
    def remove_tenant(name: str) -> Reply:
        mock.store.remove(hosted(mock, name).tenant.name)
        return "", 204

    @blueprint.post("/v1/tenants/<name>/reset")
    def reset_tenant(name: str) -> Reply:
        with http_errors():
            mock.store.reset(hosted(mock, name).tenant.name)
        return "", 204


def _add_part_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    path = f"/v1/tenants/<name>/{_PART}"

    @blueprint.get(path)
    def parts(name: str, part: str) -> Reply:
        return jsonify(data=list(all_of(hosted(mock, name).tenant, Part(part)).values()))

    @blueprint.get(f"{path}/<path:key>")
    def part(name: str, part: str, key: str) -> Reply:
        return jsonify(_one(hosted(mock, name).tenant, Part(part), key))

    @blueprint.put(f"{path}/<path:key>")
    def put_part(name: str, part: str, key: str) -> Reply:
        tenant, kind = hosted(mock, name).tenant, Part(part)
        if kind is Part.POLICIES:
            _one(tenant, kind, key)
        value = _value(kind, key)
        with http_errors():
            changed = mock.store.change(name, lambda tenant: put(tenant, kind, key, value))
        return jsonify(_one(changed, kind, key)), 200 if key in all_of(tenant, kind) else 201

    @blueprint.delete(f"{path}/<path:key>")
    def delete_part(name: str, part: str, key: str) -> Reply:
        tenant, kind = hosted(mock, name).tenant, Part(part)
        _one(tenant, kind, key)
        with http_errors():
            mock.store.change(name, lambda tenant: without(tenant, kind, key))
        return "", 204


def _value(part: Part, key: str) -> object:
    """What a body says of a part."""
    given = json_body()
    if part in KEYS:
        return given
    require_known(given, ("name", "value") if part is Part.POLICIES else ("name",))
    if given.get("name", key) != key:
        raise UnprocessableEntity(f"name must be {key}, as in the path.")
    return given.get("value")


def _one(tenant: Tenant, part: Part, key: str) -> object:
    found = all_of(tenant, part)
    if key in found:
        return found[key]
    known = ", ".join(found) or "none"
    raise NotFound(f"There is no {key} in {part} of {tenant.name}; there are: {known}.")


def _add_checkpoint_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.get("/v1/tenants/<name>/checkpoints")
    def checkpoints(name: str) -> Reply:
        kept = hosted(mock, name).checkpoints
        return jsonify(data=[serialize_checkpoint(*each) for each in list(kept.items())])

    @blueprint.put("/v1/tenants/<name>/checkpoints/<checkpoint>")
    def save_checkpoint(name: str, checkpoint: str) -> Reply:
        saved = hosted(mock, name)
        with http_errors():
            mock.store.save(name, checkpoint)
        return jsonify(serialize_checkpoint(checkpoint, saved.checkpoints[checkpoint]))

    @blueprint.post("/v1/tenants/<name>/checkpoints/<checkpoint>/restore")
    def restore_checkpoint(name: str, checkpoint: str) -> Reply:
        with http_errors():
            mock.store.restore(hosted(mock, name).tenant.name, checkpoint)
        return "", 204

    @blueprint.delete("/v1/tenants/<name>/checkpoints/<checkpoint>")
    def delete_checkpoint(name: str, checkpoint: str) -> Reply:
        with http_errors():
            mock.store.forget(hosted(mock, name).tenant.name, checkpoint)
        return "", 204


def _add_clock_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.get("/v1/tenants/<name>/clock")
    def clock(name: str) -> Reply:
        return jsonify(serialize_clock(hosted(mock, name).clock))

    @blueprint.post("/v1/tenants/<name>/clock/<any(freeze, advance, reset):action>")
    def move_clock(name: str, action: str) -> Reply:
        clock = hosted(mock, name).clock
        try:
            _move(clock, action)
        except ValueError as error:
            raise UnprocessableEntity(str(error)) from error
        return jsonify(serialize_clock(clock))


def _move(clock: ClockControl, action: str) -> None:
    match action:
        case "freeze":
            clock.freeze(seconds(json_body(("at",)), "at"))
        case "advance":
            clock.advance(seconds(json_body(("seconds",)), "seconds") or 0.0)
        case _:
            clock.reset()


def _add_fault_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.get("/v1/tenants/<name>/faults")
    def faults(name: str) -> Reply:
        return jsonify(serialize_faults(hosted(mock, name).faults, mock.redact))

    @blueprint.post("/v1/tenants/<name>/faults")
    def add_fault(name: str) -> Reply:
        plan = hosted(mock, name).faults
        plan.add(_fault())
        return jsonify(serialize_faults(plan, mock.redact)), 201

    @blueprint.delete("/v1/tenants/<name>/faults")
    def clear_faults(name: str) -> Reply:
        hosted(mock, name).faults.clear()
        return "", 204


def _fault() -> Fault:
    """The fault that is described, if this server can do it."""
    with http_errors():
        fault = from_table(json_body(faults.KEYS))
    if fault.effect in OF_THE_CONNECTION and connection(request.environ) is None:
        raise UnprocessableEntity(
            f"effect {fault.effect} needs a server that lends its connections: cgmock serve --server werkzeug."
        )
    return fault
