"""The pytest plugin, as its users run it."""

from collections.abc import Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

import cgclient
from cgmock.control.remote import RemoteControl
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router
from cgmock.servers.threaded import LiveServer, live_server, serving

SEED = """
[[tenants]]
name = "acme"

[[tenants.connected_apps]]
client_id = "acme-crm"
client_secret = "acme-secret"

[[tenants.configurations]]
reference = "people"
data_type = "contact"
headings = { "Mail" = "email" }

[[tenants]]
name = "other"

[[tenants.connected_apps]]
client_id = "other-crm"
client_secret = "other-secret"
"""

LOSING = """
def test_it(cg_client):
    cg_client.put_record("contact", {"Email": "joe@example.com", "Frist Name": "Joe"})
"""


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """All that the plugin imports when it is used: what a pytest inside pytest imports first, it forgets again."""
    httpx.HTTPTransport().close()
    RemoteControl("http://127.0.0.1:1").close()
    cgclient.Client("id", "secret").close()
    with mock_router(MockAPI()):
        pass


@pytest.fixture
def run(pytester: pytest.Pytester) -> "Run":
    """Runs a test file in a pytest of its own."""
    return Run(pytester)


class Run:
    """A folder with a test file."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.folder = pytester

    def __call__(self, test: str, *options: str) -> pytest.RunResult:
        """Write the file and run it."""
        self.folder.makepyfile(test)
        return self.folder.runpytest("-p", "no:cacheprovider", "-p", "no:schemathesis", *options)


def test_a_test_that_loses_a_heading_in_silence_is_an_error_at_its_end(run: Run) -> None:
    result = run(LOSING)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "CustomerGauge would lose this in silence (*.py:1, test_it):",
            "  Frist Name: the configuration does not know it; did you mean First Name?",
            "*cgmock journal*",
            "POST /oauth2/token 200",
            "PUT /records/ 200",
            "    unmapped: Frist Name the configuration does not know it",
        ]
    )


def test_a_record_that_fails_in_silence_is_lost_too(run: Run) -> None:
    result = run(
        """
        def test_it(cg_client):
            cg_client.put_record("contact", {"Email": "joe@example.com", "Job Level": "X"})
        """
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["  Email: the record failed", "  Job Level: Job Level must be A, B, C or U"])


def test_the_marker_comes_before_the_option_and_the_nearest_marker_before_others(run: Run) -> None:
    result = run(
        """
        import pytest

        pytestmark = pytest.mark.cg(unknown_headings="error", policies={"bad_value": "422"})

        @pytest.mark.cg(unknown_headings="off")
        def test_it(cg_client, cg):
            cg_client.put_record("contact", {"Email": "joe@example.com", "Frist Name": "Joe"})
            assert cg.tenant.policies.bad_value == "422"
        """,
        "--cg-unknown-headings=warn",
    )

    result.assert_outcomes(passed=1)


def test_a_test_that_failed_is_not_judged_and_shows_the_journal(run: Run) -> None:
    result = run(LOSING + "    assert False\n")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*cgmock journal*", "PUT /records/ 200"])


@pytest.mark.parametrize(
    "check",
    [
        "cg.expect({'Email': 'jim@example.com'})",
        "cg.wait_for({'Email': 'jim@example.com'}, timeout=0)",
        "cg.expect_in_order({'record': {'Email': 'jim@example.com'}})",
    ],
)
def test_a_failed_expectation_ends_at_the_line_of_the_test(run: Run, check: str) -> None:
    result = run(f"def test_it(cg):\n    {check}\n")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f">       {check}", "E       AssertionError: Expected at least one record*"])
    result.stdout.no_fnmatch_line("*fake.py*")


def test_an_error_of_the_settings_is_shown_once(run: Run) -> None:
    result = run(
        "def test_it(cg):\n    pass\n\ndef test_another(cg_env):\n    pass\n", "--cg-seed=absent.toml"
    )

    result.assert_outcomes(errors=2)
    shown = result.stdout.str().partition("short test summary")[0]
    assert shown.count("absent.toml:1: cannot be read") == 1
    assert shown.count("See the error of test_an_error_of_the_settings_is_shown_once.py::test_it.") == 1


def test_a_second_attempt_is_judged_after_a_failed_one(run: Run) -> None:
    run.folder.makeconftest(
        """
        import pytest
        from _pytest.runner import runtestprotocol

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item, nextitem):  # as pytest-rerunfailures does it
            runtestprotocol(item, nextitem=nextitem, log=False)
            item._initrequest()
            for report in runtestprotocol(item, nextitem=nextitem, log=False):
                item.ihook.pytest_runtest_logreport(report=report)
            return True
        """
    )

    result = run("attempts = []\n" + LOSING + "    attempts.append(1)\n    assert len(attempts) > 1\n")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["  Frist Name: the configuration does not know it; did you mean First Name?"]
    )


def test_a_test_without_requests_says_so_when_it_fails(run: Run) -> None:
    result = run("def test_it(cg):\n    assert False\n")

    result.stdout.fnmatch_lines(["*cgmock journal*", "no requests"])
    result.stdout.no_fnmatch_line("requests that match no tenant*")


def test_a_request_without_credentials_is_shown_when_its_test_fails(run: Run) -> None:
    result = run(
        """
        import httpx

        def test_it(cg):
            httpx.put(f"{cg.url}/records/").raise_for_status()
        """
    )

    result.stdout.fnmatch_lines(
        [
            "*cgmock journal*",
            "no requests",
            "requests that match no tenant:",
            "PUT /records/ 401",
            "    failed: the request has no Authorization header",
        ]
    )


def test_the_excerpt_of_the_journal_has_twenty_lines_at_most(run: Run) -> None:
    result = run(
        """
        def test_it(cg, cg_client):
            for number in range(30):
                cg_client.put_record("account", {"Account Name": "ACME"})
            assert False
        """
    )

    assert result.stdout.str().count("PUT /records/ 200") == 20


def test_many_losses_are_cut_short(run: Run) -> None:
    result = run(
        """
        def test_it(cg_client):
            cg_client.put_record("contact", {"Email": "j@x.io", **{f"Q{n:02}": "x" for n in range(30)}})
        """
    )

    result.stdout.fnmatch_lines(["  Q18: the configuration does not know it", "  … and 11 more"])


def test_a_planned_fault_that_no_request_met_is_an_error(run: Run) -> None:
    test = """
        import pytest
        from cgmock.faults import Endpoint, Fault

        def test_it(cg):
            cg.faults.add(Fault(endpoint=Endpoint.RECORDS, status=503, times=2), Fault())

        @pytest.mark.cg(unmet_faults="off")
        def test_on_purpose(cg):
            cg.faults.add(Fault())
        """

    result = run(test)

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "No request met these planned faults (*, test_it):",
            "  2 x 503 for records",
            "  1 x 500 for any request",
        ]
    )


def test_a_fault_that_was_met_is_no_error(run: Run) -> None:
    result = run(
        """
        import pytest
        from cgclient import AmbiguousWriteError
        from cgmock.faults import Endpoint, Fault

        def test_it(cg, cg_client):
            cg.faults.add(Fault(endpoint=Endpoint.RECORDS, status=503))
            with pytest.raises(AmbiguousWriteError):
                cg_client.put_record("contact", {"Email": "joe@example.com"})
        """
    )

    result.assert_outcomes(passed=1)


def test_the_client_waits_by_the_clock_of_its_tenant(run: Run) -> None:
    result = run(
        """
        import time
        from cgmock.faults import Endpoint, Fault

        def test_it(cg, cg_client):
            cg.clock.freeze(0)
            cg.faults.add(Fault(endpoint=Endpoint.RECORDS, status=503, headers={"Retry-After": "30"}))
            began = time.monotonic()
            cg_client.put_record("contact", {"Email": "joe@example.com"})
            assert time.monotonic() - began < 30
            assert cg.clock.now() == 30
        """
    )

    result.assert_outcomes(passed=1)


def test_each_test_has_a_fresh_tenant_on_one_server(run: Run) -> None:
    result = run(
        """
        import pytest

        seen = []

        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(cg, cg_client, turn):
            assert cg.data("contacts") == []
            cg_client.put_record("contact", {"Email": "joe@example.com"})
            assert [row["email"] for row in cg.data("contacts")] == ["joe@example.com"]
            seen.append((cg.url, cg.client_id))

        def test_they_differ():
            (url, first), (same, second) = seen
            assert url == same
            assert first != second
        """
    )

    result.assert_outcomes(passed=3)


def test_the_environment_of_the_process_points_at_the_fake(run: Run) -> None:
    result = run(
        """
        import os
        from cgclient import Client

        def test_it(cg, cg_env):
            with Client.from_env() as client:
                client.put_record("contact", {"Email": "joe@example.com"})
            cg.expect({"Email": "joe@example.com"}, times=1)
            assert os.environ["CG_CLIENT_ID"] == cg_env["CG_CLIENT_ID"] == cg.client_id

        def test_after_it():
            assert "CG_CLIENT_ID" not in os.environ
        """
    )

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("way", ["option", "ini", "fixture", "marker"])
def test_the_seed_is_said_by_option_ini_key_fixture_or_marker(run: Run, way: str) -> None:
    (run.folder.path / "seed.toml").write_text(SEED)
    test = """
        import pytest

        def test_it(cg, cg_client):
            assert cg.tenant.name.startswith("acme-")
            cg_client.put_record("people", {"Mail": "joe@example.com"})
        """
    options = ["--cg-seed=seed.toml"] if way == "option" else []
    if way == "ini":
        run.folder.makeini("[pytest]\ncg_seed = seed.toml")
    if way == "fixture":
        run.folder.makeconftest(
            """
            import pytest

            @pytest.fixture(scope="session")
            def cg_settings(cg_settings):
                return cg_settings._replace(seed="seed.toml")
            """
        )
    if way == "marker":
        test = test.replace("def test_it", "@pytest.mark.cg(seed='seed.toml')\n        def test_it")

    run(test, *options).assert_outcomes(passed=1)


def test_a_tenant_of_the_seed_is_chosen_by_its_name(run: Run) -> None:
    (run.folder.path / "seed.toml").write_text(SEED)

    result = run(
        """
        import pytest

        @pytest.mark.cg(tenant="other")
        def test_it(cg):
            assert cg.tenant.name.startswith("other-")

        @pytest.mark.cg(tenant="nobody")
        def test_nobody(cg):
            pass
        """,
        "--cg-seed=seed.toml",
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["There is no tenant nobody; there are: acme, other."])


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        (
            "unkown_headings='off'",
            "*takes seed, tenant, policies, unknown_headings, unmet_faults, not unkown_headings.",
        ),
        ("'off'", "*takes seed, tenant, policies, unknown_headings, unmet_faults, not 'off'."),
        ("policies={'bad_valeu': '422'}", "policies.bad_valeu: is unknown; did you mean bad_value?*"),
        ("seed='nowhere.toml'", "nowhere.toml:1: cannot be read*"),
        ("unknown_headings='no'", "*must be error, warn or off, not 'no'."),
        ("policies=None", 'policies must be a dictionary such as {"bad_value": "422"}, not None.'),
        ("policies='strict'", 'policies must be a dictionary such as {"bad_value": "422"}, not \'strict\'.'),
        ("seed=12", "seed must be the path of a TOML file or None, not 12."),
        ("tenant=12", "tenant must be the name of a tenant or None, not 12."),
    ],
)
def test_a_marker_that_says_nonsense_is_one_clear_sentence(run: Run, marker: str, line: str) -> None:
    result = run(f"import pytest\n\n@pytest.mark.cg({marker})\ndef test_it(cg):\n    pass\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])
    assert "Traceback" not in result.stdout.str()


def test_a_marker_that_says_nonsense_is_told_before_a_test_with_a_tenant_of_its_own(run: Run) -> None:
    result = run(
        """
        import pytest

        from cgmock import seeds

        @pytest.fixture
        def cg_tenant():
            return seeds.demo()[0]

        @pytest.mark.cg(unmet_faults="no")
        def test_it(cg):
            pass
        """
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["unmet_faults must be error, warn or off, not 'no'."])


@pytest.mark.parametrize("fixture", ["cg_client", "cg_env"])
def test_a_tenant_without_a_connected_app_is_one_clear_sentence(run: Run, fixture: str) -> None:
    (run.folder.path / "seed.toml").write_text('[[tenants]]\nname = "acme"\n')

    result = run(f"def test_it({fixture}):\n    pass\n", "--cg-seed=seed.toml")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The tenant acme-* has no connected app, so no client can get a token."])
    result.stdout.no_fnmatch_line("*exception*")


def test_a_loss_and_an_unmet_fault_are_both_told(run: Run) -> None:
    result = run(
        """
        from cgmock.faults import Endpoint, Fault

        def test_it(cg, cg_client):
            cg.faults.add(Fault(endpoint=Endpoint.WEBHOOK))
            cg_client.put_record("contact", {"Email": "joe@example.com", "Frist Name": "Joe"})
        """
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["  Frist Name: *", "No request met these planned faults (*", "  1 x 500 for webhook"]
    )


def test_losses_that_the_journal_has_no_more_are_counted(run: Run) -> None:
    run.folder.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def cg_settings(cg_settings):
            return cg_settings._replace(max_journal=1)
        """
    )

    result = run(
        """
        def test_it(cg, cg_client):
            for _ in range(103):
                cg_client.put_record("contact", {"Email": "joe@example.com", "Frist Name": "Joe"})
            cg_client.put_record("contact", {"Email": "joe@example.com"})
        """
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "  (and 3 later losses that the journal has no more)",
            "  Frist Name: the configuration does not know it; *",
        ]
    )


