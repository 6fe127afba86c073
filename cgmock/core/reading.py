"""How Symfony and Laravel read a request: its method, its size, and its input."""

import re
from typing import NamedTuple

from cgmock.core import php
from cgmock.core.messages import Request
from cgmock.core.php import PhpArray, PhpValue

POST_MAX_SIZE = 8 * 1024 * 1024
"""Bytes that a body may announce (PHP's post_max_size)."""

_FORM = "application/x-www-form-urlencoded"
_METHODS = re.compile(r"[A-Z]+")


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
        raw = {**raw, **{key: value for key, value in _query(request).items() if key not in raw}}
    return Input(_trimmed(raw), raw)


def effective_method(request: Request) -> str | None:
    """The method after Laravel's override, which only a POST can have; None when the override is no method at all."""
    method = request.method.upper()
    if method != "POST":
        return method
    override: PhpValue = request.headers.get("x-http-method-override")
    if override in {None, "", "0"}:
        override = _override(request)
    if not isinstance(override, str):
        return method
    return override.upper() if _METHODS.fullmatch(override.upper()) else None


def too_large(request: Request) -> bool:
    """Whether the body is over the limit of Laravel's ValidatePostSize."""
    return request.length > POST_MAX_SIZE


def _source(request: Request) -> PhpArray:
    # Laravel looks for these two in the case they have here.
    if "/json" in request.content_type or "+json" in request.content_type:
        return php.to_array(php.json_decode(request.body))
    if request.method in {"GET", "HEAD"}:
        return _query(request)
    if _is_form(request):
        return php.parse_str(request.body)
    return {}


def _is_form(request: Request) -> bool:
    """Whether somebody parses the body: PHP itself that of a POST, Symfony that of PUT, PATCH and DELETE."""
    if request.method == "POST":
        return re.split("[;, ]", request.content_type, maxsplit=1)[0].lower() == _FORM
    return request.method in {"PUT", "PATCH", "DELETE"} and request.content_type.startswith(_FORM)


def _query(request: Request) -> PhpArray:
    return php.parse_str(request.query.encode("latin-1", "replace"))


def _override(request: Request) -> PhpValue:
    values = read_input(request).values
    return values.get("_method", "POST")


def _trimmed(values: PhpArray) -> PhpArray:
    return {key: _trim(value) for key, value in values.items()}


def _trim(value: PhpValue) -> PhpValue:
    if isinstance(value, str):
        return value.strip(php.BLANKS) or None
    return _trimmed(value) if isinstance(value, dict) else value
