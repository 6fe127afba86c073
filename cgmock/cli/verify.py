"""The commands that verify a mapping and its data before go-live."""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from cgmock import seeds
from cgmock.cli.data_files import located
from cgmock.cli.group import cgmock, chosen, echo, emit, failure, is_watched, tenants_of
from cgmock.cli.mappings import mapping_at
from cgmock.clock import Clock
from cgmock.core.tenant import Region, Tenant
from cgmock.exit_codes import COULD_NOT_CHECK, FINDINGS
from cgmock.verifier.files import DataFile, Options, Tick
from cgmock.verifier.mapping import AnyTouchpoint, MappingFile
from cgmock.verifier.model import Report
from cgmock.verifier.reports import FORMATS
from cgmock.verifier.reports.rulebook import explain, rules_markdown
from cgmock.verifier.reports.text import as_text
from cgmock.verifier.rules import BY_ID, Severity
from cgmock.verifier.tables import UnreadableError
from cgmock.verifier.verify import deepened, verify as verified, without_known

_Depth = Callable[[Report, MappingFile, Sequence[DataFile], Options, Tick], Report]
"""Adds to a report what is found deeper than in the file."""

LONG = 4 * 1024 * 1024
"""Bytes of data whose reading takes so long that one wants to see how far it is."""


@cgmock.command()
@click.argument("mapping")
@click.argument("data", nargs=-1)
@click.option(
    "--tenant",
    metavar="SEED:NAME",
    show_envvar=True,
    help="Tenant of a seed, with the touchpoints and policies that count; NAME alone for the seed of MAPPING.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    show_envvar=True,
    help="How the report is written.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    show_envvar=True,
    help="File to write the report to; the verdict is printed all the same.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    show_envvar=True,
    help="An earlier report as JSON, whose findings are known and not told again.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    show_envvar=True,
    help="The least severity that ends the command with 1.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    show_envvar=True,
    help="Rows that are shown of each finding.",
)
@click.option(
    "--depth",
    type=click.Choice(["file", "mock", "live"]),
    default="file",
    show_default=True,
    show_envvar=True,
    help="Judge the file alone, or also send its rows through a fake, or a few to the live service.",
)
@click.option(
    "--live-write-budget",
    type=click.IntRange(1),
    show_envvar=True,
    help="Rows that may be written to the live service; --depth live needs it.",
)
@click.option(
    "--allow-host",
    multiple=True,
    show_envvar=True,
    help="Host of the live service that may be spoken to; may be given several times.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    show_envvar=True,
    help="Processes that read a large CSV file.",
)
@click.pass_context
def verify(
    context: click.Context,
    *,
    mapping: str,
    data: tuple[str, ...],
    tenant: str | None,
    format_: str,
    output: Path | None,
    baseline: Path | None,
    fail_on: str,
    limit: int,
    depth: str,
    live_write_budget: int | None,
    allow_host: tuple[str, ...],
    jobs: int,
) -> None:
    """Tell what CustomerGauge would store, refuse and lose of DATA by MAPPING, without sending anything.

    MAPPING is SEED.toml:REFERENCE, or a file that describes one configuration. DATA are CSV, JSON, JSON Lines or XLSX
    files, or captured bodies; - is standard input. Without DATA the mapping alone is looked at.
    """
    described = _described(mapping, tenant)
    if output and any(_is_same(output, Path(each)) for each in (described.file, *data)):
        raise failure(f"--output {output} is what is to be verified: name another file.")
    known = _fingerprints(baseline) if baseline else ()
    options = Options(limit, jobs, _today())
    deeper = _depth(depth, live_write_budget, allow_host)
    report = without_known(_report(described, data, options, deeper), known)
    in_color = format_ == "text" and not output and is_watched(sys.stdout) and not os.environ.get("NO_COLOR")
    if in_color:
        click.echo(as_text(report, color=True).encode("utf-8", "replace"))
    elif output:
        _write(output, FORMATS[format_](report))
        echo(report.verdict)
    else:
        text = FORMATS[format_](report)
        emit(text, nl=not text.endswith("\n"))
    least = [Severity.ERROR] if fail_on == "error" else [Severity.ERROR, Severity.WARNING]
    if any(report.count(severity) for severity in least):
        context.exit(FINDINGS)


