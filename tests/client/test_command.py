import io
import json
import sys
from pathlib import Path

import pytest

from cgclient.__main__ import main
from cgmock.core.outcome import Fate
from cgmock.live import LiveServer


@pytest.fixture
def environment(cg: LiveServer, monkeypatch: pytest.MonkeyPatch) -> LiveServer:
    """The variables that point the command at a fake."""
    app = cg.mock.store.tenants()[0].connected_apps[0]
    monkeypatch.setenv("CG_CLIENT_ID", app.client_id)
    monkeypatch.setenv("CG_CLIENT_SECRET", app.client_secret)
    monkeypatch.setenv("CG_AUTH_URL", cg.url)
    monkeypatch.setenv("CG_IMPORTS_URL", cg.url)
    return cg


@pytest.mark.parametrize("form", [[], ["--form"]])
def test_put_writes_the_record_of_a_file_and_says_nothing(
    environment: LiveServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps({"Email": "joe@example.com"}))

    code = main(["put", "--configuration", "contact", *form, str(file)])

    assert (code, *capsys.readouterr()) == (0, "", "")
    *_, entry = environment.mock.journals["demo"].after(0)
    assert [notice.fate for notice in entry.notices] == [Fate.STORED]


def test_put_reads_standard_input(environment: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"Email": "joe@example.com"}')))

    assert main(["put", "--configuration", "contact", "-"]) == 0
    assert len(list(environment.mock.journals["demo"].after(0))) == 2


@pytest.mark.usefixtures("environment")
def test_a_refused_record_is_exit_1_with_each_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.json"
    file.write_text("{}")

    assert main(["put", "--configuration", "contact", str(file)]) == 1
    assert "record: The record field is required." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[1]", "must hold one JSON object"),
        (b"\xff", "is not UTF-8"),
        (b'{"A": 1, "A": 2}', "'A' is there twice"),
        (b'{"A": NaN}', "no number that can be sent"),
        (None, "Cannot read"),
    ],
)
@pytest.mark.usefixtures("environment")
def test_bad_input_is_exit_2_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "record.json"
    if content is not None:
        file.write_bytes(content)

    assert main(["put", "--configuration", "contact", str(file)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_environment_is_exit_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CG_CLIENT_ID", raising=False)
    file = tmp_path / "record.json"
    file.write_text('{"A": "b"}')

    assert main(["put", "--configuration", "contact", str(file)]) == 2


@pytest.mark.usefixtures("environment")
def test_a_service_that_does_not_answer_is_exit_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CG_AUTH_URL", "http://127.0.0.1:1")
    file = tmp_path / "record.json"
    file.write_text('{"A": "b"}')

    assert main(["put", "--configuration", "contact", str(file)]) == 3
