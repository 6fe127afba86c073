"""The unit level: its tests start no process, connect to this machine only, and share what is dear to make."""

import sys
from collections.abc import Generator, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from cgmock import tokens

PROCESSES = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system"})
LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")  # noqa: S104  (nothing is bound)

# Each httpx client reads all certificates that its context trusts, in 28 ms. No unit test connects to another machine.
TRUST = str(Path(__file__).with_name("authority.pem"))
# A new RSA key takes 50 ms. Mocks that follow each other still have different keys.
KEYS = cycle([rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(4)])

_broken: list[str] = []
_is_watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _is_watching:
        return
    if event in PROCESSES:
        _broken.append(f"{event} starts a process: move the test to tests/integration")
    elif event == "socket.connect" and not str(arguments[1][0]).startswith(LOOPBACK):
        _broken.append(f"{event} to {arguments[1]}: a unit test connects to its own server only")


_watch.__cantrace__ = True  # type: ignore[attr-defined]  # coverage sees it
sys.addaudithook(_watch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Watch the set-up, the call and the teardown of a test."""
    global _is_watching  # noqa: PLW0603  (an audit hook cannot be removed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", TRUST)
        patch.setattr(tokens, "_generated", KEYS.__next__)
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
