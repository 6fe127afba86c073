"""`cgmock verify` as a whole process: rows a second, how that and its memory grow, and frictionless beside it."""

import csv
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cgmock.core import catalog
from tests.benchmarks.costs import cost
from tests.benchmarks.measure import Figure, Plan, Result, Row, in_turns, median, ratio

FIELDS = (
    *("account_name", "email", "first_name", "last_name", "sent_date", "completed_date", "nps", "comment"),
    *("touchpoint", "phone", "job_level", "language", "country", "customer_number", "follow_up_request"),
    *(f"segment:Segment {number}" for number in range(35)),
)
HEADINGS = [field.display_name for name in FIELDS if (field := catalog.field(name))]
DATE: dict[str, object] = {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"}
TYPES: dict[str, dict[str, object]] = {
    "Email": {"type": "string", "format": "email", "constraints": {"maxLength": 128}},
    "Phone": {"type": "string", "constraints": {"pattern": "[0-9 ()+-]*[0-9][0-9 ()+-]*", "maxLength": 128}},
    "Sent Date": DATE,
    "Survey Completed Date": DATE,
    "NPS Score": {"type": "integer", "constraints": {"minimum": 0, "maximum": 10}},
    "Touchpoint": {"type": "string", "constraints": {"enum": ["After Sales"]}},
    "Job Level": {"type": "string", "constraints": {"enum": ["A", "B", "C", "U"]}},
    "Follow Up Request": {"type": "string", "constraints": {"enum": ["Y", "N"]}},
}
TEXT: dict[str, object] = {"type": "string", "constraints": {"maxLength": 128}}
WHOLE = {
    "maxLength": 128,
    "pattern": r"(?!(?i:n/a|null|none|unknown|-|\?)$)[^\x00-\x1f\x7f\u200b-\u200f\ufeff]*",
}
"""The same, and what cgmock says of any text besides: no stand-ins for a value, nothing that is not seen."""

WORDS = ("great", "service", "slow", "delivery", "team", "product", "price", "support", "thanks", "quality")


def verification(plan: Plan) -> Iterator[Result]:
    """Rows of 50 columns by one job and by two, fewer rows beside frictionless, and ten times as many."""
    few, rows, many = plan.amount(10_000, 200), plan.amount(100_000, 2_000), plan.amount(1_000_000, 20_000)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for count in (few, rows):
            write_table(folder / f"{count}.csv", count)
        write_mapping(folder / "mapping.toml")
        write_schema(folder / "schema.json", TEXT)
        write_schema(folder / "whole.json", {"type": "string", "constraints": WHOLE})
        commands = {
            "one": verify(folder, rows),
            "two": verify(folder, rows, "--jobs", "2"),
            "few": verify(folder, few),
            "theirs": frictionless(folder, few, "schema.json"),
            "whole": frictionless(folder, few, "whole.json", "--checks", "duplicate-row"),
        }
        measures = {name: partial(cost, command) for name, command in commands.items()}
        costs = in_turns(plan.amount(3, 1), measures, warm_up=False)
        write_table(folder / f"{many}.csv", many)
        most = cost(verify(folder, many))
    speeds = {
        name: [_rows(name, few, rows) / each.seconds for each in found] for name, found in costs.items()
    }
    shown = {name: median(found, "rows/s") for name, found in speeds.items()}
    what = f"`cgmock verify`, {rows:,} rows of {len(HEADINGS)} columns"
    yield Row(
        f"{what}, `--jobs 2`", shown["two"], "one job", shown["one"], ratio(speeds["two"], speeds["one"])
    )
    what = f"`cgmock verify`, {few:,} rows"
    for name, beside in (
        ("theirs", "frictionless"),
        ("whole", "frictionless, and looks for all that cgmock does"),
    ):
        yield Row(what, shown["few"], beside, shown[name], ratio(speeds["few"], speeds[name]))
    what, beside = f"`cgmock verify`, {many:,} rows", f"{rows:,} rows"
    held = median([each.memory for each in costs["one"]], "MiB")
    yield Row(f"memory of {what}", Figure(most.memory, "MiB"), beside, held, most.memory / held.value)
    took = median([each.processor for each in costs["one"]], "s")
    yield Row(
        f"processor time of {what}", Figure(most.processor, "s"), beside, took, most.processor / took.value
    )


def verify(folder: Path, rows: int, *options: str) -> list[str]:
    """The command that verifies a table."""
    command = [sys.executable, "-m", "cgmock", "verify", *options]
    return [*command, str(folder / "mapping.toml"), str(folder / f"{rows}.csv")]


def frictionless(folder: Path, rows: int, schema: str, *options: str) -> list[str]:
    """The command by which frictionless validates a table."""
    command = [str(Path(sys.executable).with_name("frictionless")), "validate", "--trusted", *options]
    return [*command, str(folder / f"{rows}.csv"), "--schema", str(folder / schema)]


def write_table(path: Path, rows: int) -> None:
    """A file of CSV without a fault."""
    chosen = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADINGS)
        table.writerows(_row(number, chosen) for number in range(rows))


def write_mapping(path: Path) -> None:
    """The mapping of the table."""
    lines = (f'"{heading}" = "{name}"\n' for heading, name in zip(HEADINGS, FIELDS, strict=True))
    keys = 'reference = "responses"\ndata_type = "external_response"\ntouchpoints = ["After Sales"]\n'
    path.write_text("".join((keys, "[headings]\n", *lines)), encoding="utf-8")


def write_schema(path: Path, text: dict[str, object]) -> None:
    """The same as a Table Schema, in which the fields without a format are such texts."""
    fields = [{"name": heading, **TYPES.get(heading, text)} for heading in HEADINGS]
    path.write_text(json.dumps({"fields": fields}), encoding="utf-8")


def _row(number: int, chosen: random.Random) -> Iterator[object]:
    sent = datetime(2025, 1, 1) + timedelta(minutes=number % 500_000)  # noqa: DTZ001
    yield from (f"Company {number % 5000}", f"joe{number}@example.com", chosen.choice(["Joe", "Ann", "Max"]))
    yield from (f"Doe{number % 977}", str(sent), str(sent + timedelta(hours=5)), chosen.randint(0, 10))
    yield from (" ".join(chosen.choices(WORDS, k=8)) if number % 3 else "", "After Sales")
    yield from (
        f"+55 62 {number:07d}",
        chosen.choice("ABCU"),
        "en_US",
        "US",
        f"C{number}",
        chosen.choice("YN"),
    )
    yield from (chosen.choice(["North", "South", "East", "West", ""]) for _ in range(35))


def _rows(name: str, few: int, rows: int) -> int:
    return rows if name in {"one", "two"} else few
