"""The tests of the README run in a pytest process of their own."""

import pytest

from tests.unit.test_readme import blocks


def test_the_tests_of_the_readme_say_what_it_says_of_them(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(blocks("python")[0])

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=2, errors=1)
    (shown,) = (block for block in blocks("text") if "Frist Name" in block)
    result.stdout.fnmatch_lines(["*Frist Name: *did you mean First Name?"])
    assert "Frist Name: the configuration does not know it; did you mean First Name?" in shown


def test_the_planned_failures_of_the_readme_are_met(pytester: pytest.Pytester) -> None:
    (block,) = (block for block in blocks("python") if "import Fault" in block)
    pytester.makepyfile(block)

    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_the_property_of_the_readme_holds(pytester: pytest.Pytester) -> None:
    (block,) = (block for block in blocks("python") if "cgmock.strategies" in block)
    pytester.makepyfile(block)

    pytester.runpytest_subprocess().assert_outcomes(passed=1)
