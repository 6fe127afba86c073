import errno
import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from cgclient import Retries
from cgclient.__main__ import main
from cgclient.importing import command
from cgclient.importing.journal import Failure, Outcome
from cgclient.importing.progress import progress
from cgclient.importing.report import Summary
from cgmock.faults import Fault
from cgmock.testing.fake import FakeCustomerGauge
from tests.paths import SURFACE
from tests.unit.cgclient.importing.service import Ledger, service

CONTACTS = "Email,First Name\njoe@example.com,Joe\n,Jane\njim@example.com,Jim\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three contacts, of which the second one has no address."""
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS, encoding="utf-8")
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run an import of contacts: exit code, output, and what was told beside it."""

    def run(data: Path, *options: str, verifier: Sequence[str] = ()) -> tuple[int, str, str]:
        code = main(["import", str(data), "--configuration", "contact", *options], verifier=verifier)
        return (code, *capsys.readouterr())

    return run


@pytest.mark.usefixtures("cg_env")
@pytest.mark.parametrize("form", [[], ["--form"]])
def test_the_rows_of_a_file_are_written(
    cg: FakeCustomerGauge, tmp_path: Path, run: Run, form: list[str]
) -> None:
    data = tmp_path / "contacts.jsonl"
    data.write_text('{"Email": "joe@example.com"}\n{"Email": "jim@example.com"}\n', encoding="utf-8")

    code, printed, told = run(data, *form)

    assert code == 0
    assert printed.startswith(f"2 rows of {data}: 2 accepted. ")
    assert f"the journal is {data}.journal" in told
    assert [row["email"] for row in cg.data("contacts")] == ["joe@example.com", "jim@example.com"]


@pytest.mark.usefixtures("cg_env")
def test_a_row_that_is_refused_is_exit_1_and_can_be_corrected_and_fed_back(
    cg: FakeCustomerGauge, data: Path, run: Run, tmp_path: Path
) -> None:
    failed = tmp_path / "failed.csv"

    code, printed, _ = run(data, "--failed", str(failed))
    content = failed.read_text(encoding="utf-8")
    failed.write_text(content.replace(",Jane", "jane@example.com,Jane"), encoding="utf-8")
    again, _, _ = run(failed)

    assert (code, again) == (1, 0)
    assert "3 rows of" in printed
    assert "2 accepted, 1 refused" in printed
    assert "\n  2: The record. email field is required" in printed
    assert content.startswith(
        "Email,First Name,cgclient_row,cgclient_outcome,cgclient_reason\n,Jane,2,refused,"
    )
    assert [row["email"] for row in cg.data("contacts")] == [
        "joe@example.com",
        "jim@example.com",
        "jane@example.com",
    ]


@pytest.mark.usefixtures("cg_env")
def test_json_lines_that_fail_are_written_as_json_lines(run: Run, tmp_path: Path) -> None:
    data, failed = tmp_path / "contacts.ndjson", tmp_path / "failed.jsonl"
    data.write_text('{"First Name": "Jané", "Phone": null}\n{"Phone": "1"}\n', encoding="utf-8")

    code, _, _ = run(data, "--omit-empty", "--failed", str(failed))

    (line,) = failed.read_text(encoding="utf-8").splitlines()
    assert code == 1
    assert json.loads(line) | {"cgclient_reason": ""} == {
        "First Name": "Jané",
        "Phone": None,
        "cgclient_row": 1,
        "cgclient_outcome": "refused",
        "cgclient_reason": "",
    }


@pytest.mark.usefixtures("cg_env")
def test_the_summary_may_be_json(data: Path, run: Run) -> None:
    code, printed, _ = run(data, "--format", "json")

    summary = json.loads(printed)
    assert code == 1
    assert {name: summary[name] for name in ("rows", "accepted", "refused", "ambiguous", "unsent")} == {
        "rows": 3,
        "accepted": 2,
        "refused": 1,
        "ambiguous": 0,
        "unsent": 0,
    }
    assert [each["row"] for each in summary["refused_rows"]] == [2]
    assert (summary["stopped_by"], summary["dry_run"], summary["sent_in_this_run"]) == (None, False, 3)


@pytest.mark.usefixtures("cg_env")
def test_a_second_run_sends_nothing_twice(cg: FakeCustomerGauge, data: Path, run: Run) -> None:
    run(data)
    before = len(cg.journal)

    code, printed, _ = run(data)

    assert (code, len(cg.journal)) == (1, before)
    assert "2 accepted, 1 refused" in printed


@pytest.mark.usefixtures("cg_env")
def test_an_ambiguous_row_is_listed_and_sent_again_only_if_the_user_says_so(
    cg: FakeCustomerGauge, data: Path, run: Run
) -> None:
    cg.faults.add(Fault(endpoint="records", status=502))

    code, printed, _ = run(data, "--omit-empty")
    sent = len(cg.journal)
    again, _, _ = run(data, "--omit-empty")
    assert (code, again, len(cg.journal)) == (1, 1, sent)
    assert "look for them before you send them again" in printed
    assert "\n  1: CustomerGauge failed with 502. " in printed

    run(data, "--omit-empty", "--retry-ambiguous")
    assert [row["email"] for row in cg.data("contacts")] == ["jim@example.com", "joe@example.com"]


@pytest.mark.usefixtures("cg_env")
def test_a_dry_run_sends_nothing_and_writes_nothing(cg: FakeCustomerGauge, data: Path, run: Run) -> None:
    code, printed, _ = run(
        data, "--dry-run", "--concurrency", "2", "--failed", str(data.with_name("failed.csv"))
    )

    assert (code, len(cg.journal), list(data.parent.iterdir())) == (0, 0, [data])
    assert printed == f"3 rows of {data}: 0 accepted, 3 not sent. This was a dry run: nothing was sent.\n"


@pytest.mark.usefixtures("cg_env")
def test_a_dry_run_tells_what_another_run_has_left(cg: FakeCustomerGauge, data: Path, run: Run) -> None:
    run(data)
    before = len(cg.journal)

    code, printed, _ = run(data, "--dry-run")

    assert (code, len(cg.journal)) == (0, before)
    assert printed.endswith("2 accepted, 1 refused. This was a dry run: nothing was sent.\n")


@pytest.mark.usefixtures("cg_env")
def test_a_service_that_cannot_be_reached_is_exit_3_and_the_command_goes_on_later(
    cg: FakeCustomerGauge, data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PATIENT", Retries(attempts=1))
    url = os.environ["CG_AUTH_URL"]
    monkeypatch.setenv("CG_AUTH_URL", "http://127.0.0.1:1")

    code, printed, _ = run(data)
    assert (code, len(cg.data("contacts"))) == (3, 0)
    assert "0 accepted, 3 not sent" in printed
    assert "Stopped: No readable answer came from 127.0.0.1 (ConnectError). Nothing was written" in printed
    assert "The same command goes on where this one stopped." in printed

    monkeypatch.setenv("CG_AUTH_URL", url)
    assert run(data)[0] == 1
    assert len(cg.data("contacts")) == 2


@pytest.mark.usefixtures("cg_env")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--journal", "{data}"], "is no journal of an import"),
        (["--failed", "{data}"], "would overwrite what the import needs"),
        (["--failed", "{data}.journal"], "would overwrite what the import needs"),
        (["--failed", "{folder}/absent/failed.csv"], "There is no folder"),
        (["--journal", "{folder}/absent/journal"], "Cannot use "),
        (["--data-format", "jsonl"], "Line 1: It is not JSON"),
    ],
)
def test_what_cannot_be_done_is_exit_2_with_a_sentence_before_anything_is_sent(
    cg: FakeCustomerGauge, data: Path, run: Run, options: list[str], sentence: str
) -> None:
    code, printed, told = run(data, *(option.format(data=data, folder=data.parent) for option in options))

    assert (code, printed, len(cg.journal)) == (2, "", 0)
    assert sentence in told
    assert data.read_text(encoding="utf-8") == CONTACTS


def test_a_missing_environment_is_exit_2(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CG_CLIENT_ID", raising=False)

    code, _, told = run(data)

    assert code == 2
    assert "CG_CLIENT_ID" in told


@pytest.mark.usefixtures("cg_env")
def test_data_that_is_not_there_is_exit_2(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "absent.csv"

    assert run(path) == (2, "", f"Cannot use {path}: No such file or directory.\n")


@pytest.mark.parametrize(
    "option",
    [
        ["--concurrency", "0"],
        ["--concurrency", "21"],
        ["--concurrency", "x"],
        ["--rate", "0"],
        ["--rate", "nan"],
        ["--rate", "inf"],
        ["--rate", "x"],
        ["--max-ambiguous", "-1"],
    ],
)
def test_an_odd_number_is_exit_2(data: Path, run: Run, option: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(data, *option)

    assert caught.value.code == 2


@pytest.mark.usefixtures("cg_env")
def test_a_disk_that_is_full_ends_the_import_before_the_row_is_sent(
    cg: FakeCustomerGauge, data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, waits = os.fsync, iter([0, 0, 0])

    def full(file: int) -> None:
        if next(waits, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        really(file)

    monkeypatch.setattr(os, "fsync", full)
    code, _, told = run(data)
    monkeypatch.undo()

    assert code == 3
    stopped = "The import was stopped; the same command continues it."
    assert f"Cannot use {data}.journal: No space left on device. {stopped}" in told
    assert len(cg.data("contacts")) == 1


@pytest.mark.usefixtures("cg_env")
def test_data_that_changes_meanwhile_is_told(
    cg: FakeCustomerGauge, data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "progress", lambda *_: _Changing(data))

    code, printed, told = run(data)

    assert (code, printed) == (2, "")
    assert f"{data} changed while it was imported" in told
    assert len(cg.data("contacts")) == 2


class _Changing:
    """In the place of the bar: changes the data."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __enter__(self) -> Callable[[], None]:
        return lambda: None

    def __exit__(self, *_: object) -> None:
        self._data.write_text("Email\n", encoding="utf-8")


