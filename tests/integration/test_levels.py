"""The rules of the unit level are enforced."""

import subprocess
import sys

import pytest

from tests.paths import ROOT

CONFTEST = """
from pathlib import Path
from tests import unit_rule
from tests.unit_rule import pytest_runtest_protocol, pytest_runtest_teardown

unit_rule.FOLDERS.append(Path(__file__).parent)
"""


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen starts a process"),
        ("import os; os.waitpid(os.fork() or os._exit(0), 0)", "os.fork starts a process"),
        ("import os; os.system('true')", "os.system starts a process"),
        (
            "import multiprocessing as m; p = m.get_context('spawn').Process(target=print); p.start(); p.join()",
            "os.posix_spawn starts a process",
        ),
        (
            "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))",
            "socket.connect to ('192.0.2.1', 9)",
        ),
    ],
)
def test_a_unit_test_that_breaks_the_rule_is_an_error(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, code: str, reason: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(f"def test_it():\n    {code}\n\ndef test_another():\n    pass\n")

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "ignore")

    result.assert_outcomes(passed=2, errors=1)
    assert reason in result.stdout.str()


def test_the_rule_is_for_its_folder_alone(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest(CONFTEST.replace("unit_rule.FOLDERS.append", "print"))
    pytester.makepyfile("import os\n\ndef test_it():\n    os.system('true')\n")

    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_plain_pytest_collects_the_unit_level_alone() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "by_level or not by_level"]

    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  (ours)

    tests = [line for line in listed.stdout.splitlines() if "::" in line]
    assert len(tests) > 3000
    assert all(line.startswith("tests/unit/") for line in tests)
