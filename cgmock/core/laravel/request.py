"""How Symfony and Laravel read a request: its method, its size, and its input."""

import re
from typing import NamedTuple

from cgmock.core.messages import Request
from cgmock.core.php import values as php
from cgmock.core.php.multipart import parse_multipart
from cgmock.core.php.values import PhpArray, PhpValue

POST_MAX_SIZE = 8 * 1024 * 1024
"""Bytes that a body may announce (PHP's post_max_size)."""

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_METHOD = re.compile(r"[A-Za-z]+")


class Input(NamedTuple):
    """What `$request->all()` gives: `values` after trimming, with "" turned to None, `raw` before.

    A value that trimming leaves alone is the identical object in both.
    """

    values: PhpArray
    raw: PhpArray


def read_input(request: Request) -> Input:
    """The body's fields, and those of the query string that the body does not have."""
    raw = _source(request)
    if request.query:
        query = php.parse_str(request.query.encode("latin-1", "replace"))
        raw = raw | {key: value for key, value in query.items() if key not in raw}
    return Input(raw if _is_trimmed(raw) else _trimmed(raw), raw)


def effective_method(request: Request) -> str | None:
    """The method after Laravel's override, which only a POST can have; None when the override is no method at all."""
    method = request.method.upper()
    if method != "POST":
        return method
    override: PhpValue = request.headers.get("x-http-method-override")
    if override in {None, "", "0"}:
        override = read_input(request).values.get("_method")
    if not isinstance(override, str):
        return method
    return override.upper() if _METHOD.fullmatch(override) else None


def too_large(request: Request) -> bool:
    """Whether the body is over the limit of Laravel's ValidatePostSize."""
    return request.length > POST_MAX_SIZE


def is_incomplete(request: Request) -> bool:
    """Whether the body broke off."""
    return len(request.body) < request.length <= POST_MAX_SIZE


def is_json(request: Request) -> bool:
    """Whether Laravel takes the body for JSON; it looks for these two in the case they have here."""
    return "/json" in request.content_type or "+json" in request.content_type


def _source(request: Request) -> PhpArray:
    """What the body holds; of a form, only when somebody parses it: PHP that of a POST, Symfony those of three more."""
    method, content_type = request.method.upper(), request.content_type
    posted = re.split("[;, ]", content_type, maxsplit=1)[0].lower() if method == "POST" else ""
    if is_json(request):
        # PHP leaves nothing of a multipart form for others to read.
        return {} if posted == _MULTIPART else php.to_array(php.json_decode(request.body))
    match method:
        case "POST" if posted == _MULTIPART:
            return parse_multipart(request.body, content_type)
        case "POST" if posted == _FORM:
            return php.parse_post(request.body)
        case "PUT" | "PATCH" | "DELETE" if content_type.startswith(_FORM):
            return php.parse_str(request.body)
        case _:
            return {}


def _is_trimmed(raw: PhpArray) -> bool:
    """Whether nothing in an array is to be trimmed, nor empty: the usual case."""
    arrays = [raw]
    for array in arrays:
        for value in array.values():
            if isinstance(value, str):
                if not value or value.strip(php.BLANKS) != value:
                    return False
            elif isinstance(value, dict):
                arrays.append(value)
    return True


def _trimmed(raw: PhpArray) -> PhpArray:
    """A copy, which shares all that stays."""
    arrays = [raw]
    for array in arrays:
        arrays += [value for value in array.values() if isinstance(value, dict)]
    # From the inside out, without recursion: arrays may be nested deeper than Python's calls.
    copies: dict[int, PhpArray] = {}
    for array in reversed(arrays):
        changes: PhpArray = {}
        for key, value in array.items():
            if isinstance(value, dict):
                if id(value) in copies:
                    changes[key] = copies[id(value)]
            elif isinstance(value, str) and (trimmed := value.strip(php.BLANKS) or None) != value:
                changes[key] = trimmed
        if changes:
            copies[id(array)] = array | changes
    return copies[id(raw)]
