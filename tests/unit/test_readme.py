"""The README is true: its blocks run, and it names all there is."""

import importlib
import json
import re
import tomllib
from typing import Any

import click
import pytest
from click.testing import CliRunner

import cgclient
from cgclient import Client
from cgmock import seeds, strategies
from cgmock.cli import cgmock
from cgmock.core import catalog
from cgmock.core.catalog import DataType
from cgmock.core.outcome import Fate
from cgmock.faults import PREPARED, Effect
from cgmock.stores.base import Collection
from tests.paths import ROOT, SURFACE

README = (ROOT / "README.md").read_text(encoding="utf-8")
CLIENT_OPTIONS = set((SURFACE / "cgclient-import.txt").read_text(encoding="utf-8").split()) - {"--help"}


def blocks(language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def _commands() -> dict[str, click.Command]:
    context = click.Context(cgmock)
    for name in cgmock.list_commands(context):
        cgmock.get_command(context, name)
    return dict(cgmock.commands)


def _options(command: click.Command) -> list[str]:
    return [option for parameter in command.params for option in parameter.opts if option.startswith("--")]


@pytest.mark.parametrize(
    "test", ["test_a_client_that_takes_a_transport", "test_code_that_knows_only_the_vendor_s_hosts"]
)
def test_the_tests_in_process_of_the_readme_pass(test: str) -> None:
    names: dict[str, Any] = {}
    (block,) = (block for block in blocks("python") if "def test_a_client_that" in block)
    exec(block, names)  # noqa: S102  (our own README)

    names[test]()

    *_, entry = names["mock"].store.hosted("demo").journal.after(0)
    assert [notice.fate for notice in entry.notices] == [Fate.STORED]


def test_the_readme_imports_public_names_only() -> None:
    imports = re.findall(r"^ *from (cgmock[\w.]*) import ([\w, ]+)", "".join(blocks("python")), re.MULTILINE)

    private = {
        f"{module}.{name}"
        for module, names in imports
        for name in names.split(", ")
        if name not in getattr(importlib.import_module(module), "__all__", ())
    }

    assert imports
    assert private == set()


def test_the_flask_application_of_the_readme_answers() -> None:
    names: dict[str, Any] = {}
    (block,) = (block for block in blocks("python") if "blueprint(" in block)
    exec(block, names)  # noqa: S102  (our own README)

    assert names["app"].test_client().get("/customergauge/records/").status_code == 405


def test_the_client_of_the_readme_sends(cg_client: Client) -> None:
    names: dict[str, object] = {}
    (block,) = (block for block in blocks("python") if "def send(" in block)
    exec(block, names)  # noqa: S102  (our own README)

    assert names["send"](cg_client) == "accepted"  # type: ignore[operator]
    cg_client.close()


def test_the_verifier_says_what_the_readme_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (line,) = re.findall(r"^\$ cgmock (verify .*)$", README, re.MULTILINE)
    (shown,) = (block for block in blocks("text") if "Not ready" in block)

    result = CliRunner().invoke(cgmock, line.split())

    assert result.exit_code == 1
    assert result.stdout.startswith(shown)


@pytest.mark.parametrize("name", [name for name in strategies.__all__ if name.islower()])
def test_the_readme_names_every_strategy(name: str) -> None:
    assert name in README


def test_the_seed_of_the_readme_is_one() -> None:
    (tenant,) = seeds.loads(blocks("toml")[0])

    assert tenant.name == "acme"


@pytest.mark.parametrize(
    "word",
    [
        *catalog.FIELDS,
        *DataType,
        *Fate,
        *(f"`{effect}`" for effect in Effect),
        *(f"`{name}`" for name in PREPARED),
        *(f"/{collection}" for collection in Collection),
        *(f"cgmock {name}" for name in _commands()),
        *sorted({option for each in _commands().values() for option in _options(each)}.union(CLIENT_OPTIONS)),
    ],
)
def test_the_readme_names_all_there_is(word: str) -> None:
    assert word in README


@pytest.mark.parametrize("name", sorted(set(cgclient.__all__) - {"Encoding", "Hook", "Record", "Region"}))
def test_the_readme_describes_every_name_of_the_client(name: str) -> None:
    described, _, _ = README.partition("\n## Public names\n")

    assert name in described


def test_the_record_of_the_readme_is_one() -> None:
    (line,) = re.findall(r"echo '(.*)' \| cgclient", README)

    assert json.loads(line)["Emial"] == "joe@example.com"


def test_the_version_is_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert f"## {version} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
