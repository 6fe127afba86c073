"""The reset of a server that was written to, by clients that keep their connections."""

import http.client
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from tests.benchmarks.measure import Plan, Result, Row, in_turns, median, ratio
from tests.benchmarks.rivals import moto, wiremock
from tests.benchmarks.servers import RECORD, Running, Server, ask, cgmock, place, tried

PATHS: Mapping[str, str] = {
    "cgmock": "/_cgmock/v1/tenants/demo/reset",
    "moto": "/moto-api/reset",
    "WireMock": "/__admin/reset",
}


def reset(plan: Plan) -> Iterator[Result]:
    """A tenant with a response, a moto with an object, a WireMock with an entry in its journal, in turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        servers = (cgmock(), moto(), wiremock(Path(folder)))
        measures, skipped = tried(servers, lambda server: _measure(server, running))
        times = in_turns(plan.amount(200, 5), measures)
    ours = times.pop("cgmock")
    for name, theirs in times.items():
        what = "reset, after a record was written"
        yield Row(what, median(ours, "ms", 1e3), name, median(theirs, "ms", 1e3), ratio(ours, theirs))
    yield from skipped


def _measure(server: Server, running: ExitStack) -> Callable[[], float]:
    here, _ = place(server, running)
    connection = running.enter_context(closing(http.client.HTTPConnection("127.0.0.1", here.port)))
    return partial(_seconds, server, here, connection)


def _seconds(server: Server, running: Running, connection: http.client.HTTPConnection) -> float:
    """Write, and tell how long the reset takes."""
    put = server.ready(running.port)
    ask(running.port, "PUT", put.path, RECORD, put.headers)
    began = time.perf_counter()
    connection.request("POST", PATHS[server.name])
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - began
    assert answer.status < http.client.BAD_REQUEST, answer.status
    return took
