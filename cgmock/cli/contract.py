"""The commands that hold the mock against other targets: the suite, and the comparison of what was seen."""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cgmock.cli.group import cgmock, chosen, echo, failure, seed_option, tenant_option, tenants_of
from cgmock.core.tenant import Tenant

if TYPE_CHECKING:
    from cgmock.contract.runs import Run
    from cgmock.live.target import Target

_MOST_WRITES = 10_000


@cgmock.command()
@click.option(
    "--target",
    default="mock",
    show_default=True,
    show_envvar=True,
    help="What is tested: mock, live (with the CG_… variables), or the URL of any fake.",
)
@seed_option
@tenant_option
@click.option(
    "--plan", is_flag=True, show_envvar=True, help="Print every request that would be sent, and send none."
)
@click.option(
    "--live-write-budget",
    type=click.IntRange(0, _MOST_WRITES),
    metavar="N",
    show_envvar=True,
    help="How many requests that write may be sent; nothing leaves this machine without it.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="HOST",
    show_envvar=True,
    help="Another machine that may be sent to; once for each.",
)
@click.option(
    "--allow-invitations",
    is_flag=True,
    show_envvar=True,
    help="Send surveys and multi-object records to other machines as well: real mail goes out.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0, 600),
    default=0,
    show_default=True,
    metavar="SECONDS",
    show_envvar=True,
    help="How long to look for what was written.",
)
@click.option(
    "--written",
    type=click.Path(path_type=Path),
    show_envvar=True,
    help="File of JSON Lines to add every write to, before it is sent and when it was answered.",
)
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    show_envvar=True,
    help="Folder to keep what was seen in, for cgmock parity.",
)
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def contract(
    *,
    target: str,
    seed: Path | None,
    tenant: str | None,
    plan: bool,
    live_write_budget: int | None,
    allow_host: tuple[str, ...],
    allow_invitations: bool,
    patience: float,
    written: Path | None,
    ledger: Path | None,
    pytest_arguments: tuple[str, ...],
) -> None:
    """Run the contract suite against a target.

    What comes after -- is for pytest, as in -- -k token -n 4 --junitxml=report.xml.
    """
    from cgmock.contract.runner import run_suite, served_mock
    from cgmock.contract.runs import Run, new_id

    described = chosen(tenants_of(seed), tenant)
    run = Run(
        id=new_id(),
        seed=str(seed) if seed else None,
        tenant=described.name,
        hosts=allow_host,
        budget=live_write_budget,
        allow_invitations=allow_invitations,
        patience=patience,
        written=str(written) if written else None,
        ledger=str(ledger) if ledger else None,
    )
    if plan:
        _print_plan(_target(target, described), run)
        return
    _require_pytest()
    if target == "mock":
        with served_mock(described) as mock:
            code = run_suite(run, mock, pytest_arguments)
        raise SystemExit(code)
    asked = _target(target, described)
    _gate(asked, run)
    raise SystemExit(run_suite(run, asked, pytest_arguments))


def _require_pytest() -> None:
    try:
        import_module("pytest")
    except ModuleNotFoundError as error:
        raise failure("cgmock contract needs the package pytest: pip install 'cgmock[contract]'") from error


def _target(name: str, tenant: Tenant) -> "Target":
    from cgmock.contract.local import mock_target
    from cgmock.live.target import Target, TargetError

    try:
        match name:
            case "mock":
                return mock_target(tenant)
            case "live":
                return Target.live(tenant, os.environ)
            case _:
                return Target.at(name, tenant, os.environ)
    except TargetError as error:
        raise failure(str(error)) from error


def _print_plan(target: "Target", run: "Run") -> None:
    from cgmock.contract.plan import as_text, plan

    for line in as_text(plan(target, run.id, allow_invitations=run.allow_invitations)):
        echo(line)


def _gate(target: "Target", run: "Run") -> None:
    """Refuse what would leave this machine without a budget, or to a host that nobody has allowed."""
    missing = [f"--allow-host {host}" for host in sorted(target.hosts - set(run.hosts))]
    if not target.is_local and run.budget is None:
        missing.insert(0, "--live-write-budget N")
    if missing:
        raise failure(
            f"Nothing was sent: {target.kind} is another machine, perhaps a production system. Look at --plan first, "
            f"then add {' '.join(missing)}."
        )


@cgmock.command()
@click.option(
    "--ledger",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    show_envvar=True,
    help="Folder that cgmock contract --ledger has kept.",
)
@click.option(
    "--max-age",
    type=click.IntRange(0),
    metavar="DAYS",
    show_envvar=True,
    help="How old an entry may be; without it, as old as it is.",
)
@seed_option
@tenant_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "junit", "markdown"]),
    default="text",
    show_default=True,
    show_envvar=True,
    help="How to print it.",
)
@click.option(
    "--as-policies",
    is_flag=True,
    show_envvar=True,
    help="Print the policies that make the mock answer as the ledger's target does.",
)
def parity(
    *,
    ledger: Path,
    max_age: int | None,
    seed: Path | None,
    tenant: str | None,
    format_: str,
    as_policies: bool,
) -> None:
    """Compare what a ledger has seen with what the mock does in the same conversations."""
    from cgmock.contract.ledger import read
    from cgmock.contract.parity import compare, replay
    from cgmock.contract.policies import as_toml
    from cgmock.contract.reports import FORMATS
    from cgmock.contract.runs import today

    entries = read(ledger)
    if as_policies:
        echo("\n".join(as_toml(entries)))
        return
    report = compare(entries, replay(chosen(tenants_of(seed), tenant)), today(), max_age)
    echo(FORMATS[format_](report))
    raise SystemExit(report.exit_code)
