"""Measures `cgmock verify` as a whole process: time, memory, how it grows with rows and jobs, and against frictionless."""

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cgmock.core import catalog

ROUNDS = 3
ROWS, FEW, MANY = 100_000, 10_000, 1_000_000
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


class Cost(NamedTuple):
    """What a process has cost: seconds on the clock and of the processor, and the most memory in MiB."""

    seconds: float
    processor: float
    memory: float


def verification() -> None:
    """100,000 rows of 50 columns by one job and two, 10,000 rows by cgmock and frictionless in turns, then a million."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for rows in (FEW, ROWS):
            write_table(folder / f"{rows}.csv", rows)
        write_mapping(folder / "mapping.toml")
        write_schema(folder / "schema.json", TEXT)
        write_schema(folder / "whole.json", {"type": "string", "constraints": WHOLE})
        rivals = {
            f"{ROWS} rows, 1 job": verify(folder, ROWS),
            f"{ROWS} rows, 2 jobs": verify(folder, ROWS, "--jobs", "2"),
            f"{FEW} rows, 1 job": verify(folder, FEW),
            f"{FEW} rows, frictionless": frictionless(folder, FEW, "schema.json"),
            f"{FEW} rows, frictionless, all": frictionless(
                folder, FEW, "whole.json", "--checks", "duplicate-row"
            ),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in rivals}
        for _ in range(ROUNDS):
            for name, command in rivals.items():
                costs[name].append(cost(command))
        write_table(folder / f"{MANY}.csv", MANY)
        costs[f"{MANY} rows, 1 job"] = [cost(verify(folder, MANY))]
    for name, measured in costs.items():
        seconds, processor, memory = (statistics.median(each) for each in zip(*measured, strict=True))
        print(f"verify {name:31} {seconds:7.2f} s, {processor:7.2f} s of processor, {memory:5.0f} MiB")
    one, two, few, theirs, whole, many = costs.values()
    print(f"1 job / 2 jobs:              {_ratio(one, two):.2f}")
    print(f"frictionless / cgmock:       {_ratio(theirs, few):.2f}")
    print(f"with text and repeated rows: {_ratio(whole, few):.2f}")
    for name, larger, smaller in (("100,000 to 10,000", one, few), ("1,000,000 to 100,000", many, one)):
        times = [statistics.median(each.processor for each in costs) for costs in (larger, smaller)]
        print(f"{name} rows, ten times as many: {times[0] / times[1]:.2f} times the processor")


def verify(folder: Path, rows: int, *options: str) -> list[str]:
    """The command that verifies a table."""
    command = [sys.executable, "-m", "cgmock", "verify", *options]
    return [*command, str(folder / "mapping.toml"), str(folder / f"{rows}.csv")]


def frictionless(folder: Path, rows: int, schema: str, *options: str) -> list[str]:
    """The command by which frictionless validates a table."""
    command = [str(Path(sys.executable).with_name("frictionless")), "validate", "--trusted", *options]
    return [*command, str(folder / f"{rows}.csv"), "--schema", str(folder / schema)]


def cost(command: Sequence[str]) -> Cost:
    """Run a command to its end, which must be a success."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    told = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told.decode()
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


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


def _ratio(ours: Sequence[Cost], theirs: Sequence[Cost]) -> float:
    """The median of the ratios of each round, by the clock."""
    return statistics.median(one.seconds / other.seconds for one, other in zip(ours, theirs, strict=True))
