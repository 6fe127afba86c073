import json
from typing import Any

import pytest

from cgmock.clock import Clock
from cgmock.core.messages import Request
from cgmock.core.routing import Endpoint
from cgmock.faults import (
    Effect,
    Fault,
    FaultError,
    FaultMatch,
    FaultPlan,
    LogNormal,
    Uniform,
    from_table,
    prepared,
    table,
)
from tests.acme import NOW

TOKEN, RECORD, NOWHERE = (Request("PUT", path) for path in ("/oauth2/token", "/records/", "/x"))


def test_a_fault_is_met_by_the_next_request_to_its_endpoint_and_used_up() -> None:
    plan, fault = FaultPlan(), Fault(endpoint=Endpoint.RECORDS, status=503)
    plan.add(fault)

    taken = [plan.take(each) for each in (TOKEN, RECORD, RECORD)]

    assert taken == [None, FaultMatch(fault, 0.0), None]


def test_a_fault_for_any_endpoint_is_met_by_whatever_comes() -> None:
    plan, fault = FaultPlan(), Fault()
    plan.add(fault)

    assert plan.take(NOWHERE) == (fault, 0.0)


def test_faults_are_met_in_their_order_each_as_often_as_it_says() -> None:
    plan, first, second = FaultPlan(), Fault(status=500, times=2), Fault(status=502)
    plan.add(first, second)

    taken = [plan.take(TOKEN) for _ in range(4)]

    assert [met and met.fault for met in taken] == [first, first, second, None]


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
    fault = Fault(endpoint="records", headers={"Retry-After": "5"})

    assert fault == Fault(endpoint=Endpoint.RECORDS, headers=(("Retry-After", "5"),))


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        (
            {"endpoint": "recrods"},
            "^unknown endpoint `recrods`; did you mean `records`\\?$",
        ),
        (
            {"endpoint": "nowhere"},
            "^unknown endpoint `nowhere`; valid names: token, keys, records, responses, webhook.$",
        ),
        ({"endpoint": ["records"]}, "^unknown endpoint `\\['records'\\]`; valid names: token, keys, "),
        ({"status": 0}, "status must be an integer from 200 to 599."),
        ({"times": 0}, "times must be an integer from 1 to 1000000."),
        ({"delay": float("nan")}, "delay must be a number of seconds from 0 to 60."),
        ({"body": b"{}"}, "body must be a text."),
        ({"headers": (("X", "a", "b"),)}, "headers must be an object of texts"),
        ({"headers": ("X", "a")}, "headers must be an object of texts"),
        ({"headers": (("Transfer-Encoding", "chunked"),)}, "headers must not have Transfer-Encoding"),
        (
            {"effect": "explode"},
            "^unknown effect `explode`; valid names: answer, late, reset, close, truncated, ",
        ),
        ({"effect": "truncate"}, "^unknown effect `truncate`; did you mean `truncated`\\?$"),
        ({"effect": None}, "^unknown effect `None`; valid names: answer, late, "),
        ({"applied": 1}, "applied must be true or false."),
        ({"retry_after": 1.5}, "retry_after must be an integer from 0 to 31536000."),
        ({"retry_after_date": None}, "retry_after_date must be true or false."),
        ({"probability": 0}, "probability must be a number above 0, and 1 at most."),
        ({"probability": 1.1}, "probability must be a number above 0, and 1 at most."),
        ({"seed": -1}, "seed must be an integer from 0 to 9007199254740991."),
        ({"within": -1}, "within must be a number of seconds from 0 to 31536000, or null for ever."),
        (
            {"delay": Uniform(2, 1)},
            "delay.uniform must be two numbers of seconds from 0 to 60, the lower one",
        ),
        (
            {"delay": LogNormal(0, 1)},
            "delay.log_normal must be a median from 0.001 to 60 seconds and a sigma",
        ),
        (
            {"effect": "token_expired", "endpoint": "token"},
            "endpoint must be records or responses for the effect token_expired.",
        ),
    ],
)
def test_a_fault_that_no_answer_can_be_is_refused(described: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FaultError, match=sentence):
        Fault(**described)


