"""Many runners share one fake, and none sees another's tenant."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

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
    command = [sys.executable, "-m", "cgmock", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (our own command)
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("tests", [40, pytest.param(4000, marks=pytest.mark.slow)])
def test_eight_workers_on_one_fake_do_not_see_each_other(
    pytester: pytest.Pytester, shared: str, tests: int
) -> None:
    pytester.makepyfile(SUITE.format(tests=tests))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}

    done = subprocess.run(  # noqa: S603  (our own command)
        [sys.executable, "-m", "pytest", "-q", "-n8", f"--cg-target={shared}"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{tests} passed" in done.stdout
