"""Compares cgmock with others, side by side: `poe bench`, and `poe bench --help`."""

import argparse
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.cold_start import cold_start
from tests.benchmarks.fixtures import fixtures
from tests.benchmarks.generation import generation
from tests.benchmarks.importing import importing
from tests.benchmarks.measure import Comparison, Plan, Result
from tests.benchmarks.memory import memory
from tests.benchmarks.plugin import plugin
from tests.benchmarks.reset import reset
from tests.benchmarks.router import router
from tests.benchmarks.throughput import throughput
from tests.benchmarks.verification import verification

COMPARISONS: Mapping[str, Comparison] = {
    "throughput": throughput,
    "cold_start": cold_start,
    "memory": memory,
    "reset": reset,
    "fixtures": fixtures,
    "plugin": plugin,
    "router": router,
    "generation": generation,
    "importing": importing,
    "verification": verification,
}
"""A module each, in the order of the table; a further one is a module with such a function, and its line here."""


def main() -> int:
    """Make the comparisons that are named, or all; 0, or 3 where a program that all of them need is not here."""
    asked = _arguments()
    for program in ("taskset", "wrk"):
        if shutil.which(program) is None:
            print(f"{program} is not here: apt-get install util-linux wrk (Linux alone).", file=sys.stderr)
            return 3
    results: dict[str, list[Result]] = {}
    for name in asked.names or COMPARISONS:
        print(f"{time.strftime('%H:%M:%S')} {name}", flush=True)
        results[name] = []
        for result in COMPARISONS[name](Plan(quick=asked.quick)):
            results[name].append(result)
            print(f"  {report.line(result)}", flush=True)
        report.write(asked.output, results, quick=asked.quick)
    if asked.readme:
        report.into_readme(asked.output)
    print(*report.goals(results), f"Written into {asked.output}", sep="\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="poe bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to compare: {', '.join(COMPARISONS)}")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        default=Path("build", "benchmarks"),
        help="where table.md, results.json and throughput.png are written (build/benchmarks)",
    )
    parser.add_argument("--quick", action="store_true", help="shows that it works; the figures say nothing")
    parser.add_argument(
        "--readme", action="store_true", help="puts the table and the picture into the README"
    )
    asked = parser.parse_args()
    for name in asked.names:
        if name not in COMPARISONS:
            parser.error(f"there is no {name}; there are: {', '.join(COMPARISONS)}")
    if asked.readme and (asked.names or asked.quick):
        parser.error("--readme needs all comparisons, and not --quick")
    return asked


if __name__ == "__main__":
    sys.exit(main())
