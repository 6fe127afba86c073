"""Servers that answer in ways that no good server does."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import parse_headers
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

TOKEN = b'HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n{"access_token":"t","expires_in":3600}'


class Server(ThreadingTCPServer):
    """Sends a beginning, and then a part again and again until the client goes away or the test ends."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, drip: tuple[bytes, bytes], only: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.begin, self.part = drip
        self.only = only
        self.context: ssl.SSLContext | None = None
        self.ended = threading.Event()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection, and leave its handshake to the thread of its handler."""
        connection, address = super().get_request()
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, *_: object) -> None:
        """Ignore clients that go away."""


class Handler(StreamRequestHandler):
    """Answers one connection."""

    server: Server

    def handle(self) -> None:
        """Answer requests for a token at once if only others are slow."""
        while not self.rfile.readline().startswith(self.server.only):
            headers = parse_headers(self.rfile)
            self.rfile.read(int(headers["Content-Length"]))
            self.wfile.write(TOKEN)
        self.wfile.write(self.server.begin)
        with suppress(OSError):
            while not self.server.ended.wait(0.05):
                self.wfile.write(self.server.part)


@contextmanager
def dripping(drip: tuple[bytes, bytes], only: bytes, certificate: Path | None = None) -> Iterator[str]:
    """The URL of a server that is slow to answer requests of which the method begins with `only`."""
    with Server(drip, only) as server:
        if certificate:
            server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.context.load_cert_chain(certificate)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
        server.ended.set()
        server.shutdown()
        thread.join()
