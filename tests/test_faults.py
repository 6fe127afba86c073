from typing import Any

import pytest

from cgmock.core.messages import Request
from cgmock.core.routing import Endpoint
from cgmock.faults import Fault, FaultError, FaultPlan

TOKEN, RECORD, NOWHERE = (Request("PUT", path) for path in ("/oauth2/token", "/records/", "/x"))


def test_a_fault_is_met_by_the_next_request_to_its_endpoint_and_used_up() -> None:
    plan, fault = FaultPlan(), Fault(endpoint=Endpoint.RECORDS, status=503)
    plan.add(fault)

    taken = [plan.take(each) for each in (TOKEN, RECORD, RECORD)]

    assert taken == [None, fault, None]


def test_a_fault_for_any_endpoint_is_met_by_whatever_comes() -> None:
    plan, fault = FaultPlan(), Fault()
    plan.add(fault)

    assert plan.take(NOWHERE) is fault


def test_faults_are_met_in_their_order_each_as_often_as_it_says() -> None:
    plan, first, second = FaultPlan(), Fault(status=500, times=2), Fault(status=502)
    plan.add(first, second)

    assert [plan.take(TOKEN) for _ in range(4)] == [first, first, second, None]


def test_a_plan_knows_what_was_met_and_what_was_not() -> None:
    plan, first, second = FaultPlan(), Fault(status=500, times=2), Fault(status=502, endpoint=Endpoint.TOKEN)
    plan.add(first, second)
    plan.take(RECORD)

    assert plan.met == ((first, 1),)
    assert plan.unmet == ((first, 1), (second, 1))


def test_a_cleared_plan_has_nothing_left() -> None:
    plan = FaultPlan()
    plan.add(Fault())
    plan.clear()

    assert (plan.take(NOWHERE), plan.unmet, plan.met) == (None, (), ())


def test_an_endpoint_may_be_named_and_headers_be_a_dictionary() -> None:
    fault = Fault(endpoint="records", headers={"Retry-After": "5"})  # type: ignore[arg-type]

    assert fault == Fault(endpoint=Endpoint.RECORDS, headers=(("Retry-After", "5"),))


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        (
            {"endpoint": "recrods"},
            "endpoint must be one of token, keys, records, responses, webhook, or null",
        ),
        ({"status": 0}, "status must be an integer from 200 to 599."),
        ({"times": 0}, "times must be an integer from 1 to 1000000."),
        ({"delay": float("nan")}, "delay must be a number of seconds from 0 to 60."),
        ({"body": b"{}"}, "body must be a text."),
        ({"headers": (("X", "a", "b"),)}, "headers must be an object of texts"),
        ({"headers": ("X", "a")}, "headers must be an object of texts"),
        ({"headers": (("Transfer-Encoding", "chunked"),)}, "headers must not have Transfer-Encoding"),
    ],
)
def test_a_fault_that_no_answer_can_be_is_refused(described: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FaultError, match=sentence):
        Fault(**described)
