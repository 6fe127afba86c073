"""`cgclient` and `cgmock verify` with pipes, devices and full disks: one sentence, and exit code 2 or 3."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cgclient.__main__ import main
from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.stores.base import Collection

CLIENT = f"{sys.executable} -m cgclient"
MOCK = f"{sys.executable} -m cgmock"
FULL = """
import resource, sys
from cgclient.__main__ import main
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
code = main(sys.argv[1:])
resource.setrlimit(resource.RLIMIT_FSIZE, before)
sys.exit(code)
"""
"""A program that runs `cgclient` where a file has at most 1000 bytes."""

ROWS = 40


@pytest.fixture
def mock() -> MockAPI:
    """A fake in this process."""
    return MockAPI(seeds.demo())


@pytest.fixture
def environment(mock: MockAPI) -> Iterator[dict[str, str]]:
    """The variables that point a client at the fake."""
    app = mock.store.tenants()[0].connected_apps[0]
    with live_server(mock) as server:
        yield {
            **os.environ,
            "CG_CLIENT_ID": app.client_id,
            "CG_CLIENT_SECRET": app.client_secret,
            "CG_AUTH_URL": server.url,
            "CG_IMPORTS_URL": server.url,
        }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Contacts."""
    path = tmp_path / "contacts.csv"
    path.write_text("Email\n" + "".join(f"joe{number}@example.com\n" for number in range(ROWS)))
    return path


def _run(command: str, environment: dict[str, str], folder: Path) -> tuple[int, str]:
    """The exit code of a command line, and what it printed to standard error."""
    done = subprocess.run(  # noqa: S603  (our own command lines)
        ["bash", "-c", command],  # noqa: S607
        env=environment,
        cwd=folder,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


IMPORT = f"{CLIENT} import --configuration contact"


@pytest.mark.parametrize(
    ("command", "code", "sentence"),
    [
        (
            f"{IMPORT} <(cat contacts.csv)",
            2,
            "is not a regular file, and the import reads DATA more than once",
        ),
        (f"cat contacts.csv | {IMPORT} /dev/stdin", 2, "is not a regular file"),
        (f"{IMPORT} .", 2, ". is not a regular file"),
        (f"{IMPORT} /dev/zero", 2, "/dev/zero is not a regular file"),
        (
            f"{IMPORT} --data-format csv /proc/self/mem",
            2,
            "Cannot use /proc/self/mem: Input/output error.",
        ),
        (f"mkfifo pipe; {IMPORT} --journal pipe contacts.csv", 2, "pipe is not a regular file: give another"),
        (f"{IMPORT} --journal /dev/full contacts.csv", 2, "/dev/full is not a regular file: give another"),
        (f"{IMPORT} --journal . contacts.csv", 2, ". is not a regular file: give another"),
        (f"{IMPORT} --journal /proc/self/mem contacts.csv", 2, "Cannot use /proc/self/mem: "),
        (f"{IMPORT} contacts.csv >/dev/full", 3, "Cannot use standard output: No space left on device."),
        (
            f"PYTHONUNBUFFERED= {IMPORT} contacts.csv >/dev/full",
            3,
            "Cannot use standard output: No space left on device.",
        ),
        (f"PYTHONUNBUFFERED= {CLIENT} --help >/dev/full", 3, "Cannot use standard output: No space left on"),
        (
            f"{CLIENT} put --configuration contact /proc/self/mem",
            2,
            "Cannot read /proc/self/mem: Input/output",
        ),
        (f"{CLIENT} put --configuration contact .", 2, "Cannot read .: Is a directory."),
        (
            f"{MOCK} verify mapping.toml /proc/self/mem",
            2,
            "/proc/self/mem cannot be read: Input/output error.",
        ),
        (f"{MOCK} verify --depth mock mapping.toml /proc/self/mem", 2, "/proc/self/mem cannot be read: "),
        (f"{MOCK} suggest /proc/self/mem", 2, "/proc/self/mem cannot be read: Input/output error."),
        (f"{MOCK} verify /proc/self/mem contacts.csv", 2, "/proc/self/mem:1: cannot be read: Input/output"),
        (f"{MOCK} check /proc/self/mem", 2, "/proc/self/mem:1: cannot be read: Input/output error."),
        (
            f"{MOCK} verify --baseline /proc/self/mem mapping.toml contacts.csv",
            2,
            "/proc/self/mem cannot be read: Input/output error.",
        ),
    ],
)
def test_a_file_that_cannot_be_used(
    *, command: str, code: int, sentence: str, environment: dict[str, str], data: Path
) -> None:
    (data.parent / "mapping.toml").write_text(
        'reference = "contact"\nname = "Contacts"\ndata_type = "contact"\n[headings]\n"Email" = "email"\n'
    )

    found = _run(command, environment, data.parent)

    assert (found[0], found[1].count("\n")) == (code, 1 + ("Importing" in found[1])), found[1]
    assert sentence in found[1]


def test_a_disk_that_becomes_full_stops_the_import_and_the_same_command_continues_it(
    environment: dict[str, str], data: Path, mock: MockAPI
) -> None:
    arguments = ["import", "--configuration", "contact", "contacts.csv"]

    code, told = _run(
        f"{sys.executable} -c {shlex.quote(FULL)} {' '.join(arguments)}", environment, data.parent
    )

    sentence = "Cannot use contacts.csv.journal: File too large. The import was stopped; the same command continues it."
    assert (code, told.splitlines()[1:]) == (3, [sentence])
    journal = data.with_name("contacts.csv.journal").read_bytes()
    assert len(journal) == 1000

    code, told = _run(f"{IMPORT} contacts.csv", environment, data.parent)

    tenant = mock.store.tenants()[0].name
    written = mock.store.page(tenant, Collection.CONTACTS, limit=99, after=0).rows
    assert code in {0, 1}
    assert ROWS - 1 <= len(written) <= ROWS


def test_a_file_of_failed_rows_on_a_full_disk_is_named(environment: dict[str, str], data: Path) -> None:
    data.write_text("Email,First Name\n" + ",Joe\n" * ROWS)
    (data.parent / "full.csv.unfinished").symlink_to("/dev/full")

    code, told = _run(f"{IMPORT} --failed full.csv contacts.csv", environment, data.parent)

    assert (code, told.splitlines()[1:]) == (2, ["Cannot use full.csv.unfinished: No space left on device."])


def test_a_journal_with_a_reason_that_no_terminal_can_show(environment: dict[str, str], data: Path) -> None:
    _run(f"{IMPORT} --dry-run contacts.csv", environment, data.parent)
    _run(f"{IMPORT} contacts.csv", environment, data.parent)
    journal = data.with_name("contacts.csv.journal")
    line = json.dumps({"row": 1, "outcome": "refused", "reason": "\ud800\x1b[2J"})
    journal.write_bytes(journal.read_bytes() + line.encode() + b"\n")

    code, told = _run(f"{IMPORT} --failed failed.csv contacts.csv", environment, data.parent)

    assert (code, told.count("\n")) == (1, 1)


def test_what_a_verifier_prints_is_shown_without_control_characters(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CG_CLIENT_ID", "id")
    monkeypatch.setenv("CG_CLIENT_SECRET", "secret")
    verifier = [sys.executable, "-c", r"import os; os.write(1, b'\x1b[2J \xff \xc2\x9b\n'); os._exit(1)"]

    main(["import", "--configuration", "contact", "--mapping", "m", str(data)], verifier=verifier)

    assert capsys.readouterr().err.splitlines()[0] == r"\u001b[2J \xff \u009b"
