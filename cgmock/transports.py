"""The fake as a transport of httpx or httpx2: no socket, no port, any host; for sync and async clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote_to_bytes

import httpx

from cgmock.core.messages import Headers, Request
from cgmock.core.reading import POST_MAX_SIZE
from cgmock.mock_api import MockAPI

if TYPE_CHECKING:
    import httpx2

_Answer = TypeVar("_Answer")


def httpx_transport(mock: MockAPI) -> httpx.MockTransport:
    """A transport for `cgclient.Client`, `httpx.Client` and `httpx.AsyncClient`."""
    return httpx.MockTransport(lambda request: answer(mock, request, httpx.Response))


def httpx2_transport(mock: MockAPI) -> httpx2.MockTransport:
    """A transport for `httpx2.Client` and `httpx2.AsyncClient`. Raises ImportError without httpx2."""
    with needed("httpx2"):
        import httpx2
    return httpx2.MockTransport(lambda request: answer(mock, request, httpx2.Response))


def answer(
    mock: MockAPI, request: httpx.Request | httpx2.Request, response: Callable[..., _Answer]
) -> _Answer:
    """Convert, ask, convert back: to the `response` of the library that the request is of."""
    answered = mock.handle(_converted(request))
    headers = [*_raw(answered.headers), (b"Content-Length", b"%d" % len(answered.body))]
    return response(answered.status, headers=headers, content=answered.body, request=request)


@contextmanager
def needed(package: str) -> Iterator[None]:
    """Say what to install where a package is imported that is absent; one that is broken is not hidden."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        message = f"This door needs the package {package}: pip install 'cgmock[{package}]'"
        raise ImportError(message, name=package) from None


def _converted(request: httpx.Request | httpx2.Request) -> Request:
    target: bytes = request.extensions.get("target", request.url.raw_path)
    path, _, query = target.partition(b"?")
    body = request.content
    return Request(
        request.method,
        unquote_to_bytes(path).decode("latin-1"),
        query.decode("latin-1"),
        _headers(request.headers.raw),
        body if len(body) <= POST_MAX_SIZE else b"",
        len(body),
    )


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers by name. As with WSGI, the values of one that is there twice are joined, and the length is none."""
    headers: dict[str, str] = {}
    for encoded, value in raw:
        name = _name(encoded)
        text = value.decode("latin-1")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    headers.pop("content-length", None)
    return headers


@lru_cache(maxsize=512)
def _name(encoded: bytes) -> str:
    return encoded.decode("latin-1").lower()


@lru_cache(maxsize=512)
def _raw(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)
