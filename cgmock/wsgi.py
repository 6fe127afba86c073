"""The vendor's endpoints as a WSGI callable, straight onto the mock: the hot path."""

import re
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

from cgmock.core.laravel.request import POST_MAX_SIZE
from cgmock.core.messages import Request
from cgmock.faults.connection import apply_effect
from cgmock.mock_api import MockAPI

CONTROL = "/_cgmock"
"""Paths below this are ours; all others are the vendor's."""

_VENDOR = ".customergauge.com"
_NOT_HEADERS = frozenset(
    {"HTTP_PROXY", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"}
)  # the first is the machine's
_CHUNK = 64 * 1024
_LENGTH = re.compile(r"[0-9]{1,18}")
_REASONS: Mapping[int, str] = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class VendorEndpoints:
    """Answers every request but those for our own paths, which go to `own` (by default a 404 of the vendor)."""

    def __init__(self, mock: MockAPI, own: WSGIApplication | None = None) -> None:
        self._mock = mock
        self._own = own

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Convert, ask, convert back."""
        if self._own is not None and _is_own(environ):
            return self._own(environ, start_response)
        answer = self._mock.answer(_request(environ))
        if answer.effect is not None:
            apply_effect(environ, answer)
        if answer.delay:
            time.sleep(answer.delay)
        response = answer.response
        headers = [*response.headers, ("Content-Length", str(len(response.body)))]
        start_response(_REASONS.get(response.status) or f"{response.status} Unknown", headers)
        return [response.body]


def _is_own(environ: WSGIEnvironment) -> bool:
    path = environ["PATH_INFO"]
    if path != CONTROL and not path.startswith(f"{CONTROL}/"):
        return False
    return not environ.get("HTTP_HOST", "").partition(":")[0].lower().endswith(_VENDOR)


def _request(environ: WSGIEnvironment) -> Request:
    headers = {header: environ[name] for name, header in _headers_among(tuple(environ))}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    body, length = _drained(environ)
    return Request(
        environ["REQUEST_METHOD"],
        environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        headers,
        body,
        length,
    )


@lru_cache(maxsize=512)
def _headers_among(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names of headers in an environment, and the headers' own; one client sends the same with each request."""
    return tuple(
        (name, name.removeprefix("HTTP_").replace("_", "-").lower())
        for name in names
        if name.startswith("HTTP_") and name not in _NOT_HEADERS
    )


def _drained(environ: WSGIEnvironment) -> tuple[bytes, int]:
    """The body and its length; a body over the limit is read to its end, and nothing of it is kept.

    A server that is left with an unread body breaks the connection. Of a body that cannot be read a byte is missing.
    Chunks know their own length, whatever is announced beside them (RFC 9112, section 6.3).
    """
    stream = environ["wsgi.input"]
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    announced = "" if chunked else environ.get("CONTENT_LENGTH", "")
    if announced and not _LENGTH.fullmatch(announced):
        return b"", 1
    left = int(announced) if announced else None
    if left is None and not environ.get("wsgi.input_terminated"):
        return b"", 0
    try:
        if left is not None and left <= POST_MAX_SIZE:
            return stream.read(left), left
        return _read_to_the_end(stream, left)
    except OSError:
        return b"", 1


def _read_to_the_end(stream: InputStream, left: int | None) -> tuple[bytes, int]:
    kept, length = [], 0
    while chunk := stream.read(_CHUNK if left is None else min(_CHUNK, left - length)):
        length += len(chunk)
        if length <= POST_MAX_SIZE:
            kept.append(chunk)
    return (b"".join(kept) if length <= POST_MAX_SIZE else b""), max(length, left or 0)
