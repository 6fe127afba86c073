"""What the comparisons have found: lines for the terminal, `table.md` for the README, `results.json`, a picture."""

import json
import os
import platform
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import assert_never

from tests.benchmarks.measure import Figure, Result, Row, Served, Skipped
from tests.benchmarks.npm import MANIFEST
from tests.benchmarks.picture import draw
from tests.benchmarks.servers import ROOT

TABLE, RESULTS, PICTURE = "table.md", "results.json", "throughput.png"
PACKAGES = ("granian", "flask", "moto", "pytest-httpserver", "respx", "hypothesis", "frictionless")
Results = Mapping[str, Sequence[Result]]


def line(result: Result) -> str:
    """One result for the terminal."""
    match result:
        case Row(what, ours, beside, theirs, ratio, _):
            return f"{what}: {ours}; {beside}: {theirs}; ratio {ratio:.2f}"
        case Served():
            times = (
                f"{result.rate}, 50 % within {result.p50}, 99 % within {result.p99}, {result.processor} each"
            )
            ratios = f"cgmock {result.ratio:.2f} times; by processor time {result.by_processor:.2f}"
            return f"{result.server}: {times}; {ratios}"
        case Skipped(what, why):
            return f"{what} is not compared: {why}"
        case _ as never:
            assert_never(never)


def goals(results: Results) -> Iterator[str]:
    """Whether each ratio is what it has to be."""
    for each in _all(results):
        if isinstance(each, Row | Served) and each.goal is not None:
            beside = each.server if isinstance(each, Served) else f"{each.beside}, {each.what}"
            by_processor = f"; by processor time {each.by_processor:.2f}" if isinstance(each, Served) else ""
            verdict = "met" if each.goal.is_met(each.ratio) else "MISSED"
            yield f"{verdict:6} {each.goal} of {beside}: {each.ratio:.2f}{by_processor}"


def write(folder: Path, results: Results, *, quick: bool) -> None:
    """Write all of it into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TABLE).write_text(_table(results, quick=quick), encoding="utf-8")
    told = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": _machine(),
        "versions": dict(_versions()),
        "quick": quick,
        "results": {name: [_plain(each) for each in found] for name, found in results.items()},
    }
    (folder / RESULTS).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    served = [each for each in _all(results) if isinstance(each, Served)]
    if served:
        draw(folder / PICTURE, served, _machine())


def into_readme(folder: Path) -> None:
    """Replace what the README says of speed, and its picture."""
    readme = ROOT / "README.md"
    text, table = readme.read_text(encoding="utf-8"), (folder / TABLE).read_text(encoding="utf-8")
    picture = f"fixtures/pictures/{PICTURE}"
    section = f"## Speed\n\n{table}\n![Requests a second and their times, by server]({picture})\n\n"
    readme.write_text(
        re.sub(r"## Speed\n.*?(?=^## )", lambda _: section, text, flags=re.DOTALL | re.MULTILINE),
        encoding="utf-8",
    )
    (ROOT / picture).write_bytes((folder / PICTURE).read_bytes())


def _table(results: Results, *, quick: bool) -> str:
    """The section of the README: how it was measured, a table of servers, one of all else, and what is missing."""
    everything = list(_all(results))
    warning = "A quick run, whose figures say nothing. " if quick else ""
    lines = [
        f"{warning}Measured on {time.strftime('%Y-%m-%d')} on {_machine()}, side by side and in turns, by "
        "`uv run poe bench`: medians, and medians of the ratios of each round. Trust the ratios more than the figures.",
        "",
    ]
    lines += _of_servers([each for each in everything if isinstance(each, Served)])
    lines += _of_rows([each for each in everything if isinstance(each, Row)])
    lines += [
        f"Not compared: {name}. {why}\n"
        for name, why in dict(each for each in everything if isinstance(each, Skipped)).items()
    ]
    lines += [f"Versions: {', '.join(f'{name} {version}' for name, version in _versions())}.\n"]
    return "\n".join(lines)


def _of_servers(served: Sequence[Served]) -> Iterator[str]:
    if not served:
        return
    yield "PUT of the vendor's sample, the server on one core, 8 connections:\n"
    yield "| server | what a PUT has it do | requests/s | 50 % within | 99 % within | processor time | cgmock answers |"
    yield "|---|---|---|---|---|---|---|"
    for each in served:
        times = "" if each.server == "cgmock" else f"{each.ratio:.2f} times as many"
        figures = f"{each.rate.number} | {each.p50} | {each.p99} | {each.processor} | {times}"
        yield f"| {each.server} | {each.does} | {figures} |"
    yield ""


def _of_rows(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    yield "| what | cgmock | beside it | ratio |"
    yield "|---|---|---|---|"
    last = ""
    for each in rows:
        said = f"{each.what} | {each.ours}" if each.what != last else " | "
        yield f"| {said} | {each.beside}: {each.theirs} | {each.ratio:.2f} |"
        last = each.what
    yield ""


def _plain(value: object) -> object:
    """A result as JSON has it."""
    if isinstance(value, Figure):
        return {"value": value.value, "unit": value.unit}
    if isinstance(value, Row | Served | Skipped):
        return {name: _plain(each) for name, each in value._asdict().items()}
    return str(value) if isinstance(value, tuple) else value


def _all(results: Results) -> Iterable[Result]:
    return (each for found in results.values() for each in found)


def _machine() -> str:
    """The class of the machine."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", cpu)
    cores = f"{os.cpu_count()} shared cores ({model[1] if model else platform.machine()})"
    return f"{cores}, Python {platform.python_version()}"


def _versions() -> Iterator[tuple[str, str]]:
    yield from ((name, metadata.version(name)) for name in PACKAGES)
    names = json.loads(MANIFEST.read_text(encoding="utf-8"))["dependencies"]
    yield from names.items()
