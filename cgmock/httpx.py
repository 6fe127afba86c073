"""The fake as a transport of httpx or httpx2: no socket, no port, any host; for sync and async clients."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import anyio
import httpx

from cgmock.core.laravel.request import POST_MAX_SIZE
from cgmock.core.messages import Headers, Request, Response
from cgmock.faults import Effect
from cgmock.faults.connection import PIECES, cut, promised
from cgmock.mock_api import MockAPI

if TYPE_CHECKING:
    import httpx2

__all__ = ["httpx2_transport", "httpx_transport"]


def httpx_transport(mock: MockAPI) -> httpx.MockTransport:
    """Return a transport that answers requests with a mock, without a socket.

    Args:
        mock: The mock that answers.

    Returns:
        A transport for `cgclient.Client`, `httpx.Client` and `httpx.AsyncClient`.

    Example:
        >>> client = httpx.Client(transport=httpx_transport(mock))
    """
    transport: httpx.MockTransport = _transport(mock, httpx)
    return transport


def httpx2_transport(mock: MockAPI) -> httpx2.MockTransport:
    """Return a transport that answers requests with a mock, without a socket.

    Args:
        mock: The mock that answers.

    Returns:
        A transport for `httpx2.Client` and `httpx2.AsyncClient`.

    Raises:
        ImportError: httpx2 is not installed.
    """
    with needed("httpx2"):
        import httpx2
    transport: httpx2.MockTransport = _transport(mock, httpx2)
    return transport


def answer(mock: MockAPI, request: httpx.Request | httpx2.Request, library: Any = httpx) -> Any:
    """Convert, ask, convert back: to a response of the library, or one of its errors where a fault is planned."""
    delay, response = _coming(mock, request, library)
    if delay:
        time.sleep(delay)
    if isinstance(response, Exception):
        raise response
    return response


async def answer_later(mock: MockAPI, request: httpx.Request | httpx2.Request, library: Any = httpx) -> Any:
    """The same for an async client, whose loop goes on while a delay lasts."""
    delay, response = _coming(mock, request, library)
    if delay:
        await anyio.sleep(delay)
    if isinstance(response, Exception):
        raise response
    return response


def _transport(mock: MockAPI, library: Any) -> Any:
    class Transport(library.MockTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            request.read()
            return answer(mock, request, library)

        async def handle_async_request(self, request: Any) -> Any:
            await request.aread()
            return await answer_later(mock, request, library)

    return Transport(partial(answer, mock, library=library))


def _coming(mock: MockAPI, request: httpx.Request | httpx2.Request, library: Any) -> tuple[float, Any]:
    """The seconds until something comes, and the response or the error that it is."""
    answered = mock.answer(_converted(request))
    response, delay, effect = answered
    silence = delay / PIECES if effect is Effect.DRIBBLE else delay
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None and silence > patience:
        return patience, library.ReadTimeout("The read operation timed out", request=request)
    match effect:
        case Effect.RESET:
            return delay, library.ReadError("Connection reset by peer", request=request)
        case Effect.CLOSE:
            text = "Server disconnected without sending a response."
        case Effect.TRUNCATED:
            text = f"peer closed connection without sending complete message body ({_shortfall(response)})"
        case Effect.MALFORMED_CHUNK:
            text = "illegal chunk header"
        case _:
            headers = [*_raw(response.headers), (b"Content-Length", b"%d" % len(response.body))]
            return delay, library.Response(
                response.status, headers=headers, content=response.body, request=request
            )
    return delay, library.RemoteProtocolError(text, request=request)


def _shortfall(response: Response) -> str:
    return f"received {len(cut(response))} bytes, expected {promised(response)}"


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
