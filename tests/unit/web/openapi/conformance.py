"""What a document says of a request and its answer."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from cgmock.core.messages import Request, Response

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Node = Mapping[str, Any]


class Contract:
    """A document as its readers have it."""

    def __init__(self, document: object) -> None:
        self.document: Node = json.loads(json.dumps(document))

    def operations(self) -> Iterator[tuple[str, str, Node]]:
        """Method, path and operation of each."""
        for path, item in self.document["paths"].items():
            yield from ((method, path, item[method]) for method in METHODS if method in item)

    def answers(self) -> Iterator[Node]:
        """Every response of every operation."""
        for _, _, operation in self.operations():
            yield from (self._resolved(each) for each in operation["responses"].values())

    def answer(self, method: str, path: str, status: int) -> Node | None:
        """The response that is described, on no path at all the one of any other path."""
        item = next((item for each, item in self.document["paths"].items() if _fits(each, path)), None)
        if item is None:
            return self._described_elsewhere(status)
        operations = [item[each] for each in METHODS if each in item]
        operation = item.get(method.lower(), operations[0])
        found = operation["responses"].get(str(status))
        return None if found is None else self._resolved(found)

    def flaws_of_answer(self, request: Request, response: Response) -> list[str]:
        """How an answer differs from what is described."""
        described = self.answer(request.method, request.path, response.status)
        if described is None:
            return [f"{response.status} is not described"]
        content_type = dict(response.headers).get("Content-Type")
        if content_type is None:
            return ["a body without a type"] if response.body else []
        if content_type not in described["content"]:
            return [f"{content_type} is not described"]
        text = response.body.decode()
        value = json.loads(text) if content_type.startswith("application/json") else text
        return self.flaws(described["content"][content_type]["schema"], value)

    def flaws_of_body(self, request: Request) -> list[str]:
        """How the body of a request differs from what is described."""
        (item,) = (item for path, item in self.document["paths"].items() if _fits(path, request.path))
        operation = item.get(request.method.lower())
        if operation is None or not request.body:
            return []  # a POST that Laravel takes for a PUT is none that a document can describe
        content = operation.get("requestBody", {}).get("content", {})
        media_type = request.content_type
        is_form = media_type == "application/x-www-form-urlencoded"
        value = nested(request.body.decode()) if is_form else json.loads(request.body)
        return self.flaws(content[media_type]["schema"], value)

    def flaws(self, schema: Node, value: object) -> list[str]:
        """What a schema has against a value."""
        validator = Draft202012Validator({**schema, "components": self.document["components"]})
        return [error.message for error in validator.iter_errors(value)]

    def _described_elsewhere(self, status: int) -> Node | None:
        found: Node = self.document["components"]["responses"]["NotFound"]
        return found if status == 404 else None

    def _resolved(self, node: Node) -> Node:
        name = node.get("$ref", "").rpartition("/")[2]
        found: Node = self.document["components"]["responses"][name] if name else node
        return found


def _fits(described: str, path: str) -> bool:
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(described.rstrip("/")))
    return re.fullmatch(pattern, path.rstrip("/")) is not None


def nested(form: str) -> dict[str, object]:
    """A form whose names have at most one pair of brackets, as OpenAPI's deepObject means it."""
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        outer, _, inner = name.partition("[")
        if inner:
            fields.setdefault(outer, {})[inner.removesuffix("]")] = value
        else:
            fields[outer] = value
    return fields
