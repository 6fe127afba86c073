"""JSON Schema of Python types, so that the annotations of a serializer also describe its JSON.

A `TypedDict` becomes a component of the document, named after the class without `Json`. A `NamedTuple` is described in
place. `Annotated` adds keywords of JSON Schema (a mapping) or a description (a text).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints, is_typeddict

from cgmock.web.openapi.words import Node, closed, listed, schema, words

_SIMPLE: Mapping[object, Node] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    object: {},
}


def schema_of(kind: Any, components: dict[str, Node] | None = None) -> Node:
    """Return the schema of a type, or a given schema unchanged, and add the components that it refers to.

    Without `components`, every class is described in place.
    """
    if isinstance(kind, Mapping):
        return kind
    if (origin := get_origin(kind)) is not None:
        return _of_generic(origin, get_args(kind), components)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if issubclass(kind, StrEnum):
        return words(kind)
    described = closed(members(kind, components))
    if components is None or not is_typeddict(kind):
        return described
    name = kind.__name__.removesuffix("Json")
    components[name] = described
    return schema(name)


def members(kind: type, components: dict[str, Node] | None = None) -> dict[str, Node]:
    """Return the schemas of the members of a class."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: schema_of(each, components) for name, each in hints.items()}


def nullable(content: Node) -> Node:
    """Return a schema that also accepts null."""
    return _any_of([content, {"type": "null"}])


def _of_generic(origin: Any, arguments: tuple[Any, ...], components: dict[str, Node] | None) -> Node:
    if origin is Annotated:
        described = dict(schema_of(arguments[0], components))
        for each in arguments[1:]:
            described |= {"description": each} if isinstance(each, str) else each
        return described
    if origin is UnionType:
        return _any_of([schema_of(each, components) for each in arguments])
    if issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arguments[1], components)}
    return listed(schema_of(arguments[0], components))


def _any_of(alternatives: list[Node]) -> Node:
    """Return a schema of alternatives. A type that may be null has a list of two types, which readers expect."""
    first, *others = alternatives
    if others == [{"type": "null"}] and isinstance(first.get("type"), str):
        values = {"enum": [*first["enum"], None]} if "enum" in first else {}  # type: ignore[misc]
        return {**first, "type": [first["type"], "null"], **values}
    return {"anyOf": alternatives}
