"""The document of the control API."""

from functools import cache

from cgmock.stores import Collection
from cgmock.web.control import DEFAULT_LIMIT, MAX_CURSOR, MAX_LIMIT, MAX_WAIT
from cgmock.web.openapi.control_schemas import MOMENT, NAME, SPAN, control_schemas
from cgmock.web.openapi.words import (
    COUNT,
    JSON,
    Node,
    answer,
    closed,
    document,
    listed,
    path,
    query,
    sample,
    schema,
)
from cgmock.wsgi import CONTROL

_TENANTS = f"{CONTROL}/v1/tenants"
_TENANT = f"{_TENANTS}/{{name}}"
_DESCRIPTION = (
    "What a fake CustomerGauge holds, what it was asked, and what it is to do. "
    "For this machine alone, or for whoever has the token that the fake was started with."
)


@cache
def control_document() -> Node:
    """The OpenAPI 3.1 document of what is below `/_cgmock`."""
    token = {"type": "http", "scheme": "bearer", "description": "What `--control-token` says."}
    components = {"schemas": control_schemas(), "securitySchemes": {"ControlToken": token}}
    return document("cgmock control API", _DESCRIPTION, {**_general(), **_tenants()}, components)


def _general() -> Node:
    claims = "All behaviours with their evidence, and the open questions."
    vendor = "The OpenAPI document of the vendor's endpoints."
    unclaimed = "Requests without a credential of any tenant, oldest first."
    return {
        f"{CONTROL}/health": {"get": _health()},
        f"{CONTROL}/openapi.json": {"get": _read("controlDocument", "This document.", _DOCUMENT, _OF_ALL)},
        f"{CONTROL}/vendor-openapi.json": {"get": _read("vendorDocument", vendor, _DOCUMENT, _OF_ALL)},
        f"{CONTROL}/v1/behaviours": {"get": _read("behaviours", claims, schema("Claims"), _OF_ALL)},
        f"{CONTROL}/v1/unclaimed": {"get": _page("unclaimed", unclaimed, schema("Entry"), _OF_ALL)},
    }


def _tenants() -> Node:
    of_one = {"parameters": [_NAME]}
    rows = {
        f"{_TENANT}/{kind}": {
            **of_one,
            "get": _page(
                kind,
                f"The {kind} of a tenant as they are stored, oldest first.",
                schema(kind.title()),
                _OF_ONE,
            ),
        }
        for kind in Collection
    }
    return {
        _TENANTS: {"get": _list_tenants(), "post": _add_tenant()},
        _TENANT: {
            **of_one,
            "get": _read("tenant", "A tenant, without its secrets.", schema("Tenant"), _OF_ONE),
            "delete": _command("removeTenant", "Remove a tenant with all that is its own."),
        },
        f"{_TENANT}/reset": {
            **of_one,
            "post": _command("resetTenant", "Leave of a tenant what its seed says."),
        },
        **rows,
        f"{_TENANT}/journal": {**of_one, "get": _journal()},
        f"{_TENANT}/clock": {
            **of_one,
            "get": _read("clock", "The time of a tenant.", schema("Clock"), _OF_ONE),
        },
        f"{_TENANT}/clock/freeze": {
            **of_one,
            "post": _set_clock("freezeClock", "Stop its clock, now or at a time in Unix seconds.", at=MOMENT),
        },
        f"{_TENANT}/clock/advance": {
            **of_one,
            "post": _set_clock(
                "advanceClock", "Move its clock, on or back, from 1970 to the year 3000.", seconds=SPAN
            ),
        },
        f"{_TENANT}/clock/reset": {
            **of_one,
            "post": _set_clock("resetClock", "Let its clock go as ours does."),
        },
        f"{_TENANT}/faults": {
            **of_one,
            "get": _read("faults", "Planned failures, and which were met.", schema("Faults"), _OF_ONE),
            "post": _add_fault(),
            "delete": _command("clearFaults", "Plan no failure any more."),
        },
    }


def _health() -> Node:
    sentence = "Whether the fake answers."
    return {
        "operationId": "health",
        "summary": sentence,
        "security": [],
        "responses": {"200": answer("It does.", schema("Health"))},
    }


def _list_tenants() -> Node:
    shown = ("tenant", *Collection, "journal", "clock", "faults")
    links = {
        name: {"operationId": name, "parameters": {"name": "$response.body#/data/0/name"}} for name in shown
    }
    return _read("tenants", "All tenants, without their secrets.", schema("Tenants"), _OF_ALL, links=links)


