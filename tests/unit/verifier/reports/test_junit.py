"""The JUnit file is XML that every reader of test results takes."""

from xml.etree import ElementTree as ET

from hypothesis import given

from cgmock.verifier.model import Report
from cgmock.verifier.reports import FORMATS
from tests.unit.verifier.reports.acme import READY, REPORT
from tests.unit.verifier.reports.strategies import few, reports

as_junit = FORMATS["junit"]


def suite(report: Report) -> ET.Element:
    """The one suite of a report."""
    (only,) = ET.fromstring(as_junit(report).encode())  # noqa: S314  (written by ourselves)
    return only


def case(name: str) -> ET.Element:
    """The test case of a rule in the report of acme."""
    (only,) = (each for each in suite(REPORT) if name in each.attrib["classname"])
    return only


@given(reports())
@few
def test_the_counts_are_those_of_the_cases(report: Report) -> None:
    only = suite(report)

    assert only.attrib["tests"] == str(len(only))
    assert only.attrib["failures"] == str(len(only.findall("testcase/failure")))


@given(reports())
@few
def test_no_character_is_one_that_xml_forbids(report: Report) -> None:
    assert as_junit(report).replace("\n", "").isprintable()


def test_an_error_fails_and_says_what_to_do() -> None:
    failure = case("CG030 date-format").find("failure")

    assert failure is not None
    assert failure.attrib == {
        "type": "error",
        "message": "CustomerGauge does not store the record: a date is YYYY-MM-DD HH:MM:SS.",
    }
    assert 'row 9, column 5: "13/04/2026"' in (failure.text or "")
    assert "To do: Convert the dates before sending." in (failure.text or "")
    assert "Known: assumed (Policy bad_value)" in (failure.text or "")


def test_a_warning_passes_and_is_told() -> None:
    warning = case("CG042 score-scale")

    assert warning.find("failure") is None
    assert "all of them are from 1 to 5" in (warning.findtext("system-out") or "")


def test_the_verdict_is_a_case_even_where_nothing_was_found() -> None:
    (verdict,) = suite(READY)

    assert verdict.attrib == {"classname": "verdict", "name": READY.verdict}


def test_the_verdict_tells_what_was_not_checked() -> None:
    told = case("verdict").findtext("system-out") or ""

    assert "  - touchpoints: no seed of the tenant was given" in told
    assert "Baseline       2 findings known before" in told
    assert "  1. Map the heading in CustomerGauge" in told
    assert "Rows           1,240: 0 stored whole, 991 in part" in told
