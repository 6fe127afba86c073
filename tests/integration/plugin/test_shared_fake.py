"""Many runners share one fake, and none sees another's tenant."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.levels import by_level
from tests.processes import environment_without_coverage, serving

SUITE = """
import pytest
from cgmock.faults import Endpoint, Fault


@pytest.mark.parametrize("number", range({tests}))
def test_it(cg, cg_client, number):
    email = f"joe{{number}}@example.com"
    expired = number % 2
    cg_client.put_record("contact", {{"Email": email}})
    cg.clock.advance(3600 * expired)
    cg_client.put_record("contact", {{"Email": email}})
    cg.faults.add(Fault(endpoint=Endpoint.RECORDS, status=500 + number % 90))
    with pytest.raises(Exception) as caught:
        cg_client.put_record("contact", {{"Email": "nobody@example.com"}})
    assert caught.value.status == 500 + number % 90
    cg.expect(endpoint="token", times=1 + expired)
    assert [row["email"] for row in cg.data("contacts")] == [email]
    assert len(cg.journal) == 4 + 2 * expired
"""


@pytest.fixture
def shared() -> Iterator[str]:
    """The URL of a `cgmock serve`."""
    with serving() as (line,):
        yield line.split()[-1]


@by_level("workers, tests", integration=(2, 20), thorough=(8, 4000))
def test_workers_on_one_fake_do_not_see_each_other(
    pytester: pytest.Pytester, shared: str, workers: int, tests: int
) -> None:
    pytester.makepyfile(SUITE.format(tests=tests))

    done = subprocess.run(  # noqa: S603  (our own command)
        [sys.executable, "-m", "pytest", "-q", f"-n{workers}", f"--cg-target={shared}"],
        capture_output=True,
        text=True,
        check=False,
        env=environment_without_coverage(),
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{tests} passed" in done.stdout
