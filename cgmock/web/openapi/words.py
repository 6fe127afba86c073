"""The words of OpenAPI that both documents are written in."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version

Node = Mapping[str, object]
"""A part of a document."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
HTML = "text/html; charset=UTF-8"
HERE: Node = {"url": "/", "description": "this fake"}


def document(title: str, description: str, paths: Node, components: Node) -> Node:
    """A whole document, for a client of the server that it is read from."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version("cgmock"),
            "description": description,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [HERE],
        "paths": paths,
        "components": components,
    }


def schema(name: str) -> Node:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def body(content: Node, media_type: str = JSON) -> Node:
    """The content of a message, in one media type."""
    return {media_type: {"schema": content}}


def answer(description: str, content: Node, media_type: str = JSON) -> dict[str, object]:
    """A response with a body."""
    return {"description": description, "content": body(content, media_type)}


def sample(name: str, value: Node) -> Node:
    """An example of a content."""
    return {"examples": {name: {"value": value}}}


def closed(properties: Node, optional: Iterable[str] = ()) -> Node:
    """An object that has these properties and no others."""
    left_out = set(optional)
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in left_out],
        "additionalProperties": False,
    }


def listed(items: Node) -> Node:
    """An array of equals."""
    return {"type": "array", "items": items}


def words(values: Iterable[str]) -> Node:
    """One of these words."""
    return {"type": "string", "enum": list(values)}


def query(name: str, description: str, content: Node) -> Node:
    """A parameter of the query string that may be left out."""
    return {"name": name, "in": "query", "description": description, "schema": content}


def path(name: str, description: str, content: Node) -> Node:
    """A parameter of the path."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": content}


TEXT: Node = {"type": "string"}
WITHOUT_NUL: Node = {"type": "string", "pattern": r"^[^\u0000]*$"}
TEXT_OR_NULL: Node = {"type": ["string", "null"]}
COUNT: Node = {"type": "integer", "minimum": 0}
