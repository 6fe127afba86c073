"""A fake that is served in a process of its own, and what that process has in hand."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.processes import serving
from tests.wire import Wire

_SETTLED_SECONDS = 60
_LEFT = 16
"""Selectors that werkzeug leaves to Python's collection of garbage, which comes when it comes."""


class Use(NamedTuple):
    """What a process has: threads, file handles, resident memory in kB."""

    threads: int
    handles: int
    memory: int

    def within(self, other: "Use") -> bool:
        """Whether these are no more threads and handles than others, but for a few that are not yet collected."""
        return self.threads <= other.threads + _LEFT and self.handles <= other.handles + _LEFT


class Load:
    """A served demo: the `wire` to it, and what the process that answers has in hand."""

    def __init__(self, url: str) -> None:
        self.wire = Wire(url)
        self._process = _listening(url.rpartition(":")[2])
        self.wire.put()
        self.before = self.use()

    def use(self) -> Use:
        """What the process has in hand now."""
        memory = re.search(r"VmRSS:\s+([0-9]+)", Path(self._process, "status").read_text(encoding="ascii"))
        assert memory is not None
        threads, handles = (len(list((self._process / each).iterdir())) for each in ("task", "fd"))
        return Use(threads, handles, int(memory[1]))

    def settled(self) -> Use:
        """What it has as soon as it has no more threads and handles than before, or after a minute."""
        until = time.monotonic() + _SETTLED_SECONDS
        while not (use := self.use()).within(self.before) and time.monotonic() < until:
            time.sleep(0.2)
        return use

    def seconds(self, puts: int = 500) -> list[float]:
        """How long PUTs take of somebody who sends one after the other, each on a connection of its own, in order."""
        return sorted(self._timed() for _ in range(puts))

    def _timed(self) -> float:
        began = time.perf_counter()
        assert self.wire.put() == 200
        return time.perf_counter() - began


@pytest.fixture(params=["granian", "werkzeug"])
def load(request: pytest.FixtureRequest) -> Iterator[Load]:
    """A fake that was just started."""
    with serving("--server", request.param) as (line,):
        yield Load(line.split()[-1])


def _listening(port: str) -> Path:
    """The process, in /proc, that answers on a port of this machine: of all that have its socket, the busiest."""
    address = f":{int(port):04X} "
    sockets = {
        f"socket:[{line.split()[9]}]"
        for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
        if address in line and line.split()[3] == "0A"
    }
    return max(
        (process for process in Path("/proc").glob("[0-9]*") if sockets & _handles(process)),
        key=lambda process: (len(list((process / "task").glob("*"))), -int(process.name)),
    )


def _handles(process: Path) -> set[str]:
    try:
        return {str(each.readlink()) for each in (process / "fd").iterdir()}
    except OSError:  # of somebody else, or no more
        return set()
