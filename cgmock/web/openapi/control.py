"""The document of the control API."""

from collections.abc import Mapping
from functools import cache

from cgmock.core.outcome import Fate
from cgmock.seeds.tenant_tables import Part
from cgmock.stores.base import Collection
from cgmock.web.openapi.control_schemas import MOMENT, NAME, SPAN, control_schemas
from cgmock.web.openapi.words import (
    COUNT,
    JSON,
    TEXT,
    Node,
    answer,
    closed,
    document,
    listed,
    path,
    query,
    sample,
    schema,
    words,
)
from cgmock.web.params import (
    DEFAULT_LIMIT,
    DEFAULT_WAIT,
    MAX_CURSOR,
    MAX_EXPECTATIONS,
    MAX_LIMIT,
    MAX_WAIT,
    Order,
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
    unclaimed = "Requests without a credential of any tenant."
    return {
        f"{CONTROL}/health": {"get": _health()},
        f"{CONTROL}/openapi.json": {"get": _read("controlDocument", "This document.", _DOCUMENT, _OF_ALL)},
        f"{CONTROL}/vendor-openapi.json": {"get": _read("vendorDocument", vendor, _DOCUMENT, _OF_ALL)},
        f"{CONTROL}/v1/behaviours": {"get": _read("behaviours", claims, schema("Claims"), _OF_ALL)},
        f"{CONTROL}/v1/unclaimed": {"get": _journal("unclaimed", unclaimed, _OF_ALL, _SEARCH)},
        f"{CONTROL}/v1/unclaimed/{{number}}": {
            "parameters": [_NUMBER],
            "get": _read(
                "unclaimedEntry", "One of them, and how to send it again.", schema("WholeEntry"), _OF_ONE
            ),
        },
    }


def _tenants() -> Node:
    of_one: Node = {"parameters": [_NAME]}
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
            "put": _replace_tenant(),
            "delete": _command("removeTenant", "Remove a tenant with all that is its own."),
        },
        f"{_TENANT}/reset": {
            **of_one,
            "post": _command("resetTenant", "Leave of a tenant what its seed says.", conflict=_TAKEN),
        },
        f"{_TENANT}/try": {**of_one, "post": _try_record()},
        **_parts(),
        **_checkpoints(),
        **rows,
        **_journals(),
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


def _parts() -> Node:
    """The lists of what a tenant is made of, and each thing in them by its key."""
    paths: dict[str, Node] = {}
    for part, (one, shown, given) in _PARTS.items():
        name = one.title().replace(" ", "")
        keyed: Node = {"parameters": [_NAME, path("key", f"What tells one {one} from the others.", TEXT)]}
        new = {"200": answer("It was replaced.", schema(shown)), "201": answer("It is new.", schema(shown))}
        content = closed({"data": listed(schema(shown))})
        paths[f"{_TENANT}/{part}"] = {
            "parameters": [_NAME],
            "get": _read(f"list{name}", f"Each {one} of a tenant.", content, _OF_ONE),
        }
        paths[f"{_TENANT}/{part}/{{key}}"] = {
            **keyed,
            "get": _read(f"get{name}", f"One {one}, without secrets.", schema(shown), _OF_PART),
            "put": {
                **_operation(f"put{name}", f"Add one {one}, or replace it."),
                "requestBody": _sent(given, _EXAMPLES[part], required=part not in _WITHOUT_BODY),
                "responses": {
                    **new,
                    **_OF_ONE,
                    "409": answer(_TAKEN, schema("Error")),
                    "422": answer(_MISTAKES, schema("Error")),
                },
            },
            "delete": {
                **_command(f"delete{name}", f"Remove one {one}; a policy has its default again."),
                "responses": {
                    "204": {"description": "Done."},
                    **_OF_PART,
                    "422": answer(_MISTAKES, schema("Error")),
                },
            },
        }
    return paths


def _checkpoints() -> Node:
    one: Node = {"parameters": [_NAME, path("checkpoint", "The name of a checkpoint.", TEXT)]}
    saved: Node = {"200": answer("It is kept.", schema("Checkpoint")), **_OF_ONE}
    return {
        f"{_TENANT}/checkpoints": {
            "parameters": [_NAME],
            "get": _read(
                "checkpoints",
                "What a tenant was, by name.",
                closed({"data": listed(schema("Checkpoint"))}),
                _OF_ONE,
            ),
        },
        f"{_TENANT}/checkpoints/{{checkpoint}}": {
            **one,
            "put": {
                **_operation("saveCheckpoint", "Keep what a tenant is: its description and its data."),
                "responses": {**saved, "409": answer("There are too many.", schema("Error"))},
            },
            "delete": _command("deleteCheckpoint", "Keep a checkpoint no more."),
        },
        f"{_TENANT}/checkpoints/{{checkpoint}}/restore": {
            **one,
            "post": _command(
                "restoreCheckpoint",
                "Have a tenant be what it was; journal, clock and faults stay.",
                conflict=_TAKEN,
            ),
        },
    }


def _journals() -> Node:
    expected: Node = {**listed(schema("Expectation")), "minItems": 1, "maxItems": MAX_EXPECTATIONS}
    kind = closed({"expect": expected, "in_order": {"type": ["boolean", "null"]}}, optional=["in_order"])
    one = {"record": {"Email": "joe@example.com"}, "times": 1}
    several = _sent(kind, {"expect": [one]})
    misses = closed({"data": listed(schema("NearMiss"))})
    of_one: Node = {"parameters": [_NAME]}
    number = _read(
        "countEntries",
        "How many entries of a journal are found.",
        closed({"count": COUNT}),
        {**_OF_ONE, **_NO_NUMBER},
    )
    near = _asked(
        "nearMisses",
        "Requests that are not as expected, the nearest first.",
        _sent(schema("Expectation"), one, required=False),
        misses,
    )
    holds = _asked(
        "verifyJournal",
        "Whether a journal has what is expected, and in that order.",
        several,
        schema("Verdict"),
    )
    wait = _asked(
        "waitForJournal", "Wait until it has, `timeout` seconds at most.", several, schema("Verdict")
    )
    timeout = query("timeout", "Seconds.", {**COUNT, "maximum": MAX_WAIT, "default": DEFAULT_WAIT})
    return {
        f"{_TENANT}/journal": {**of_one, "get": _journal_of_one()},
        f"{_TENANT}/journal/{{number}}": {
            "parameters": [_NAME, _NUMBER],
            "get": _read("entry", "One of them, and how to send it again.", schema("WholeEntry"), _OF_ONE),
        },
        f"{_TENANT}/usage": {
            **of_one,
            "get": _read(
                "usage",
                "Which headings were sent by each configuration, as far as the journal tells.",
                closed({"data": listed(schema("Usage")), "dropped": COUNT}),
                _OF_ONE,
            ),
        },
        f"{_TENANT}/journal/count": {**of_one, "get": {**number, "parameters": list(_SEARCH)}},
        f"{_TENANT}/journal/near-misses": {**of_one, "post": {**near, "parameters": [_PAGING[0]]}},
        f"{_TENANT}/journal/verify": {**of_one, "post": holds},
        f"{_TENANT}/journal/wait": {**of_one, "post": {**wait, "parameters": [timeout]}},
    }


def _asked(name: str, sentence: str, sent: Node, content: Node) -> Node:
    refusal = answer("That cannot be expected.", schema("Error"))
    responses = {"200": answer(sentence, content), **_OF_ONE, "422": refusal}
    return {**_operation(name, sentence), "requestBody": sent, "responses": responses}


def _replace_tenant() -> Node:
    return {
        **_operation("replaceTenant", "Describe a tenant anew; its data and its journal stay."),
        "requestBody": _sent(schema("Description"), {"touchpoints": ["After Sales"]}),
        "responses": {
            "200": answer("The tenant, without its secrets.", schema("Tenant")),
            **_OF_ONE,
            "409": answer(_TAKEN, schema("Error")),
            "422": answer(_MISTAKES, schema("Error")),
        },
    }


