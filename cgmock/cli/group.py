"""The group of commands, and what several of them need."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

import click

from cgmock import seeds
from cgmock.core.tenant import Tenant
from cgmock.core.visible import visible
from cgmock.exit_codes import USAGE

_Option = Callable[[Callable[..., Any]], Callable[..., Any]]

seed_option: _Option = click.option(
    "--seed",
    type=click.Path(path_type=Path),
    show_envvar=True,
    help="TOML file that describes the tenants; without it, a demo tenant.",
)
tenant_option: _Option = click.option(
    "--tenant", help="Name of the tenant; the first one by default.", show_envvar=True
)


_MODULES: Mapping[str, str] = {
    "behaviours": "serve",
    "check": "serve",
    "contract": "contract",
    "demo": "serve",
    "env": "serve",
    "generate": "generate",
    "parity": "contract",
    "rules": "verify",
    "serve": "serve",
    "suggest": "suggest",
    "verify": "verify",
}
"""The commands, and the modules that have them."""


class _Commands(click.Group):
    """Imports a command when it is asked for, so that none waits for what the others need."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's own)
        """All of them, by name."""
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, which its module adds to the group. Who is in error may mean any of them."""
        known = _MODULES.get(cmd_name)
        for module in _MODULES.values() if known is None else [known]:
            import_module(f"cgmock.cli.{module}")
        return super().get_command(ctx, cmd_name)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, each option of which has an environment variable of its name: click's is one of the parameter."""
        for option in cmd.params:
            if isinstance(option, click.Option):
                option.envvar = f"CGMOCK_{cmd.name}_{max(option.opts, key=len)[2:]}".upper().replace("-", "_")
        super().add_command(cmd, name)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the options of the group."""
        with _visible_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Read the options of a command, and run it."""
        with _visible_errors():
            return super().invoke(ctx)


@contextmanager
def _visible_errors() -> Iterator[None]:
    """Escape the arguments that click names in its errors."""
    try:
        yield
    except click.ClickException as error:
        vars(error).update(message=visible(error.message))
        raise


@click.group(
    cls=_Commands, context_settings={"auto_envvar_prefix": "CGMOCK", "help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="cgmock", message="cgmock %(version)s")
def cgmock() -> None:
    """A fake CustomerGauge that tells the truth."""


def tenants_of(seed: Path | None) -> tuple[Tenant, ...]:
    """The tenants of a seed, or the demo's; its mistakes end the command."""
    try:
        return seeds.demo() if seed is None else seeds.load(seed)
    except seeds.SeedError as error:
        raise failure(str(error)) from error


def chosen(tenants: tuple[Tenant, ...], name: str | None) -> Tenant:
    """The tenant of that name, or the first one."""
    for tenant in tenants:
        if name in {None, tenant.name}:
            return tenant
    raise failure(f"There is no tenant {name}; there are: {', '.join(tenant.name for tenant in tenants)}.")


def failure(sentence: str) -> SystemExit:
    """What ends a command that cannot do what is asked, after a sentence that says why."""
    echo(sentence, err=True)
    return SystemExit(USAGE)


def echo(text: str, *, err: bool = False) -> None:
    """Print text for people, without what a terminal obeys."""
    click.echo(visible(text), err=err)


def emit(text: str, *, nl: bool = False) -> None:
    """Print text for programs: unchanged, but for a terminal as `echo` does."""
    click.echo((visible(text) if is_watched(sys.stdout) else text).encode("utf-8", "replace"), nl=nl)


def is_watched(stream: TextIO) -> bool:
    """Whether a terminal looks on."""
    return stream.isatty()
