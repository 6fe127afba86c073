"""The blueprint on granian gives the same answers as `cgmock serve`."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.adapters import Answer
from tests.flask_applications import CASES, Case, answer, token
from tests.processes import END_SECONDS, running
from tests.waiting import eventually


@pytest.fixture(scope="module")
def in_flask() -> Iterator[str]:
    """The base URL of a mock in a Flask application that granian serves."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port)]
    command += ["tests.flask_applications:served_by_granian"]
    with running(command, stdout=subprocess.DEVNULL) as process:
        eventually(lambda: _is_open(port))
        yield f"http://127.0.0.1:{port}/customer/gauge"
        process.terminate()
        process.wait(END_SECONDS)


def _is_open(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def tokens(served: str, in_flask: str) -> tuple[str, str]:
    """A token of each server."""
    return token(served), token(in_flask)


@pytest.mark.parametrize("case", [case for case in CASES if case.target != "*"], ids=str)
def test_a_flask_application_answers_like_cgmock_serve(
    served: str, in_flask: str, tokens: tuple[str, str], case: Case
) -> None:
    ours, theirs = answer(in_flask, case, tokens[1]), answer(served, case, tokens[0])

    assert without_keys(ours) == without_keys(theirs)


def without_keys(answer: Answer) -> Answer:
    """Return an answer without the public keys, which differ between mocks."""
    return answer._replace(body=b"keys") if answer.body.startswith(b'{"keys"') else answer
