from cgmock.core.messages import Request
from cgmock.core.routing import Endpoint
from cgmock.faults import Fault, FaultPlan

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
