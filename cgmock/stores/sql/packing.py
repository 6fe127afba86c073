"""What is kept, as texts and bytes: JSON in plain ASCII, which no database minds, and digests where one looks for it."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, get_type_hints

from cgmock import seeds
from cgmock.core.behaviours import BEHAVIOURS
from cgmock.core.catalog import DataType
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Fate, Notice
from cgmock.core.tenant import Configuration, ConnectedApp, Policies, Region, Tenant, Webhook, WebhookState
from cgmock.journal.journal import Entry

_POLICIES = {name: kind if isinstance(kind, type) else int for name, kind in get_type_hints(Policies).items()}
"""The type of each policy; the limit of requests a minute is the only one without names, or none."""


def digest(text: str) -> str:
    """What stands for a text of any length and any characters in an index."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def fingerprint(values: Mapping[str, object]) -> str:
    """A text that is the same for the same values alone."""
    return json.dumps(values, sort_keys=True)


def packed_tenant(tenant: Tenant) -> str:
    """The text of a tenant, with its secrets."""
    return json.dumps(seeds.table(tenant))


def unpacked_tenant(text: str) -> Tenant:
    """The tenant of a text. It was checked when it came, and is not checked again."""
    parts = json.loads(text)
    apps = [{**each, "scopes": tuple(each["scopes"])} for each in parts["connected_apps"]]
    policies = {name: _POLICIES[name](value) for name, value in parts["policies"].items() if value != "off"}
    return Tenant(
        name=parts["name"],
        region=Region(parts["region"]),
        touchpoints=frozenset(parts["touchpoints"]),
        connected_apps=tuple(ConnectedApp(**each) for each in apps),
        configurations={
            each["reference"]: Configuration(**{**each, "data_type": DataType(each["data_type"])})
            for each in parts["configurations"]
        },
        webhooks={
            each["id"]: Webhook(**{**each, "state": WebhookState(each["state"])})
            for each in parts["webhooks"]
        },
        policies=Policies(**policies),
    )


def packed_entry(entry: Entry) -> dict[str, object]:
    """Return the columns of an entry, without its tenant.

    Unlike the JSON of the control API, this form keeps every byte of the bodies and repeated headers of the response.
    """
    number, time, request, response, notices, behaviours, more, fault = entry
    cells = [
        time,
        [request.id, request.method, request.path, request.query, dict(request.headers), request.length],
        [response.status, response.headers],
        [[each[0], each[1], each[2].id, *each[3:]] for each in notices],
        [behaviour.id for behaviour in behaviours],
        more,
        fault,
    ]
    return {
        "number": number,
        "losses": len(entry.losses),
        "cells": json.dumps(cells),
        "asked": request.body,
        "answered": response.body,
    }


def unpacked_entry(number: int, cells: str, asked: bytes, answered: bytes) -> Entry:
    """The entry of these columns."""
    time, request, response, notices, behaviours, more, fault = json.loads(cells)
    id_, method, path, query, headers, length = request
    return Entry(
        number,
        time,
        Request(method, path, query, headers, bytes(asked), length, id_),
        Response(response[0], tuple((name, value) for name, value in response[1]), bytes(answered)),
        tuple(_notice(*each) for each in notices),
        tuple(BEHAVIOURS[each] for each in behaviours),
        more,
        fault,
    )


def _notice(heading: str | None, fate: str, behaviour: str, *others: Any) -> Notice:
    return Notice(heading, Fate(fate), BEHAVIOURS[behaviour], *others)
