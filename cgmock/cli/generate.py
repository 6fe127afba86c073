"""The command that prints samples."""

import click

from cgmock.cli.group import cgmock, emit, failure, tenant_option
from cgmock.cli.mappings import mapping_at


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
    described = mapping_at(mapping, tenant).mapping
    try:
        from cgmock.cli.sample_lines import NoSampleError, Wish, lines
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("hypothesis"):
            raise
        raise failure(
            "cgmock generate needs the package hypothesis: pip install 'cgmock[hypothesis]'"
        ) from error
    try:
        for line in lines(described, Wish(count, seed, format_, invalid)):
            emit(line)
    except NoSampleError as error:
        raise failure(str(error)) from error
