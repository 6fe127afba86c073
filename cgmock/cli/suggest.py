"""The command that proposes a mapping for a file."""

from pathlib import Path

import click

from cgmock.cli.data_files import located
from cgmock.cli.group import cgmock, echo, emit, failure
from cgmock.core.catalog import DataType
from cgmock.exit_codes import FINDINGS
from cgmock.suggest.drafts import DRAFTS, Draft
from cgmock.suggest.proposing import propose
from cgmock.suggest.sampling import Sample, sample
from cgmock.verifier.tables import UnreadableError


@cgmock.command()
@click.argument("data")
@click.option(
    "--data-type",
    type=click.Choice([str(each) for each in DataType]),
    show_envvar=True,
    help="What the mapping writes; without it, what suits the headings best.",
)
@click.option("--reference", show_envvar=True, help="Reference of the mapping in CustomerGauge.")
@click.option("--name", show_envvar=True, help="Name of the mapping; that of the data type by default.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(DRAFTS)),
    default="toml",
    show_default=True,
    show_envvar=True,
    help="A mapping file, or a list of what to enter in CustomerGauge.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    show_envvar=True,
    help="New file to write it to; one that is there is left alone.",
)
@click.pass_context
def suggest(
    context: click.Context,
    *,
    data: str,
    data_type: str | None,
    reference: str | None,
    name: str | None,
    format_: str,
    output: Path | None,
) -> None:
    """Propose a mapping of the headings of DATA to fields, by their names and by what the first rows hold.

    DATA is a CSV, JSON, JSON Lines or XLSX file, or captured bodies; - is standard input. Each heading has how sure it
    is and why. The proposal is to be read and edited, then to be verified with cgmock verify.
    """
    for option, text in (("--reference", reference), ("--name", name)):
        if text is not None and not text.strip():
            raise failure(f"{option} must not be blank.")
    sampled = _sampled(data)
    proposal = propose(sampled.columns, DataType(data_type) if data_type else None)
    draft = Draft(data, proposal, sampled.findings, reference, name)
    text = DRAFTS[format_](draft)
    if output:
        _write(output, text)
        echo(draft.summary)
    else:
        emit(text)
    if proposal.missing:
        context.exit(FINDINGS)


def _sampled(name: str) -> Sample:
    with located(name) as file:
        try:
            return sample(file)
        except UnreadableError as error:
            raise failure(str(error)) from error


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except FileExistsError as error:
        raise failure(f"{path} is there already: name another file, or remove it.") from error
    except OSError as error:
        raise failure(f"{path} cannot be written: {error.strerror}.") from error