def _add_tenant() -> Node:
    """Links lead to what can be asked of the new tenant, and what can be done to it."""
    following = ("tenant", "resetTenant", "freezeClock", "advanceClock", "addFault", "removeTenant")
    links = {
        name: {"operationId": name, "parameters": {"name": "$response.body#/name"}} for name in following
    }
    app = {"client_id": "acme-crm", "client_secret": "acme-secret"}
    return {
        **_operation("addTenant", "Add a tenant, by its table as a seed has it."),
        "requestBody": _sent(schema("Seed"), {"name": "acme", "connected_apps": [app]}),
        "responses": {
            "201": {**answer("The tenant, without its secrets.", schema("Tenant")), "links": links},
            **_OF_ALL,
            "409": answer("A name, client id or webhook id is another's.", schema("Error")),
            "422": answer("The table has these mistakes.", schema("Error")),
        },
    }


def _add_fault() -> Node:
    example = {"endpoint": "records", "status": 503, "headers": {"Retry-After": "5"}, "times": 2}
    return {
        **_operation("addFault", "Plan a failure for the next requests to an endpoint, or to any."),
        "requestBody": _sent(schema("Fault"), example, required=False),
        "responses": {
            "201": answer("All that is planned.", schema("Faults")),
            **_OF_ONE,
            "422": answer(
                "A member is unknown or out of its range, or this server lends no connection to break.",
                schema("Error"),
            ),
        },
    }


def _set_clock(name: str, sentence: str, **members: Node) -> Node:
    responses = {"200": answer("What it tells now.", schema("Clock")), **_OF_ONE}
    if not members:
        return {**_operation(name, sentence), "responses": responses}
    return {
        **_operation(name, sentence),
        "requestBody": _sent(closed(members, optional=members), dict.fromkeys(members, 3600), required=False),
        "responses": {**responses, "422": answer("The clock cannot do that.", schema("Error"))},
    }


def _journal() -> Node:
    wait = query("wait", "Seconds to wait for an entry after the cursor.", {**COUNT, "maximum": MAX_WAIT})
    sentence = "Requests of a tenant and what they led to, oldest first."
    return _page("journal", sentence, schema("Entry"), _OF_ONE, parameters=(*_PAGING, wait))


def _page(name: str, sentence: str, item: Node, refusals: Node, *, parameters: tuple[Node, ...] = ()) -> Node:
    dropped = {"dropped": COUNT} | ({"dropped_losses": COUNT} if item == schema("Entry") else {})
    content = closed({"data": listed(item), "next_cursor": {"type": ["integer", "null"]}, **dropped})
    of_one = {"name": "$request.path.name"} if "404" in refusals else {}
    following = {"operationId": name, "parameters": {**of_one, "cursor": "$response.body#/next_cursor"}}
    refused = {**refusals, "422": answer("A parameter is no such number.", schema("Error"))}
    page = _read(name, sentence, content, refused, links={"next": following})
    return {**page, "parameters": list(parameters or _PAGING)}


def _read(name: str, sentence: str, content: Node, refusals: Node, *, links: Node | None = None) -> Node:
    found = answer(sentence, content) | ({"links": links} if links else {})
    return {**_operation(name, sentence), "responses": {"200": found, **refusals}}


def _command(name: str, sentence: str) -> Node:
    return {**_operation(name, sentence), "responses": {"204": {"description": "Done."}, **_OF_ONE}}


def _operation(name: str, sentence: str) -> Node:
    return {"operationId": name, "summary": sentence, "security": [{}, {"ControlToken": []}]}


def _sent(content: Node, example: Node, *, required: bool = True) -> Node:
    return {"required": required, "content": {JSON: {"schema": content, **sample("one", example)}}}


_DOCUMENT: Node = {"type": "object", "required": ["openapi", "info", "paths"]}
_NAME = path("name", "The name of a tenant.", NAME)
_PAGING = (
    query(
        "limit",
        "How many at most.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    query("cursor", "The `next_cursor` of the page before.", {**COUNT, "maximum": MAX_CURSOR, "default": 0}),
)
_OF_ALL: Node = {"403": answer("Not from this machine, and without the token.", schema("Error"))}
_OF_ONE: Node = {**_OF_ALL, "404": answer("There is no such tenant.", schema("Error"))}