def test_a_thousand_requests_of_a_test_are_expected_as_well_as_one(run: Run) -> None:
    result = run(
        """
        from cgmock.core.messages import Request

        def test_it(cg):
            form = f"grant_type=client_credentials&client_id={cg.client_id}".encode()
            headers = {"content-type": "application/x-www-form-urlencoded"}
            for _ in range(1200):
                cg.control.mock.handle(Request("POST", "/oauth2/token", "", headers, form, len(form)))
            cg.expect(endpoint="token", times=1200)
        """
    )

    result.assert_outcomes(passed=1)


def test_settings_that_are_none_stop_pytest_with_one_sentence(run: Run) -> None:
    target = run("", "--cg-target=live.example")
    target.stderr.fnmatch_lines(
        ["ERROR: --cg-target must be mock, live or the URL of a `cgmock serve`, not live.example."]
    )

    run.folder.makeini("[pytest]\ncg_unknown_headings = maybe")
    run("").stderr.fnmatch_lines(["ERROR: cg_unknown_headings must be error, warn or off, not maybe."])


def test_the_header_says_what_the_tests_talk_to(run: Run) -> None:
    run("").stdout.fnmatch_lines(["cgmock: mock, demo tenant, unknown headings: error"])
    run("", "--cg-seed=seed.toml", "--cg-unknown-headings=off").stdout.fnmatch_lines(
        ["cgmock: mock, seed.toml, unknown headings: off"]
    )


