"""From the start of the process to the first answered PUT, on one core."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks.measure import Goal, Plan, Result, Row, at_most, in_turns, median, ratio
from tests.benchmarks.rivals import tools
from tests.benchmarks.servers import Server, cgmock, first_put, started, tried

GOALS: Mapping[str, Goal] = {"moto": at_most(0.5), "WireMock": at_most(0.2)}


def cold_start(plan: Plan) -> Iterator[Result]:
    """Each tool in turns: a token and a record for ours, a bucket and an object for moto, a record for the others."""
    with tempfile.TemporaryDirectory() as folder:
        servers = {each.name: each for each in (cgmock(), *tools(Path(folder)))}
        here, skipped = tried(servers.values(), seconds)
        measures = {name: partial(seconds, servers[name]) for name in here}
        times = in_turns(plan.amount(7, 1), measures, warm_up=False)
    ours = times.pop("cgmock")
    for name, theirs in times.items():
        what = "start of the process to the first answered PUT"
        yield Row(what, median(ours, "s"), name, median(theirs, "s"), ratio(ours, theirs), GOALS.get(name))
    yield from skipped


def seconds(server: Server) -> float:
    """How long it takes. Raises NotHereError."""
    began = time.perf_counter()
    with started(server) as running:
        first_put(server, running)
        return time.perf_counter() - began
