"""PUT of the vendor's sample under load: every server on the first core, wrk on the second."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.benchmarks.load import Load, load
from tests.benchmarks.measure import Goal, Plan, Result, Served, at_least, in_turns, median, ratio
from tests.benchmarks.rivals import same_server, tools
from tests.benchmarks.servers import Server, cgmock, place, tried

GOALS: Mapping[str, Goal] = {
    "bare WSGI hello": at_least(0.6),
    "Flask view": at_least(5),
    "cgmock behind a Flask view": at_least(5),
    "WireMock": at_least(2),
    "Prism": at_least(6),
    "pytest-httpserver": at_least(12),
    "moto": at_least(30),
}


def throughput(plan: Plan) -> Iterator[Result]:
    """Requests a second and their times, by 8 connections; all servers are there all the time, and asked in turns."""
    seconds = plan.amount(3, 1)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        servers = {each.name: each for each in (cgmock(), *same_server(), *tools(Path(folder)))}
        places, skipped = tried(servers.values(), lambda server: place(server, running))
        measures = {name: partial(load, *where, seconds) for name, where in places.items()}
        loads = in_turns(plan.amount(5, 2), measures)
    for name, measured in loads.items():
        yield _served(servers[name], loads["cgmock"], measured)
    yield from skipped


def _served(server: Server, ours: Sequence[Load], theirs: Sequence[Load]) -> Served:
    return Served(
        server.name,
        server.does,
        rate=median([each.rate for each in theirs], "/s"),
        p50=median([each.p50 for each in theirs], "ms"),
        p99=median([each.p99 for each in theirs], "ms"),
        processor=median([each.processor for each in theirs], "µs"),
        ratio=ratio([each.rate for each in ours], [each.rate for each in theirs]),
        by_processor=ratio([each.processor for each in theirs], [each.processor for each in ours]),
        goal=GOALS.get(server.name),
    )
