"""A typed project that uses every public name is clean under mypy and pyright, and a mistake is not."""

import ast
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from mypy import api

from tests.paths import ROOT
from tests.public_names import MODULES

PROJECT = Path(__file__).with_name("project")
CACHE = ROOT / ".mypy_cache" / "users"  # without it, each run reads all dependencies
MISTAKES = """\
import cgmock
import cgmock.testing
from cgmock import Fualt
cgmock.Fualt
cgmock.testing.RemoteControll
cgmock.Fault(endpoint="recods")
cgmock.Fault(effect="explode")
cgmock.Fault(endpont="records")
cgmock.Fault(headers={"X": 1})
cgmock.prepared("gateway_timout")
cgmock.prepared("html", endpont="records")
cgmock.prepared("html", endpoint="recods")
cgmock.Expectation(endpoint="tokens")
cgmock.load_seed(1)
"""
FIRST = 3
"""The first line of MISTAKES with a mistake. So has each line after it."""


def pyright(*arguments: str) -> Any:
    """Run pyright for this interpreter, and return its report."""
    tools = Path(sys.executable).parent
    found = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(tools.parent)}
    done = subprocess.run(  # noqa: S603  (our own command)
        [tools / "basedpyright", "--outputjson", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | found,
    )
    return json.loads(done.stdout)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the project to a folder of its own, with a module that has mistakes."""
    for file in PROJECT.glob("*.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "mistakes.py").write_text(MISTAKES, encoding="utf-8")
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")
    return tmp_path


def test_mypy_finds_the_mistakes_and_nothing_else(project: Path) -> None:
    options = [
        "--strict",
        "--config-file=",
        f"--cache-dir={CACHE}",
        "--no-error-summary",
        "--hide-error-context",
    ]

    said, failed, _ = api.run([*options, *map(str, sorted(project.glob("*.py")))])

    errors = [line.split(":", 2) for line in said.splitlines() if ": error: " in line]
    assert {(Path(file).name, int(line)) for file, line, _ in errors} == _mistakes(), said + failed


def test_pyright_finds_the_mistakes_and_nothing_else(project: Path) -> None:
    report = pyright("--project", str(project))

    errors = [each for each in report["generalDiagnostics"] if each["severity"] == "error"]
    found = {
        (Path(each["file"]).name, each.get("range", {}).get("start", {}).get("line", 0) + 1)
        for each in errors
    }
    assert found == _mistakes(), json.dumps(errors, indent=1)


def test_the_project_uses_every_public_name() -> None:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in PROJECT.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {
        f"{node.module}.{name.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    used = {f"cgmock.{node.attr}" for node in nodes if isinstance(node, ast.Attribute)}

    names = {f"{module}.{name}" for module in MODULES for name in import_module(module).__all__}
    assert names <= imported | used


@pytest.mark.parametrize("package", ["cgclient", "cgmock"])
def test_every_type_of_a_package_is_known(package: str) -> None:
    report = pyright("--verifytypes", package, "--ignoreexternal")

    unknown = [
        f"{each.get('file')}:{each['range']['start']['line'] + 1}: {each['message']}"
        for symbol in report["typeCompleteness"]["symbols"]
        for each in symbol["diagnostics"]
        if each["severity"] == "error"
    ]
    assert (report["typeCompleteness"]["completenessScore"], unknown) == (1, [])


def _mistakes() -> set[tuple[str, int]]:
    return {("mistakes.py", line) for line in range(FIRST, len(MISTAKES.splitlines()) + 1)}
