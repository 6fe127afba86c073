"""Callers at full speed, for a minute each: nothing fails, and nothing is left of them. Needs wrk and Linux."""

import http.client
import os
import re
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.load.conftest import Load
from tests.wire import BODY, Wire

pytestmark = pytest.mark.timeout(3600)

SECONDS = int(os.environ.get("CGMOCK_LOAD_SECONDS", "60"))
REQUESTS = int(os.environ.get("CGMOCK_SOAK_REQUESTS", "1000000"))
_CONTACTS = Path(__file__).with_name("contacts.lua")


@pytest.mark.parametrize("connections", [1, 8, 64, 256])
def test_wrk_gets_no_error_and_leaves_nothing(load: Load, connections: int) -> None:
    requests = wrk(load.wire, connections, SECONDS)

    print(f"{requests / SECONDS:.0f} requests/s, {load.before} before, {load.use()} after")
    assert requests > 0
    assert load.settled().within(load.before)


@pytest.mark.parametrize("connections", [1, 8, 64, 256])
def test_a_client_of_python_gets_no_error_and_leaves_nothing(load: Load, connections: int) -> None:
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(connections) as callers:
        calls = [callers.submit(_put_until, load.wire, until) for _ in range(connections)]
        outcomes = sum((each.result() for each in calls), Counter[str]())

    print(f"{outcomes}, {load.before} before, {load.use()} after")
    assert set(outcomes) == {"200"}
    assert load.settled().within(load.before)


@pytest.mark.parametrize("load", ["granian"], indirect=True)
def test_a_million_contacts_leave_memory_as_a_tenth_of_them_did(load: Load) -> None:
    sent, memory = 0, dict[int, int]()
    while sent < REQUESTS:
        sent += wrk(load.wire, 64, 1 if sent < REQUESTS / 10 else 5, first=sent)
        memory[sent] = load.use().memory

    print(f"{load.before} before, then {memory} kB, {load.settled()} after")
    a_tenth = next(each for each in memory if each >= REQUESTS / 10)
    assert memory[sent] <= 1.2 * memory[a_tenth]


def wrk(wire: Wire, connections: int, seconds: int, first: int = 0) -> int:
    """How many contacts wrk has put, each another one; it must not have met an error."""
    headers = [f"--header={name}: {value}" for name, value in wire.headers.items()]
    options = ["--threads=1", f"--connections={connections}", f"--duration={seconds}s", "--timeout=30s"]
    told = subprocess.run(  # noqa: S603  (our own command)
        ["wrk", *options, f"--script={_CONTACTS}", *headers, f"{wire.url}/records/"],  # noqa: S607  (wherever it is)
        env={**os.environ, "FIRST": str(first)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Socket errors" not in told, told
    assert "Non-2xx" not in told, told
    found = re.search(r"([0-9]+) requests in", told)
    assert found is not None, told
    return int(found[1])


def _put_until(wire: Wire, until: float) -> Counter[str]:
    """The statuses and exceptions that a caller gets, who keeps his connection where he may."""
    outcomes = Counter[str]()
    connection = http.client.HTTPConnection(urlsplit(wire.url).netloc, timeout=30)
    while time.monotonic() < until:
        try:
            connection.request("PUT", "/records/", BODY, wire.headers)
            answer = connection.getresponse()
            answer.read()
            outcomes[str(answer.status)] += 1
        except (OSError, http.client.HTTPException) as error:
            outcomes[repr(error)] += 1
            connection.close()
    connection.close()
    return outcomes
