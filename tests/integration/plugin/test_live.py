"""The write budget of `--cg-target=live`, across processes."""

import pytest

from cgmock.servers.threaded import LiveServer
from tests.unit.plugin.test_live import SUITE, live, written


@pytest.mark.parametrize("workers", [[], ["-n2"]], ids=["one process", "two workers"])
def test_no_more_than_the_budget_is_written(
    pytester: pytest.Pytester, live: LiveServer, workers: list[str]
) -> None:
    pytester.makepyfile(SUITE)

    result = pytester.runpytest_subprocess(
        "--cg-target=live", "--cg-live-write-budget=4", "--cg-allow-host=localhost", *workers
    )

    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(
        ["*KeptBackError: the write budget is used up: raise --cg-live-write-budget*"]
    )
    assert written(live) == 4
