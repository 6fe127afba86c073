"""A PUT that is written on a socket piece by piece."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from urllib.parse import urlsplit

import httpx

BODY = b'{"configuration":"contact","record":{"Email":"joe@example.com","First Name":"Joe"}}'

_TOKEN = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}


class Wire:
    """The way to a served demo: `whole` is a PUT of a contact, with `headers` and BODY."""

    def __init__(self, url: str) -> None:
        self.url = url
        granted = httpx.post(f"{url}/oauth2/token", data=_TOKEN).json()["access_token"]
        self.headers = {
            "Authorization": f"Bearer {granted}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        lines = [f"{name}: {value}" for name, value in self.headers.items()]
        lines = ["PUT /records/ HTTP/1.1", "Host: localhost", f"Content-Length: {len(BODY)}", *lines]
        self.whole = "\r\n".join([*lines, "", ""]).encode() + BODY

    @contextmanager
    def connected(self, number: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
        """As many connections, on each of which the same was sent."""
        parts = urlsplit(self.url)
        with ExitStack() as ending:
            connections = [
                ending.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=10))
                for _ in range(number)
            ]
            for connection in connections:
                connection.sendall(sent)
            yield connections

    def put(self) -> int:
        """The status that somebody else is answered with, who has no time to wait."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        with closing(connection):
            connection.request("PUT", "/records/", BODY, self.headers)
            return connection.getresponse().status


def status(connection: socket.socket) -> bytes:
    """The status of an answer, nothing if the connection ends without one. Raises TimeoutError if it does neither."""
    line = b""
    with suppress(ConnectionError), connection.makefile("rb") as answer:
        line = answer.readline()
    return line[9:12]
