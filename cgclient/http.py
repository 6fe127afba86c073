"""The one door to the network: a client of httpx or httpx2, and what everybody wants to know of each request."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from cgclient.answers import Answer
from cgclient.errors import ConfigurationError
from cgclient.events import Event, Exchange, Hook

if TYPE_CHECKING:
    import httpx2

Timeout = httpx.Timeout | float | None
_Portable = float | tuple[float | None, float | None, float | None, float | None] | None

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

_LOG = logging.getLogger("cgclient")
_LIBRARIES = ("httpx", "httpx2")
_BEFORE_SENDING = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol")
_OURS = {"Accept": "application/json", "User-Agent": f"cgclient/{version('cgmock')}"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; headers and content hold secrets and personal data, and are not shown."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """The host that is asked."""
        return urlsplit(self.url).hostname or ""


class NoAnswerError(Exception):
    """No answer came that can be read; `sent` tells whether anything of the request can have left."""

    def __init__(self, host: str, kind: str, *, sent: bool = True) -> None:
        super().__init__(host, kind)
        self.sent = sent

    def __str__(self) -> str:
        return "No readable answer came from {} ({}).".format(*self.args)


class Http:
    """Sends requests by a client of httpx or httpx2, which it closes only if it is its own."""

    def __init__(
        self, client: httpx.Client | httpx2.Client, *, own: bool, hooks: Sequence[Hook] = ()
    ) -> None:
        self._client = client
        self._own = own
        self._hooks = tuple(hooks)
        self._library = _library_of(client)
        self._url = lru_cache(maxsize=64)(self._library.URL)  # each record has the same one
        self._before_sending = tuple(getattr(self._library, name) for name in _BEFORE_SENDING)

    def close(self) -> None:
        """Close the connections."""
        if self._own:
            self._client.close()

    def send(self, request: Request, timeout: Timeout) -> Answer:
        """The answer to a request, without following a redirect. Raises NoAnswerError."""
        began = time.perf_counter()
        try:
            response = self._client.request(
                request.method,
                self._url(request.url),
                headers={**_OURS, **request.headers},
                content=request.content,
                timeout=_portable(timeout),
                follow_redirects=False,
                auth=None,
            )
        except self._library.RequestError as error:
            kind = type(error).__name__
            self._tell(request, None, kind, time.perf_counter() - began)
            sent = not isinstance(error, self._before_sending)
            raise NoAnswerError(request.host, kind, sent=sent) from error
        self._tell(request, response.status_code, None, time.perf_counter() - began)
        return Answer(response.status_code, response.headers, response.content)

    def tell(self, event: Event) -> None:
        """Call the hooks; what they raise is logged."""
        for hook in self._hooks:
            try:
                hook(event)
            except Exception:  # noqa: BLE001  (it must not hide what became of a write)
                _LOG.exception("A hook of the client failed.")

    def _tell(self, request: Request, status: int | None, kind: str | None, seconds: float) -> None:
        if not self._hooks and not _LOG.isEnabledFor(logging.DEBUG):
            return
        path = urlsplit(request.url).path
        _LOG.debug("%s %s %s %s %.0f ms", request.method, request.host, path, status or kind, seconds * 1000)
        told = Exchange(
            method=request.method, host=request.host, path=path, status=status, error=kind, seconds=seconds
        )
        self.tell(told)


def own_client(transport: httpx.BaseTransport | None) -> httpx.Client:
    """A client of httpx, for us alone."""
    return httpx.Client(transport=transport, follow_redirects=False)


def _portable(timeout: Timeout) -> _Portable:
    """A timeout as both libraries take it."""
    if not isinstance(timeout, httpx.Timeout):
        return timeout
    return timeout.connect, timeout.read, timeout.write, timeout.pool


def _library_of(client: object) -> ModuleType:
    """The library that a client is of, which has the exceptions that it raises."""
    for ancestor in type(client).__mro__:
        library = ancestor.__module__.partition(".")[0]
        if library in _LIBRARIES and ancestor.__name__ == "Client":
            return sys.modules[library]
    raise ConfigurationError("http must be a client of httpx or httpx2: httpx.Client(), for example.")
