"""What a whole process costs. As a program it runs a command and tells its cost as JSON.

A process that is started counts the memory of the one that started it as its own, so that has to be a small one.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Cost(NamedTuple):
    """Seconds on the clock and of the processor, and the most memory in MiB."""

    seconds: float
    processor: float
    memory: float


def cost(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, which must be a success."""
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(
        [sys.executable, "-I", __file__, *command], env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Cost(*json.loads(done.stdout))


def main() -> int:
    """Run the command of the arguments; its output goes to standard error."""
    began = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps(Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
