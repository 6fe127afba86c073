import csv
import io
import json
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from cgmock import seeds
from cgmock.cli import cgmock, demo
from tests.paths import FIXTURES, SURFACE

MAPPING = str(FIXTURES / "mappings" / "external_response.toml")
DEMO = str(Path(seeds.__file__).with_name("demo.toml"))


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it printed."""
    result = CliRunner().invoke(cgmock, arguments)
    return result.exit_code, result.output


def table(*arguments: str) -> list[list[str]]:
    """The rows of CSV that a command printed."""
    printed = CliRunner().invoke(cgmock, arguments).stdout_bytes.decode()
    return list(csv.reader(io.StringIO(printed, newline="")))


@pytest.mark.parametrize("command", ["", *cgmock.list_commands(click.Context(cgmock))])
def test_the_help_of_each_command_is_frozen(command: str) -> None:
    code, output = run(*([command] if command else []), "--help")

    assert code == 0
    assert output == (SURFACE / f"cgmock{'-' if command else ''}{command}.txt").read_text()


def test_a_command_that_is_misspelt_is_told_what_is_near() -> None:
    assert run("serv") == (
        2,
        "Usage: cgmock [OPTIONS] COMMAND [ARGS]...\nTry 'cgmock --help' for help.\n\n"
        "Error: No such command 'serv'. Did you mean 'serve'?\n",
    )


def test_the_version_is_the_distribution_s() -> None:
    assert run("--version") == (0, f"cgmock {version('cgmock')}\n")


@pytest.mark.parametrize("token", ["", " ", "a b", "é", "a\n"])
def test_a_control_token_that_nobody_can_send_is_refused(token: str) -> None:
    assert run("serve", "--port", "0", "--control-token", token) == (
        2,
        "--control-token must be visible ASCII characters without a blank, at least one.\n",
    )


@pytest.mark.parametrize("server", ["granian", "werkzeug"])
@pytest.mark.parametrize("host", ["", "é..x", "x" * 64, "192.0.2.1"])
def test_a_host_that_cannot_be_had_is_one_sentence(host: str, server: str) -> None:
    code, output = run("serve", "--port", "0", "--host", host, "--server", server)

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


def test_each_option_has_an_environment_variable_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    group = click.Context(cgmock)
    for name in cgmock.list_commands(group):
        command = cgmock.get_command(group, name)
        assert command is not None
        context = click.Context(command, parent=group, info_name=name)
        for option in command.params:
            if isinstance(option, click.Option):
                variable = f"CGMOCK_{name}_{option.opts[-1].removeprefix('--')}".upper().replace("-", "_")
                monkeypatch.setenv(variable, "found")
                assert option.resolve_envvar_value(context) == "found", variable


def test_env_prints_exports_for_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
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
        "export NO_PROXY=127.0.0.1",
        "export no_proxy=127.0.0.1",
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


def test_generate_prints_records_that_a_mapping_takes() -> None:
    code, output = run("generate", MAPPING, "--count", "20")

    records = [json.loads(line) for line in output.splitlines()]
    assert (code, len(records), records[0]) == (0, 20, {"Email": "0@example.com"})
    assert set().union(*records) <= set(seeds.load_mapping(Path(MAPPING)).configuration.headings)


def test_generate_prints_the_same_for_the_same_seed() -> None:
    arguments = ("generate", MAPPING, "--count", "1100", "--seed")

    once, again, other = (run(*arguments, seed)[1] for seed in ("1", "1", "2"))

    assert once == again
    assert once != other
    assert len(once.splitlines()) == 1100


def test_generate_prints_a_table_with_a_column_for_each_heading() -> None:
    header, *rows = table("generate", MAPPING, "--count", "200", "--format", "csv")

    assert header == list(seeds.load_mapping(Path(MAPPING)).configuration.headings)
    assert {len(row) for row in rows} == {len(header)}
    assert rows[0] == ["", "0@example.com", *[""] * 6]


def test_generate_gives_the_reason_of_each_invalid_record() -> None:
    code, output = run("generate", MAPPING, "--count", "50", "--invalid")
    header, *rows = table("generate", MAPPING, "--count", "50", "--invalid", "--format", "csv")

    reasons = [json.loads(line)["reason"] for line in output.splitlines()]
    assert (code, header[-1]) == (0, "reason")
    assert [row[-1] for row in rows] == reasons
    assert {"Email is required", "Email must contain one @ and no blanks"} <= set(reasons)


def test_generate_finds_a_configuration_of_a_seed() -> None:
    seed = FIXTURES / "tenants" / "two_tenants.toml"

    code, output = run("generate", f"{seed}:responses", "--count", "1")

    assert (code, json.loads(output)) == (0, {"Email": "0@example.com"})


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("nowhere.toml", "nowhere.toml:1: cannot be read: No such file or directory.\n"),
        ("nowhere.toml:contact", "nowhere.toml:1: cannot be read: No such file or directory.\n"),
        (f"{DEMO}:contcat", "There is no configuration contcat; did you mean contact?\n"),
        (DEMO, f"{DEMO} is a seed: name one of its configurations, {DEMO}:REFERENCE.\n"),
    ],
)
def test_generate_says_what_is_wrong_with_its_mapping(mapping: str, told: str) -> None:
    assert run("generate", mapping) == (2, told)


def test_generate_names_the_configurations_when_none_is_near() -> None:
    code, output = run("generate", f"{FIXTURES / 'tenants' / 'two_tenants.toml'}:x")

    assert (code, output.startswith("There is no configuration x; there are: responses")) == (2, True)


def test_generate_reports_every_mistake_of_a_mapping(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('reference = ""\ndata_type = "contcat"\ntouchpoints = 1\n')

    code, output = run("generate", str(mapping))

    assert code == 2
    assert [line.removeprefix(f"{mapping}:").split(":")[:2] for line in output.splitlines()] == [
        ["1", " reference"],
        ["1", " headings"],
        ["2", " data_type"],
        ["3", " touchpoints"],
    ]


def test_generate_needs_a_mapping_of_what_is_required(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('reference = "r"\ndata_type = "contact"\nheadings = { "First" = "first_name" }\n')

    told = "No record is valid for the configuration 'r': it has no heading for email or phone.\n"
    assert run("generate", str(mapping)) == (2, told)


def test_generate_looks_at_one_tenant_of_a_seed_if_it_is_named() -> None:
    seed = FIXTURES / "tenants" / "two_tenants.toml"

    assert run("generate", f"{seed}:responses", "--tenant", "acme-europe", "--count", "1")[0] == 0
    assert run("generate", f"{seed}:contacts", "--tenant", "acme-europe")[0] == 2
    assert run("generate", f"{seed}:responses", "--tenant", "nobody") == (
        2,
        "There is no tenant nobody; there are: acme-europe, acme-america.\n",
    )
