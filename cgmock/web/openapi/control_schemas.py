"""The bodies of the control API, made from the tables that its answers are made from."""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from types import MappingProxyType
from typing import get_type_hints

from cgmock.clock import LATEST
from cgmock.core import catalog
from cgmock.core.behaviours import Behaviour, Evidence
from cgmock.core.catalog import SEGMENT, DataType, Entity, Format
from cgmock.core.outcome import Fate
from cgmock.core.routing import Endpoint
from cgmock.core.tenant import Policies, Region, WebhookState, YesNo
from cgmock.faults import MAX_DELAY, MAX_SECONDS, MAX_SEED, MAX_TIMES, PREPARED, Effect
from cgmock.stores.base import Collection
from cgmock.web.openapi.words import COUNT, TEXT, TEXT_OR_NULL, Node, closed, listed, schema, words

_ID = words(row.id for row in Behaviour)
_TIME: Node = {"type": "string", "format": "date-time"}
_HEADERS: Node = {"type": "object", "additionalProperties": TEXT}
_NOT_BLANK: Node = {"type": "string", "pattern": r"\S"}
NAME: Node = {"type": "string", "pattern": "^[._-]*[A-Za-z0-9][A-Za-z0-9._-]*$"}
MOMENT: Node = {"type": ["number", "null"], "minimum": 0, "maximum": LATEST}
SPAN: Node = {"type": ["number", "null"], "minimum": -LATEST, "maximum": LATEST}

_PARTS: Mapping[Collection, frozenset[Entity]] = MappingProxyType(
    {
        Collection.ACCOUNTS: frozenset({Entity.ACCOUNT}),
        Collection.CONTACTS: frozenset({Entity.CONTACT}),
        Collection.RESPONSES: frozenset({Entity.CONTACT, Entity.SURVEY}),
        Collection.INVITATIONS: frozenset({Entity.CONTACT, Entity.SURVEY}),
        Collection.ACTIVITIES: frozenset({Entity.CONTACT, Entity.ACTIVITY}),
    }
)


def control_schemas() -> Node:
    """All schemas by name."""
    rows = {kind.title(): _row(kind) for kind in Collection}
    return {**_general(), **_of_tenants(), **_of_seeds(), **rows, **_of_journals(), **_of_faults()}


def _general() -> Node:
    claim = closed({"id": _ID, "sentence": TEXT, "evidence": words(Evidence), "source": TEXT})
    difference = closed({"id": TEXT, "there": TEXT, "reason": TEXT})
    question = closed({"id": TEXT, "question": TEXT, "answer": TEXT, "policy": TEXT_OR_NULL})
    return {
        "Health": closed({"status": {"const": "ok"}}),
        "Error": closed({"error": TEXT}),
        "Claims": closed(
            {"behaviours": listed(claim), "differences": listed(difference), "questions": listed(question)}
        ),
        "Clock": closed({"now": _TIME, "seconds": {"type": "number"}, "frozen": {"type": "boolean"}}),
    }


def _of_tenants() -> Node:
    app = closed({"client_id": TEXT, "scopes": listed(TEXT)})
    webhook = {"id": TEXT, "username": TEXT, "configuration": TEXT, "state": words(WebhookState)}
    configuration = {"reference": TEXT, "name": TEXT, "data_type": words(DataType), "headings": _HEADERS}
    return {
        "ConnectedApp": app,
        "Configuration": closed(configuration),
        "Webhook": closed(webhook),
        "Touchpoint": closed({"name": TEXT}),
        "Policy": closed(
            {"name": words(each.name for each in fields(Policies)), "value": {"type": ["string", "integer"]}}
        ),
        "Checkpoint": closed({"name": TEXT, "saved_at": _TIME}),
        "Tenants": closed({"data": listed(schema("Tenant"))}),
        "Tenant": closed(
            {
                "name": TEXT,
                "region": words(Region),
                "touchpoints": listed(TEXT),
                "connected_apps": listed(schema("ConnectedApp")),
                "configurations": listed(schema("Configuration")),
                "webhooks": listed(schema("Webhook")),
                "policies": closed({each.name: _policy(each.name) for each in fields(Policies)}),
            }
        ),
    }


def _of_seeds() -> Node:
    """A tenant as a seed has it, which the reader of seeds knows more of than can be said here."""
    app = {"client_id": _NOT_BLANK, "client_secret": _NOT_BLANK, "scopes": listed(_NOT_BLANK)}
    webhook = {
        "id": NAME,
        "username": _NOT_BLANK,
        "password": _NOT_BLANK,
        "configuration": _NOT_BLANK,
        "state": words(WebhookState),
    }
    configuration = {
        "reference": _NOT_BLANK,
        "name": _NOT_BLANK,
        "data_type": words(DataType),
        "headings": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": _NOT_BLANK,
            "additionalProperties": {
                "anyOf": [words(catalog.FIELDS), {"type": "string", "pattern": rf"^{SEGMENT}.*\S"}]
            },
        },
    }
    policies = {each.name: _switchable(_policy(each.name)) for each in fields(Policies)}
    tenant = {
        "name": NAME,
        "region": words(Region),
        "touchpoints": listed(_NOT_BLANK),
        "connected_apps": listed(closed(app, optional=["scopes"])),
        "configurations": listed(closed(configuration, optional=["name"])),
        "webhooks": listed(closed(webhook, optional=["state"])),
        "policies": closed(policies, optional=policies),
    }
    return {
        "Seed": closed(tenant, optional=tenant.keys() - {"name"}),
        "Description": closed(
            {name: each for name, each in tenant.items() if name != "name"}, optional=tenant
        ),
        "SentConnectedApp": closed(_without("client_id", app), optional=["scopes"]),
        "SentConfiguration": closed(_without("reference", configuration), optional=["name"]),
        "SentWebhook": closed(_without("id", webhook), optional=["state"]),
    }


