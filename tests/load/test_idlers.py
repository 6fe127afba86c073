"""Hundreds of slow callers and thousands of idle ones: they stop nobody, and nothing is left of them. Needs Linux."""

import math
from contextlib import ExitStack

import pytest

from tests.load.conftest import Load
from tests.processes import serving
from tests.wire import BODY, Wire, status

pytestmark = pytest.mark.timeout(600)

_IDLERS = 10_000
_IN_HEAD, _IN_BODY = 100, -10


@pytest.mark.parametrize("cut", [_IN_HEAD, -len(BODY), _IN_BODY], ids=["head", "no-body", "body"])
def test_500_slow_callers_stop_nobody_and_leave_nothing(load: Load, cut: int) -> None:
    alone = load.seconds()
    with load.wire.connected(500, load.wire.whole[:cut]) as slow:
        beside = load.seconds()
        _tell(alone, beside, load)
        for connection in slow:
            connection.sendall(load.wire.whole[cut:])
        assert {status(connection) for connection in slow} == {b"200"}

    assert load.settled().within(load.before)


def test_10_000_idle_connections_stop_nobody_and_leave_nothing(load: Load) -> None:
    alone = load.seconds()
    with load.wire.connected(_IDLERS):
        beside = load.seconds()
        _tell(alone, beside, load)

    assert load.settled().within(load.before)
    assert load.wire.put() == 200


@pytest.mark.parametrize("load", ["granian"], indirect=True)
def test_10_000_connections_that_were_kept_stop_nobody_and_leave_nothing(load: Load) -> None:
    alone = load.seconds()
    with load.wire.connected(_IDLERS, load.wire.whole) as kept:
        assert {connection.recv(12) for connection in kept} == {b"HTTP/1.1 200"}
        beside = load.seconds()
        _tell(alone, beside, load)

    assert load.settled().within(load.before)


@pytest.mark.parametrize("cut", [0, _IN_HEAD], ids=["idle", "head"])
def test_a_connection_without_a_request_ends_after_half_a_minute(load: Load, cut: int) -> None:
    with load.wire.connected(4, load.wire.whole[:cut]) as silent:
        for connection in silent:
            connection.settimeout(40)
        assert b"200" not in {status(connection) for connection in silent}

    assert load.settled().within(load.before)


@pytest.mark.parametrize("server", ["granian", "werkzeug"])
def test_slow_callers_cannot_hold_a_server_back_from_its_end(server: str) -> None:
    with ExitStack() as until_it_ended, serving("--server", server) as (line,):
        wire = Wire(line.split()[-1])
        for cut in (0, _IN_HEAD, _IN_BODY):
            until_it_ended.enter_context(wire.connected(4, wire.whole[:cut]))
        assert wire.put() == 200


def _tell(alone: list[float], beside: list[float], load: Load) -> None:
    """Print the 99th percentile of a PUT alone and beside others, and what the process has in hand."""
    before, now = (1000 * each[math.ceil(0.99 * len(each)) - 1] for each in (alone, beside))
    print(
        f"99 % of PUTs in {before:.1f} ms alone, {now:.1f} ms beside them; {load.before} before, {load.use()}"
    )
