from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from cgmock import demo
from cgmock.cli import cgmock

FIXTURES = Path(__file__).parent.parent / "fixtures"
SURFACE = Path(__file__).parent / "surface"


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it printed."""
    result = CliRunner().invoke(cgmock, arguments)
    return result.exit_code, result.output


@pytest.mark.parametrize("command", ["", *cgmock.commands])
def test_the_help_of_each_command_is_frozen(command: str) -> None:
    code, output = run(*([command] if command else []), "--help")

    assert code == 0
    assert output == (SURFACE / f"cgmock{'-' if command else ''}{command}.txt").read_text()


def test_the_version_is_the_distribution_s() -> None:
    assert run("--version") == (0, f"cgmock {version('cgmock')}\n")


@pytest.mark.parametrize("token", ["", " ", "a b", "é", "a\n"])
def test_a_control_token_that_nobody_can_send_is_refused(token: str) -> None:
    assert run("serve", "--port", "0", "--control-token", token) == (
        2,
        "--control-token must be visible ASCII characters without a blank, at least one.\n",
    )


@pytest.mark.parametrize("host", ["", "é..x", "x" * 64, "192.0.2.1"])
def test_a_host_that_cannot_be_had_is_one_sentence(host: str) -> None:
    code, output = run("serve", "--port", "0", "--host", host)

    assert code == 2
    assert output.startswith(f"Cannot listen on {host or 'no host'} port 0: ")
    assert output.endswith(". Choose another with --host or --port.\n")
    assert output.count("\n") == 1


def test_check_prints_a_summary() -> None:
    code, output = run("check", str(FIXTURES / "tenants" / "two_tenants.toml"))

    assert code == 0
    assert output.splitlines()[:2] == [
        "acme-europe (eu): 1 connected app, 1 touchpoint",
        "  responses  external_response, 5 headings: Responses from the CRM",
    ]


def test_check_reports_every_mistake_and_ends_with_2() -> None:
    code, output = run("check", str(FIXTURES / "tenants" / "mistakes.toml"))

    assert (code, len(output.splitlines())) == (2, 24)


def test_env_prints_exports_for_a_shell() -> None:
    seed = str(FIXTURES / "tenants" / "two_tenants.toml")

    code, output = run("env", "--seed", seed, "--tenant", "acme-america", "--url", "http://127.0.0.1:1/")

    assert code == 0
    assert output.splitlines() == [
        "export CG_CLIENT_ID=acme-america-crm",
        "export CG_CLIENT_SECRET=acme-america-secret",
        "export CG_REGION=us",
        "export CG_AUTH_URL=http://127.0.0.1:1",
        "export CG_IMPORTS_URL=http://127.0.0.1:1",
        "export CG_API_URL=http://127.0.0.1:1",
    ]


def test_env_names_the_tenants_when_it_does_not_know_one() -> None:
    assert run("env", "--tenant", "nobody") == (2, "There is no tenant nobody; there are: demo.\n")


def test_env_needs_a_connected_app(tmp_path: Path) -> None:
    seed = tmp_path / "seed.toml"
    seed.write_text('[[tenants]]\nname = "acme"\n')

    code, output = run("env", "--seed", str(seed))

    assert (code, "has no connected app" in output) == (2, True)


def test_the_demo_shows_what_was_dropped() -> None:
    code, output = run("demo")

    assert code == 0
    assert "The vendor's form sample: CustomerGauge answers 200 and an empty body" in output
    assert "DROPPED" in output
    assert "did you mean Email?" in output
    assert "422: The configuration field is required." in output


def test_the_demo_draws_boxes_on_a_terminal() -> None:
    console = Console(force_terminal=True, record=True, width=100, file=None)

    with console.capture() as captured:
        demo.run(console)

    assert "┌" in captured.get()
