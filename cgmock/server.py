"""Serving a mock over HTTP: granian for the command line, a werkzeug thread for tests."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import NamedTuple
from wsgiref.types import WSGIApplication

from granian.constants import Interfaces
from granian.server import Server
from werkzeug.serving import WSGIRequestHandler, make_server

from cgmock.mock_api import MockAPI
from cgmock.web import create_app

_THREADS = 4
_POLL_SECONDS = 0.01


class LiveServer(NamedTuple):
    """A mock that is served: `url` without a trailing slash."""

    url: str
    mock: MockAPI


def serve(build: Callable[[], MockAPI], host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; port 0 picks a free one.

    `build` makes the mock and `ready` is told its URL, once requests are answered. Both are called in the process
    that serves, so they must be picklable where processes are spawned. Raises OSError when the port cannot be had.
    """
    with _reserved(host, port) as chosen:
        server = Server(
            "cgmock",
            address=host,
            port=chosen,
            interface=Interfaces.WSGI,
            blocking_threads=_THREADS,
            log_enabled=False,
        )
        server.serve(target_loader=partial(_load, build, host, chosen, ready), wrap_loader=False)


@contextmanager
def live_server(mock: MockAPI, host: str = "127.0.0.1", port: int = 0) -> Iterator[LiveServer]:
    """Serve a mock from a thread of this process, for as long as the context lasts."""
    server = make_server(host, port, create_app(mock), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=partial(server.serve_forever, _POLL_SECONDS), name="cgmock", daemon=True)
    thread.start()
    try:
        yield LiveServer(_url(host, server.port), mock)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    """The journal keeps the requests; standard error stays the test's own."""

    def log(self, *_: object) -> None:
        """Say nothing."""


def _load(
    build: Callable[[], MockAPI], host: str, port: int, ready: Callable[[str], None]
) -> WSGIApplication:
    mock = build()
    mock.tokens.prepare()
    # granian copies the environment into every request's, where HTTP_PROXY would pass for a header.
    os.environ.clear()
    threading.Thread(target=_tell_when_open, args=(host, port, ready), daemon=True).start()
    return create_app(mock)


def _tell_when_open(host: str, port: int, ready: Callable[[str], None]) -> None:
    while True:
        with suppress(OSError), closing(socket.create_connection((_reachable(host), port), timeout=1)):
            break
        time.sleep(_POLL_SECONDS)
    ready(_url(_reachable(host), port))


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


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
