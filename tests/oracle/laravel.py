"""A real Laravel that is asked over a plain socket, so that odd requests arrive as they were made."""

import json
import os
import shutil
import socket
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from cgmock.core.laravel.request import Input
from cgmock.core.messages import Request, Response
from tests.oracle.rows import array_of

HERE = Path(__file__).parent
_FRAMEWORK = Path("/usr/share/php/Illuminate")
_START_SECONDS = 30


class Reading(NamedTuple):
    """What Laravel made of a request; `method` None when it refused the override."""

    input: Input
    method: str | None
    expects_json: bool
    bearer: str | None


class Answer(NamedTuple):
    """What Laravel answered, and what it had read before; None when it read nothing."""

    response: Response
    reading: Reading | None

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        return next((value for each, value in self.response.headers if each == name), None)


class Laravel:
    """A Laravel on a port of this machine; it answers one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.asked = 0

    def ask(self, request: Request) -> Answer:
        """Send a request as it is, on a connection of its own."""
        self.asked += 1
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as connection:
            connection.sendall(_on_the_wire(request))
            with connection.makefile("rb") as answer:
                head, _, body = answer.read().partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        headers = {name: value for name, _, value in pairs}
        read = headers.pop("X-Read", None)
        response = Response(int(status.split()[1]), tuple(headers.items()), body)
        return Answer(response, None if read is None else _reading(read))

    def read(self, request: Request) -> Reading:
        """What Laravel reads of a request."""
        reading = self.ask(request).reading
        assert reading is not None
        return reading

    def errors(self, cases: Sequence[Mapping[str, object]]) -> Sequence[Mapping[str, Sequence[str]]]:
        """The errors of each case: `rules` for a `name`, which may have a `value`."""
        body = json.dumps({"cases": cases}).encode()
        headers = {"content-type": "application/json"}
        answered = self.ask(Request("PUT", "/validate", "", headers, body)).response.body
        return [dict(each) for each in json.loads(answered)]


def missing() -> str | None:
    """What this machine lacks to run Laravel."""
    if shutil.which("php") is None:
        return "there is no php: tests/oracle/run --install"
    return None if _FRAMEWORK.is_dir() else f"there is no {_FRAMEWORK}: tests/oracle/run --install"


@contextmanager
def running(directory: Path) -> Iterator[Laravel]:
    """A Laravel that writes into a directory, for as long as the context lasts."""
    port = _free_port()
    command = [str(HERE / "run"), str(port)]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  (the script beside this file)
            command, env=os.environ | {"ORACLE_VAR": str(directory)}, stdout=log, stderr=log
        )
    try:
        _wait_for(port)
        yield Laravel(port)
    finally:
        process.terminate()
        process.wait()


def _reading(header: str) -> Reading:
    read = json.loads(b64decode(header))
    sent = Input(array_of(read["values"]), array_of(read["raw"]))
    return Reading(sent, read["method"], read["json"], read["token"])


def _on_the_wire(request: Request) -> bytes:
    target = quote(request.path, encoding="latin-1") + (f"?{request.query}" if request.query else "")
    own = {"host": "127.0.0.1", "content-length": str(len(request.body)), "connection": "close"}
    lines = [f"{request.method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in (own | dict(request.headers)).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
