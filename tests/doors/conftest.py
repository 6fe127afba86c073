import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package")
def served() -> Iterator[str]:
    """The URL of `cgmock serve` on a free port."""
    command = [sys.executable, "-m", "cgmock", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (our own command)
        assert process.stdout is not None
        line = process.stdout.readline()
        yield line.split()[-1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert line.startswith("A fake CustomerGauge answers at http://127.0.0.1:")
