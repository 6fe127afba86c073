"""A program of a user is clean under `mypy --strict`, and runs."""

from pathlib import Path

import httpx
import pytest
from mypy import api

from tests.integration.cgclient import typed_program
from tests.paths import ROOT
from tests.unit.cgclient.fakes import FakeService

PROGRAM = Path(typed_program.__file__)
CACHE = ROOT / ".mypy_cache" / "users"  # without it, each run reads all of httpx


def test_a_program_of_a_user_is_clean_and_a_wrong_one_is_not(tmp_path: Path) -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(text, encoding="utf-8")
    wrong.write_text(text.replace("attempts=3", 'attempts="3"'), encoding="utf-8")

    said, failed, _ = api.run(
        ["--strict", "--config-file=", f"--cache-dir={CACHE}", "--no-error-summary", str(right), str(wrong)]
    )

    assert 'wrong.py:31: error: Argument "attempts" to "Retries" has incompatible type "str"' in said
    assert (len(said.splitlines()), failed) == (1, "")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(200), "9, None"),
        (
            httpx.Response(422, json={"message": "x", "errors": {"record.Email": ["odd", "long"]}}),
            "odd, long",
        ),
        (httpx.Response(502), "look for it: CustomerGauge failed with 502."),
        (httpx.Response(429), "wait None"),
        (httpx.Response(404), "404: "),
    ],
)
def test_the_program_runs(answer: httpx.Response, told: str) -> None:
    pages = [
        httpx.Response(200, json={"data": [{"nps": 9}, {"nps": None}], "cursor": {"next": 2}}),
        httpx.Response(200, json={"data": [], "cursor": {"next": 2}}),
    ]
    service = FakeService(answer, answer, answer, *pages)

    assert typed_program.program(httpx.MockTransport(service)).startswith(told)
