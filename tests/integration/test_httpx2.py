"""The router with and without httpx2, in a fresh interpreter."""

import subprocess
import sys

from tests.unit.test_httpx2 import RECORDS


def test_httpx2_is_taken_without_pytest_httpx2_and_given_back() -> None:
    code = f"""
import httpcore2, httpx2
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router

real = httpcore2.ConnectionPool.handle_request
with mock_router(MockAPI()):
    print(httpx2.put("{RECORDS}").status_code)
print(httpcore2.ConnectionPool.handle_request is real)
"""

    assert _python(code) == "401\nTrue\n"


def test_the_router_does_without_httpx2() -> None:
    code = f"""
import sys
sys.modules["httpcore2"] = None

import httpx
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router

with mock_router(MockAPI()):
    print(httpx.put("{RECORDS}").status_code)
"""

    assert _python(code) == "401\n"


def _python(code: str) -> str:
    """What Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout
