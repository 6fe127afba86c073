"""The rule of the unit level: its tests start no process and connect to this machine only.

`tests/unit/conftest.py` applies it. Unit tests also share what is dear to make.
"""

import _posixsubprocess
import sys
from collections.abc import Generator, Iterator
from itertools import cycle
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from cgmock import tokens
from tests.levels import TESTS

PROCESSES = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system"})
LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")  # noqa: S104  (nothing is bound)
FOLDERS = [TESTS / "unit"]
"""Folders of the tests to which the rule applies."""

# Each httpx client reads all certificates that its context trusts, in 28 ms. No unit test connects to another machine.
TRUST = str(TESTS / "unit" / "authority.pem")
# A new RSA key takes 50 ms. Mocks that follow each other still have different keys.
KEYS = cycle([rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(4)])

_broken: list[str] = []
_is_watching = False
_fork_exec = _posixsubprocess.fork_exec


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _is_watching:
        return
    if event in PROCESSES:
        _broken.append(f"{event} starts a process: move the test to tests/integration")
    elif event == "socket.connect" and not str(arguments[1][0]).startswith(LOOPBACK):
        _broken.append(f"{event} to {arguments[1]}: a unit test connects to its own server only")


_watch.__cantrace__ = True  # type: ignore[attr-defined]  # coverage sees it
sys.addaudithook(_watch)


def _spawn(*arguments: Any) -> int:
    """Start a process for multiprocessing, which raises no audit event."""
    _watch("os.posix_spawn", arguments)
    return _fork_exec(*arguments)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Watch the set-up, the call and the teardown of a unit test."""
    global _is_watching  # noqa: PLW0603  (an audit hook cannot be removed)
    if not any(folder in item.path.parents for folder in FOLDERS):
        return (yield)  # pytest calls this hook for the tests of all folders
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", TRUST)
        patch.setattr(tokens, "_generated", KEYS.__next__)
        patch.setattr(_posixsubprocess, "fork_exec", _spawn)
        _is_watching = True
        handled = yield
        _is_watching = False
    return handled


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Fail a test that broke the rule."""
    yield
    broken = [*_broken]
    _broken.clear()
    assert not broken, broken
