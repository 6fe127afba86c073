"""pytest-httpserver as a program: `python -m tests.benchmarks.expecting PORT` serves until SIGTERM."""

import signal
import sys

from pytest_httpserver import HTTPServer


def main() -> None:
    """Answer each PUT of a record with 200 and an empty body."""
    with HTTPServer(port=int(sys.argv[1])) as server:
        server.expect_request("/records/", method="PUT").respond_with_data("")
        signal.sigwait({signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main()
