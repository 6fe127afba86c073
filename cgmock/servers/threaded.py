"""A mock over HTTP on werkzeug, which lends its connections to the faults that break them: in a thread, or until stopped."""

import re
import signal
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple, cast
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler

from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from cgmock.wsgi import VendorEndpoints

_POLL_SECONDS = 0.01
_BACKLOG = 1024
"""Callers who come at once and are not yet seen; one more would be tried again after a second."""


_LINE_BYTES = 64 * 1024
_LINE_END_BYTES = (b"\r", b"\n", b"")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\r?\n")


class LiveServer(NamedTuple):
    """A mock that is served over HTTP.

    Args:
        url: URL of the server, without a trailing slash.
        mock: The mock.
    """

    url: str
    mock: MockAPI


@contextmanager
def live_server(mock: MockAPI, host: str = "127.0.0.1", port: int = 0) -> Iterator[LiveServer]:
    """Serve a mock over HTTP, from a thread of this process, until the context ends.

    Args:
        mock: The mock.
        host: Address to listen at.
        port: Port to listen at. 0 picks a free one.

    Yields:
        The server, with its `url`.

    Raises:
        OSError: The address is not available.

    Example:
        >>> with live_server(MockAPI(load_seed())) as server:
        ...     status = httpx.get(f"{server.url}/_cgmock/health").status_code
    """
    with serving(_application(mock), host, port) as url:
        yield LiveServer(url, mock)


@contextmanager
def serving(application: WSGIApplication, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a WSGI application from a thread of this process, and yield the URL."""
    server = _listening(application, host, port)
    thread = threading.Thread(target=partial(server.serve_forever, _POLL_SECONDS), name="cgmock", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def threaded_server(
    mock: MockAPI, host: str, port: int, control_token: str | None, certificate: Path | None = None
) -> Iterator[int]:
    """Listen on a port, yield it, and serve a mock at the end of the context until SIGTERM or Ctrl-C.

    Each connection has a thread of its own. `certificate` is a PEM file with the private key as well, for https.
    Raises OSError when the address cannot be had.
    """
    server = _listening(_application(mock, control_token), host, port)
    if certificate is not None:
        server.ssl_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.ssl_context.load_cert_chain(certificate)
    try:
        yield server.port
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            server.serve_forever(_POLL_SECONDS)
    finally:
        server.server_close()


def _application(mock: MockAPI, control_token: str | None = None) -> WSGIApplication:
    return VendorEndpoints(mock, create_app(mock, control_token).wsgi_app)


def _listening(application: WSGIApplication, host: str, port: int) -> BaseWSGIServer:
    """Return a server that does not answer yet. werkzeug itself would exit if the address is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=_BACKLOG) as listener:
        return _Server(host, port, application, _QuietHandler, fd=listener.fileno())


class _Server(ThreadedWSGIServer):
    def get_request(self) -> tuple[socket.socket, object]:
        """A connection, whose handshake is left to its own thread: werkzeug's would keep all others waiting."""
        connection, caller = super().get_request()
        if self.ssl_context is not None:
            connection = self.ssl_context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, caller


class _Chunks(DechunkedInput):
    """A chunked body that may have chunk extensions and trailers (RFC 9112, section 7.1), which are discarded."""

    def __init__(self, connection: BufferedReader) -> None:
        super().__init__(connection)
        self._connection = connection

    def read_chunk_len(self) -> int:
        """Return the length of the next chunk. After the last one, read up to the empty line that ends the body."""
        size = _CHUNK_SIZE.match(self._connection.readline(_LINE_BYTES))
        if size is None:
            raise OSError("Invalid chunk header")
        length = int(size[1], 16)
        while length == 0 and self._connection.peek(1)[:1] not in _LINE_END_BYTES:
            self._connection.readline(_LINE_BYTES)
        return length


class _QuietHandler(WSGIRequestHandler):
    """A request handler that logs nothing, because the journal has the requests."""

    timeout = 30
    """Seconds of silence after which a connection, and so its thread, ends; granian's are as many."""

    def log(self, *_: object) -> None:
        """Say nothing."""

    def make_environ(self) -> WSGIEnvironment:
        """Return the environment, with the target as it was sent: `http.server` merges the slashes at its start."""
        environ = super().make_environ()
        environ["RAW_URI"] = environ["REQUEST_URI"] = self.requestline.split()[1]
        if environ.get("wsgi.input_terminated"):
            environ["wsgi.input"] = _Chunks(cast(BufferedReader, self.rfile))
        return environ

    def handle_expect_100(self) -> bool:
        """Leave `100 Continue` to werkzeug: `http.server` would send it as well."""
        return True

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:  # noqa: ARG002  (werkzeug's own)
        """Take no further request from a connection that a fault broke."""
        self.close_connection = True

    def run_wsgi(self) -> None:
        """Answer, but not a request with two lengths, of which werkzeug takes the last (RFC 9112, section 6.3)."""
        if len(set(self.headers.get_all("Content-Length", []))) > 1:
            self.send_error(400)
        else:
            super().run_wsgi()
