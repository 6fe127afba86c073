"""The command line: serve a fake CustomerGauge, check a seed, print the environment, show what it is about."""

import shlex
from functools import partial
from importlib.metadata import version
from pathlib import Path

import click

from cgmock import evidence, seeds
from cgmock.core.tenant import Tenant
from cgmock.fake import environment
from cgmock.mock_api import MAX_JOURNAL, MockAPI
from cgmock.stores.memory import MAX_RECORDS, MemoryStore

_DEFAULT_PORT = 8787
_CONFIGURATION_ERROR = 2

_seed = click.option(
    "--seed",
    type=click.Path(path_type=Path),
    show_envvar=True,
    help="TOML file that describes the tenants; without it, a demo tenant.",
)


@click.group(context_settings={"auto_envvar_prefix": "CGMOCK", "help_option_names": ["-h", "--help"]})
@click.version_option(version("cgmock"), message="cgmock %(version)s")
def cgmock() -> None:
    """A fake CustomerGauge that tells the truth."""


@cgmock.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, show_envvar=True, help="Address to listen on."
)
@click.option(
    "--port",
    default=_DEFAULT_PORT,
    type=click.IntRange(0, 65535),
    show_default=True,
    show_envvar=True,
    help="Port to listen on; 0 picks a free one.",
)
@_seed
@click.option(
    "--max-journal",
    default=MAX_JOURNAL,
    type=click.IntRange(1),
    show_default=True,
    show_envvar=True,
    help="Journal entries that a tenant keeps.",
)
@click.option(
    "--max-records",
    default=MAX_RECORDS,
    type=click.IntRange(1),
    show_default=True,
    show_envvar=True,
    help="Objects of each kind that a tenant keeps.",
)
@click.option(
    "--control-token",
    show_envvar=True,
    help="What other machines send as a Bearer token to use the control API; without it, only this one may.",
)
def serve(
    *, host: str, port: int, seed: Path | None, max_journal: int, max_records: int, control_token: str | None
) -> None:
    """Serve the fake until Ctrl-C; prints its URL when it is ready."""
    from cgmock.server import Address, serve as serve_until_stopped

    build = partial(_build, _tenants(seed), max_journal, max_records)
    try:
        serve_until_stopped(build, Address(host, port, control_token), _announce)
    except OSError as error:
        raise _failure(
            f"Cannot listen on {host} port {port}: {error.strerror or error}. Choose another with --port."
        ) from error


@cgmock.command()
@click.argument("seed", type=click.Path(path_type=Path))
def check(seed: Path) -> None:
    """Read a seed and print what it describes; every mistake is reported at once."""
    for tenant in _tenants(seed):
        click.echo(_summary(tenant))


@cgmock.command()
@_seed
@click.option("--tenant", help="Name of the tenant; the first one by default.", show_envvar=True)
@click.option(
    "--url",
    default=f"http://127.0.0.1:{_DEFAULT_PORT}",
    show_default=True,
    show_envvar=True,
    help="Where the fake is served.",
)
def env(seed: Path | None, tenant: str | None, url: str) -> None:
    """Print the variables that point a client at the fake: eval "$(cgmock env)"."""
    chosen = _chosen(_tenants(seed), tenant)
    if not chosen.connected_apps:
        raise _failure(f"The tenant {chosen.name} has no connected app, so nobody can ask for a token.")
    for name, value in environment(chosen, url.rstrip("/")).items():
        click.echo(f"export {name}={shlex.quote(value)}")


@cgmock.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(evidence.FORMATS)),
    default="text",
    show_default=True,
    show_envvar=True,
    help="How to print it.",
)
def behaviours(format_: str) -> None:
    """Print what the fake claims, how each claim is known, and what nobody told us."""
    click.echo(evidence.FORMATS[format_]())


@cgmock.command()
def demo() -> None:
    """Start the fake, send it the vendor's samples and two mistakes, and show what really happened."""
    from cgmock.demo import run

    run()


def _tenants(seed: Path | None) -> tuple[Tenant, ...]:
    try:
        return seeds.demo() if seed is None else seeds.load(seed)
    except seeds.SeedError as error:
        raise _failure(str(error)) from error


def _chosen(tenants: tuple[Tenant, ...], name: str | None) -> Tenant:
    for tenant in tenants:
        if name in {None, tenant.name}:
            return tenant
    raise _failure(f"There is no tenant {name}; there are: {', '.join(tenant.name for tenant in tenants)}.")


def _build(tenants: tuple[Tenant, ...], max_journal: int, max_records: int) -> MockAPI:
    return MockAPI(store=MemoryStore(tenants, max_records=max_records), max_journal=max_journal)


def _announce(url: str) -> None:
    click.echo(f"A fake CustomerGauge answers at {url}")


def _summary(tenant: Tenant) -> str:
    lines = [f"{tenant.name} ({tenant.region}): {_count(len(tenant.connected_apps), 'connected app')}"]
    lines[0] += f", {_count(len(tenant.touchpoints), 'touchpoint')}"
    lines[0] += f", {_count(len(tenant.webhooks), 'webhook')}" if tenant.webhooks else ""
    for configuration in tenant.configurations.values():
        headings = _count(len(configuration.headings), "heading")
        lines.append(
            f"  {configuration.reference}  {configuration.data_type}, {headings}: {configuration.name}"
        )
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _failure(sentence: str) -> SystemExit:
    click.echo(sentence, err=True)
    return SystemExit(_CONFIGURATION_ERROR)
