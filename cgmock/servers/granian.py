"""`cgmock serve`: a mock over HTTP, on granian or on werkzeug."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, partial
from multiprocessing import Lock
from multiprocessing.synchronize import Lock as LockType
from pathlib import Path
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.server import Server

from cgmock.mock_api import MockAPI
from cgmock.servers.connect_proxy import Proxy
from cgmock.wsgi import VendorEndpoints

_THREADS = 512
"""Requests that may be under way at once. A body that comes slowly, a caller who waits and a delay hold one each.

A thread is made when all others are busy. Up to 8 callers at full speed have no use for more than a few; a PUT of 64
such callers costs 1.4 times as much time of the processor as with 4 threads, but there 4 slow bodies stop everyone.
"""

_IDLE_SECONDS = 5
"""After which a thread ends that has nothing to do."""

_CONNECTIONS = 100_000
"""More than a machine has file handles for: what is idle must not keep others out. granian's own limit is 1,024."""

_STOP_SECONDS = 5
"""After which a stop waits no longer for those who have not sent their request to its end."""

_POLL_SECONDS = 0.005


class Address(NamedTuple):
    """Where to listen; port 0 picks a free one. Other machines need the token for the control API.

    `certificate` is a PEM file with the private key as well, for https; a `proxy` listens for those who want tunnels.
    `workers` are the processes that answer, whose mocks have to share a store.
    """

    host: str
    port: int
    control_token: str | None = None
    certificate: Path | None = None
    proxy: socket.socket | None = None
    workers: int = 1


def serve_threaded(build: Callable[[], MockAPI], address: Address, ready: Callable[[str], None]) -> None:
    """Serve on werkzeug until SIGTERM or Ctrl-C. Faults can break its connections, and each has a thread.

    Arguments and errors are those of `serve`.
    """
    from cgmock.servers.threaded import threaded_server

    host = _resolved(address.host)
    mock = build()
    mock.tokens.prepare()
    with (
        ExitStack() as after,
        threaded_server(mock, host, address.port, address.control_token, address.certificate) as port,
    ):
        if address.proxy is not None:
            after.callback(Proxy(address.proxy, (_reachable(host), port)).stop)
        ready(_url(address._replace(host=host, port=port)))


def serve(build: Callable[[], MockAPI], address: Address, ready: Callable[[str], None]) -> None:
    """Serve on granian, which is fast and keeps its connections to itself, until SIGTERM or Ctrl-C.

    `build` makes the mock and `ready` is told its URL, once requests are answered. Both are called in a process
    that serves, so they must be picklable where processes are spawned; `build` in each of them. One of several
    processes that dies is followed by another. Raises OSError when the address cannot be had.
    """
    address = address._replace(host=_resolved(address.host))
    with _reserved(address.host, address.port) as chosen:
        server = _Server(
            "cgmock",
            address=address.host,
            port=chosen,
            interface=Interfaces.WSGI,
            workers=address.workers,
            respawn_failed_workers=address.workers > 1,
            backpressure=_CONNECTIONS,
            blocking_threads=_THREADS,
            blocking_threads_idle_timeout=_IDLE_SECONDS,
            workers_kill_timeout=_STOP_SECONDS,
            log_enabled=False,
            http=HTTPModes.http1,
            ssl_cert=address.certificate,
            ssl_key=address.certificate,
            ssl_protocol_min=SSLProtocols.tls12,
        )
        server.serve(
            target_loader=partial(_load, build, address._replace(port=chosen), partial(_once, Lock(), ready)),
            wrap_loader=False,
        )


class _Server(Server):  # type: ignore[misc, valid-type]  # another class on each system
    def _respawn_workers(self, *arguments: Any, **options: Any) -> None:
        """Start those that follow others, and hear of a signal that came meanwhile: granian would forget it."""
        super()._respawn_workers(*arguments, **options)
        if self.interrupt_signal:
            self.main_loop_interrupt.set()


def _load(build: Callable[[], MockAPI], address: Address, ready: Callable[[str], None]) -> WSGIApplication:
    mock = build()
    mock.tokens.prepare()
    if address.control_token:
        mock.add_secret(address.control_token)
    _forget_environment()
    threading.Thread(target=_notify_when_open, args=(address, ready), daemon=True).start()
    if address.proxy is not None:
        Proxy(address.proxy, (_reachable(address.host), address.port))
    return VendorEndpoints(mock, _LazyControlAPI(mock, address.control_token))


def _forget_environment() -> None:
    """Keep of the environment what drivers of databases read.

    granian copies all of it into every request's, where HTTP_PROXY would pass for a header.
    """
    for name in list(os.environ):
        if name != "HOME" and not name.startswith("PG"):
            del os.environ[name]


class _LazyControlAPI:
    """The control API. Flask is imported at its first request, so that the fake is ready sooner."""

    def __init__(self, mock: MockAPI, control_token: str | None) -> None:
        self._mock = mock
        self._control_token = control_token

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._app(environ, start_response)

    @cached_property
    def _app(self) -> WSGIApplication:
        from cgmock.web import create_app

        return create_app(self._mock, self._control_token).wsgi_app


def _notify_when_open(address: Address, ready: Callable[[str], None]) -> None:
    place = (_reachable(address.host), address.port)
    answers = False
    while not answers:
        time.sleep(_POLL_SECONDS)
        with suppress(OSError), socket.create_connection(place, timeout=1):
            answers = True
    ready(_url(address))


def _once(first: LockType, ready: Callable[[str], None], url: str) -> None:
    """Tell it, in the first of the processes alone."""
    if first.acquire(block=False):
        ready(url)


def _resolved(host: str) -> str:
    """The IP address of a host: granian takes no names. Raises OSError."""
    try:
        found = socket.getaddrinfo(host or " ", None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(socket.EAI_NONAME, "Name or service not known") from error
    return str(found[0][4][0])


@contextmanager
def _reserved(host: str, port: int) -> Iterator[int]:
    """Hold a port that granian, which shares it, can bind as well."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if port == 0 and hasattr(socket, "SO_REUSEPORT"):
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((host, port))
        chosen = holder.getsockname()[1]
        if port != 0:
            holder.close()
        yield chosen


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (where it is told, not bound)


def _url(address: Address) -> str:
    scheme, host = "http" if address.certificate is None else "https", _reachable(address.host)
    return f"{scheme}://[{host}]:{address.port}" if ":" in host else f"{scheme}://{host}:{address.port}"
