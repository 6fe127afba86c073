"""Settings of Hypothesis, and the sizes that depend on a test's level."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.levels import level_of

# Without bytecode, each process that a test starts compiles the server and its libraries again (2.1 s instead of 0.5 s).
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No deadline: the machine may be busy.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Coverage must not depend on what Hypothesis happens to draw.
settings.register_profile("ci", settings.get_profile("tests"), derandomize=True, database=None)
settings.register_profile("mutation", settings.get_profile("ci"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tests"))


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker that `by_level` sets."""
    config.addinivalue_line("markers", "by_level(names, values): sizes of a test, see tests/levels.py")


def pytest_sessionfinish() -> None:
    """Save what was measured: xdist kills a worker that takes ten seconds to end."""
    coverage = sys.modules.get("coverage")
    measuring = coverage and coverage.Coverage.current()
    if measuring:  # pragma: no branch  (without coverage, nothing is measured)
        measuring.save()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After a run of plain `pytest`, print how to run the other levels."""
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and config.getoption("verbose") >= 0:
        terminalreporter.write_line(
            "This was the unit level. `.venv/bin/uv run --group dev poe integration` and `poe thorough` run the others:"
            " see CONTRIBUTING.md."
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test that is marked with `by_level` the values of its level."""
    for mark in metafunc.definition.iter_markers("by_level"):
        names, values = mark.args
        metafunc.parametrize(names, [values[level_of(Path(metafunc.module.__file__))]])
