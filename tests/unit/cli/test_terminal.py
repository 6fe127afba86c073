"""No output of `cgmock` and its pytest plugin has a character that a terminal obeys."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from hypothesis import given, strategies as st

from cgmock.cli import cgmock, group, verify
from cgmock.core.visible import visible

EVIL = "Evil\x1b[2J\x07\x9b31m\u202e\u2028\x7f"
NAME = f"{EVIL}\udcff"
"""Characters that a file name may have."""

MAPPING = {
    "reference": "contact",
    "name": EVIL,
    "data_type": "contact",
}


def _toml(tables: str, **values: str) -> str:
    return tables + "".join(f"{name} = {_quoted(value)}\n" for name, value in values.items())


def _quoted(text: str) -> str:
    return json.dumps(text).replace("\x7f", "\\u007f")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files whose names and content a terminal would obey."""
    folder = tmp_path / NAME
    folder.mkdir()
    headings = f'{_quoted(EVIL)} = "first_name"\n"Email" = "email"\n'
    mapping = _toml("", **MAPPING) + f"[headings]\n{headings}"
    (folder / "mapping.toml").write_text(mapping)
    (folder / "wrong.toml").write_text(
        mapping + f"{_quoted(EVIL + '2')} = {_quoted(EVIL)}\n{_quoted(EVIL)} = 1\n"
    )
    (folder / "broken.toml").write_text(f"{EVIL} = \n", encoding="utf-8")
    seed = (
        '[[tenants]]\nname = "acme"\nregion = "eu"\n'
        f"touchpoints = [{_quoted(EVIL)}]\n"
        f"[[tenants.connected_apps]]\nclient_id = {_quoted(EVIL)}\nclient_secret = {_quoted(EVIL)}\n"
        f"[[tenants.configurations]]\nreference = {_quoted(EVIL)}\nname = {_quoted(EVIL)}\n"
        f'data_type = "contact"\n[tenants.configurations.headings]\n{headings}'
    )
    (folder / "seed.toml").write_text(seed)
    (folder / "seed2.toml").write_text(seed.replace('"acme"', _quoted(EVIL)).replace('"eu"', _quoted(EVIL)))
    lines = [f"{EVIL},Email,{EVIL}2", f"{EVIL},{EVIL},{EVIL}", f"{EVIL},a@example.com,"]
    (folder / "data.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "short.csv").write_text("\n".join([*lines, EVIL]), encoding="utf-8")
    rows = [{EVIL: EVIL, "Email": EVIL, f"{EVIL}3": "x"}, {"Email": {EVIL: [EVIL]}}]
    (folder / "data.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "data.json").write_text(json.dumps(rows, ensure_ascii=False))
    (folder / "broken.json").write_text(f"[{{{EVIL}")
    (folder / "binary.csv").write_bytes(b"\x00\x1b\xff" * 99)
    (folder / "ledger").mkdir()
    entry = {"id": EVIL, "verdict": EVIL, "answer": EVIL, "reason": EVIL, EVIL: EVIL}
    (folder / "ledger" / "auth.token-of-form.json").write_text(json.dumps(entry))
    (folder / "ledger" / "questions.bad_value.json").write_text(json.dumps(entry | {"verdict": "recorded"}))
    return folder


FORMATS = ["text", "json", "junit", "sarif", "markdown", "html"]
VERIFY = [
    ["verify", *format_, mapping, data]
    for format_ in [["--format", each] for each in FORMATS]
    for mapping, data in [
        ("{}/mapping.toml", "{}/data.csv"),
        ("{}/mapping.toml", "{}/short.csv"),
        ("{}/mapping.toml", "{}/data.jsonl"),
        (f"{{}}/seed.toml:{EVIL}", "{}/data.json"),
    ]
]
COMMANDS: Sequence[Sequence[str]] = [
    [EVIL],
    [f"--{NAME}"],
    ["behaviours"],
    ["behaviours", "--format", NAME],
    ["check", "{}/seed.toml"],
    ["check", "{}/seed2.toml"],
    ["check", "{}/broken.toml"],
    ["check", "{}/absent.toml"],
    ["check", "{}/seed.toml", NAME],
    ["contract", "--plan", "--seed", "{}/seed.toml"],
    ["contract", "--plan", "--target", EVIL],
    ["contract", "--plan", "--tenant", EVIL],
    ["contract", "--target", "https://example.com", "--allow-host", EVIL],
    ["env", "--seed", "{}/seed.toml"],
    ["env", "--url", EVIL],
    ["env", "--proxy", EVIL],
    ["env", "--ca", "{}/absent.pem"],
    ["env", "--tenant", EVIL],
    ["generate", "{}/mapping.toml"],
    ["generate", "--format", "csv", "{}/mapping.toml"],
    ["generate", "--invalid", "{}/mapping.toml"],
    ["generate", "{}/seed.toml"],
    ["generate", f"{{}}/seed.toml:{EVIL}2"],
    ["generate", "--count", NAME, "{}/mapping.toml"],
    *(
        ["parity", "--ledger", "{}/ledger", "--format", each]
        for each in ["text", "json", "junit", "markdown"]
    ),
    ["parity", "--ledger", "{}/ledger", "--as-policies"],
    ["parity", "--ledger", "{}/absent"],
    ["rules"],
    ["rules", EVIL],
    ["serve", "--control-token", EVIL],
    ["serve", "--seed", "{}/seed2.toml"],
    ["serve", "--database", EVIL],
    ["serve", "--host", EVIL],
    ["serve", "--tls", "--tls-dir", "{}/data.csv"],
    ["serve", "--server", NAME],
    ["suggest", "{}/data.csv"],
    ["suggest", "{}/data.jsonl"],
    ["suggest", "--format", "markdown", "{}/data.csv"],
    ["suggest", "--format", "checklist", "{}/data.csv"],
    ["suggest", "--reference", EVIL, "--name", EVIL, "{}/data.csv"],
    ["suggest", "{}/broken.json"],
    ["suggest", "{}/absent.csv"],
    ["suggest", "{}/binary.csv"],
    ["suggest", "--output", "{}/data.csv", "{}/data.csv"],
    ["suggest", "--output", "{}/new.toml", "{}/data.csv"],
    ["suggest", "--output", "{}", "{}/data.csv"],
    *VERIFY,
    ["verify", "{}/wrong.toml"],
    ["verify", "{}/seed.toml"],
    ["verify", "{}/mapping.toml", "{}"],
    ["verify", "{}/mapping.toml", "{}/absent.csv"],
    ["verify", "{}/mapping.toml", "{}/binary.csv"],
    ["verify", "{}/mapping.toml", "{}/broken.json"],
    ["verify", "--tenant", EVIL, "{}/mapping.toml"],
    ["verify", "--tenant", f"{{}}/seed.toml:{EVIL}", "{}/mapping.toml"],
    ["verify", "--baseline", "{}/data.csv", "{}/mapping.toml"],
    ["verify", "--output", "{}/absent/x", "{}/mapping.toml"],
    ["verify", "--output", "{}/report", "{}/mapping.toml", "{}/data.csv"],
    ["verify", "--output", "{}/data.csv", "{}/mapping.toml", "{}/data.csv"],
    ["verify", "--depth", "mock", "{}/mapping.toml", "{}/data.csv"],
    ["verify", "--depth", "live", "--live-write-budget", "1", "{}/mapping.toml", "{}/data.csv"],
    ["verify", "--depth", "live", "--live-write-budget", "1", "--allow-host", EVIL, "{}/mapping.toml"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: ascii(" ".join(arguments)))
def test_a_command_on_a_terminal(
    arguments: Sequence[str],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group, "is_watched", lambda _: True)
    monkeypatch.setenv("CG_CLIENT_ID", "id")
    monkeypatch.setenv("CG_CLIENT_SECRET", "secret")
    monkeypatch.setenv("CG_REGION", "eu")

    output = _output(arguments, folder, capsys)

    assert output.replace("\n", "").isprintable(), ascii(output)


def test_a_report_in_colour(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "is_watched", lambda _: True)
    monkeypatch.delenv("NO_COLOR", raising=False)

    output = _output(["verify", "{}/mapping.toml", "{}/data.csv"], folder, capsys)

    assert output != click.unstyle(output)
    assert click.unstyle(output).replace("\n", "").isprintable()


def test_what_a_program_reads_is_unchanged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert EVIL in _output(["generate", "--format", "csv", "{}/mapping.toml"], folder, capsys)


def _output(arguments: Sequence[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        cgmock.main([each.replace("{}", str(folder)) for each in arguments], prog_name="cgmock")
    output = "".join(capsys.readouterr())
    assert output
    return output


@given(st.text(st.characters()))
def test_what_is_visible_is_the_same_text_for_json(text: str) -> None:
    shown = visible(text)

    assert shown.replace("\n", "").isprintable()
    assert visible(shown) == shown
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text