def signal_after(requests: int, ledger: Ledger, number: signal.Signals) -> None:
    """Send a signal to this process when so many records came."""
    while ledger.requests < requests:
        time.sleep(0.001)
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_import_after_the_answers_and_the_same_command_goes_on(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
) -> None:
    data = tmp_path / "rows.csv"
    data.write_text("Row\n" + "".join(f"{row}\n" for row in range(100, 600, 2)), encoding="utf-8")
    arguments = ["import", str(data), "--configuration", "r"]

    with service() as (environment, ledger):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        threading.Thread(target=signal_after, args=(10, ledger, number), daemon=True).start()
        interrupted = main([*arguments, "--rate", "100"])
        printed = capsys.readouterr().out
        done = main(arguments)

    assert (interrupted, done) == (130, 0)
    assert "Stopped: It was interrupted." in printed
    assert "ambiguous" not in printed
    assert set(ledger.written.values()) == {1}
    assert len(ledger.written) == 250


@pytest.mark.usefixtures("cg_env")
def test_without_cgmock_the_import_says_what_to_install(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cgmock", None)

    assert main(["import", str(data), "--configuration", "contact", "--mapping", "m"]) == 2
    assert "--mapping needs `cgmock verify`. If it is missing: pip install" in capsys.readouterr().err


class Terminal(io.StringIO):
    """A terminal that remembers what it shows."""

    def isatty(self) -> bool:
        """Whether somebody looks on."""
        return True


COUNTS = {Outcome.ACCEPTED: 900, Outcome.REFUSED: 60, Outcome.AMBIGUOUS: 40, Outcome.UNSENT: 1000}


def test_a_terminal_sees_how_far_how_fast_and_how_long() -> None:
    terminal = Terminal()

    with progress(lambda: COUNTS, terminal) as show:
        show()

    shown = terminal.getvalue()
    assert "1000/2000" in shown
    assert "rows/s" in shown
    assert "100 failed" in shown


def test_who_is_no_terminal_sees_nothing() -> None:
    elsewhere = io.StringIO()

    with progress(lambda: COUNTS, elsewhere) as show:
        show()

    assert elsewhere.getvalue() == ""


def test_without_rich_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    terminal = Terminal()

    with progress(lambda: COUNTS, terminal) as show:
        show()

    assert terminal.getvalue() == ""


def test_a_long_summary_is_cut_by_reasons_and_rows() -> None:
    many = {row: Failure(Outcome.AMBIGUOUS, "late") for row in range(1, 24)}
    odd = {row: Failure(Outcome.REFUSED, f"reason {row}") for row in range(30, 52)}

    text = Summary(data="d.csv", counts=COUNTS, failures=many | odd, seconds=2, sent=100).text

    assert text.splitlines()[0] == (
        "2,000 rows of d.csv: 900 accepted, 60 refused, 40 ambiguous, 1,000 not sent. 2.0 s, 50 rows a second."
    )
    assert "\n  30: reason 30\n" in text
    assert "\n  … and 2 more reasons\n" in text
    assert f"\n  {', '.join(map(str, range(1, 21)))} and 3 more: late\n" in text


def _options(parser_help: str) -> Iterator[str]:
    return (word.strip(",[]") for word in parser_help.split() if word.startswith(("--", "[--")))


def test_the_options_are_frozen(capsys: pytest.CaptureFixture[str]) -> None:
    surface = SURFACE / "cgclient-import.txt"
    with pytest.raises(SystemExit):
        main(["import", "--help"])

    found = sorted(set(_options(capsys.readouterr().out)))
    assert "\n".join(found) + "\n" == surface.read_text(encoding="utf-8")
