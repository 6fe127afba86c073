"""Targets in absolute form (RFC 9112, section 3.2.2), which clients send to proxies."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.processes import serving


@pytest.fixture(params=["granian", "werkzeug"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, tuple[str, int]]]:
    """The name of each server, and its address."""
    with serving("--server", request.param) as (line,):
        parts = urlsplit(line.split()[-1])
        yield request.param, (str(parts.hostname), int(parts.port or 0))


def status(address: tuple[str, int], target: str, host: str) -> int:
    """The status of a GET."""
    with socket.create_connection(address, 30) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return int(connection.makefile("rb").readline().split()[1])


def test_the_authority_and_the_host_header_of_a_client_agree(
    server: tuple[str, tuple[str, int]],
) -> None:
    _, address = server
    own = f"{address[0]}:{address[1]}"

    assert status(address, f"http://{own}/_cgmock/v1/tenants", own) == 200
    assert status(address, "http://evil.example/_cgmock/v1/tenants", "evil.example") == 403
    assert status(address, "http://auth.eu.customergauge.com/records/", "auth.eu.customergauge.com") == 404
    assert (
        status(address, "http://api.eu.customergauge.com/_cgmock/health", "api.eu.customergauge.com") == 404
    )


def test_an_authority_that_contradicts_the_host_header_is_seen_on_werkzeug_alone(
    server: tuple[str, tuple[str, int]],
) -> None:
    name, address = server
    own = f"{address[0]}:{address[1]}"

    answered = status(address, "http://evil.example/_cgmock/v1/tenants", own)

    assert answered == {"granian": 200, "werkzeug": 403}[name]
