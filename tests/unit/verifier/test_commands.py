"""`cgmock verify` and `cgmock rules`, as a user types them."""

import json
import os
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cgmock.cli import cgmock, verify as verifying
from cgmock.verifier.rules import Rule
from tests.levels import by_level

CORPUS = Path(__file__).with_name("corpus")
CONTACTS = str(CORPUS / "mappings" / "contacts.toml")
SEED = """
[[tenants]]
name = "acme"
touchpoints = ["After Sales"]

[[tenants.connected_apps]]
client_id = "acme-crm"
client_secret = "acme-secret"

[[tenants.configurations]]
reference = "responses"
data_type = "external_response"
[tenants.configurations.headings]
"Email" = "email"
"Touchpoint" = "touchpoint"

[[tenants]]
name = "other"
touchpoints = ["Checkout"]

[[tenants.connected_apps]]
client_id = "other-crm"
client_secret = "other-secret"
"""


def verify(*arguments: object, data: str = "") -> Result:
    """What the command answers; `data` is standard input."""
    return CliRunner().invoke(cgmock, ["verify", *map(str, arguments)], input=data)


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "seed.toml"
    path.write_text(SEED)
    return path


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.csv"
    path.write_text("Email\njoe@example.com\n")
    return path


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    path = tmp_path / "lost.csv"
    path.write_text("Email,Colour\njoe@example.com,red\n")
    return path


def test_a_finding_is_exit_code_1_and_none_is_0(clean: Path, lost: Path) -> None:
    assert verify(CONTACTS, clean).exit_code == 0
    assert verify(CONTACTS, lost).exit_code == 1


def test_a_warning_fails_when_it_is_asked_for(clean: Path) -> None:
    assert verify(CONTACTS, clean, "--fail-on", "warning").exit_code == 1


def test_standard_input_is_data() -> None:
    result = verify(CONTACTS, "-", data="Email\nnobody\n")

    assert result.exit_code == 1
    assert '"<stdin>"' in result.stdout


def test_a_mapping_alone_is_looked_at() -> None:
    result = verify(CONTACTS)

    assert result.exit_code == 0
    assert result.stdout.startswith("Ready: 0 errors, 0 warnings in the mapping; no data was given.\n")


def test_a_seed_gives_touchpoints_and_policies(seed: Path) -> None:
    rows = "Email,Touchpoint\njoe@example.com,Checkout\n"

    own = verify(f"{seed}:responses", "-", data=rows)
    named = verify(f"{seed}:responses", "-", "--tenant", "acme", data=rows)
    other = verify(f"{seed}:responses", "-", "--tenant", f"{seed}:other", data=rows)

    assert [each.exit_code for each in (own, named, other)] == [1, 1, 0]
    assert "CG046" in own.stdout


def test_a_tenant_that_is_not_there_is_a_sentence(seed: Path) -> None:
    result = verify(CONTACTS, "--tenant", f"{seed}:acne")

    assert result.exit_code == 2
    assert result.stderr == "There is no tenant acne; there are: acme, other.\n"


def test_the_tenant_of_a_mapping_by_itself_needs_its_seed() -> None:
    result = verify(CONTACTS, "--tenant", "acme")

    assert result.exit_code == 2
    assert (
        result.stderr == "--tenant acme: a mapping by itself has no tenants; write --tenant SEED.toml:acme.\n"
    )


@pytest.mark.parametrize("data", ["/nowhere.csv", "."])
def test_data_that_cannot_be_read_is_a_sentence(data: str) -> None:
    result = verify(CONTACTS, data)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"{data} cannot be read: ")
    assert result.stderr.count("\n") == 1


def test_data_may_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("Email\nnobody\n",))
    writer.start()

    result = verify(CONTACTS, pipe)

    writer.join()
    assert result.exit_code == 1
    assert "CG048" in result.stdout


def test_a_device_is_no_file() -> None:
    assert verify(CONTACTS, "/dev/zero").stderr == (
        "/dev/zero is no file: give a file, or - for standard input.\n"
    )


@pytest.mark.parametrize("which", ["mapping", "data"])
def test_what_is_verified_is_never_written_over(tmp_path: Path, clean: Path, which: str) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(Path(CONTACTS).read_text())
    verified = {"mapping": mapping, "data": clean}[which]
    before = verified.read_text()

    result = verify(mapping, clean, "--output", tmp_path / "." / verified.name)

    assert result.exit_code == 2
    assert result.stderr == f"--output {verified} is what is to be verified: name another file.\n"
    assert verified.read_text() == before


