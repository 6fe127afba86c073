"""The exit codes are the same in both commands, in their help and in the README."""

import re
from types import ModuleType

import pytest

import cgclient.exit_codes
import cgmock.exit_codes
from cgclient.__main__ import main
from tests.paths import ROOT


def codes(module: ModuleType) -> set[int]:
    """Return the exit codes that a module defines."""
    return {value for name, value in vars(module).items() if name.isupper()}


def documented(text: str) -> list[set[int]]:
    """Return the exit codes of each sentence that lists them."""
    sentences = re.findall(r"exit codes: ([^.]*)", text, re.IGNORECASE)
    return [set(map(int, re.findall(r"\b\d+(?= )", sentence))) for sentence in sentences]


def test_both_commands_have_the_same_exit_codes() -> None:
    assert codes(cgmock.exit_codes) == codes(cgclient.exit_codes)


def test_the_readme_lists_all_exit_codes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert documented(readme) == [codes(cgmock.exit_codes)] * 2


def test_the_help_of_the_client_lists_all_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    assert documented(capsys.readouterr().out) == [codes(cgclient.exit_codes)]