def _today() -> str:
    return datetime.fromtimestamp(Clock().now(), UTC).date().isoformat()


def _described(place: str, tenant: str | None) -> MappingFile:
    file, of_seed, name = (tenant or "").partition(".toml:")
    located = mapping_at(place, None if of_seed else tenant)
    configuration, touchpoints = located.mapping
    if located.tenant:
        lines = seeds.heading_lines_of(located.file, located.tenant.name, configuration.reference)
    else:
        lines = seeds.heading_lines(located.file)
    host = chosen(tenants_of(Path(f"{file}.toml")), name) if of_seed else located.tenant
    if host is not None:
        return MappingFile(
            str(located.file), configuration, host, lines, knows_touchpoints=True, is_seed=True
        )
    if tenant:
        raise failure(
            f"--tenant {tenant}: a mapping by itself has no tenants; write --tenant SEED.toml:{tenant}."
        )
    said = os.environ.get("CG_REGION", "")
    host = Tenant(
        name="",
        region=Region(said) if said in set(Region) else Region.EU,
        touchpoints=touchpoints or AnyTouchpoint(),
        configurations={configuration.reference: configuration},
    )
    knows = bool(touchpoints)
    return MappingFile(str(located.file), configuration, host, lines, knows_touchpoints=knows, is_seed=False)


def _report(mapping: MappingFile, data: Sequence[str], options: Options, deeper: _Depth) -> Report:
    with ExitStack() as stack:
        files = [stack.enter_context(located(name)) for name in data]
        tick = stack.enter_context(_progress(files))
        try:
            report = verified(mapping, files, options, tick)
            return deeper(report, mapping, files, options, tick)
        except UnreadableError as error:
            raise failure(str(error)) from error


def _as_it_is(report: Report, *_: object) -> Report:
    return report


def _through_a_fake(
    report: Report, mapping: MappingFile, files: Sequence[DataFile], options: Options, tick: Tick
) -> Report:
    from cgmock.verifier.depth_mock import rehearse

    return deepened(report, "mock", rehearse(mapping, files, options, tick))


def _live(budget: int, hosts: tuple[str, ...]) -> _Depth:
    from cgmock.verifier.depth_live import LiveAccess, UnsentError, send

    def deeper(
        report: Report, mapping: MappingFile, files: Sequence[DataFile], options: Options, _: Tick
    ) -> Report:
        try:
            return deepened(report, "live", send(mapping, files, options, LiveAccess(budget, hosts)))
        except UnsentError as error:
            echo(str(error), err=True)
            raise SystemExit(COULD_NOT_CHECK) from error

    return deeper


def _depth(depth: str, budget: int | None, hosts: tuple[str, ...]) -> _Depth:
    """What goes deeper than the file, as the options say."""
    if depth == "live" and budget is None:
        raise failure("--depth live writes to the live service: say how many rows, --live-write-budget N.")
    if depth == "live" and budget:
        return _live(budget, hosts)
    return _through_a_fake if depth == "mock" else _as_it_is


@contextmanager
def _progress(files: Sequence[DataFile]) -> Iterator[Tick]:
    """What shows how far the reading is, when somebody looks on and it takes long."""
    size = sum(file.path.stat().st_size for file in files if file.path)
    if size < LONG or not is_watched(sys.stderr):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Verifying", total=size)
        yield lambda read: progress.advance(task, read)


def _fingerprints(path: Path) -> Collection[str]:
    try:
        report = json.loads(path.read_bytes())
        return {finding["fingerprint"] for finding in report["findings"]}
    except OSError as error:
        raise failure(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise failure(
            f"{path} is no report of cgmock verify: write one with --format json --output {path}."
        ) from error


def _is_same(output: Path, other: Path) -> bool:
    return output.exists() and other.exists() and output.samefile(other)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8", "replace")
    except OSError as error:
        raise failure(f"{path} cannot be written: {error.strerror}.") from error


@cgmock.command()
@click.argument("identifier", metavar="[ID]", required=False)
def rules(*, identifier: str | None) -> None:
    """Explain the rules of `cgmock verify`, or the one with this ID."""
    if identifier is None:
        echo(rules_markdown())
    elif rule := BY_ID.get(identifier.upper()):
        echo(explain(rule))
    else:
        raise failure(f"There is no rule {identifier}; `cgmock rules` lists them, CG001 is the first.")
