"""The real Laravel that these tests compare with."""

from collections.abc import Iterator

import pytest

from tests.oracle.laravel import Laravel, missing, running

_COMPARED = pytest.StashKey[int]()
_FOLDER = "tests/oracle/"


@pytest.fixture(scope="session")
def laravel(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Laravel]:
    """A Laravel that answers."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with running(tmp_path_factory.mktemp("laravel")) as laravel:
        yield laravel
        pytestconfig.stash[_COMPARED] = laravel.asked


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how much was compared, and with how many tests it differed."""
    compared = config.stash.get(_COMPARED, 0)
    failed = [
        report
        for outcome in ("failed", "error")
        for report in terminalreporter.stats.get(outcome, ())
        if report.nodeid.startswith(_FOLDER)
    ]
    if compared:
        terminalreporter.write_line(f"oracle: {compared} requests compared, {len(failed)} differences")
