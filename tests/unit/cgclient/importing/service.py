"""A CustomerGauge that writes down which row it has written how often, and that fails in all the ways there are."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from tests.acme import APP


class Ledger:
    """What a service has seen: rows by the number in their heading `Row`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.written: Counter[int] = Counter()
        self.asked: Counter[int] = Counter()

    @property
    def requests(self) -> int:
        """How many records came."""
        with self._lock:
            return self.asked.total()

    def ask(self, row: int) -> int:
        """Count a request; how many there were of this row."""
        with self._lock:
            self.asked[row] += 1
            return self.asked[row]

    def write(self, row: int) -> None:
        """Write a row."""
        with self._lock:
            self.written[row] += 1


class Handler(BaseHTTPRequestHandler):
    """Fails by the number of the row; what is refused at first is taken the next time."""

    protocol_version = "HTTP/1.1"
    ledger: Ledger

    BREAKS_BEFORE: ClassVar = {3: 500}
    BREAKS_AFTER: ClassVar = {5: 502, 7: 504}
    REFUSES: ClassVar = {9: 422}
    LATER: ClassVar = {11: 429, 13: 503, 15: 401}

    def do_POST(self) -> None:
        """Give a token."""
        self._body()
        self._answer(200, json.dumps({"access_token": "token", "expires_in": 3600}).encode())

    def do_PUT(self) -> None:
        """Take a record, or fail."""
        row = int(json.loads(self._body())["record"]["Row"])
        times, kind = self.ledger.ask(row), row % 50
        if times == 1 and kind in self.LATER:
            self._answer(self.LATER[kind])
        elif kind in self.REFUSES:
            self._answer(self.REFUSES[kind])
        elif kind in self.BREAKS_BEFORE:
            self._answer(self.BREAKS_BEFORE[kind])
        else:
            self.ledger.write(row)
            if kind == 1:
                self.close_connection = True  # without an answer
            else:
                self._answer(self.BREAKS_AFTER.get(kind, 200))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        if status == 503:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that were killed."""


@contextmanager
def service() -> Iterator[tuple[dict[str, str], Ledger]]:
    """The variables that point a client at a service, and what it has seen."""
    ledger = Ledger()
    server = _Server(("127.0.0.1", 0), type("_Handler", (Handler,), {"ledger": ledger}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield (
            {
                "CG_CLIENT_ID": APP.client_id,
                "CG_CLIENT_SECRET": APP.client_secret,
                "CG_AUTH_URL": url,
                "CG_IMPORTS_URL": url,
            },
            ledger,
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