def test_an_effect_and_a_distribution_may_be_named_in_a_table() -> None:
    fault = from_table({"effect": "late", "delay": {"uniform": [0, 2.0]}, "times": 2, "endpoint": None})

    assert fault == Fault(effect=Effect.LATE, delay=Uniform(0, 2), times=2)
    assert from_table({"delay": None}) == Fault()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(),
        Fault(
            endpoint=Endpoint.TOKEN, effect=Effect.TRUNCATED, applied=True, within=30, probability=0.5, seed=7
        ),
        Fault(status=429, headers=(("X", "a"),), body="{}", retry_after=5, retry_after_date=True, delay=0.5),
        Fault(effect=Effect.LATE, delay=LogNormal(0.2, 0.5), times=3),
        prepared("gateway_timeout", times=2),
    ],
)
def test_a_fault_is_what_its_table_says(fault: Fault) -> None:
    assert from_table(json.loads(json.dumps(table(fault)))) == fault


def test_a_prepared_answer_is_that_of_the_gateway_unless_it_is_said_otherwise() -> None:
    fault = prepared("gateway_timeout", endpoint="records", headers={})

    assert (fault.status, fault.body, fault.headers) == (504, '{"message": "Endpoint request timed out"}', ())
    assert fault == from_table({"prepared": "gateway_timeout", "endpoint": "records", "headers": {}})
    with pytest.raises(
        FaultError,
        match=r"^unknown prepared response `gateway`; valid names: gateway_timeout, .*, unauthenticated\.$",
    ):
        from_table({"prepared": "gateway"})


@pytest.mark.parametrize(
    ("date", "header"), [(False, "90"), (True, "Tue, 14 Nov 2023 22:14:50 GMT")], ids=["seconds", "date"]
)
def test_a_client_is_told_when_to_come_again_by_the_tenant_s_clock(*, date: bool, header: str) -> None:
    fault = Fault(status=429, headers=(("X", "a"),), retry_after=90, retry_after_date=date)

    assert fault.answer(NOW).headers == (("X", "a"), ("Retry-After", header))


def test_the_same_seed_is_the_same_chance() -> None:
    def met(seed: int) -> list[bool]:
        plan = FaultPlan()
        plan.add(Fault(probability=0.5, seed=seed, times=1000))
        return [plan.take(NOWHERE) is not None for _ in range(50)]

    assert met(1) == met(1) != met(2)
    assert 10 < sum(met(1)) < 40


def test_the_same_seed_is_the_same_delays() -> None:
    def delays(delay: Uniform | LogNormal, seed: int) -> list[float]:
        plan = FaultPlan()
        plan.add(Fault(effect=Effect.LATE, delay=delay, seed=seed, times=50))
        return [met.delay for met in map(plan.take, [NOWHERE] * 50) if met]

    for delay in (Uniform(1, 2), LogNormal(30, 2)):
        assert delays(delay, 1) == delays(delay, 1) != delays(delay, 2)
    assert all(1 <= each <= 2 for each in delays(Uniform(1, 2), 1))
    assert max(delays(LogNormal(30, 2), 1)) == 60 > min(delays(LogNormal(30, 2), 1)) > 0


def test_what_is_left_to_chance_lets_the_next_fault_have_its_turn() -> None:
    plan, rare, next_one = FaultPlan(), Fault(probability=1e-9), Fault(status=503)
    plan.add(rare, next_one)

    assert plan.take(NOWHERE) == (next_one, 0.0)
    assert plan.unmet == ((rare, 1),)


def test_what_is_left_to_chance_is_met_once_a_request_has_met_it() -> None:
    plan, often = FaultPlan(), Fault(probability=0.999, times=10)
    plan.add(often)
    plan.take(NOWHERE)

    assert (plan.met, plan.unmet) == (((often, 1),), ())


def test_a_fault_is_over_after_its_time_on_the_tenant_s_clock() -> None:
    clock = Clock(lambda: NOW)
    plan, fault = FaultPlan(clock.now), Fault(within=30, times=3)
    plan.add(fault)

    taken = []
    for _ in range(3):
        taken.append(plan.take(NOWHERE) is not None)
        clock.advance(20)

    assert taken == [True, True, False]
    assert plan.unmet == ((fault, 1),)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault(status=503, endpoint=Endpoint.RECORDS), "503 for records"),
        (Fault(effect=Effect.RESET), "reset for any request"),
    ],
)
def test_a_fault_says_what_it_is(fault: Fault, text: str) -> None:
    assert str(fault) == text