def test_data_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\0")

    result = verify(CONTACTS, tmp_path / "binary")

    assert result.exit_code == 2
    assert "is not text" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_report_may_go_to_a_file_and_be_the_next_baseline(tmp_path: Path, lost: Path) -> None:
    report = tmp_path / "report.json"

    first = verify(CONTACTS, lost, "--format", "json", "--output", report)
    again = verify(CONTACTS, lost, "--baseline", report)

    assert first.exit_code == 1
    assert first.stdout == "Not ready: 1 error, 9 warnings; 0 of 1 row stored whole, 1 in part.\n"
    assert json.loads(report.read_text())["verdict"] == first.stdout.strip()
    assert again.exit_code == 0


@pytest.mark.parametrize("content", ["", "[]", '{"findings": 7}', '{"findings": [{}]}'])
def test_a_baseline_that_is_no_report_is_a_sentence(tmp_path: Path, clean: Path, content: str) -> None:
    (tmp_path / "baseline").write_text(content)

    result = verify(CONTACTS, clean, "--baseline", tmp_path / "baseline")

    assert result.exit_code == 2
    assert result.stderr.endswith(f"write one with --format json --output {tmp_path / 'baseline'}.\n")


def test_a_baseline_that_is_not_there_is_a_sentence(clean: Path) -> None:
    result = verify(CONTACTS, clean, "--baseline", "/nowhere.json")

    assert (result.exit_code, result.stderr) == (
        2,
        "/nowhere.json cannot be read: No such file or directory.\n",
    )


def test_a_file_that_cannot_be_written_is_a_sentence(clean: Path) -> None:
    result = verify(CONTACTS, clean, "--output", "/nowhere/report.txt")

    assert (result.exit_code, result.stderr) == (
        2,
        "/nowhere/report.txt cannot be written: No such file or directory.\n",
    )


def test_rows_may_go_through_a_fake(clean: Path) -> None:
    result = verify(CONTACTS, clean, "--depth", "mock")

    assert result.exit_code == 0
    assert "1 contacts" in " ".join(result.stdout.split())


@by_level("jobs", unit=1, integration=2)
def test_several_jobs_say_the_same(lost: Path, jobs: int) -> None:
    assert verify(CONTACTS, lost, "--jobs", jobs).stdout == verify(CONTACTS, lost).stdout


def test_a_long_file_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch, lost: Path) -> None:
    monkeypatch.setattr(verifying, "LONG", 1)
    monkeypatch.setattr(verifying, "is_watched", lambda _: True)

    assert verify(CONTACTS, lost).exit_code == 1


def test_a_terminal_has_colours_and_a_file_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lost: Path
) -> None:
    monkeypatch.setattr(verifying, "is_watched", lambda _: True)

    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = CliRunner().invoke(cgmock, ["verify", CONTACTS, str(lost)], color=True)
    plain = CliRunner(env={"NO_COLOR": "1"}).invoke(cgmock, ["verify", CONTACTS, str(lost)], color=True)
    verify(CONTACTS, lost, "--output", tmp_path / "report.txt")

    assert "\x1b[" in shown.stdout
    assert "\x1b[" not in plain.stdout
    assert "\x1b[" not in (tmp_path / "report.txt").read_text()


def test_nobody_looks_on_here(monkeypatch: pytest.MonkeyPatch, lost: Path) -> None:
    monkeypatch.setattr(verifying, "LONG", 1)

    assert verify(CONTACTS, lost).stderr == ""


def test_every_rule_can_be_explained() -> None:
    for rule in Rule:
        result = CliRunner().invoke(cgmock, ["rules", rule.id.lower()])
        assert result.exit_code == 0
        assert result.stdout.startswith(f"{rule.id} {rule.slug} ({rule.severity})\n")


def test_all_rules_are_a_page() -> None:
    page = (Path(verifying.__file__).parents[1] / "verifier" / "RULES.md").read_text()

    assert CliRunner().invoke(cgmock, ["rules"]).stdout == page


def test_a_rule_that_is_not_there_is_a_sentence() -> None:
    result = CliRunner().invoke(cgmock, ["rules", "CG999"])

    assert (result.exit_code, result.stderr) == (
        2,
        "There is no rule CG999; `cgmock rules` lists them, CG001 is the first.\n",
    )
