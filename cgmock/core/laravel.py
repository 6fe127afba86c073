"""How Laravel words its answers, in the dialects of its major versions."""

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from cgmock.core.messages import Headers, Request, Response
from cgmock.core.tenant import Dialect

Errors = Mapping[str, Sequence[str]]
"""The messages of a 422 by the path of the input they speak of."""

_CACHE: Headers = (("Cache-Control", "no-cache, private"),)
_HTML: Headers = (*_CACHE, ("Content-Type", "text/html; charset=UTF-8"))
_JSON: Headers = (*_CACHE, ("Content-Type", "application/json"))


class Rule(StrEnum):
    """A validation rule by Laravel's name."""

    REQUIRED = "required"
    REQUIRED_WITHOUT = "required_without"
    ARRAY = "array"
    STRING = "string"
    EXISTS = "exists"
    IN = "in"
    EMAIL = "email"
    REGEX = "regex"
    DATE_FORMAT = "date_format"
    INTEGER = "integer"
    BETWEEN = "between"
    MAX = "max"


_TEXTS: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.REQUIRED: "The {attribute} field is required.",
        Rule.REQUIRED_WITHOUT: "The {attribute} field is required when {other} is not present.",
        Rule.ARRAY: "The {attribute} must be an array.",
        Rule.STRING: "The {attribute} must be a string.",
        Rule.EXISTS: "The selected {attribute} is invalid.",
        Rule.IN: "The selected {attribute} is invalid.",
        Rule.EMAIL: "The {attribute} must be a valid email address.",
        Rule.REGEX: "The {attribute} format is invalid.",
        Rule.DATE_FORMAT: "The {attribute} does not match the format {other}.",
        Rule.INTEGER: "The {attribute} must be an integer.",
        Rule.BETWEEN: "The {attribute} must be between {other}.",
        Rule.MAX: "The {attribute} must not be greater than {other} characters.",
    }
)
_TEXTS_10: Mapping[Rule, str] = MappingProxyType(
    {
        **_TEXTS,
        Rule.ARRAY: "The {attribute} field must be an array.",
        Rule.STRING: "The {attribute} field must be a string.",
        Rule.EMAIL: "The {attribute} field must be a valid email address.",
        Rule.REGEX: "The {attribute} field format is invalid.",
        Rule.DATE_FORMAT: "The {attribute} field must match the format {other}.",
        Rule.INTEGER: "The {attribute} field must be an integer.",
        Rule.BETWEEN: "The {attribute} field must be between {other}.",
        Rule.MAX: "The {attribute} field must not be greater than {other} characters.",
    }
)


def text(rule: Rule, path: str, dialect: Dialect, *, other: str = "") -> str:
    """The message of a broken rule; `other` is what the rule compares with."""
    texts = _TEXTS_10 if dialect is Dialect.LARAVEL10 else _TEXTS
    return texts[rule].format(attribute=attribute(path), other=other)


def attribute(path: str) -> str:
    """A path as Laravel shows it in a text: `record.Email` becomes `record. email` (Str::snake, blanks for `_`)."""
    snake = path
    if not (path.isascii() and path.islower() and path.isalpha()):
        words = re.sub(r"(^|[ \t\r\n\f\v])([a-z])", lambda match: match[1] + match[2].upper(), path)
        snake = re.sub(r"(.)(?=[A-Z])", r"\1_", re.sub(r"\s+", "", words)).lower()
    return snake.replace("_", " ")


def accepted() -> Response:
    """The 200 of a request that was taken: no body at all."""
    return _ACCEPTED


def content(shown: Mapping[str, object]) -> Response:
    """The 200 of a request that gets something to read."""
    return Response(200, _JSON, _compact(shown))


def invalid(errors: Errors, dialect: Dialect) -> Response:
    """The 422 that lists every failing input at once."""
    return Response(422, _JSON, _compact({"message": _summary(errors, dialect), "errors": errors}))


def unauthenticated() -> Response:
    """The 401 of a missing or useless token."""
    return Response(401, _JSON, _compact({"message": "Unauthenticated."}))


