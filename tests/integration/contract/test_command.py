"""`cgmock contract` as a shell starts it, and what it refuses."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from cgmock.cli import cgmock
from cgmock.contract import suite
from cgmock.contract.ledger import Entry, read
from cgmock.contract.suite import checks
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.routing import Endpoint
from cgmock.faults import Fault
from cgmock.live.results import Verdict
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import LiveServer, live_server
from tests.paths import ROOT
from tests.processes import running
from tests.unit.contract.fakes import ACME, SEED, Handler, Mutant
from tests.waiting import eventually

LIVE = {"CG_CLIENT_ID": "live-client", "CG_CLIENT_SECRET": "live-secret"}
BASE = [
    sys.executable,
    "-P",
    "-m",
    "cgmock",
    "contract",
]  # as the installed command, which minds no file of the folder


@pytest.fixture
def served() -> Iterator[LiveServer]:
    """A fake of ACME that somebody serves."""
    with live_server(MockAPI([ACME])) as server:
        yield server


def run(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The exit code of the command in a folder, and what it printed."""
    done = subprocess.run(  # noqa: S603  (ours)
        [*BASE, *arguments],
        cwd=folder,
        env={**os.environ, **(environ or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def lines(file: Path) -> list[dict[str, object]]:
    """The lines of a file of JSON Lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_suite_runs_from_an_empty_folder_and_leaves_it_empty(tmp_path: Path) -> None:
    code, output = run(tmp_path)

    assert code == 0
    assert list(tmp_path.iterdir()) == []
    assert not (Path(suite.__file__).parent / ".pytest_cache").exists()
    assert "recorded (34)" in output
    assert "dialect: laravel8" in output
    assert "rate.limited: the target tells of no limit, or of one over 1000" in output
    assert f"{len(checks()) - 2} passed, 2 skipped" in output


def test_the_suite_minds_nobody_s_conftest_and_settings(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("raise RuntimeError", encoding="utf-8")
    (tmp_path / "pytest.py").write_text("raise RuntimeError", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n", encoding="utf-8")

    code, output = run(
        tmp_path,
        *("--", "-k", "json_web_token"),
        environ={"PYTEST_ADDOPTS": "--nonsense", "PYTHONPATH": str(ROOT)},
    )

    assert (code, "1 passed" in output) == (0, True)


def test_many_processes_share_a_budget_a_list_and_a_ledger(tmp_path: Path, served: LiveServer) -> None:
    code, output = run(
        tmp_path,
        *("--target", served.url, "--seed", str(SEED), "--live-write-budget", "5"),
        *("--written", "written.jsonl", "--ledger", "ledger"),
        *("--", "-n", "2", "-m", "documented", "--junitxml", "report.xml"),
    )

    entries = [*served.mock.store.hosted("acme").journal.after(0), *served.mock.store.unclaimed.after(0)]
    writes = [each for each in entries if each.request.method == "PUT"]
    sent = [line for line in lines(tmp_path / "written.jsonl") if line["state"] == "sending"]
    assert code == 0
    assert len(writes) == len(sent) == 5
    assert "the write budget is used up: raise --live-write-budget" in output
    told = {
        properties["cgmock.check"]: properties["cgmock.verdict"]
        for case in ET.parse(tmp_path / "report.xml").iter("testcase")  # noqa: S314  (our own)
        if (properties := {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")})
    }
    kept = read(tmp_path / "ledger")
    assert told.keys() == kept.keys() == {each.id for each in Behaviour if each.evidence == "documented"}
    assert {name: entry.verdict for name, entry in kept.items() if isinstance(entry, Entry)} == told
    assert set(told.values()) == {Verdict.PASSED, Verdict.NOT_RUN}


def leaking(handle: Handler, request: Request) -> Response:
    """Tells a token and the secret with the refusal of a client."""
    response = handle(request)
    if b"invalid_client" not in response.body:
        return response
    body = b"grant_type=client_credentials&client_id=acme-crm&client_secret=acme-secret%2B%2F%26"
    granted = json.loads(handle(request._replace(body=body, length=len(body))).body)
    told = {"access_token": granted["access_token"], "error": "invalid_client", "secret": "acme-secret+/&"}
    return response._replace(body=json.dumps(told).encode())


def test_a_wrong_fake_ends_with_1_and_what_is_wrong_is_told_without_secrets(tmp_path: Path) -> None:
    with live_server(Mutant(ACME, leaking)) as server:
        code, output = run(
            tmp_path,
            *("--target", server.url, "--seed", str(SEED), "--ledger", "ledger"),
            *("--", "-k", "invalid_client or json_web_token", "--junitxml", "report.xml"),
        )

    written = output + "".join(each.read_text() for each in tmp_path.rglob("*.*"))
    assert code == 1
    assert "test_tokens.py::test_an_unknown_client_and_a_wrong_secret_are_an_invalid_client" in output
    assert 'assert json_object(response) == {"error": code}' in output
    assert "'secret': '<client secret>'" in output
    assert "acme-secret" not in written
    assert "eyJ" not in written


def test_a_target_that_nobody_serves_ends_with_3(tmp_path: Path) -> None:
    code, output = run(
        tmp_path, "--target", "http://127.0.0.1:9", "--ledger", "ledger", "--", "-m", "documented or assumed"
    )

    assert code == 3
    assert "records.accepted: the host 127.0.0.1 cannot be reached" in output
    kept = read(tmp_path / "ledger").values()
    silent = {Verdict.COULD_NOT_CHECK, Verdict.NOT_RUN}
    assert {entry.verdict for entry in kept if isinstance(entry, Entry)} == silent


def test_a_run_that_shows_nothing_ends_with_3(tmp_path: Path) -> None:
    code, output = run(tmp_path, "--live-write-budget", "0", "--", "-k", "test_a_record_is_taken")

    assert code == 3
    assert "records.accepted: the write budget is used up" in output


@pytest.mark.parametrize(("arguments", "code"), [(["-k", "nonsense"], 3), (["--nonsense"], 2)])
def test_what_pytest_cannot_do_is_no_success(arguments: list[str], code: int, tmp_path: Path) -> None:
    assert run(tmp_path, "--", *arguments)[0] == code


LISTENING = (
    "import signal, sys; from cgmock.__main__ import main; "
    "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main())"
)
"""The command as a terminal starts it; what runs in the background may have been told to mind no Ctrl-C."""


def test_ctrl_c_leaves_a_list_of_what_was_written(tmp_path: Path, served: LiveServer) -> None:
    served.mock.store.hosted("acme").faults.add(Fault(endpoint=Endpoint.RECORDS, delay=30.0))
    written = tmp_path / "written.jsonl"
    arguments = (
        "--target",
        served.url,
        "--seed",
        str(SEED),
        "--written",
        str(written),
        "--",
        "-k",
        "records",
    )

    command = [sys.executable, "-P", "-c", LISTENING, "contract", *arguments]
    with running(command, cwd=tmp_path, stdout=subprocess.PIPE) as process:
        eventually(written.exists, 250)
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate()

    assert process.returncode == 130
    assert "KeyboardInterrupt" in output
    (line,) = lines(written)
    assert (line["state"], line["behaviour"]) == ("sending", "records.accepted")


def refused(*arguments: str, environ: Mapping[str, str] | None = None) -> str:
    """The sentence by which the command refuses, which ends with 2."""
    result = CliRunner().invoke(cgmock, ["contract", *arguments], env=dict(environ or {}))
    assert result.exit_code == 2
    return result.output


def test_nothing_leaves_this_machine_without_a_budget_and_an_allowed_host() -> None:
    hosts = [f"{name}.us.customergauge.com" for name in ("api", "auth", "hooks", "imports.api")]
    allowed = [argument for host in hosts for argument in ("--allow-host", host)]
    live = ("--target", "live", "--seed", str(SEED))

    assert refused(*live, environ=LIVE) == (
        "Nothing was sent: live is another machine, perhaps a production system. Look at --plan first, then add "
        "--live-write-budget N --allow-host api.us.customergauge.com --allow-host auth.us.customergauge.com "
        "--allow-host hooks.us.customergauge.com --allow-host imports.api.us.customergauge.com.\n"
    )
    assert "then add --live-write-budget N.\n" in refused(*live, *allowed, environ=LIVE)
    assert "then add --allow-host imports.api.us.customergauge.com.\n" in refused(
        *live, *allowed[:-2], "--live-write-budget", "0", environ=LIVE
    )
    assert "url is another machine" in refused(
        "--target", "https://fake.example.com", "--live-write-budget", "9"
    )


def test_the_gate_may_be_opened_by_the_environment(tmp_path: Path) -> None:
    environ = {
        **LIVE,
        "CG_AUTH_URL": "http://127.0.0.1:9",
        "CG_IMPORTS_URL": "http://127.0.0.1:9",
        "CG_API_URL": "http://fake.invalid:9",
        "CGMOCK_CONTRACT_TARGET": "live",
        "CGMOCK_CONTRACT_ALLOW_HOST": "fake.invalid other.invalid",
        "CGMOCK_CONTRACT_LIVE_WRITE_BUDGET": "3",
    }

    code, output = run(tmp_path, "--", "-k", "json_web_token", environ=environ)

    assert code == 3
    assert "the host 127.0.0.1 cannot be reached" in output


def test_credentials_for_the_live_service_are_those_of_the_environment() -> None:
    nobody = {"CG_CLIENT_ID": "", "CG_CLIENT_SECRET": ""}

    assert refused("--target", "live", environ=nobody) == (
        "Set CG_CLIENT_ID and CG_CLIENT_SECRET in the environment: those of your connected app.\n"
    )


def test_a_target_that_is_no_url_is_refused() -> None:
    assert refused("--target", "production") == (
        "The target must read like https://host or http://host:port/path, with no more to it.\n"
    )


def test_without_its_extra_the_command_says_what_to_install() -> None:
    hide = "import sys; sys.modules['pytest'] = None; from cgmock.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", hide, "contract"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (ours)

    assert (done.returncode, done.stderr) == (
        2,
        "cgmock contract needs the package pytest: pip install 'cgmock[contract]'\n",
    )


def test_the_plan_and_the_comparison_need_no_pytest(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['pytest'] = None; from cgmock.__main__ import main; sys.exit(main())"

    def code(*arguments: str) -> int:
        command = [sys.executable, "-c", hide, *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603  (ours)

    assert code("contract", "--plan") == 0
    assert code("parity", "--ledger", str(tmp_path)) == 3


def test_every_check_can_be_chosen_by_what_it_is_known_by() -> None:
    assert {check.kind for check in checks()} <= {
        "documented",
        "framework",
        "assumed",
        "observed",
        "question",
    }
