"""What the pytest plugin prints has no character that a terminal obeys."""

import pytest

import cgclient
from cgmock.mock_api import MockAPI

EVIL = "Evil\x1b[2J\x07\x9b31m\u202e\x7f"

TESTS = r"""
import pytest

EVIL = "Evil\x1b[2J\x07\x9b31m\u202e\x7f"


def test_lost(cg, cg_client):
    cg_client.put_record("contact", {"Email": "joe@example.com", EVIL: EVIL})


@pytest.mark.cg(unknown_headings="warn")
def test_warned(cg, cg_client):
    cg_client.put_record("contact", {"Email": "joe@example.com", EVIL: EVIL})


def test_expected(cg, cg_client):
    cg_client.put_record("contact", {"Email": "joe@example.com", "First Name": EVIL})
    cg.expect({"First Name": "Joe", EVIL: "x"}, configuration=EVIL)


def test_expected_in_order(cg, cg_client):
    cg.expect_in_order({"record": {EVIL: EVIL}})


def test_waited_for(cg, cg_client):
    cg.wait_for({EVIL: EVIL}, timeout=0.0)


@pytest.mark.cg(tenant=EVIL)
def test_marked(cg):
    pass


@pytest.mark.cg(seed=EVIL)
def test_seeded(cg):
    pass
"""


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """Import what the plugin imports when it is used: a pytest inside pytest forgets what it imports first."""
    cgclient.Client("id", "secret").close()
    MockAPI()


@pytest.mark.filterwarnings("default")
def test_what_is_told_of_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)

    result = pytester.runpytest_inprocess("-ra", "-p", "no:xdist")

    result.assert_outcomes(passed=2, failed=3, errors=3, warnings=1)
    _assert_visible(result)


@pytest.mark.parametrize("option", ["--cg-target", "--cg-seed"])
def test_an_option(option: str, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(cg):\n    pass\n")

    _assert_visible(pytester.runpytest_inprocess(f"{option}={EVIL}"))


def test_an_ini_key(pytester: pytest.Pytester) -> None:
    pytester.makeini(f"[pytest]\ncg_unknown_headings = {EVIL}\n")

    _assert_visible(pytester.runpytest_inprocess())


def _assert_visible(result: pytest.RunResult) -> None:
    output = result.stdout.str() + result.stderr.str()
    assert "Evil" in output
    assert output.replace("\n", "").isprintable(), ascii(output)
