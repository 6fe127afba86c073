"""The command that prints samples."""

from pathlib import Path

import click

from cgmock import seeds
from cgmock.cli.group import cgmock, chosen, failure, tenant_option, tenants_of
from cgmock.core.suggest import nearest


@cgmock.command()
@click.argument("mapping")
@click.option(
    "--count",
    default=10,
    type=click.IntRange(1),
    show_default=True,
    show_envvar=True,
    help="How many samples.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    show_envvar=True,
    help="JSON Lines, or CSV with a column for each heading.",
)
@click.option(
    "--invalid", is_flag=True, show_envvar=True, help="Records that are not stored, each with the reason."
)
@click.option(
    "--seed", default=0, show_default=True, show_envvar=True, help="The same number gives the same samples."
)
@tenant_option
def generate(*, mapping: str, tenant: str | None, count: int, format_: str, invalid: bool, seed: int) -> None:
    """Print samples of the records that MAPPING takes.

    MAPPING is SEED.toml:REFERENCE, or a file that describes one configuration.
    """
    described = _mapping(mapping, tenant)
    try:
        from cgmock.generate import NoSampleError, Wish, lines
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("hypothesis"):
            raise
        raise failure(
            "cgmock generate needs the package hypothesis: pip install 'cgmock[hypothesis]'"
        ) from error
    try:
        for line in lines(described, Wish(count, seed, format_, invalid)):
            click.echo(line.encode(), nl=False)
    except NoSampleError as error:
        raise failure(str(error)) from error


def _mapping(place: str, tenant: str | None) -> seeds.ImportMapping:
    """The mapping at a place: a file, or a reference in a seed, of a tenant if it is named."""
    file, found, reference = place.partition(".toml:")
    if not found:
        return _mapping_file(Path(place))
    tenants = tenants_of(Path(f"{file}.toml"))
    searched = tenants if tenant is None else [chosen(tenants, tenant)]
    for each in searched:
        if reference in each.configurations:
            return seeds.ImportMapping(each.configurations[reference], each.touchpoints)
    known = [name for each in searched for name in each.configurations]
    near = nearest(reference, known)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(known)}."
    raise failure(f"There is no configuration {reference}; {hint}")


def _mapping_file(path: Path) -> seeds.ImportMapping:
    try:
        return seeds.load_mapping(path)
    except seeds.SeedError as error:
        if any(mistake.key == "tenants" for mistake in error.mistakes):
            raise failure(f"{path} is a seed: name one of its configurations, {path}:REFERENCE.") from error
        raise failure(str(error)) from error
