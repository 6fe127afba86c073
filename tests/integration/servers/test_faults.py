"""Planned faults of `cgmock serve`, as a client sees them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cgmock.control.remote import ControlError, RemoteControl
from cgmock.faults import (
    Effect,
    Fault,
)
from cgmock.testing.fake import Server
from tests.unit.faults.test_seen import HOSTED, _outcome, over_tcp


def test_a_server_that_lends_no_connection_refuses_to_break_one(served: str) -> None:
    control = RemoteControl(served)

    with Server(control, served).fresh(HOSTED) as fake:
        with pytest.raises(ControlError, match=r"^effect reset needs a server that lends its connections: "):
            fake.faults.add(Fault(effect=Effect.RESET))
        fake.faults.add(Fault(effect=Effect.LATE, delay=0.1), Fault(status=503))

        seen = [_outcome(over_tcp(fake)) for _ in range(3)]

    control.close()
    assert seen == [200, 503, 200]


def test_a_delay_of_granian_is_the_request_s_own_and_keeps_no_other(served: str) -> None:
    control = RemoteControl(served)
    with Server(control, served).fresh(HOSTED) as fake, ThreadPoolExecutor(16) as callers:
        fake.faults.add(Fault(effect=Effect.LATE, delay=2, times=16))
        began = time.perf_counter()
        statuses = [each.result().status_code for each in [callers.submit(over_tcp(fake)) for _ in range(16)]]
        took = time.perf_counter() - began

    control.close()
    assert statuses == [200] * 16
    assert 2 < took < 16 * 2  # the time that they take one after the other
