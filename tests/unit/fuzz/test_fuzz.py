import itertools
from collections.abc import Iterator

import pytest

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Headers, Request, Response
from cgmock.core.outcome import CountRequest, Outcome, SaveAccount
from cgmock.core.routing import decide
from tests.acme import FORM, NOW, put, view
from tests.fuzz.inputs import VIEWS, asked, seeds
from tests.fuzz.invariants import broken, broken_by
from tests.fuzz.search import blindly, report
from tests.levels import by_level

GRANT = b"grant_type=client_credentials&client_id=acme-crm&client_secret=acme-secret"
TOKEN = Request("POST", "/oauth2/token", "", {"content-type": FORM}, GRANT, len(GRANT))
WRONG = (Behaviour.METHOD_WRONG,)


@by_level("inputs", unit=2000, thorough=100_000)
def test_some_inputs_break_no_promise(inputs: int) -> None:
    assert blindly(inputs, seed=1) is None


def test_the_seeds_reach_every_answer() -> None:
    statuses = {_status(sent) for sent in seeds()}

    assert statuses >= {200, 302, 400, 401, 404, 405, 413, 422, 429}


def test_the_first_input_that_fails_is_made_small_and_shown_as_a_test() -> None:
    found = blindly(2000, seed=1, judge=_judge_brackets)

    assert found == report(b"[[", _judge_brackets)


def test_a_failing_input_becomes_a_test_that_runs() -> None:
    names: dict[str, object] = {"Request": Request, "VIEWS": VIEWS, "broken": broken}

    text = report(b"3 PUT /x?a=1\nhost: y\n\n[[", _judge_brackets)
    exec(text, names)  # noqa: S102  (our own text)

    names["test_a_promise_is_kept"]()  # type: ignore[operator]
    assert "# It has brackets." in text
    assert "VIEWS[0]" in text


def test_an_input_is_a_message_to_a_tenant() -> None:
    asked_view, request = asked(b"3 PUT /x?a=1\nHost: y\ncontent-length: 9\n\nbody\n\nand more")

    assert asked_view is VIEWS[3]
    assert request == Request("PUT", "/x", "a=1", {"host": "y"}, b"body\n\nand more", 14, "request-1")


@pytest.mark.parametrize(
    "sent", [b"", b"\n", b"9", b"\xff\xfe", b"0 PUT /\ncontent-length: 99999999999999999999"]
)
def test_any_bytes_are_an_input(sent: bytes) -> None:
    assert asked(sent)[0] is VIEWS[0]


def test_an_exception_breaks_a_promise() -> None:
    (promise,) = broken(view()._replace(sign=lambda claims: str(claims["none"])), TOKEN)

    assert promise == "It raises KeyError('none')."


@pytest.mark.parametrize(
    ("outcome", "promise"),
    [
        (Outcome(Response(500), behaviours=WRONG), "The status is 500."),
        (Outcome(Response(199), behaviours=WRONG), "The status is 199."),
        (Outcome(Response(200)), "No behaviour decided."),
        (Outcome(Response(422), (SaveAccount("A", {}),), (), WRONG), "A 422 changes data."),
        (Outcome(Response(400, (), b"[]"), (), (), WRONG), "The body of the error is not what it should be."),
        (Outcome(Response(400, (), b"x"), (), (), WRONG), "The body of the error is not what it should be."),
        (
            Outcome(Response(400, (), b"{}"), (), (), (Behaviour.ERRORS_AS_HTML,)),
            "The body of the error is not what it should be.",
        ),
    ],
)
def test_an_outcome_that_breaks_a_promise_is_told(outcome: Outcome, promise: str) -> None:
    assert broken_by(put(b""), outcome) == [promise]


@pytest.mark.parametrize("headers", [(("X", "a\r\nb"),), (("X", "\u0100"),)])
def test_a_header_that_cannot_be_sent_is_told(headers: Headers) -> None:
    outcome = Outcome(Response(200, headers), behaviours=WRONG)

    assert broken_by(put(b""), outcome) == ["The header 'X' cannot be sent."]


def test_a_body_in_the_answer_to_a_head_is_told() -> None:
    outcome = Outcome(Response(200, (), b"x"), behaviours=WRONG)

    assert broken_by(put(b"")._replace(method="HEAD"), outcome) == ["The answer to a HEAD has a body."]


def test_a_refused_request_may_be_counted() -> None:
    outcome = Outcome(Response(422, (), b"{}"), (CountRequest(0),), (), WRONG)

    assert broken_by(put(b""), outcome) == []


def test_a_request_that_always_takes_long_breaks_a_promise() -> None:
    seconds = itertools.count()

    (promise,) = broken(view(), put(b""), lambda: float(next(seconds)))

    assert promise == "It takes 1.00 s, where 0.10 s are allowed."


def test_a_request_that_took_long_once_breaks_none() -> None:
    assert broken(view(), put(b""), _once_slow().__next__) == []


def _once_slow() -> Iterator[float]:
    yield 0.0
    while True:
        yield 1.0


def _judge_brackets(sent: bytes) -> list[str]:
    return ["It has brackets."] if sent.count(b"[") > 1 else []


def _status(sent: bytes) -> int:
    asked_view, request = asked(sent)
    return decide(asked_view, request, NOW).response.status
