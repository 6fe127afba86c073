"""No output of `cgclient` has a character that a terminal obeys, whatever files, headings and answers hold."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from hypothesis import given, strategies as st

from cgclient import Retries
from cgclient.__main__ import main
from cgclient.importing import command
from cgclient.terminal import visible

EVIL = "Evil\x1b[2J\x07\x9b31m\u202e\u2028\ud800\x7f\x00"
NAME = EVIL.replace("\x00", "").replace("\ud800", "\udcff")
"""Characters that a file name may have."""

ARGUMENT = NAME


class Service(BaseHTTPRequestHandler):
    """Refuses every record, or every token, with a text that a terminal would obey."""

    token: ClassVar[int] = 200

    def do_POST(self) -> None:
        """Answer a request for a token."""
        granted = {"access_token": "t", "error": EVIL, "message": EVIL}
        self._answer(self.token, granted)

    def do_PUT(self) -> None:
        """Refuse a record."""
        self._answer(422, {"message": EVIL, "errors": {EVIL: [EVIL]}})

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _answer(self, status: int, content: object) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(content).encode()
        self.send_response(status, "\x1b[2J")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(autouse=True)
def _service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        for name in ("CG_AUTH_URL", "CG_IMPORTS_URL"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("CG_CLIENT_ID", "id")
        monkeypatch.setenv("CG_CLIENT_SECRET", "secret")
        monkeypatch.delenv("CG_REGION", raising=False)
        yield
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files whose names and content a terminal would obey."""
    folder = tmp_path / NAME
    folder.mkdir()
    heading = EVIL.replace("\x00", "").replace("\ud800", "")
    (folder / "rows.csv").write_text(f"{heading},Email\n{heading},x\n", encoding="utf-8")
    (folder / "twice.csv").write_text(f"{heading},{heading}\nx,x\n", encoding="utf-8")
    (folder / "short.csv").write_text(f"{heading},Email\n{heading}\n", encoding="utf-8")
    (folder / "rows.jsonl").write_text(json.dumps({EVIL: EVIL}) + "\n", encoding="utf-8")
    (folder / "lone.jsonl").write_text(json.dumps({"A": "\ud800", heading: "\ud800"}) + "\n")
    (folder / "record.json").write_text(json.dumps({heading: heading}))
    (folder / "lone.json").write_text(json.dumps({EVIL: EVIL}))
    (folder / "twice.json").write_text(f'{{"{heading[:-1]}": 1}}'.replace("\x1b", "\\u001b"))
    (folder / "body.json").write_text(json.dumps({"configuration": EVIL, "record": {}}))
    (folder / "strange.journal").write_text(json.dumps({"cgclient import": 1, "data": EVIL}) + "\n")
    return folder


IMPORT = ["import", "--configuration", "contact"]
COMMANDS = [
    ["put", "--configuration", "contact", "{}/record.json"],
    ["put", "--configuration", ARGUMENT, "{}/record.json"],
    ["put", "--configuration", "contact", "{}/lone.json"],
    ["put", "--configuration", "contact", "--form", "{}/lone.json"],
    ["put", "--configuration", "contact", "{}/twice.json"],
    ["put", "--configuration", "contact", "{}/body.json"],
    ["put", "--configuration", "contact", "{}/absent.json"],
    ["put", "{}/record.json"],
    ["put", "--" + ARGUMENT, "{}/record.json"],
    [ARGUMENT],
    [*IMPORT, "{}/rows.csv"],
    [*IMPORT, "--format", "json", "{}/rows.csv"],
    [*IMPORT, "--dry-run", "{}/rows.csv"],
    [*IMPORT, "--dry-run", "--format", "json", "{}/rows.csv"],
    [*IMPORT, "--form", "{}/rows.jsonl"],
    [*IMPORT, "{}/twice.csv"],
    [*IMPORT, "{}/short.csv"],
    [*IMPORT, "{}/lone.jsonl"],
    [*IMPORT, "--form", "{}/lone.jsonl"],
    [*IMPORT, "{}/absent.csv"],
    [*IMPORT, "{}/record.json"],
    [*IMPORT, "{}"],
    [*IMPORT, "--journal", "{}", "{}/rows.csv"],
    [*IMPORT, "--journal", "{}/strange.journal", "{}/rows.csv"],
    [*IMPORT, "--journal", "{}/rows.jsonl", "{}/rows.csv"],
    [*IMPORT, "--failed", "{}/absent/failed.csv", "{}/rows.csv"],
    [*IMPORT, "--failed", "{}/rows.csv", "{}/rows.csv"],
    [*IMPORT, "--failed", "{}", "{}/rows.csv"],
    [*IMPORT, "--rate", ARGUMENT, "{}/rows.csv"],
    [*IMPORT, "--concurrency", ARGUMENT, "{}/rows.csv"],
    [*IMPORT, "--data-format", ARGUMENT, "{}/rows.csv"],
    [*IMPORT, "{}/rows.csv", ARGUMENT],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: ascii(" ".join(arguments)))
def test_a_command(arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _ran([each.replace("{}", str(folder)) for each in arguments])

    _assert_visible("".join(capsys.readouterr()))


@pytest.mark.parametrize("status", [400, 429, 503, 404])
@pytest.mark.parametrize("name", ["put", "import"])
def test_an_answer_without_a_token(
    *,
    name: str,
    status: int,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Service, "token", status)
    monkeypatch.setattr(command, "PATIENT", Retries(attempts=1))
    file = {"put": "record.json", "import": "rows.csv"}[name]

    _ran([name, "--configuration", "contact", str(folder / file)])

    _assert_visible("".join(capsys.readouterr()))


@pytest.mark.parametrize("name", ["CG_REGION", "CG_AUTH_URL", "CG_CLIENT_ID", "SSL_CERT_FILE", "ALL_PROXY"])
def test_a_variable(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, NAME)

    _ran([*IMPORT, str(folder / "rows.csv")])

    _assert_visible("".join(capsys.readouterr()))


def _ran(arguments: list[str]) -> None:
    try:
        main(arguments, sleep=lambda _: None)
    except SystemExit:
        return


def _assert_visible(text: str) -> None:
    assert text
    assert text.replace("\n", "").isprintable(), ascii(text)


@given(st.text(st.characters()))
def test_what_is_visible_is_the_same_text_for_json(text: str) -> None:
    shown = visible(text)

    assert shown.replace("\n", "").isprintable()
    assert visible(shown) == shown
    quoted = json.dumps(text, ensure_ascii=False)
    assert json.loads(visible(quoted)) == text