def test_the_marker_and_the_fixtures_are_documented(run: Run) -> None:
    run.folder.makeini("[pytest]\nstrict_markers = true")

    run("", "--markers").stdout.fnmatch_lines(["@pytest.mark.cg(*): what the fake CustomerGauge*"])
    shown = run("", "--fixtures").stdout.str()
    assert all(f"\n{name} " in shown for name in ("cg", "cg_client", "cg_env", "cg_settings", "cg_server"))


def test_code_with_the_vendor_s_hosts_written_in_meets_the_fake(run: Run) -> None:
    test = """
        from cgclient import Client

        def export(client_id, client_secret):
            with Client(client_id, client_secret, region="eu") as client:
                client.put_record("contact", {"Email": "joe@example.com"})

        def test_it(cg, cg_router):
            export(cg.client_id, cg.client_secret)
            cg.expect({"Email": "joe@example.com"}, times=1)
            assert cg_router["imports.api.eu"].call_count == 1
        """

    run(test).assert_outcomes(passed=1)


@pytest.mark.parametrize("options", [[], ["--cg-seed=seed.toml"]])
def test_a_test_may_replace_the_file_system(run: Run, options: list[str]) -> None:
    run.folder.makefile(".toml", seed=SEED)
    run.folder.makeconftest(
        """
        import io

        import pytest

        def missing(file, *args, **options):
            raise FileNotFoundError(2, "No such file or directory", file)

        @pytest.fixture
        def fs(monkeypatch):  # as pyfakefs does it
            monkeypatch.setattr(io, "open", missing)
            monkeypatch.setattr("builtins.open", missing)
        """
    )
    result = run(
        """
        import httpx

        def test_it(fs, cg, cg_client, cg_router):
            assert httpx.get(f"{cg.url}/_cgmock/").status_code == 200
        """,
        *options,
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    run: Run, shared: LiveServer, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "intranet.invalid")
    test = """
        import os

        import httpx

        def test_its_client(cg, cg_client):
            cg_client.put_record("contact", {"Email": "joe@example.com"})
            cg.expect({"Email": "joe@example.com"})

        def test_another_client(cg, cg_env):
            assert httpx.get(f"{cg.url}/.well-known/jwks.json").status_code < 500
            assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "intranet.invalid,127.0.0.1"
        """

    run(test, *([f"--cg-target={shared.url}"] if elsewhere else [])).assert_outcomes(passed=2)


