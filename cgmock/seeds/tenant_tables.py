"""The parts of a tenant by their keys, as tables of a seed: how it is shown, and how it is changed while it is served."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any

from cgmock.core.tenant import Policies, Tenant
from cgmock.seeds import reader as seeds

Table = Mapping[str, object]


class Part(StrEnum):
    """What a tenant is made of."""

    CONNECTED_APPS = "connected_apps"
    CONFIGURATIONS = "configurations"
    TOUCHPOINTS = "touchpoints"
    WEBHOOKS = "webhooks"
    POLICIES = "policies"


KEYS: Mapping[Part, str] = {
    Part.CONNECTED_APPS: "client_id",
    Part.CONFIGURATIONS: "reference",
    Part.WEBHOOKS: "id",
}
"""What tells one table of a part from the others."""

_SECRETS = frozenset({"client_secret", "password"})


class PartError(ValueError):
    """A part that cannot be so; its text is a sentence that says why."""


class NoItemError(LookupError):
    """Raised when a part of a tenant has no item with a key."""

    def __init__(self, tenant: str, part: Part, key: str, known: Sequence[str]) -> None:
        super().__init__(tenant, part, key, known)

    def __str__(self) -> str:
        tenant, part, key, known = self.args
        return f"There is no {key} in {part} of {tenant}; there are: {', '.join(known) or 'none'}."


def shown(tenant: Tenant) -> dict[str, Any]:
    """The table of a tenant, without its secrets."""
    table = seeds.table(tenant)
    for part in KEYS:
        table[part] = [
            {name: value for name, value in each.items() if name not in _SECRETS}
            for each in _tables(table, part)
        ]
    return table


def all_of(tenant: Tenant, part: Part) -> dict[str, Table]:
    """A part of a tenant by its keys, without secrets: touchpoints and policies have a `name`, policies a `value`."""
    found: Any = shown(tenant)[part]
    if part is Part.POLICIES:
        return {name: {"name": name, "value": value} for name, value in found.items()}
    if part is Part.TOUCHPOINTS:
        return {name: {"name": name} for name in found}
    return {str(each[KEYS[part]]): each for each in found}


def one_of(tenant: Tenant, part: Part, key: str) -> Table:
    """Return an item of a part of a tenant, without secrets. Raises NoItemError."""
    found = all_of(tenant, part)
    if key not in found:
        raise NoItemError(tenant.name, part, key, tuple(found))
    return found[key]


def put(tenant: Tenant, part: Part, key: str, value: object = None) -> Tenant:
    """The tenant with something added, or put in the place of what has that key.

    The value is a table as a seed has it, that of a policy, or None for a touchpoint. Raises SeedError, PartError.
    """
    table = seeds.table(tenant)
    if part is Part.TOUCHPOINTS:
        if value is not None:
            raise PartError("A touchpoint is a name, and has no value.")
        table[part] = sorted({*tenant.touchpoints, key})
    elif part is Part.POLICIES:
        table[part] = {**shown(tenant)[part], key: value}
    else:
        table[part] = _with(_tables(table, part), KEYS[part], key, value)
    return seeds.tenant(table)


def without(tenant: Tenant, part: Part, key: str) -> Tenant:
    """The tenant without something; a policy has its default again. Raises NoItemError, SeedError."""
    table = seeds.table(tenant)
    one_of(tenant, part, key)
    if part is Part.TOUCHPOINTS:
        table[part] = sorted(tenant.touchpoints - {key})
    elif part is Part.POLICIES:
        default = {each.name: each.default for each in fields(Policies)}[key]
        table[part] = {**shown(tenant)[part], key: "off" if default is None else default}
    else:
        table[part] = [each for each in _tables(table, part) if each[KEYS[part]] != key]
    return seeds.tenant(table)


def _with(tables: list[Table], name: str, key: str, value: object) -> list[Table]:
    if not isinstance(value, Mapping):
        raise PartError("It must be described by an object.")
    if value.get(name, key) != key:
        raise PartError(f"{name} must be {key}, as in the path.")
    new: Table = {**value, name: key}
    known = [each[name] for each in tables]
    return [new if each[name] == key else each for each in tables] + ([] if key in known else [new])


def _tables(table: Mapping[str, Any], part: Part) -> list[Table]:
    return list(table[part])
