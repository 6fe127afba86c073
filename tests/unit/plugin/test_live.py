"""The live service as a target of the plugin, played by a fake of this machine."""

from collections.abc import Iterator

import pytest

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import LiveServer, live_server
from cgmock.stores.base import Collection

SUITE = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_it(cg_client, number):
    cg_client.put_record("contact", {"Email": f"joe{number}@example.com"})
"""


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """A service that the environment points at."""
    with live_server(MockAPI(seeds.demo())) as server:
        for name in ("CG_AUTH_URL", "CG_IMPORTS_URL", "CG_API_URL"):
            monkeypatch.setenv(name, server.url)
        monkeypatch.setenv("CG_CLIENT_ID", "demo-client")
        monkeypatch.setenv("CG_CLIENT_SECRET", "demo-secret")
        yield server


def written(server: LiveServer) -> int:
    """How many contacts a service has."""
    return len(server.mock.store.page("demo", Collection.CONTACTS, limit=99, after=0).rows)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--cg-live-write-budget=5"],
        ["--cg-allow-host=x"],
        ["--cg-live-write-budget=-1", "--cg-allow-host=x"],
    ],
)
def test_without_a_budget_and_hosts_nothing_is_run(
    pytester: pytest.Pytester, live: LiveServer, options: list[str]
) -> None:
    pytester.makepyfile(SUITE)

    result = pytester.runpytest("--cg-target=live", *options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --cg-target=live writes into a production system: allow it with *"])
    assert written(live) == 0


def test_a_test_that_looks_into_the_fake_is_skipped(pytester: pytest.Pytester, live: LiveServer) -> None:
    pytester.makepyfile("def test_it(cg, cg_client):\n    cg_client.put_record('contact', {'Phone': '1'})\n")

    result = pytester.runpytest(
        "-rs", "--cg-target=live", "--cg-live-write-budget=4", "--cg-allow-host=localhost"
    )

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(
        ["*this test looks into the fake: it needs --cg-target=mock or the URL of one"]
    )
    assert written(live) == 0


def test_credentials_that_are_missing_are_one_clear_sentence(
    pytester: pytest.Pytester, live: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CG_CLIENT_ID")
    pytester.makepyfile("def test_it(cg_client):\n    pass\n")

    result = pytester.runpytest("--cg-target=live", "--cg-live-write-budget=4", "--cg-allow-host=localhost")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["Set CG_CLIENT_ID and CG_CLIENT_SECRET in the environment: *"])
    assert written(live) == 0
