"""What loading the plugin costs: pytest collects one test, with it and without it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.measure import Plan, Result, Row, in_turns, median, ratio


def plugin(plan: Plan) -> Iterator[Result]:
    """A pytest with our plugin and no other, beside one without any."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_one.py").write_text("def test_one(): pass", encoding="utf-8")
        names = ("cgmock.pytest_plugin", "no:cgmock")
        times = in_turns(plan.amount(11, 1), {name: partial(seconds, folder, name) for name in names})
    loaded, bare = times.values()
    yield Row(
        "pytest that collects one test, with the plugin",
        median(loaded, "ms", 1e3),
        "without it",
        median(bare, "ms", 1e3),
        ratio(loaded, bare),
    )


def seconds(folder: str, name: str) -> float:
    """How long pytest takes from its start to its end."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", name]
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
