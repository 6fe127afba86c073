"""Processes that tests start: each one ends with its test, also when the test fails or times out."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

END_SECONDS = 120
"""Longest time that a process may take to end after SIGTERM, in seconds: the machine may be busy."""


@contextmanager
def running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process group of its own, which is killed when the context ends."""
    with subprocess.Popen(command, text=True, start_new_session=True, **options) as process:  # noqa: S603  (our own commands)
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """Send SIGKILL to a process and to all processes that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def first_line(process: subprocess.Popen[str]) -> str:
    """Wait for the next line that a process prints, and return it."""
    assert process.stdout is not None
    return process.stdout.readline()


@contextmanager
def serving(*options: str, shell: Sequence[str] = (), then: str = "") -> Iterator[list[str]]:
    """Run `cgmock serve` on a free port, yield the lines that it prints at its start, and stop it by SIGTERM.

    `shell` is a command that starts it. `then` is a regular expression for the rest of the output.
    """
    command = [*shell, sys.executable, "-m", "cgmock", "serve", "--port", "0", *options]
    lines = 3 if "--proxy" in options else 1
    with running(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        yield [first_line(process) for _ in range(lines)]
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=END_SECONDS)
        assert process.returncode == 0
        assert re.fullmatch(then, rest), rest


def environment_without_coverage(**variables: str) -> Mapping[str, str]:
    """Return the environment for a process whose coverage is not measured, which starts faster."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")} | variables
