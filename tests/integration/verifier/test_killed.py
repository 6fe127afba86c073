"""Processes that read files end with the process that asked, also when it is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import first_line, running

READERS = {
    "workbook": """
        from io import BytesIO

        from cgmock.verifier.sources import workbook

        def read(content):
            return wait(), ""

        workbook._read = read
        workbook.rows_of(BytesIO(b"PK"), "export.xlsx")
        """,
    "parts of a file": """
        from cgmock.verifier import files

        def part(path, reading, span):
            return wait()

        files._part = part
        files.parts = lambda path, jobs: [1, 2, 3]

        class Reading:
            options = type("Options", (), {"jobs": 3})

        files._side_by_side(None, Reading(), None)
        """,
}
"""Programs that read something for a very long time in other processes."""

WAIT = """
import os
import time

def wait():
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(600)
"""


@pytest.mark.parametrize("reader", READERS)
def test_no_process_stays_when_its_parent_is_killed(tmp_path: Path, reader: str) -> None:
    program = tmp_path / "program.py"
    lines = READERS[reader].splitlines()
    program.write_text("\n".join([WAIT, *(line.removeprefix("        ") for line in lines)]))
    with running([sys.executable, str(program)], stdout=subprocess.PIPE) as process:
        child = int(first_line(process))
        assert child != process.pid

        os.kill(process.pid, signal.SIGKILL)

        assert process.stdout is not None
        process.stdout.read()  # ends when no process has the other end any more
