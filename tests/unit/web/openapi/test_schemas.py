"""JSON Schema that is generated from Python types."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, TypedDict

import pytest

from cgmock.core.tenant import Region
from cgmock.web.openapi.schemas import nullable, schema_of

TEXT = {"type": "string"}


class Pair(NamedTuple):
    """Two values."""

    first: int
    second: bool = False


class ThingJson(TypedDict):
    """An object of JSON."""

    name: Annotated[str, {"pattern": "x"}, "Name of the thing."]
    pairs: list[Pair]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (str, TEXT),
        (None, {"type": "null"}),
        (float, {"type": "number"}),
        (object, {}),
        (Region, {"type": "string", "enum": ["eu", "us", "au"]}),
        (Region | None, {"type": ["string", "null"], "enum": ["eu", "us", "au", None]}),
        (int | None, {"type": ["integer", "null"]}),
        (int | str, {"anyOf": [{"type": "integer"}, TEXT]}),
        (
            Annotated[int, {"minimum": 1}, "Number."],
            {"type": "integer", "minimum": 1, "description": "Number."},
        ),
        (tuple[str, ...], {"type": "array", "items": TEXT}),
        (frozenset[str], {"type": "array", "items": TEXT}),
        (Mapping[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        ({"const": 1}, {"const": 1}),
        (
            Pair,
            {
                "type": "object",
                "properties": {"first": {"type": "integer"}, "second": {"type": "boolean"}},
                "required": ["first", "second"],
                "additionalProperties": False,
            },
        ),
    ],
)
def test_a_type_has_a_schema(kind: Any, expected: object) -> None:
    assert schema_of(type(kind) if kind is None else kind) == expected


def test_a_typed_dictionary_is_a_component_without_json_in_its_name() -> None:
    components: dict[str, Mapping[str, object]] = {}

    assert schema_of(list[ThingJson], components) == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Thing"},
    }

    assert components == {"Thing": schema_of(ThingJson)}
    assert components["Thing"]["properties"] == {
        "name": {**TEXT, "pattern": "x", "description": "Name of the thing."},
        "pairs": {"type": "array", "items": schema_of(Pair)},
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"type": "integer", "minimum": 0}, {"type": ["integer", "null"], "minimum": 0}),
        ({"enum": [1, 2]}, {"anyOf": [{"enum": [1, 2]}, {"type": "null"}]}),
    ],
)
def test_a_nullable_schema_accepts_null(content: Mapping[str, object], expected: object) -> None:
    assert nullable(content) == expected
