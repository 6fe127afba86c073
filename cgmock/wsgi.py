"""The vendor's endpoints as a WSGI application: the fast path of `cgmock serve`."""

import re
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote_to_bytes
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

from cgmock.core.laravel.request import POST_MAX_SIZE
from cgmock.core.messages import Request, Response
from cgmock.faults import Answer
from cgmock.faults.connection import apply_effect
from cgmock.mock_api import MockAPI

CONTROL = "/_cgmock"
"""Paths below this are ours; all others are the vendor's."""

CONTROL_BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of a body that our own paths accept."""

_LONGEST_TOKEN = 4096
_VENDOR = ".customergauge.com"
_NOT_HEADERS = frozenset(
    {"HTTP_PROXY", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"}
)  # the first is the machine's
_CHUNK = 64 * 1024
_LENGTH = re.compile(r"[0-9]{1,18}")
_REASONS: Mapping[int, str] = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def control_token_of(file: Path) -> str:
    """Return the control token in the first line of a file. Raises OSError."""
    with file.open(encoding="latin-1") as opened:
        return opened.readline(_LONGEST_TOKEN).strip()


class VendorEndpoints:
    """Answers every request but those for our own paths, which go to `own` (by default a 404 of the vendor)."""

    def __init__(self, mock: MockAPI, own: WSGIApplication | None = None) -> None:
        self._mock = mock
        self._own = own

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle one WSGI request."""
        if self._own is not None and is_own(environ):
            return self._own(_with_body(environ), start_response)
        answer = self._mock.answer(read_request(environ))
        apply_fault(environ, answer)
        response = answer.response
        start_response(status_line(response.status), headers(response))
        return [response.body]


def is_own(environ: WSGIEnvironment) -> bool:
    """Return whether a request is for the control API. On a vendor's host, no request is."""
    path, _ = _target(environ)
    if path != CONTROL and not path.startswith(f"{CONTROL}/"):
        return False
    return not environ.get("HTTP_HOST", "").partition(":")[0].lower().endswith(_VENDOR)


def _with_body(environ: WSGIEnvironment) -> WSGIEnvironment:
    """Return the environment with a body that has been received. A body over the limit has only its length."""
    body, length = _drained(environ, CONTROL_BODY_LIMIT)
    received = {name: value for name, value in environ.items() if name != "HTTP_TRANSFER_ENCODING"}
    return {**received, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(length)}


def read_request(environ: WSGIEnvironment) -> Request:
    """Read a request, with its body, from the environment of a server."""
    received = {header: environ[name] for name, header in _headers_among(tuple(environ))}
    received["content-type"] = environ.get("CONTENT_TYPE", "")
    body, length = _drained(environ, POST_MAX_SIZE)
    return Request(environ["REQUEST_METHOD"], *_target(environ), received, body, length)


def apply_fault(environ: WSGIEnvironment, answer: Answer) -> None:
    """Wait for the delay of a planned fault. Raise BrokenConnectionError if the fault breaks the connection."""
    if answer.effect is not None:
        apply_effect(environ, answer)
    if answer.delay:
        time.sleep(answer.delay)


def status_line(status: int) -> str:
    """Return the status code and the reason phrase."""
    return _REASONS.get(status) or f"{status} Unknown"


def headers(response: Response) -> list[tuple[str, str]]:
    """Return the headers of a response, with the length of its body."""
    return [*response.headers, ("Content-Length", str(len(response.body)))]


def _target(environ: WSGIEnvironment) -> tuple[str, str]:
    """Return the path, percent-decoded as Latin-1, and the raw query string.

    A server may merge slashes and replace bytes in PATH_INFO. RAW_URI and REQUEST_URI have the target as it was sent,
    but they are not part of WSGI. An absolute target and `*` are read from PATH_INFO as well.
    """
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI", "")
    if not raw.startswith("/"):
        return environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    path, _, query = raw.partition("#")[0].partition("?")
    return unquote_to_bytes(path.encode("latin-1")).decode("latin-1"), query


@lru_cache(maxsize=512)
def _headers_among(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names of headers in an environment, and the headers' own; one client sends the same with each request."""
    return tuple(
        (name, name.removeprefix("HTTP_").replace("_", "-").lower())
        for name in names
        if name.startswith("HTTP_") and name not in _NOT_HEADERS
    )


def _drained(environ: WSGIEnvironment, limit: int) -> tuple[bytes, int]:
    """Return the body and its length. A body over the limit is read to its end and discarded.

    A server breaks the connection if the body is not read. If it cannot be read, the length is one more than the body
    has. The length of a chunked body does not depend on Content-Length (RFC 9112, section 6.3).
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
        if left is not None and left <= limit:
            return stream.read(left), left
        return _read_to_the_end(stream, left, limit)
    except OSError:
        return b"", 1


def _read_to_the_end(stream: InputStream, left: int | None, limit: int) -> tuple[bytes, int]:
    kept, length = [], 0
    while chunk := stream.read(_CHUNK if left is None else min(_CHUNK, left - length)):
        length += len(chunk)
        if length <= limit:
            kept.append(chunk)
    return (b"".join(kept) if length <= limit else b""), max(length, left or 0)
