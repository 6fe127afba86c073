"""The one door to the network: a client of httpx or httpx2, and what everybody wants to know of each request."""

from __future__ import annotations

import logging
import math
import os
import ssl
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from cgclient.answers import Answer
from cgclient.errors import ConfigurationError
from cgclient.events import Event, Exchange, Hook
from cgclient.limits import MAX_ANSWER, Deadline

if TYPE_CHECKING:
    import httpx2

Timeout = httpx.Timeout | float | None
_Portable = float | tuple[float | None, float | None, float | None, float | None] | None

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

_LOG = logging.getLogger("cgclient")
_LIBRARIES = ("httpx", "httpx2")
_BEFORE_SENDING = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol")
_DISCONNECTED = ("ReadError", "RemoteProtocolError")
_ENCODINGS = ("", "identity", "gzip", "deflate")
"""The values of Content-Encoding that are read. Others grow without limit: several at once, or br and zstd."""

_DIRECT = {"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None}
"""Hosts to connect to without a proxy, with or without NO_PROXY: a proxy has a loopback interface of its own."""

_OURS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": f"cgclient/{version('cgmock')}",
}


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
    """Sends requests by a client of httpx or httpx2, which it closes only if it is its own.

    Each process has its own client: after a fork, two processes would read each other's answers. A client or a
    transport that a user passed cannot be copied, so a forked process raises ConfigurationError instead.
    """

    def __init__(
        self,
        client: httpx.Client | httpx2.Client | None,
        transport: httpx.BaseTransport | None,
        hooks: Sequence[Hook],
        clock: Callable[[], float],
    ) -> None:
        self._own = client is None
        self._copyable = client is None and transport is None
        opened = _opened(transport) if client is None else cast("httpx.Client", client)
        self._clients = {os.getpid(): opened}
        self._hooks = tuple(hooks)
        self._library = _library_of(opened)
        self._url = lru_cache(maxsize=64)(self._library.URL)  # each record has the same one
        self._before_sending = tuple(getattr(self._library, name) for name in _BEFORE_SENDING)
        self._clock = clock
        self._deadline = Deadline(clock, self._library.ReadTimeout)

    def close(self) -> None:
        """Close the connections of this process."""
        if self._own and os.getpid() in self._clients:
            self._clients[os.getpid()].close()

    def send(self, request: Request, timeout: Timeout) -> Answer:
        """The answer to a request, without following a redirect. Raises NoAnswerError."""
        client = self._client()
        began = time.perf_counter()
        self._deadline.at = self._clock() + _total(timeout)
        try:
            response = client.send(
                client.build_request(
                    request.method,
                    self._url(request.url),
                    headers={**_OURS, **request.headers},
                    content=request.content,
                    timeout=_portable(timeout),
                    extensions={"trace": self._deadline.trace},
                ),
                stream=True,
                follow_redirects=False,
                auth=None,
            )
            with closing(response):
                body = self._body(response)
        except self._library.RequestError as error:
            kind = type(error).__name__
            self._tell(request, None, kind, time.perf_counter() - began)
            sent = not isinstance(error, self._before_sending)
            raise NoAnswerError(request.host, kind + tls_advice(error, request.url), sent=sent) from error
        finally:
            self._deadline.at = math.inf
        self._tell(request, response.status_code, None, time.perf_counter() - began)
        return Answer(response.status_code, response.headers, body)

    def _client(self) -> httpx.Client:
        """The client of this process."""
        process = os.getpid()
        client = self._clients.get(process)
        if client is None:
            if not self._copyable:
                raise ConfigurationError(
                    "This process was forked, and shares the http or transport of its client with another one: make a new client in this process."
                )
            client = self._clients.setdefault(process, _opened(None))
        return client

    def _body(self, response: httpx.Response) -> bytes:
        """The body of an answer, which ends soon after MAX_ANSWER bytes."""
        if response.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
            raise self._library.DecodingError("The answer has a Content-Encoding that was not asked for.")
        body = bytearray()
        for chunk in response.iter_bytes():
            self._deadline.left()
            body += chunk
            if len(body) > MAX_ANSWER:
                break
        return bytes(body)

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


def is_usable(url: str) -> bool:
    """Whether a connection to the host and the port of a URL can be tried."""
    try:
        read = httpx.URL(url)
        read.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError):
        return False
    return bool(read.host) and (read.port is None or 0 < read.port < 65536)


def _opened(transport: httpx.BaseTransport | None) -> httpx.Client:
    """A client of httpx, for us alone. Raises ConfigurationError for variables that httpx cannot use."""
    found = getproxies()
    proxies = [found[scheme] for scheme in ("http", "https", "all") if scheme in found]
    try:
        client = httpx.Client(transport=transport, mounts=_DIRECT, follow_redirects=False)
    except ImportError:
        raise ConfigurationError(
            "A SOCKS proxy requires the package socksio: pip install 'httpx[socks]', or unset ALL_PROXY, HTTPS_PROXY and HTTP_PROXY."
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"The certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error.strerror}."
        ) from None
    except (ValueError, httpx.InvalidURL):  # the text of it may hold a part of a password
        client = None
    if client is None or (
        transport is None
        and not all(is_usable(each if "://" in each else f"http://{each}") for each in proxies)
    ):
        raise ConfigurationError(
            "A proxy of the environment is invalid: correct ALL_PROXY, HTTPS_PROXY, HTTP_PROXY and NO_PROXY."
        )
    return client


def tls_advice(error: Exception, url: str) -> str:
    """Advice if TLS failed, or if one side of a connection may use it and the other does not; empty otherwise."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f": TLS, {cause.verify_message}; set SSL_CERT_FILE to the authority that you trust"
        if isinstance(cause, ssl.SSLError):
            return ": TLS failed; if the server does not use TLS, the URL must begin with http://"
        cause = cause.__cause__ or cause.__context__
    if url.startswith("http:") and type(error).__name__ in _DISCONNECTED:
        return "; if the server uses TLS, the URL must begin with https://"
    return ""


def _total(timeout: Timeout) -> float:
    """Seconds that an exchange may take: a number itself, or the sum of the phases."""
    if not isinstance(timeout, httpx.Timeout):
        return math.inf if timeout is None else timeout
    return sum(math.inf if phase is None else phase for phase in timeout.as_dict().values())


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
