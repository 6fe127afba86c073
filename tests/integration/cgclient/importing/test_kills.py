"""An import that is killed anywhere, again and again, loses no row and writes none twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.levels import by_level
from tests.unit.cgclient.importing.service import Ledger, service


def start(data: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """An import in a process of its own; its summary goes into a file beside the data."""
    options = [
        "--configuration",
        "response",
        "--concurrency",
        "8",
        "--max-ambiguous",
        "9999",
        "--format",
        "json",
    ]
    command = [sys.executable, "-m", "cgclient", "import", str(data), *options]
    quick = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    with data.with_suffix(".json").open("wb") as summary:
        return subprocess.Popen(  # noqa: S603  (our own command)
            command, env=quick | environment, stdout=summary, stderr=subprocess.DEVNULL
        )


def kill(process: subprocess.Popen[bytes], ledger: Ledger, chance: random.Random) -> None:
    """End a process at once, after some more requests and a moment, or before the first one."""
    until = ledger.requests + chance.randrange(10)
    while ledger.requests < until and process.poll() is None:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()


@by_level("rows, kills", integration=(200, 5), thorough=(2000, 100))
def test_an_import_that_is_killed_anywhere_loses_no_row_and_writes_none_twice(
    tmp_path: Path, rows: int, kills: int
) -> None:
    data = tmp_path / "history.csv"
    data.write_text("Row,Email\n" + "".join(f"{row},joe{row}@example.com\n" for row in range(1, rows + 1)))
    chance = random.Random(kills)  # noqa: S311  (no secret)

    with service() as (environment, ledger):
        for _ in range(kills):
            kill(start(data, environment), ledger, chance)
        code = start(data, environment).wait()

    summary = json.loads(data.with_suffix(".json").read_text(encoding="utf-8"))
    refused = {each["row"] for each in summary["refused_rows"]}
    ambiguous = {each["row"] for each in summary["ambiguous_rows"]}
    accepted = set(range(1, rows + 1)) - refused - ambiguous
    assert (code, summary["unsent"], summary["accepted"]) == (1, 0, len(accepted))
    assert {ledger.written[row] for row in accepted} == {1}
    assert {ledger.written[row] for row in refused} == {0}
    assert {ledger.written[row] for row in ambiguous} <= {0, 1}
    assert refused <= {row for row in range(1, rows + 1) if row % 50 == 9}
    assert len(ambiguous) <= 8 * kills + 4 * rows // 50