def _without(name: str, properties: Node) -> Node:
    """The properties of what has its key in the path."""
    return {each: content for each, content in properties.items() if each != name}


def _of_journals() -> Node:
    notice = {
        "heading": TEXT_OR_NULL,
        "field": TEXT_OR_NULL,
        "fate": words(Fate),
        "lost": {"type": "boolean"},
        "reason": TEXT,
        "nearest": TEXT_OR_NULL,
        "behaviour": _ID,
    }
    entry = {
        "number": {"type": "integer", "minimum": 1},
        "time": _TIME,
        "method": TEXT,
        "path": TEXT,
        "status": {"type": "integer", "minimum": 0, "maximum": 599},
        "request": closed({"id": TEXT, "query": TEXT, "headers": _HEADERS, "body": TEXT, "length": COUNT}),
        "response": closed({"headers": _HEADERS, "body": TEXT}),
        "notices": listed(closed(notice)),
        "more_notices": COUNT,
        "behaviours": listed(_ID),
        "evidence": {"enum": [*Evidence, None]},
        "fault": {"enum": [*Effect, None]},
    }
    expectation = {
        "record": {"type": ["object", "null"]},
        "configuration": TEXT_OR_NULL,
        "endpoint": {"enum": [*Endpoint, None]},
        "status": {"type": ["integer", "null"], "minimum": 0},
        "times": {"type": ["integer", "null"], "minimum": 0},
    }
    difference = closed({"part": TEXT, "expected": TEXT, "actual": TEXT_OR_NULL})
    return {
        "Entry": closed(entry),
        "WholeEntry": closed(
            {
                **entry,
                "configuration": TEXT_OR_NULL,
                "record": {"type": ["object", "null"]},
                "copies": closed(dict.fromkeys(("curl", "python", "interaction"), TEXT)),
            }
        ),
        "Expectation": closed(expectation, optional=expectation),
        "Usage": closed(
            {
                "reference": TEXT,
                "requests": COUNT,
                "headings": {"type": "object", "additionalProperties": COUNT},
                "unknown": listed(closed({"heading": TEXT, "sent": COUNT, "nearest": TEXT_OR_NULL})),
            }
        ),
        "Verdict": closed({"holds": {"type": "boolean"}, "explanation": TEXT}),
        "NearMiss": closed(
            {"number": entry["number"], "status": entry["status"], "differences": listed(difference)}
        ),
    }


def _of_faults() -> Node:
    seconds: Node = {"type": "number", "minimum": 0, "maximum": MAX_DELAY}
    two = {"type": "array", "items": seconds, "minItems": 2, "maxItems": 2}
    delay: Node = {"anyOf": [seconds, closed({"uniform": two}), closed({"log_normal": two})]}
    fault = {
        "endpoint": {"enum": [*Endpoint, None]},
        "effect": words(Effect),
        "applied": {"type": "boolean"},
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "headers": {
            "type": "object",
            "propertyNames": {"pattern": "^-*[A-Za-z0-9][A-Za-z0-9-]*$"},
            "additionalProperties": {"type": "string", "pattern": "^[ -~¡-¬®-ÿ]*$"},
        },
        "body": TEXT,
        "retry_after": {"type": ["integer", "null"], "minimum": 0, "maximum": MAX_SECONDS},
        "retry_after_date": {"type": "boolean"},
        "delay": delay,
        "times": {"type": "integer", "minimum": 1, "maximum": MAX_TIMES},
        "probability": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "seed": {**COUNT, "maximum": MAX_SEED},
        "within": {"type": ["number", "null"], "minimum": 0, "maximum": MAX_SECONDS},
    }
    sent = {
        **fault,
        "delay": {"anyOf": [delay, {"type": "null"}]},
        "prepared": {"enum": [*PREPARED, None]},
    }
    return {
        "Fault": closed(sent, optional=sent),
        "Faults": closed(
            {
                "unmet": listed(closed({**fault, "left": {"type": "integer", "minimum": 1}})),
                "met": listed(closed({**fault, "met": {"type": "integer", "minimum": 1}})),
            }
        ),
    }


def _policy(name: str) -> Node:
    kind = get_type_hints(Policies)[name]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return words(kind)
    return {"anyOf": [{"const": "off"}, {"type": "integer", "minimum": 1}]}


def _switchable(policy: Node) -> Node:
    """A policy as a seed may have it: true for yes and false for no."""
    return {"enum": [*YesNo, True, False]} if policy == words(YesNo) else policy


def _row(kind: Collection) -> Node:
    """An object as it is stored: what every object has, and the fields of the entities that it is made of."""
    own = {"id": {"type": "integer", "minimum": 1}, "created_at": _TIME, "updated_at": _TIME, "request": TEXT}
    stored = {
        name: _cell(field.format) for name, field in catalog.FIELDS.items() if field.entity in _PARTS[kind]
    }
    if kind is Collection.ACCOUNTS:
        stored["aliases"] = listed(TEXT)
    else:
        stored["account_name"] = TEXT_OR_NULL
    row = closed({**own, **stored}, optional=stored)
    return (
        {**row, "patternProperties": {f"^{SEGMENT}": TEXT_OR_NULL}} if Entity.SURVEY in _PARTS[kind] else row
    )


def _cell(shape: Format) -> Node:
    # A score that is none is stored as the text it is, where the policy bad_value says so.
    return {"type": ["integer", "string", "null"]} if shape is Format.SCORE else TEXT_OR_NULL