def test_a_test_of_the_router_or_of_the_data_opens_no_socket(run: Run) -> None:
    run.folder.makeconftest(
        """
        import socket

        import pytest

        class Blocked(socket.socket):
            def __new__(cls, *args, **options):
                raise RuntimeError("a socket was opened")

        @pytest.fixture(scope="session", autouse=True)
        def blocked():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("socket.socket", Blocked)
                yield
        """
    )

    result = run(
        """
        from cgclient import Client

        def test_it(cg, cg_router):
            with Client(cg.client_id, cg.client_secret, region="eu") as client:
                client.put_record("contact", {"Email": "joe@example.com"})
            assert len(cg.data("contacts")) == 1
        """
    )

    result.assert_outcomes(passed=1)


def test_a_router_needs_a_fake_in_its_own_process(run: Run, shared: LiveServer) -> None:
    result = run("def test_it(cg_router):\n    pass\n", f"--cg-target={shared.url}")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["cg_router needs a fake in the process of the test: --cg-target=mock."])


def test_an_example_of_hypothesis_has_a_fake_of_its_own(run: Run) -> None:
    result = run(
        """
        import httpx
        from hypothesis import given, settings, strategies as st

        @settings(max_examples=5, deadline=None)
        @given(name=st.sampled_from(["ACME", "Anvils"]))
        def test_it(cg_server, name):
            from cgclient import Client
            from cgmock import seeds

            (demo,) = seeds.demo()
            with cg_server.fresh(demo) as cg, Client.from_env(cg.environment) as client:
                client.put_record("account", {"Account Name": name})
                assert len(cg.data("accounts")) == 1
        """
    )

    result.assert_outcomes(passed=1)


