"""A client that is shared by forked processes: each receives the answers to its own records."""

import json
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.integration.cgclient.forking import RECORDS
from tests.waiting import eventually

PROGRAM = Path(__file__).with_name("forking.py")


class Service(ThreadingHTTPServer):
    """Refuses records with 422 that say they are not valid, and notes the connections of each process."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections: dict[str, set[int]] = defaultdict(set)
        self.token_requested = threading.Event()
        self.token_granted = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Ignore connections that break."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    server: Service

    def do_POST(self) -> None:
        """Issue a token, when it may be granted."""
        self.server.token_requested.set()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.token_granted.wait(60)
        self._answer(200, json.dumps({"access_token": "token", "expires_in": 3600}))

    def do_PUT(self) -> None:
        """Judge a record."""
        record = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["record"]
        self.server.connections[record["Process"]].add(self.client_address[1])
        self._answer(200 if record["Valid"] else 422)

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _answer(self, status: int, content: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content.encode())


@contextmanager
def _service() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


@contextmanager
def _program(service: Service, when: str) -> Iterator[subprocess.Popen[str]]:
    url = f"http://127.0.0.1:{service.server_port}"
    variables = {
        "CG_CLIENT_ID": "id",
        "CG_CLIENT_SECRET": "secret",
        "CG_AUTH_URL": url,
        "CG_IMPORTS_URL": url,
    }
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(PROGRAM), when]
    with subprocess.Popen(  # noqa: S603  (our own program)
        command,
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("when", ["idle", "busy"])
def test_each_process_receives_the_answers_to_its_own_records(when: str) -> None:
    with _service() as service, _program(service, when) as program:
        if when == "idle":
            service.token_granted.set()
        else:
            eventually(service.token_requested.is_set)
            print(file=program.stdin, flush=True)
            next(iter(program.stdout or ()))
            service.token_granted.set()
        output, _ = program.communicate(timeout=60)

        results = json.loads(output.splitlines()[-1])

        valid, invalid = list(range(0, RECORDS, 2)), list(range(1, RECORDS, 2))
        assert set(results) == {"parent", "first", "second"}
        for outcomes in results.values():
            assert outcomes == {"accepted": valid, "refused": invalid}
        assert sum(map(len, service.connections.values())) == len(set().union(*service.connections.values()))
