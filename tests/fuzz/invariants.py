"""What holds for every request, whatever it holds; and a failing one as a test to paste."""

import json
import time
from collections.abc import Callable, Iterator
from pprint import pformat

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import CountRequest, Outcome, View
from cgmock.core.routing import credential, decide
from tests.acme import NOW
from tests.fuzz.inputs import VIEWS

Clock = Callable[[], float]

_SECONDS, _SECONDS_PER_BYTE = (
    0.1,
    10e-6,
)  # of the processor; a hang takes more, and so does what grows with a square
_TRIES = 3  # once may be the machine's fault


def broken(view: View, request: Request, clock: Clock = time.process_time) -> list[str]:
    """The promises that the answer to a request breaks."""
    started = clock()
    try:
        outcome = _answer(view, request)
    except Exception as error:  # noqa: BLE001  (that there is none is the promise)
        return [f"It raises {error!r}."]
    promises = broken_by(request, outcome)
    if clock() - started > _allowed(request):
        promises += _of_time(view, request, clock)
    return promises


def broken_by(request: Request, outcome: Outcome) -> list[str]:
    """The promises that an outcome breaks."""
    return [*_of_outcome(outcome), *_of_response(request, outcome)]


def as_test(view: View, request: Request, promises: list[str]) -> str:
    """A test that fails."""
    broke = "".join(f"    # {promise}\n" for promise in promises)
    parts = pformat(request._asdict(), width=100, sort_dicts=False).replace("\n", "\n    ")
    return (
        "def test_a_promise_is_kept() -> None:\n"
        f"{broke}"
        f"    parts = {parts}\n\n"
        f"    assert broken(VIEWS[{VIEWS.index(view)}], Request(**parts)) == []\n"
    )


def _answer(view: View, request: Request) -> Outcome:
    credential(request)
    return decide(view, request, NOW)


def _of_outcome(outcome: Outcome) -> Iterator[str]:
    status = outcome.response.status
    if not 200 <= status <= 499:
        yield f"The status is {status}."
    if not outcome.behaviours:
        yield "No behaviour decided."
    if status != 200 and any(not isinstance(change, CountRequest) for change in outcome.changes):
        yield f"A {status} changes data."


def _of_response(request: Request, outcome: Outcome) -> Iterator[str]:
    response = outcome.response
    for name, value in response.headers:
        if not _can_be_sent(name) or not _can_be_sent(value):
            yield f"The header {name!r} cannot be sent."
    if response.status >= 400 and not _is_readable(response, outcome):
        yield "The body of the error is not what it should be."
    if request.method == "HEAD" and response.body:
        yield "The answer to a HEAD has a body."


def _of_time(view: View, request: Request, clock: Clock) -> Iterator[str]:
    allowed, taken = _allowed(request), float("inf")
    for _ in range(_TRIES):
        started = clock()
        _answer(view, request)
        taken = min(taken, clock() - started)
    if taken > allowed:
        yield f"It takes {taken:.2f} s, where {allowed:.2f} s are allowed."


def _allowed(request: Request) -> float:
    size = len(request.path) + len(request.query) + len(request.body)
    return _SECONDS + _SECONDS_PER_BYTE * (size + sum(map(len, request.headers.values())))


def _can_be_sent(text: str) -> bool:
    return all(" " <= character <= "\xff" for character in text)


def _is_readable(response: Response, outcome: Outcome) -> bool:
    if Behaviour.ERRORS_AS_HTML in outcome.behaviours or not response.body:
        return response.body[:9] in {b"<!DOCTYPE", b""}
    try:
        return isinstance(json.loads(response.body), dict)
    except ValueError:
        return False
