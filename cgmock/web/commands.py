"""The part of the control API that changes something: tenants, their clocks and their faults."""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import Conflict, NotFound, UnprocessableEntity

from cgmock import seeds
from cgmock.clock import Clock
from cgmock.core.suggest import nearest
from cgmock.faults import KEYS, OF_THE_CONNECTION, Fault, FaultError, from_table
from cgmock.mock_api import Hosted, MockAPI
from cgmock.stores import TakenError
from cgmock.web.shapes import clock_shape, faults_shape, tenant_shape
from cgmock.wire import connection

_Reply = Response | tuple[Response, int] | tuple[str, int]


def add_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    """Add the commands to the blueprint of the control API."""
    _add_tenant_commands(blueprint, mock)
    _add_clock_commands(blueprint, mock)
    _add_fault_commands(blueprint, mock)


def hosted(mock: MockAPI, name: str) -> Hosted:
    """The tenant of that name. Raises NotFound."""
    try:
        return mock.hosted(name)
    except KeyError:
        known = ", ".join(each.name for each in mock.store.tenants()) or "none"
        raise NotFound(f"There is no tenant {name}; there are: {known}.") from None


def _add_tenant_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.post("/v1/tenants")
    def add_tenant() -> _Reply:
        try:
            tenant = seeds.tenant(_sent())
            mock.add(tenant)
        except seeds.SeedError as error:
            raise UnprocessableEntity(str(error)) from error
        except TakenError as error:
            raise Conflict(str(error)) from error
        return jsonify(tenant_shape(tenant)), 201

    @blueprint.delete("/v1/tenants/<name>")
    def remove_tenant(name: str) -> _Reply:
        mock.remove(hosted(mock, name).tenant.name)
        return "", 204

    @blueprint.post("/v1/tenants/<name>/reset")
    def reset_tenant(name: str) -> _Reply:
        mock.reset(hosted(mock, name).tenant.name)
        return "", 204


def _add_clock_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.get("/v1/tenants/<name>/clock")
    def clock(name: str) -> _Reply:
        return jsonify(clock_shape(hosted(mock, name).clock))

    @blueprint.post("/v1/tenants/<name>/clock/<any(freeze, advance, reset):action>")
    def move_clock(name: str, action: str) -> _Reply:
        clock = hosted(mock, name).clock
        try:
            _move(clock, action)
        except ValueError as error:
            raise UnprocessableEntity(str(error)) from error
        return jsonify(clock_shape(clock))


def _move(clock: Clock, action: str) -> None:
    match action:
        case "freeze":
            clock.freeze(_seconds(_sent(("at",)), "at"))
        case "advance":
            clock.advance(_seconds(_sent(("seconds",)), "seconds") or 0.0)
        case _:
            clock.reset()


def _add_fault_commands(blueprint: Blueprint, mock: MockAPI) -> None:
    @blueprint.get("/v1/tenants/<name>/faults")
    def faults(name: str) -> _Reply:
        return jsonify(faults_shape(hosted(mock, name).faults))

    @blueprint.post("/v1/tenants/<name>/faults")
    def add_fault(name: str) -> _Reply:
        plan = hosted(mock, name).faults
        plan.add(_fault(_sent(KEYS)))
        return jsonify(faults_shape(plan)), 201

    @blueprint.delete("/v1/tenants/<name>/faults")
    def clear_faults(name: str) -> _Reply:
        hosted(mock, name).faults.clear()
        return "", 204


def _sent(known: tuple[str, ...] | None = None) -> Mapping[str, object]:
    """The JSON object of a request; an empty body is an empty one."""
    try:
        content = request.get_json(force=True, silent=True) if request.get_data(cache=True) else {}
    except RecursionError as error:
        raise UnprocessableEntity("The body must be a JSON object that is not so deep.") from error
    if not isinstance(content, dict):
        raise UnprocessableEntity("The body must be a JSON object.")
    for key in content:
        if known is not None and key not in known:
            near = nearest(key, known)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}."
            raise UnprocessableEntity(f"{key} is unknown; {hint}")
    return content


def _fault(sent: Mapping[str, object]) -> Fault:
    """The fault that is described, if this server can do it."""
    try:
        fault = from_table(sent)
    except FaultError as error:
        raise UnprocessableEntity(str(error)) from error
    if fault.effect in OF_THE_CONNECTION and connection(request.environ) is None:
        raise UnprocessableEntity(
            f"effect {fault.effect} needs a server that lends its connections: cgmock serve --server werkzeug."
        )
    return fault


def _seconds(sent: Mapping[str, object], name: str) -> float | None:
    value = sent.get(name)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGE:
        return float(value)
    raise UnprocessableEntity(f"{name} must be a number of seconds.")


_LARGE = 1e11
"""Seconds of some three thousand years: further than any clock goes."""