def not_found(path: str, dialect: Dialect) -> Response:
    """The 404 of a path without a route."""
    known = dialect is Dialect.LARAVEL10
    return _failed(404, f"The route {_shown(path)} could not be found." if known else "")


def bad_override() -> Response:
    """The 404 of a method override that is no method."""
    return _failed(404, "Bad hostname provided.")


def model_not_found(model: str) -> Response:
    """The 404 of a model that a request names and nobody has."""
    return _failed(404, f"No query results for model [{model}].")


def method_not_allowed(method: str, path: str, allowed: Sequence[str], dialect: Dialect) -> Response:
    """The 405 of a path that has a route for another method."""
    route = f"route {_shown(path)}" if dialect is Dialect.LARAVEL10 else "this route"
    message = f"The {method} method is not supported for {route}. Supported methods: {', '.join(allowed)}."
    return _failed(405, message, (("Allow", ", ".join(allowed)),))


def options(allowed: Sequence[str]) -> Response:
    """The 200 that tells which methods a path has."""
    return Response(200, (*_HTML, ("Allow", ",".join(allowed))))


def too_large() -> Response:
    """The 413 of a body over the limit."""
    return _failed(413, "")


def too_many_attempts(limit: int, retry_after: int, reset: int) -> Response:
    """The 429 of a throttled request; `retry_after` in seconds, `reset` in Unix seconds."""
    return _failed(
        429,
        "Too Many Attempts.",
        (
            ("X-RateLimit-Limit", str(limit)),
            ("X-RateLimit-Remaining", "0"),
            ("Retry-After", str(retry_after)),
            ("X-RateLimit-Reset", str(reset)),
        ),
    )


def expects_json(request: Request) -> bool:
    """Whether the client asks for JSON: an XMLHttpRequest that takes anything, or JSON as its first choice."""
    first = _preferred(request.headers.get("accept", ""))
    ajax = request.headers.get("x-requested-with") == "XMLHttpRequest" and "x-pjax" not in request.headers
    return (ajax and first in {"", "*/*", "*"}) or "/json" in first or "+json" in first


def as_page(response: Response) -> Response:
    """The same error for a client that does not ask for JSON: a redirect, or a page."""
    location = {422: "/", 401: "/login"}.get(response.status)
    if location is None:
        return Response(response.status, (*_HTML, *_own(response.headers)), _page(str(response.status)))
    return Response(302, (*_HTML, ("Location", location)), _page(f"Redirecting to {location}"))


def _summary(errors: Errors, dialect: Dialect) -> str:
    if dialect is Dialect.LARAVEL8:
        return "The given data was invalid."
    messages = [message for of_one in errors.values() for message in of_one]
    more = len(messages) - 1
    return messages[0] + (f" (and {more} more error{'s' if more > 1 else ''})" if more else "")


def _failed(status: int, message: str, headers: Headers = ()) -> Response:
    # Laravel pretty-prints an exception, with four spaces and plain slashes.
    body = json.dumps({"message": message}, indent=4).encode()
    return Response(status, (*_JSON, *headers), body)


def _compact(content: Mapping[str, object]) -> bytes:
    # PHP escapes slashes.
    return json.dumps(content, separators=(",", ":")).replace("/", "\\/").encode()


def _shown(path: str) -> str:
    return path.strip("/") or "/"


def _preferred(accept: str) -> str:
    choices = [_choice(each) for each in accept.lower().split(",")]
    return max(choices, key=lambda choice: choice[1])[0]


def _choice(item: str) -> tuple[str, float]:
    kind, *parameters = (part.strip() for part in item.split(";"))
    quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    return kind, float(quality) if re.fullmatch(r"\d(\.\d+)?", quality, re.ASCII) else 1.0


def _own(headers: Headers) -> Headers:
    return tuple(header for header in headers if header not in _JSON)


def _page(title: str) -> bytes:
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{title}</body></html>\n".encode()


_ACCEPTED = Response(200, _HTML)
