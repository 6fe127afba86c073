"""The example project of `fixtures`, as its owners run it."""

import shutil

import pytest

from tests.paths import FIXTURES

EXAMPLE = FIXTURES / "example_project"


def test_the_example_project_passes(pytester: pytest.Pytester) -> None:
    shutil.copytree(EXAMPLE, pytester.path, dirs_exist_ok=True)

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["cgmock: mock, customergauge.toml, *"])


def test_the_example_project_fails_when_its_export_misspells_a_heading(pytester: pytest.Pytester) -> None:
    shutil.copytree(EXAMPLE, pytester.path, dirs_exist_ok=True)
    export = pytester.path / "crm_export.py"
    export.write_text(export.read_text(encoding="utf-8").replace('"Comment"', '"Coment"'), encoding="utf-8")

    result = pytester.runpytest_subprocess()

    result.stdout.fnmatch_lines(["  Coment: the configuration does not know it; did you mean Comment?"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
