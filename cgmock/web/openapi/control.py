"""The endpoints of the control API, and the OpenAPI document that describes them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, get_type_hints

from cgmock.web.openapi.bodies import NAME, body_schemas
from cgmock.web.openapi.schemas import schema_of
from cgmock.web.openapi.words import (
    COUNT,
    JSON,
    WITHOUT_NUL,
    Node,
    answer,
    closed,
    document,
    path,
    query,
    sample,
    schema,
)
from cgmock.web.params import CURSOR, Parameter
from cgmock.wsgi import CONTROL, CONTROL_BODY_LIMIT

_DESCRIPTION = (
    "The control API shows and changes the tenants of a fake CustomerGauge: their data, journals, clocks and faults. "
    "It accepts requests from the same machine, and requests with the token that the fake was started with."
)
_PATH: Mapping[str, tuple[str, Node, str]] = {
    "name": ("Name of a tenant.", NAME, "string"),
    "key": ("Key of a part of the tenant.", WITHOUT_NUL, "path"),
    "checkpoint": ("Name of a checkpoint.", WITHOUT_NUL, "string"),
    "number": ("Number of a journal entry.", {**COUNT, "minimum": 1}, "entry"),
}
"""The parameters of a path: description, schema, and URL converter of Werkzeug."""


class Body(NamedTuple):
    """The JSON body of a request: the name of its schema, and an example."""

    schema: str
    example: Node
    required: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """An operation of the control API: its route, and its description in the OpenAPI document.

    Attributes:
        method: HTTP method.
        path: Path below `/_cgmock`, with parameters as in OpenAPI.
        view: Function that returns the content of the response. See `cgmock.web.routes`.
        returns: Type or schema of the content. By default, the return type of the view.
        fixed: Arguments of the view that are the same in all requests.
        statuses: Statuses of a success. The view returns the status if it is not the first one.
        query: Parameters of the query string.
        body: JSON body of the request.
        errors: Description of an error status. The document adds the errors that the parameters lead to.
        links: Operations on a tenant, and the expression that returns the name of the tenant.
        is_public: Whether the access check does not apply.
        id: Operation id. By default, the name of the view in camel case.
    """

    method: str
    path: str
    view: Callable[..., Any]
    returns: Any = None
    fixed: Mapping[str, object] = field(default_factory=dict)
    statuses: tuple[int, ...] = (200,)
    query: tuple[Parameter, ...] = ()
    body: Body | None = None
    errors: Mapping[int, str] = field(default_factory=dict)
    links: tuple[str, tuple[str, ...]] = ("", ())
    is_public: bool = False
    id: str = ""

    @property
    def operation_id(self) -> str:
        """Operation id in the OpenAPI document, and name of the route in Flask."""
        return self.id or re.sub("_(.)", lambda found: found[1].upper(), self.view.__name__)

    @property
    def rule(self) -> str:
        """Path as a URL rule of Werkzeug."""
        return re.sub(r"{(\w+)}", lambda found: f"<{_PATH[found[1]][2]}:{found[1]}>", self.path)


@cache
def describe(endpoints: tuple[Endpoint, ...]) -> Node:
    """Return the OpenAPI 3.1 document of these endpoints."""
    schemas, paths = body_schemas(), dict[str, dict[str, object]]()
    for each in endpoints:
        item = paths.setdefault(f"{CONTROL}{each.path}", {})
        if names := re.findall(r"{(\w+)}", each.path):
            item["parameters"] = [path(name, *_PATH[name][:2]) for name in names]
        item[each.method.lower()] = _operation(each, schemas)
    token = {"type": "http", "scheme": "bearer", "description": "Value of `--control-token`."}
    components = {"schemas": schemas, "securitySchemes": {"ControlToken": token}}
    return document("cgmock control API", _DESCRIPTION, paths, components)


def _operation(endpoint: Endpoint, schemas: dict[str, Node]) -> Node:
    fixed = {name: str(value).replace("_", " ") for name, value in endpoint.fixed.items()}
    summary = (endpoint.view.__doc__ or "").format(**fixed)
    operation: dict[str, object] = {
        "operationId": endpoint.operation_id,
        "summary": summary,
        "security": [] if endpoint.is_public else [{}, {"ControlToken": []}],
        "responses": _responses(endpoint, summary, schemas),
    }
    if endpoint.query:
        operation["parameters"] = [query(*each) for each in endpoint.query]
    if endpoint.body:
        name, example, required = endpoint.body
        media = {"schema": schema(name), **sample("one", example)}
        operation["requestBody"] = {"required": required, "content": {JSON: media}}
    return operation


def _responses(endpoint: Endpoint, summary: str, schemas: dict[str, Node]) -> Node:
    content = schema_of(endpoint.returns or get_type_hints(endpoint.view)["return"], schemas)
    if content.get("type") == "array":
        content = closed({"data": content})
    success: dict[str, object] = answer(summary, content) | _links(endpoint)
    successes = dict.fromkeys(endpoint.statuses, success)
    if content == {"type": "null"}:
        successes = {204: {"description": "Done."}}
    errors = {
        413: f"The body is larger than {CONTROL_BODY_LIMIT // 1024**2} MiB.",
        422: "The path or the query string is not Unicode, or contains NUL.",
        503: "The database is unreachable.",
    }
    if not endpoint.is_public:
        errors[403] = "The client is on another machine and sent no valid token."
    if "{" in endpoint.path:
        errors[404] = "The tenant, or something of this name in it, does not exist."
    if endpoint.query or endpoint.body:
        errors[422] = "The body or a parameter is invalid."
    errors |= endpoint.errors
    refusals = {status: answer(sentence, schema("Error")) for status, sentence in errors.items()}
    return {str(status): each for status, each in (successes | refusals).items()}


def _links(endpoint: Endpoint) -> dict[str, object]:
    name, operations = endpoint.links
    links = {each: _link(each, name=name) for each in operations}
    if CURSOR in endpoint.query:
        of_tenant = {"name": "$request.path.name"} if "{name}" in endpoint.path else {}
        links["next"] = _link(endpoint.operation_id, **of_tenant, cursor="$response.body#/next_cursor")
    return {"links": links} if links else {}


def _link(operation: str, **parameters: str) -> Node:
    return {"operationId": operation, "parameters": parameters}
