"""A PostgreSQL server of the tests' own: Debian's programs, a folder that is gone afterwards, a free port."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.waiting import eventually

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
_USER = "postgres"
_NO_HURRY = ("-c", "fsync=off")
"""A machine that loses its power is not what is tested."""


class PostgreSQL:
    """A server in a folder; `url` is that of its database."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        _run("initdb", "-D", str(folder / "data"), "-U", _USER, "-A", "trust", "--no-sync", "-E", "UTF8")

    @property
    def url(self) -> str:
        """The URL of the database that everybody has."""
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/postgres"

    def start(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        listening = ("-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-k", str(self._folder))
        command = _as_user("postgres", "-D", str(self._folder / "data"), *listening, *_NO_HURRY, *options)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(lambda: _succeeds("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-q"))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all its processes as a debugger does: connections stay open, and nothing is answered."""
        first = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        processes = [first, *map(int, children)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            assert self._process is not None
            for process in (*processes, self._process.pid):  # runuser stops with its child
                os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        """Break all connections and stop."""
        _run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        assert self._process is not None
        self._process.wait()


@contextmanager
def postgresql(*options: str) -> Iterator[PostgreSQL]:
    """A server of one's own, that is gone afterwards; skips where PostgreSQL is not installed."""
    folder = Path(tempfile.mkdtemp(prefix="cgmock-postgresql-"))
    shutil.chown(folder, _USER if os.geteuid() == 0 else os.geteuid())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = PostgreSQL(folder, port)
    server.start(*options)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _run(program: str, *arguments: str) -> None:
    subprocess.run(_as_user(program, *arguments), check=True, stdout=subprocess.DEVNULL, timeout=60)


def _succeeds(program: str, *arguments: str) -> bool:
    return subprocess.run(_as_user(program, *arguments), check=False, timeout=60).returncode == 0


def _as_user(program: str, *arguments: str) -> Sequence[str]:
    """The command of a program, which root has another user run: PostgreSQL refuses to be root's."""
    command = (str(_programs() / program), *arguments)
    return ("runuser", "-u", _USER, "--", *command) if os.geteuid() == 0 else command


def _programs() -> Path:
    return INSTALLED[-1] if INSTALLED else pytest.skip("needs PostgreSQL: apt-get install postgresql")