def _health() -> Node:
    sentence = "Whether the fake answers."
    return {
        "operationId": "health",
        "summary": sentence,
        "security": [],
        "responses": {
            "200": answer("It does.", schema("Health")),
            "503": answer("Its database cannot be used now.", schema("Error")),
        },
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
            "409": answer(_TAKEN, schema("Error")),
            "422": answer(_MISTAKES, schema("Error")),
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


def _try_record() -> Node:
    example = {"configuration": "contact", "record": {"Email": "joe@example.com"}}
    return {
        **_operation(
            "tryRecord", "Send a record as a client would, and see what becomes of it; no fault delays it."
        ),
        "requestBody": _sent(closed({"configuration": TEXT, "record": {"type": "object"}}), example),
        "responses": {
            "200": answer("Its entry in the journal, whatever it was answered.", schema("Entry")),
            **_OF_ONE,
            "409": answer("The tenant has no connected app, so nobody can send one.", schema("Error")),
            "422": answer("That is no record.", schema("Error")),
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


def _journal_of_one() -> Node:
    wait = query("wait", "Seconds to wait for an entry after the cursor.", {**COUNT, "maximum": MAX_WAIT})
    return _journal("journal", "Requests of a tenant and what they led to.", _OF_ONE, (wait, *_SEARCH))


def _journal(name: str, sentence: str, refusals: Node, more: tuple[Node, ...]) -> Node:
    order = query("order", "Which entry comes first.", {**words(Order), "default": Order.OLDEST})
    after = query("after", "The number that all entries are above.", {**COUNT, "maximum": MAX_CURSOR})
    return _page(name, sentence, schema("Entry"), refusals, parameters=(*_PAGING, order, after, *more))


def _page(name: str, sentence: str, item: Node, refusals: Node, *, parameters: tuple[Node, ...] = ()) -> Node:
    dropped = {"dropped": COUNT} | (
        {"dropped_losses": COUNT, "newest": COUNT} if item == schema("Entry") else {}
    )
    content = closed({"data": listed(item), "next_cursor": {"type": ["integer", "null"]}, **dropped})
    of_one = {"name": "$request.path.name"} if "404" in refusals else {}
    following = {"operationId": name, "parameters": {**of_one, "cursor": "$response.body#/next_cursor"}}
    refused = {**refusals, **_NO_NUMBER}
    page = _read(name, sentence, content, refused, links={"next": following})
    return {**page, "parameters": list(parameters or _PAGING)}


def _read(name: str, sentence: str, content: Node, refusals: Node, *, links: Node | None = None) -> Node:
    found = answer(sentence, content) | ({"links": links} if links else {})
    return {**_operation(name, sentence), "responses": {"200": found, **refusals}}


def _command(name: str, sentence: str, *, conflict: str = "") -> Node:
    responses = {"204": {"description": "Done."}, **_OF_ONE}
    if conflict:
        responses["409"] = answer(conflict, schema("Error"))
    return {**_operation(name, sentence), "responses": responses}


def _operation(name: str, sentence: str) -> Node:
    return {"operationId": name, "summary": sentence, "security": [{}, {"ControlToken": []}]}


def _sent(content: Node, example: Node, *, required: bool = True) -> Node:
    return {"required": required, "content": {JSON: {"schema": content, **sample("one", example)}}}


_DOCUMENT: Node = {"type": "object", "required": ["openapi", "info", "paths"]}
_NAME = path("name", "The name of a tenant.", NAME)
_NUMBER = path("number", "The number of an entry.", {**COUNT, "minimum": 1})
_PAGING = (
    query(
        "limit",
        "How many at most.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    query("cursor", "The `next_cursor` of the page before.", {**COUNT, "maximum": MAX_CURSOR, "default": 0}),
)
_OF_ALL: Node = {"403": answer("Not from this machine, and without the token.", schema("Error"))}
_OF_ONE: Node = {
    **_OF_ALL,
    "404": answer("There is no such tenant, or nothing of the name in it.", schema("Error")),
}
_OF_PART = _OF_ONE
_NO_NUMBER: Node = {"422": answer("A parameter is no such number or word.", schema("Error"))}
_TAKEN = "A name, client id or webhook id is another's."
_MISTAKES = "The table has these mistakes."
_SEARCH = (
    query("path", "The path of the request, with wildcards.", TEXT),
    query("status", "The status of the answer; 0 where there was none.", {**COUNT, "maximum": 599}),
    query("notice", "The fate of a heading.", words(Fate)),
    query("heading", "A heading that was sent.", TEXT),
    query("since", "Unix seconds of the first entry.", {**COUNT, "maximum": MAX_CURSOR}),
    query("request", "The id of a request, which each row has of the one that wrote it.", TEXT),
    query("text", "What stands in the query, a body, a header or a notice.", TEXT),
)
_PARTS: Mapping[Part, tuple[str, str, Node]] = {
    Part.CONNECTED_APPS: ("connected app", "ConnectedApp", schema("SentConnectedApp")),
    Part.CONFIGURATIONS: ("configuration", "Configuration", schema("SentConfiguration")),
    Part.TOUCHPOINTS: ("touchpoint", "Touchpoint", closed({"name": TEXT}, optional=["name"])),
    Part.WEBHOOKS: ("webhook", "Webhook", schema("SentWebhook")),
    Part.POLICIES: ("policy", "Policy", closed({"name": TEXT, "value": {}}, optional=["name"])),
}
_WITHOUT_BODY = frozenset({Part.TOUCHPOINTS})
_EXAMPLES: Mapping[Part, Node] = {
    Part.CONNECTED_APPS: {"client_secret": "acme-secret"},
    Part.CONFIGURATIONS: {"data_type": "contact", "headings": {"Email": "email"}},
    Part.TOUCHPOINTS: {},
    Part.WEBHOOKS: {"username": "shop", "password": "acme-password", "configuration": "contact"},
    Part.POLICIES: {"value": "422"},
}
