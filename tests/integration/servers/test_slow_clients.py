import socket
from collections.abc import Iterator
from http.client import parse_headers

import pytest

from cgmock import seeds
from cgmock.faults.connection import reset_on_close
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import _QuietHandler, live_server
from tests.processes import serving
from tests.wire import BODY, Wire, status

_FEW_FILES = ("sh", "-c", 'ulimit -S -n 128; exec "$@"', "sh")
_CUTS = (0, 100, -10, None)
"""Where a request breaks off: before it, in its head, in its body, and not at all."""


@pytest.fixture(scope="module", params=["granian", "werkzeug"])
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    """The way to a `cgmock serve` that was allowed few file handles, and may allow itself more."""
    with serving("--server", request.param, shell=_FEW_FILES) as (line,):
        yield Wire(line.split()[-1])


def test_heads_that_come_slowly_stop_nobody(wire: Wire) -> None:
    with wire.connected(64, wire.whole[:100]) as slow:
        assert wire.put() == 200
        for connection in slow:
            connection.sendall(wire.whole[100:])
        assert {status(connection) for connection in slow} == {b"200"}


def test_bodies_that_come_slowly_stop_nobody(wire: Wire) -> None:
    with wire.connected(64, wire.whole[:-65]) as slow:
        assert wire.put() == 200
        for connection in slow:
            connection.sendall(wire.whole[-65:])
        assert {status(connection) for connection in slow} == {b"200"}


def test_bodies_that_never_come_stop_nobody(wire: Wire) -> None:
    with wire.connected(64, wire.whole[: -len(BODY)]):
        assert wire.put() == 200

    assert wire.put() == 200


def test_who_does_not_read_his_answers_stops_nobody(wire: Wire) -> None:
    with wire.connected(8, b"GET /_cgmock/v1/tenants/demo/journal HTTP/1.1\r\nHost: localhost\r\n\r\n" * 8):
        assert wire.put() == 200


@pytest.mark.parametrize("cut", _CUTS)
def test_who_resets_his_connection_stops_nobody(wire: Wire, cut: int | None) -> None:
    with wire.connected(64, wire.whole[:cut]) as reset:
        for connection in reset:
            reset_on_close(connection)

    assert wire.put() == 200


@pytest.mark.parametrize("cut", _CUTS)
def test_who_closes_his_side_comes_to_an_end_and_stops_nobody(wire: Wire, cut: int | None) -> None:
    with wire.connected(16, wire.whole[:cut]) as half_closed:
        for connection in half_closed:
            connection.shutdown(socket.SHUT_WR)
        assert wire.put() == 200
        ends = {status(connection) for connection in half_closed}

    assert cut is None or b"200" not in ends


def test_who_closes_his_side_after_his_request_is_answered_by_werkzeug() -> None:
    with live_server(MockAPI(seeds.demo())) as server:
        wire = Wire(server.url)
        with wire.connected(1, wire.whole) as (connection,):
            connection.shutdown(socket.SHUT_WR)
            assert status(connection) == b"200"


def test_idle_connections_stop_nobody(wire: Wire) -> None:
    with wire.connected(200):
        assert wire.put() == 200


@pytest.mark.parametrize("wire", ["granian"], indirect=True)
def test_more_idle_connections_than_granian_allows_by_itself_stop_nobody(wire: Wire) -> None:
    with wire.connected(1100):
        assert wire.put() == 200


def test_requests_that_come_at_once_are_answered_in_turn(served: str) -> None:
    wire = Wire(served)
    with wire.connected(1, wire.whole * 5) as (connection,), connection.makefile("rb") as answers:
        for _ in range(5):
            assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
            assert parse_headers(answers)["content-length"] == "0"


@pytest.mark.parametrize("cut", _CUTS[:-1])
def test_a_connection_that_falls_silent_ends(monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    with live_server(MockAPI(seeds.demo())) as server:
        wire = Wire(server.url)
        monkeypatch.setattr(_QuietHandler, "timeout", 0.05)
        with wire.connected(4, wire.whole[:cut]) as silent:
            assert {status(connection) for connection in silent} <= {b"", b"400"}