@pytest.fixture
def shared() -> Iterator[LiveServer]:
    """A fake that is served beside the tests."""
    with live_server(MockAPI()) as server:
        yield server


def test_a_fake_that_is_served_elsewhere_does_the_same(run: Run, shared: LiveServer) -> None:
    test = """
        from cgmock.faults import Endpoint, Fault

        def test_it(cg, cg_client):
            cg_client.put_record("contact", {"Email": "joe@example.com"})
            cg.clock.advance(3600)
            cg_client.put_record("contact", {"Email": "joe@example.com", "Frist Name": "Joe"})
            cg.expect(endpoint="token", times=2)
            assert [row["email"] for row in cg.data("contacts")] == ["joe@example.com"]
            cg.faults.add(Fault(endpoint=Endpoint.TOKEN))
        """

    result = run(test, f"--cg-target={shared.url}/")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [f"cgmock: {shared.url}/, demo tenant*", "  Frist Name: *did you mean First Name?"]
    )
    assert shared.mock.store.tenants() == ()


def test_a_control_token_that_is_none_is_one_clear_sentence(run: Run, shared: LiveServer) -> None:
    result = run("def test_it(cg):\n    pass\n", f"--cg-target={shared.url}", "--cg-control-token=a b")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The control token must be visible ASCII without blanks."])


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("200 OK", b"<html>", "the answer is not JSON."),
        ("302 Found", b"", "the status of the answer is 302."),
        ("200 OK", b'{"data": 5}', "the answer is not one of cgmock."),
    ],
)
def test_a_target_that_is_another_server_is_one_clear_sentence(
    run: Run, status: str, body: bytes, reason: str
) -> None:
    def another(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response(status, [("Location", "/login")])
        return [body]

    with serving(another) as url:
        result = run("def test_it(cg):\n    pass\n", f"--cg-target={url}")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*No fake answers at {url}: {reason}"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_target_that_does_not_answer_is_one_clear_sentence(run: Run) -> None:
    result = run("def test_it(cg):\n    pass\n", "--cg-target=http://127.0.0.1:1")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*No fake answers at http://127.0.0.1:1*"])
