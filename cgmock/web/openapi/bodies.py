"""Schemas of the control API that need more than the annotations of a type: tenants, stored objects and faults."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import get_type_hints

from cgmock.clock import LATEST
from cgmock.control.serialization import Time
from cgmock.core import catalog
from cgmock.core.catalog import SEGMENT, Entity, Format
from cgmock.core.routing import Endpoint
from cgmock.core.tenant import Configuration, ConnectedApp, Policies, Region, Webhook, YesNo
from cgmock.faults import MAX_DELAY, MAX_SECONDS, MAX_SEED, MAX_TIMES, PREPARED, Fault
from cgmock.journal.expectations import Expectation
from cgmock.stores.base import Collection
from cgmock.web.openapi.schemas import members, nullable, schema_of
from cgmock.web.openapi.words import COUNT, TEXT, TEXT_OR_NULL, Node, closed, listed, schema, words
from cgmock.web.params import MAX_EXPECTATIONS, MAX_LEASE

NAME: Node = {"type": "string", "pattern": "^[._-]*[A-Za-z0-9][A-Za-z0-9._-]*$"}

_NOT_BLANK: Node = {"type": "string", "pattern": r"\S"}
_HEADINGS: Node = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": _NOT_BLANK,
    "additionalProperties": {
        "anyOf": [words(catalog.FIELDS), {"type": "string", "pattern": rf"^{SEGMENT}.*\S"}]
    },
}
_ENTITIES: Mapping[Collection, frozenset[Entity]] = MappingProxyType(
    {
        Collection.ACCOUNTS: frozenset({Entity.ACCOUNT}),
        Collection.CONTACTS: frozenset({Entity.CONTACT}),
        Collection.RESPONSES: frozenset({Entity.CONTACT, Entity.SURVEY}),
        Collection.INVITATIONS: frozenset({Entity.CONTACT, Entity.SURVEY}),
        Collection.ACTIVITIES: frozenset({Entity.CONTACT, Entity.ACTIVITY}),
    }
)


def body_schemas() -> dict[str, Node]:
    """Return the schemas by name."""
    rows = {kind.title(): _row(kind) for kind in Collection}
    return {"Error": closed({"error": TEXT}), **_shown(), **_sent(), **rows, **_faults(), **_requests()}


def _shown() -> dict[str, Node]:
    """Return the schemas of a tenant and its parts in responses, which contain no secrets."""
    policies = {each.name: _policy(each.name) for each in fields(Policies)}
    value: Node = {"type": ["string", "integer"]}
    return {
        "ConnectedApp": closed(_without(members(ConnectedApp), "client_secret")),
        "Configuration": closed(members(Configuration)),
        "Webhook": closed(_without(members(Webhook), "password")),
        "Touchpoint": closed({"name": TEXT}),
        "Policy": closed({"name": words(policies), "value": value}),
        "Tenant": _tenant(TEXT, TEXT, closed(policies), "ConnectedApp", "Configuration", "Webhook"),
    }


def _sent() -> dict[str, Node]:
    """Return the schemas of a tenant and its parts in requests. The reader of seeds checks more than these."""
    policies = {each.name: _switchable(_policy(each.name)) for each in fields(Policies)}
    app = _not_blank(members(ConnectedApp))
    configuration = {**_not_blank(members(Configuration)), "headings": _HEADINGS}
    webhook = {**_not_blank(members(Webhook)), "id": NAME}
    names = ("NewConnectedApp", "NewConfiguration", "NewWebhook")
    seed = _tenant(NAME, _NOT_BLANK, closed(policies, optional=policies), *names)
    parts: Node = seed["properties"]  # type: ignore[assignment]
    return {
        "NewConnectedApp": closed(app, optional=["scopes"]),
        "NewConfiguration": closed(configuration, optional=["name"]),
        "NewWebhook": closed(webhook, optional=["state"]),
        "Seed": closed(parts, optional=parts.keys() - {"name"}),
        "Description": closed(_without(parts, "name"), optional=parts),
        "SentConnectedApp": closed(_without(app, "client_id"), optional=["scopes"]),
        "SentConfiguration": closed(_without(configuration, "reference"), optional=["name"]),
        "SentWebhook": closed(_without(webhook, "id"), optional=["state"]),
        "SentTouchpoint": closed({"name": TEXT}, optional=["name"]),
        "SentPolicy": closed({"name": TEXT, "value": {}}, optional=["name"]),
    }


def _tenant(name: Node, touchpoint: Node, policies: Node, *parts: str) -> Node:
    apps, configurations, webhooks = (listed(schema(each)) for each in parts)
    return closed(
        {
            "name": name,
            "region": words(Region),
            "touchpoints": listed(touchpoint),
            "connected_apps": apps,
            "configurations": configurations,
            "webhooks": webhooks,
            "policies": policies,
        }
    )


def _without(properties: Node, name: str) -> Node:
    return {each: content for each, content in properties.items() if each != name}


def _not_blank(properties: Node) -> dict[str, object]:
    stricter = {str(TEXT): _NOT_BLANK, str(listed(TEXT)): listed(_NOT_BLANK)}
    return {name: stricter.get(str(content), content) for name, content in properties.items()}


def _policy(name: str) -> Node:
    kind = get_type_hints(Policies)[name]
    if isinstance(kind, type):
        return schema_of(kind)
    return {"anyOf": [{"const": "off"}, {"type": "integer", "minimum": 1}]}


def _switchable(policy: Node) -> Node:
    """Return the schema of a policy in a seed, which accepts true for yes and false for no."""
    return {"enum": [*YesNo, True, False]} if policy == words(YesNo) else policy


def _row(kind: Collection) -> Node:
    """Return the schema of a stored object: the members of every object, and the fields of its entities."""
    time = schema_of(Time)
    own = {"id": {**COUNT, "minimum": 1}, "created_at": time, "updated_at": time, "request": TEXT}
    entities = _ENTITIES[kind]
    stored = {name: _cell(field.format) for name, field in catalog.FIELDS.items() if field.entity in entities}
    if kind is Collection.ACCOUNTS:
        stored["aliases"] = listed(TEXT)
    else:
        stored["account_name"] = TEXT_OR_NULL
    row = closed({**own, **stored}, optional=stored)
    return {**row, "patternProperties": {f"^{SEGMENT}": TEXT_OR_NULL}} if Entity.SURVEY in entities else row


def _cell(shape: Format) -> Node:
    # If the policy bad_value is "stored", an invalid score is stored as text.
    return {"type": ["integer", "string", "null"]} if shape is Format.SCORE else TEXT_OR_NULL


def _requests() -> dict[str, Node]:
    count = nullable(COUNT)
    given = {**members(Expectation), "endpoint": nullable(words(Endpoint)), "status": count, "times": count}
    expected = {**listed(schema("Expectation")), "minItems": 1, "maxItems": MAX_EXPECTATIONS}
    in_order = {"type": ["boolean", "null"]}
    moment, span = ({"type": ["number", "null"], "minimum": low, "maximum": LATEST} for low in (0, -LATEST))
    return {
        "Expectation": closed(given, optional=given),
        "Expectations": closed({"expect": expected, "in_order": in_order}, optional=["in_order"]),
        "FreezeClock": closed({"at": moment}, optional=["at"]),
        "AdvanceClock": closed({"seconds": span}, optional=["seconds"]),
        "Lease": closed({"seconds": {"type": "integer", "minimum": 1, "maximum": MAX_LEASE}}),
        "TryRecord": closed({"configuration": TEXT, "record": {"type": "object"}}),
    }


def _faults() -> dict[str, Node]:
    seconds: Node = {"type": "number", "minimum": 0, "maximum": MAX_DELAY}
    two = {"type": "array", "items": seconds, "minItems": 2, "maxItems": 2}
    delay: Node = {"anyOf": [seconds, closed({"uniform": two}), closed({"log_normal": two})]}
    fault: dict[str, object] = {
        **members(Fault),
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "headers": {
            "type": "object",
            "propertyNames": {"pattern": "^-*[A-Za-z0-9][A-Za-z0-9-]*$"},
            "additionalProperties": {"type": "string", "pattern": "^[ -~¡-¬®-ÿ]*$"},
        },
        "retry_after": nullable({**COUNT, "maximum": MAX_SECONDS}),
        "delay": delay,
        "times": {"type": "integer", "minimum": 1, "maximum": MAX_TIMES},
        "probability": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "seed": {**COUNT, "maximum": MAX_SEED},
        "within": nullable({"type": "number", "minimum": 0, "maximum": MAX_SECONDS}),
    }
    sent = {**fault, "delay": nullable(delay), "prepared": nullable(words(PREPARED))}
    times = {"type": "integer", "minimum": 1}
    planned = {name: listed(closed({**fault, member: times})) for name, member in _COUNTED.items()}
    return {"Fault": closed(sent, optional=sent), "Faults": closed(planned)}


_COUNTED = {"unmet": "left", "met": "met"}
"""The lists of faults, and the member that counts the requests of each fault."""
