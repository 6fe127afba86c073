"""The plan of a run: every request that it would send, found by holding all conversations with a mock of our own."""

from collections.abc import Iterator
from typing import NamedTuple

import httpx

from cgmock.contract.checks import attempt
from cgmock.contract.local import in_process, stand_in
from cgmock.contract.session import Session
from cgmock.contract.suite import checks
from cgmock.journal.redaction import Redactor
from cgmock.live.rails import CHECK, Guard, Rails, is_write, shown
from cgmock.live.results import Json, Result, Verdict
from cgmock.live.target import Target


class Plan(NamedTuple):
    """The requests of a run in order, each with the check that sends it, how many of them write, and what is not run."""

    requests: tuple[tuple[str, Json], ...]
    writes: int
    not_run: tuple[Result, ...]


class _Recorder(httpx.BaseTransport):
    """Passes requests on, and keeps how they look."""

    def __init__(self, inner: httpx.BaseTransport, target: Target) -> None:
        self.requests: list[tuple[str, Json]] = []
        self.writes = 0
        self._inner = inner
        self._target = target
        self._redactor = Redactor([*target.tenant.secrets, target.client_secret])

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append((request.extensions[CHECK], shown(request, self._redactor)))
        self.writes += is_write(request, self._target)
        return self._inner.handle_request(request)


def plan(target: Target, run: str, *, allow_invitations: bool) -> Plan:
    """What a run would send; nothing leaves the process, and no socket is opened."""
    mock = stand_in(target)
    clock = mock.store.hosted(target.tenant.name).clock
    recorder = _Recorder(in_process(mock), target)
    rails = Rails(hosts=target.hosts, allow_invitations=allow_invitations or target.is_local)
    session = Session(target, Guard(recorder, target, rails), run, sleep=clock.advance)
    results = [attempt(check, session) for check in checks()]
    session.close()
    not_run = tuple(result for result in results if result.verdict is Verdict.NOT_RUN)
    return Plan(tuple(recorder.requests), recorder.writes, not_run)


def as_text(plan: Plan) -> Iterator[str]:
    """The lines of a plan."""
    for check, request in plan.requests:
        yield f"{request['method']} {request['url']}  ({check})"
        headers = request["headers"]
        yield from (
            (f"  {name}: {value}" for name, value in headers.items()) if isinstance(headers, dict) else ()
        )
        if request["body"]:
            yield f"  {request['body']}"
    for result in plan.not_run:
        yield f"NOT RUN {result.id}: {result.reason}"
    yield f"{len(plan.requests)} requests, {plan.writes} of them writes; none was sent"
