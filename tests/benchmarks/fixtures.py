"""What a fixture costs each test: its set-up and its tear-down, in a pytest of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks.measure import Plan, Result, Row, at_most, in_turns, median, ratio

WATCH = """\
import json
import pathlib
import statistics

spent = {}


def pytest_runtest_logreport(report):
    assert report.passed
    if report.when != "call":
        spent[report.nodeid] = spent.get(report.nodeid, 0) + report.duration


def pytest_sessionfinish():
    _, *others = spent.values()  # the first one starts the server
    pathlib.Path("spent.json").write_text(json.dumps(statistics.median(others)))
"""
PLUGINS: Mapping[str, str] = {
    "cg": "cgmock.pytest_plugin",
    "httpserver": "pytest_httpserver.pytest_plugin",
}
"""The fixtures, and the plugins that have them."""


def fixtures(plan: Plan) -> Iterator[Result]:
    """Our `cg` and pytest-httpserver's `httpserver`, both on a server that the session starts once."""
    tests = plan.amount(500, 20)
    measures = {fixture: partial(seconds, fixture, tests) for fixture in PLUGINS}
    times = in_turns(plan.amount(9, 1), measures)
    ours, theirs = times["cg"], times["httpserver"]
    yield Row(
        "set-up and tear-down of the fixture per test",
        median(ours, "µs", 1e6),
        "pytest-httpserver",
        median(theirs, "µs", 1e6),
        ratio(ours, theirs),
        at_most(1),
    )


def seconds(fixture: str, tests: int) -> float:
    """The median of a run of tests that do nothing but have the fixture."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    module = f"""\
import pytest


@pytest.mark.parametrize("number", range({tests}))
def test_nothing({fixture}, number):
    pass
"""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conftest.py").write_text(WATCH, encoding="utf-8")
        Path(folder, "test_nothing.py").write_text(module, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", PLUGINS[fixture]]
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        return float(json.loads(Path(folder, "spent.json").read_text(encoding="utf-8")))
