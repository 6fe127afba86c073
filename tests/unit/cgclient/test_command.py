import io
import json
import os
import sys
from pathlib import Path

import pytest

from cgclient.__main__ import main
from cgmock.core.outcome import Fate
from cgmock.testing.fake import FakeCustomerGauge


@pytest.mark.usefixtures("cg_env")
@pytest.mark.parametrize("form", [[], ["--form"]])
def test_put_writes_the_record_of_a_file_and_says_nothing(
    cg: FakeCustomerGauge, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps({"Email": "joe@example.com"}))

    code = main(["put", "--configuration", "contact", *form, str(file)])

    assert (code, *capsys.readouterr()) == (0, "", "")
    *_, entry = cg.journal
    assert [notice.fate for notice in entry.notices] == [Fate.STORED]


@pytest.mark.usefixtures("cg_env")
def test_put_reads_standard_input(cg: FakeCustomerGauge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"Email": "joe@example.com"}')))

    assert main(["put", "--configuration", "contact", "-"]) == 0
    assert len(cg.journal) == 2


@pytest.mark.usefixtures("cg_env")
def test_a_refused_record_is_exit_1_with_each_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.json"
    file.write_text("{}")

    assert main(["put", "--configuration", "contact", str(file)]) == 1
    assert "record: The record field is required." in capsys.readouterr().err


@pytest.mark.usefixtures("cg_env")
def test_an_error_of_a_heading_is_told_by_the_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.json"
    file.write_text('{"First Name": "Joe"}')

    assert main(["put", "--configuration", "contact", str(file)]) == 1
    assert capsys.readouterr().err.startswith("Email: ")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[1]", "must hold one JSON object"),
        (b"\xff", "is not UTF-8"),
        (b'{"A": 1, "A": 2}', "'A' is there twice"),
        (b'{"A": {"b": NaN}}', "NaN is no number that can be sent"),
        (b'{"A": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b'{\n"A": }', "line 2 column 6"),
        (b'{"configuration": "account", "record": {}}', "names the configuration 'account'"),
        (None, "Cannot read"),
    ],
)
@pytest.mark.usefixtures("cg_env")
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


@pytest.mark.usefixtures("cg_env")
def test_a_service_that_does_not_answer_is_exit_3_after_some_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setenv("CG_AUTH_URL", "http://127.0.0.1:1")
    file = tmp_path / "record.json"
    file.write_text('{"A": "b"}')

    assert main(["put", "--configuration", "contact", str(file)], pauses.append) == 3
    assert len(pauses) == 4


@pytest.mark.usefixtures("cg_env")
@pytest.mark.parametrize("option", [[], ["--configuration", "contact"]])
def test_a_whole_body_brings_its_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    file = tmp_path / "body.json"
    file.write_text('{"configuration": "contact", "record": {"Email": "joe@example.com"}}')

    code = main(["put", "--verbose", *option, str(file)])

    assert (code, *capsys.readouterr()) == (0, "", "CustomerGauge accepted the record.\n")


def test_a_record_without_a_configuration_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.json"
    file.write_text('{"A": "b"}')

    assert main(["put", str(file)]) == 2
    assert "Give --configuration" in capsys.readouterr().err


class Input:
    """A standard input whose user has had enough."""

    @property
    def buffer(self) -> "Input":
        """The bytes."""
        return self

    def read(self) -> bytes:
        """Ctrl-C."""
        raise KeyboardInterrupt


def test_an_interrupt_is_exit_130_and_says_what_may_have_happened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Input())

    assert main(["put", "--configuration", "contact", "-"]) == 130
    assert "may have been written" in capsys.readouterr().err


def test_a_reader_that_went_away_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    with open(writing, "w", encoding="utf-8") as gone:  # noqa: PTH123  (a descriptor has no path)
        monkeypatch.setattr(sys, "stdout", gone)

        assert main(["--version"]) == 0


def test_the_help_shows_the_environment_variables(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["put", "--help"])

    assert caught.value.code == 0
    assert "CG_CLIENT_ID, CG_CLIENT_SECRET" in capsys.readouterr().out
