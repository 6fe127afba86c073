"""Bodies for our own paths that are too large: a clear answer, and no memory for them, on both servers."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from cgmock.wsgi import CONTROL_BODY_LIMIT
from tests.processes import END_SECONDS, first_line, running

MIB = 1024**2
SENT = 100 * MIB
TOO_LARGE = {"error": "The body must not be larger than 16 MiB."}


class Served(NamedTuple):
    """A `cgmock serve`, and the number of its first process."""

    url: str
    process: int

    @property
    def peak(self) -> int:
        """The most bytes that one of its processes has had in memory."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        statuses = [Path(f"/proc/{each}/status").read_text() for each in (self.process, *children)]
        return max(1024 * int(each.partition("VmHWM:")[2].split()[0]) for each in statuses)


@pytest.fixture(params=["granian", "werkzeug"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """A fake behind each server."""
    command = [sys.executable, "-m", "cgmock", "serve", "--port", "0", "--server", request.param]
    with running(command, stdout=subprocess.PIPE) as process:
        yield Served(first_line(process).split()[-1], process.pid)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=END_SECONDS)


def pieces() -> Iterator[bytes]:
    """A large body."""
    for _ in range(SENT // MIB):
        yield b" " * MIB


@pytest.mark.parametrize("headers", [{}, {"Content-Length": str(SENT)}], ids=["chunked", "announced"])
def test_a_body_that_is_too_large_is_a_413_and_takes_no_memory(
    served: Served, headers: dict[str, str]
) -> None:
    with httpx.Client(base_url=served.url, timeout=60) as http:
        assert http.post("/_cgmock/v1/tenants", content=b"{}").status_code == 422
        before = served.peak

        answer = http.post("/_cgmock/v1/tenants", content=pieces(), headers=headers)

        assert (answer.status_code, answer.json()) == (413, TOO_LARGE)
        assert served.peak - before < 3 * CONTROL_BODY_LIMIT
        assert http.get("/_cgmock/health").status_code == 200
