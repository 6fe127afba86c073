"""The recipes of the README work as they stand there; of another language, where this machine speaks it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import LiveServer, live_server
from cgmock.stores.base import Collection
from cgmock.testing.fake import FakeCustomerGauge, environment
from tests import paths

README = paths.README.read_text(encoding="utf-8")
RECIPES = README.partition("\n## Recipes\n")[2].partition("\n## ")[0]

SUITE = """
from cgclient import Client


def test_it():
    with Client.from_env() as client:
        client.put_record("contact", {"Email": "joe@example.com"})


def test_that_with_a_tenant_of_its_own(cg, cg_client):
    cg_client.put_record("contact", {"Email": "jim@example.com"})
    assert len(cg.data("contacts")) == 1
"""


def recipe(name: str) -> str:
    """The code of the recipe that begins with a name in bold."""
    found = re.search(rf"\*\*{name}\*\*.*?```\w+\n(.*?)```", RECIPES, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture
def served() -> Iterator[LiveServer]:
    """A fake of the test's own."""
    with live_server(MockAPI(seeds.demo())) as server:
        yield server


def run(command: list[str], folder: Path, variables: dict[str, str]) -> str:
    """What a command prints, which must end well."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    tools = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(  # noqa: S603  (our own README)
        command, cwd=folder, env=quiet | tools | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.usefixtures("cg_env")
def test_code_with_requests_finds_the_fake_in_the_environment(cg: FakeCustomerGauge) -> None:
    names: dict[str, Any] = {}
    exec(recipe("Code with `requests`"), names)  # noqa: S102  (our own README)

    names["put"]({"Email": "joe@example.com"})

    cg.expect({"Email": "joe@example.com"}, configuration="contact", status=200, times=1)


def spoken(name: str, program: str, file: str) -> ParameterSet:
    """A recipe, if this machine has the program."""
    missing = pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")
    return pytest.param(name, program, file, marks=missing, id=program)


@pytest.mark.parametrize(
    ("name", "program", "file"),
    [
        spoken("The shell", "bash", "put.sh"),
        spoken("Node", "node", "put.mjs"),
        spoken("Java", "java", "Put.java"),
    ],
)
def test_a_client_in_another_language_writes_a_record(
    served: LiveServer, tmp_path: Path, name: str, program: str, file: str
) -> None:
    (tmp_path / file).write_text(recipe(name), encoding="utf-8")

    run([program, file], tmp_path, environment(seeds.demo()[0], served.url))

    (row,) = served.mock.store.page("demo", Collection.CONTACTS, limit=9, after=0).rows
    assert row["email"] == "joe@example.com"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def script(lines: str, port: int) -> str:
    """The commands of a recipe at another port, as one script that ends what it has started."""
    commands = [re.sub(r"^( +- )?(run: )?", "", line) for line in lines.splitlines()]
    ours = [each for each in commands if re.match(r"cgmock|curl|eval|pytest", each)]
    return "\n".join(["set -e", "trap 'kill $!' EXIT", *ours]).replace("8787", str(port))


@pytest.mark.parametrize("name", ["GitHub Actions", "GitLab CI", "Many runners, one fake"])
def test_a_job_has_the_fake_beside_its_tests(tmp_path: Path, name: str) -> None:
    port = free_port()
    (tmp_path / "test_it.py").write_text(SUITE, encoding="utf-8")
    (tmp_path / "github").touch()
    variables = {
        "CGMOCK_SERVE_PORT": str(port),
        "CGMOCK_ENV_URL": f"http://127.0.0.1:{port}",
        "GITHUB_ENV": "github",
        "CONTROL_TOKEN": "the-token",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # those of others cost seconds
        "PYTEST_ADDOPTS": "-p cgmock.pytest_plugin -p xdist",
        **environment(seeds.demo()[0], f"http://127.0.0.1:{port}"),
    }

    printed = run(["bash", "-c", script(recipe(name), port)], tmp_path, variables)

    assert "2 passed" in printed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a mapping, an export that it fits, and a test."""
    fixtures = paths.FIXTURES
    shutil.copy(fixtures / "mappings" / "external_response.toml", tmp_path / "mapping.toml")
    headings = "Account Name,Email,First Name,Last Name,Sent Date,Survey Completed Date,NPS Score,Comment"
    row = "ACME,joe@example.com,Joe,Doe,2026-03-01 09:00:00,2026-03-02 10:30:00,9,Good"
    (tmp_path / "export.csv").write_text(f"{headings}\n{row}\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text("def test_it(cg):\n    assert cg.url\n", encoding="utf-8")
    return tmp_path


def test_a_pull_request_is_told_what_its_mapping_would_lose(project: Path) -> None:
    (line,) = (line for line in recipe("A mapping in a pull request").splitlines() if "cgmock verify" in line)
    text = (project / "mapping.toml").read_text(encoding="utf-8")
    (project / "mapping.toml").write_text(text.replace('"Comment" =', '"Remark" ='), encoding="utf-8")

    with pytest.raises(AssertionError, match="1 error"):
        run(["bash", "-c", line.partition("run: ")[2]], project, {})

    sarif = json.loads((project / "verify.sarif").read_text(encoding="utf-8"))
    assert "CG006" in {result["ruleId"] for result in sarif["runs"][0]["results"]}


def test_the_day_of_go_live_goes_well(project: Path, served: LiveServer) -> None:
    variables = environment(seeds.demo()[0], served.url) | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "-p cgmock.pytest_plugin",
    }

    run(["bash", "-e", "-c", recipe("The day of go-live")], project, variables)

    assert (project / "report.html").exists()


def test_a_job_of_github_has_the_variables_in_the_steps_that_follow(tmp_path: Path) -> None:
    (line,) = (line for line in recipe("GitHub Actions").splitlines() if "GITHUB_ENV" in line)

    run(["bash", "-c", line.partition("run: ")[2]], tmp_path, {"GITHUB_ENV": "github"})

    lines = (tmp_path / "github").read_text(encoding="utf-8").splitlines()
    assert "CG_IMPORTS_URL=http://127.0.0.1:8787" in lines
    assert all(re.fullmatch(r"(CG_[A-Z_]+|NO_PROXY|no_proxy)=\S+", line) for line in lines)
