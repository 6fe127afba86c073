"""How a server is started, made ready, asked, looked at and stopped; and the first of them, `cgmock serve`."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from tests.benchmarks.measure import NotHereError, Skipped

ROOT = Path(__file__).parents[2]
RECORD = (ROOT / "fixtures" / "records" / "vendor_sample.json").read_text(encoding="utf-8")
"""The JSON sample of the vendor's article, which every server is sent."""

JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
TOKEN = urlencode(
    {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SERVER_CORE, CLIENT_CORE = "0", "1"
Used = TypeVar("Used")
PATIENCE = 120
"""Seconds that a server may take to answer; the machine may be busy."""


class Put(NamedTuple):
    """Where a record is put, and with which headers."""

    path: str
    headers: dict[str, str]


class Server(NamedTuple):
    """A server that answers a PUT of the record with 200 and an empty body.

    `{port}` in its command is replaced. `ready` does what has to be done before the first PUT, and raises OSError
    for as long as nobody listens. `does` says what a PUT has it do, `missing` as a sentence why it cannot be had.
    """

    name: str
    does: str
    command: tuple[str, ...]
    ready: Callable[[int], Put]
    missing: str = ""


class Running(NamedTuple):
    """A server that was started: all of its processes are of one session."""

    port: int
    session: int

    @property
    def memory(self) -> float:
        """MiB of all its processes, with pages that they share counted once."""
        sizes = (Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8") for pid in self._processes())
        lines = (line for size in sizes for line in size.splitlines() if line.startswith("Pss:"))
        return sum(int(line.split()[1]) for line in lines) / 1024

    @property
    def processor(self) -> float:
        """Seconds of the processor that all its processes have had."""
        ticks = (sum(map(int, _status(pid)[11:13])) for pid in self._processes())
        return sum(ticks) / os.sysconf("SC_CLK_TCK")

    def _processes(self) -> list[int]:
        pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
        return [pid for pid in pids if _status(pid)[3:4] == [str(self.session)]]


def cgmock(*options: str) -> Server:
    """`cgmock serve` with these options besides."""
    command = (sys.executable, "-m", "cgmock", "serve", "--port", "{port}", *options)
    return Server("cgmock", "checks the token, decides, stores, keeps a journal", command, authorized)


@contextmanager
def started(server: Server, core: str = SERVER_CORE) -> Iterator[Running]:
    """Start a server on a free port and on one core, without waiting for it; stop it with all its processes.

    Raises NotHereError, with what the server said last where the body of the context does.
    """
    if server.missing:
        raise NotHereError(server.missing)
    port = _free_port()
    command = ["taskset", "-c", core, *(part.replace("{port}", str(port)) for part in server.command)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)
        try:
            yield Running(port, process.pid)
        except NotHereError as error:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise NotHereError(f"{error} {last}".strip()) from error
        finally:
            _stop(process)


def first_put(server: Server, running: Running) -> Put:
    """Make a server ready and put one record, as soon as it listens; tells where, once that is answered as it should be."""
    last = time.monotonic() + PATIENCE
    while True:
        try:
            put = server.ready(running.port)
            answer = ask(running.port, "PUT", put.path, RECORD, put.headers)
        except OSError as error:
            if time.monotonic() > last:
                raise NotHereError(f"It did not answer within {PATIENCE} seconds ({error}).") from error
            time.sleep(0.005)
        else:
            assert not answer, answer
            return put


def place(server: Server, running: ExitStack) -> tuple[Running, Put]:
    """A server that answers until the end of a stack, and where to put. Raises NotHereError."""
    with ExitStack() as one:
        here = one.enter_context(started(server))
        put = first_put(server, here)
        running.push(one.pop_all())
    return here, put


def tried(servers: Iterable[Server], use: Callable[[Server], Used]) -> tuple[dict[str, Used], list[Skipped]]:
    """What a function makes of each server, by name; and those that are not here."""
    used: dict[str, Used] = {}
    skipped: list[Skipped] = []
    for server in servers:
        try:
            used[server.name] = use(server)
        except NotHereError as error:
            skipped.append(Skipped(server.name, str(error)))
    return used, skipped


def authorized(port: int) -> Put:
    """A record for those who ask for a token first."""
    granted = ask(port, "POST", "/oauth2/token", TOKEN, FORM)
    token = json.loads(granted)["access_token"] if granted else "none"
    return Put("/records/", {**JSON_HEADERS, "Authorization": f"Bearer {token}"})


def at_once(_: int) -> Put:
    """A record for those who ask for nothing."""
    return Put("/records/", {**JSON_HEADERS, "Authorization": "Bearer none"})


def ask(port: int, method: str, path: str, body: str, headers: dict[str, str]) -> bytes:
    """The body of an answer with 200, over a connection of its own. Raises OSError where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    assert response.status == http.client.OK, answer
    return answer


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _status(pid: int) -> list[str]:
    """The fields of proc_pid_stat(5) from the third one on, without those of a process that has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []
