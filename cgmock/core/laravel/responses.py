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
        Rule.REQUIRED: "The :attribute field is required.",
        Rule.REQUIRED_WITHOUT: "The :attribute field is required when :values is not present.",
        Rule.ARRAY: "The :attribute must be an array.",
        Rule.STRING: "The :attribute must be a string.",
        Rule.EXISTS: "The selected :attribute is invalid.",
        Rule.IN: "The selected :attribute is invalid.",
        Rule.EMAIL: "The :attribute must be a valid email address.",
        Rule.REGEX: "The :attribute format is invalid.",
        Rule.DATE_FORMAT: "The :attribute does not match the format :format.",
        Rule.INTEGER: "The :attribute must be an integer.",
        Rule.BETWEEN: "The :attribute must be between :min and :max.",
        Rule.MAX: "The :attribute must not be greater than :max characters.",
    }
)
_TEXTS_10: Mapping[Rule, str] = MappingProxyType(
    {
        **_TEXTS,
        Rule.ARRAY: "The :attribute field must be an array.",
        Rule.STRING: "The :attribute field must be a string.",
        Rule.EMAIL: "The :attribute field must be a valid email address.",
        Rule.REGEX: "The :attribute field format is invalid.",
        Rule.DATE_FORMAT: "The :attribute field must match the format :format.",
        Rule.INTEGER: "The :attribute field must be an integer.",
        Rule.BETWEEN: "The :attribute field must be between :min and :max.",
        Rule.MAX: "The :attribute field must not be greater than :max characters.",
    }
)
_OTHERS: Mapping[Rule, Sequence[str]] = MappingProxyType(
    {
        Rule.REQUIRED_WITHOUT: (":values",),
        Rule.DATE_FORMAT: (":format",),
        Rule.BETWEEN: (":min", ":max"),
        Rule.MAX: (":max",),
    }
)
_WORD_BEGIN = re.compile(r"(^|[ \t\r\n\f\v])([a-z])")
_BLANKS = re.compile(r"[\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_BEFORE_CAPITAL = re.compile(r"(.)(?=[A-Z])")

_SPACES = " \t\n\v\f\r"
_ACCEPT_TOKEN = re.compile(r'(?:"(?:[^"\\]|\\.)*+(?:"|\\|$)|[^",;=])++|[,;=]')
_ESCAPED = re.compile(r'\\(.)|"')
_LEADING_FLOAT = re.compile(r"[ \t\n\r\v\f]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")


def text(rule: Rule, path: str, dialect: Dialect, *, other: str = "") -> str:
    """The message of a broken rule; `other` is what the rule compares with, "1 and 5" for a range."""
    texts = _TEXTS_10 if dialect is Dialect.LARAVEL10 else _TEXTS
    message = texts[rule].replace(":attribute", attribute(path))
    # One after the other, as Laravel does: a heading may look like a placeholder.
    placeholders = _OTHERS.get(rule, ())
    for placeholder, value in zip(placeholders, other.split(" and ", len(placeholders) - 1), strict=False):
        message = message.replace(placeholder, value)
    return message


def attribute(path: str) -> str:
    """A path as Laravel shows it in a text: `record.Email` becomes `record. email` (Str::snake, blanks for `_`)."""
    snake = path
    if not (path.isascii() and path.islower() and path.isalpha()):
        words = _WORD_BEGIN.sub(lambda match: match[1] + match[2].upper(), path)
        separated = _BEFORE_CAPITAL.sub(r"\1_", _BLANKS.sub("", words))
        snake = "".join(map(str.lower, separated))  # each by itself: PHP has no final sigma
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


def unavailable() -> Response:
    """The 503 of an application that cannot serve now."""
    return _failed(503, "Service Unavailable")


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
    """The 405 of a path that has routes for other methods, in the order of METHODS."""
    route = f"route {_shown(path)}" if dialect is Dialect.LARAVEL10 else "this route"
    others = ", ".join(allowed)
    message = f"The {method} method is not supported for {route}. Supported methods: {others}."
    return _failed(405, message, (("Allow", others),))


def options(allowed: Sequence[str]) -> Response:
    """The 200 that tells which methods a path has, in the order of METHODS; Laravel leaves out the blanks here."""
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
    pjax = request.headers.get("x-pjax", "") not in {"", "0"}
    ajax = request.headers.get("x-requested-with") == "XMLHttpRequest" and not pjax
    return (ajax and first in {None, "*/*", "*"}) or (first is not None and _is_json(first.lower()))


def as_page(response: Response) -> Response:
    """The same error for a client that does not ask for JSON: a redirect, or a page."""
    location = {422: "/", 401: "/login"}.get(response.status)
    if location is None:
        others = [header for header in response.headers if header not in _JSON]
        return Response(response.status, (*_HTML, *others), _page(str(response.status)))
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


def _preferred(accept: str) -> str | None:
    """The media type of the highest quality, the first of several; None when the client names none."""
    tokens = (token.strip(_SPACES) for token in _ACCEPT_TOKEN.findall(accept))
    qualities: dict[str, float] = {}
    for item in _split([token for token in tokens if token], ","):
        pairs = [_name_and_value(part) for part in _split(item, ";")]
        given = {name.lower(): value for name, value in pairs[1:]}
        for kind, _ in pairs[:1]:
            qualities.pop(kind, None)  # one that comes again takes its last place
            qualities[kind] = _quality(given.get("q", "1"))
    return max(qualities, key=qualities.__getitem__, default=None)


def _split(tokens: Sequence[str], separator: str) -> list[list[str]]:
    """The tokens between separators, where there are any."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == separator:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _name_and_value(tokens: Sequence[str]) -> tuple[str, str]:
    """What is before the first equals sign and what is after it; the value is 1 without one."""
    at = tokens.index("=") if "=" in tokens else len(tokens)
    name, value = (
        "".join(_ESCAPED.sub(r"\1", token) for token in part) for part in (tokens[:at], tokens[at + 1 :])
    )
    return name, value if at < len(tokens) else "1"


def _quality(value: str) -> float:
    """The number at the begin of a text, as PHP's cast finds it."""
    match = _LEADING_FLOAT.match(value)
    return float(match[1]) if match else 0.0


def _is_json(kind: str) -> bool:
    return "/json" in kind or "+json" in kind


def _page(title: str) -> bytes:
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{title}</body></html>\n".encode()


_ACCEPTED = Response(200, _HTML)
