"""The SARIF file is valid, and within what GitHub's code scanning takes.

The schema is that of OASIS, sarif-v2.1.0-errata01-os, as it was published.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft4Validator

from cgmock.verifier.model import Example, Finding, Report
from cgmock.verifier.reports import FORMATS
from cgmock.verifier.rules import Rule, Severity
from tests.unit.verifier.reports.acme import READY, REPORT, SOURCES, dead_row, finding, report
from tests.unit.verifier.reports.strategies import few, reports

SCHEMA = Path(__file__).with_name("sarif-schema-2.1.0.json")
VALIDATOR = Draft4Validator(
    json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=Draft4Validator.FORMAT_CHECKER
)
as_sarif = FORMATS["sarif"]


class Run:
    """The one run of a report, and what one asks of it."""

    def __init__(self, report: Report) -> None:
        (self.run,) = json.loads(as_sarif(report))["runs"]
        self.results = self.run["results"]
        self.rules = self.run["tool"]["driver"]["rules"]
        self.notes = [
            note["message"]["text"] for note in self.run["invocations"][0]["toolExecutionNotifications"]
        ]

    def place(self) -> tuple[str, int]:
        """Where the one result stands: file and line."""
        (result,) = self.results
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


def of(file: str, *examples: Example) -> Finding:
    """A finding in a file."""
    return Finding(Rule.DATE_FORMAT, Severity.ERROR, file, "Sent Date", "sent_date", "", 1, examples)


@given(reports())
@few
def test_every_report_is_valid(report: Report) -> None:
    VALIDATOR.validate(json.loads(as_sarif(report)))


@given(reports())
@few
def test_every_result_has_its_rule(report: Report) -> None:
    of_report = Run(report)

    for result in of_report.results:
        assert of_report.rules[result["ruleIndex"]]["id"] == result["ruleId"]


@given(reports())
@few
def test_every_file_can_be_printed(report: Report) -> None:
    assert as_sarif(report).isprintable()


def test_the_rules_fit_and_have_help() -> None:
    for rule in Run(report([finding(rule, None, "", 1) for rule in Rule])).rules:
        assert len(rule["name"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 10


def test_more_results_than_github_takes_are_told() -> None:
    many = Run(report([of("export.csv")] * 25_003))

    assert len(many.results) == 25_000
    assert many.notes[-1].startswith("3 findings are not here")


def test_what_the_mapping_is_to_blame_for_stands_in_its_line() -> None:
    assert Run(report([dead_row("Distributor", line=17)])).place() == ("mapping.toml", 17)


def test_a_row_that_is_a_line_is_the_line() -> None:
    assert Run(report([of("export.csv", Example(9, 5, ""))])).place() == ("export.csv", 9)


def test_a_row_that_may_be_no_line_stands_at_the_headings() -> None:
    sources = tuple(source._replace(lines=False) for source in SOURCES)

    assert Run(report([of("export.csv", Example(9, 5, ""))], sources=sources)).place() == ("export.csv", 1)


def test_a_finding_without_an_example_stands_at_the_headings() -> None:
    assert Run(report([of("export.csv")])).place() == ("export.csv", 1)


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("data/export of May.csv", "data/export%20of%20May.csv"),
        ("data\\export.csv", "data/export.csv"),
        ("C:\\export.csv", "C%3A/export.csv"),
        ("/data/export.csv", "file:///data/export.csv"),
        ("", "."),
        ("\udc80", "%ED%B2%80"),
    ],
)
def test_a_file_is_an_address(file: str, uri: str) -> None:
    assert Run(report([of(file)])).place()[0] == uri


def test_more_rows_do_not_make_another_finding() -> None:
    before, after = (
        Run(report([of("export.csv", Example(row, 5, ""))])).results[0]["partialFingerprints"]
        for row in (2, 900)
    )

    assert before == after
    assert set(before) == {"primaryLocationLineHash", "cgmockFinding/v1"}


def test_a_message_has_no_links_and_no_arguments_of_strangers() -> None:
    (result,) = Run(report([finding(Rule.HEADING_UNMAPPED, "[a](b) {0}", "", 1)])).results

    assert result["message"]["text"].startswith(r'"\[a\](b) {{0}}" in "export.csv", 1 place')


def test_the_run_tells_what_was_not_checked_and_what_to_do() -> None:
    of_acme = Run(REPORT)

    assert of_acme.notes[0] == "Not checked: touchpoints: no seed of the tenant was given"
    assert of_acme.run["properties"]["verdict"] == REPORT.verdict
    assert of_acme.run["properties"]["baselined"] == 2
    assert of_acme.run["properties"]["next_steps"] == list(REPORT.next_steps)
    assert of_acme.run["automationDetails"]["id"] == "cgmock-verify/53505294-0b20-2509-b15d-c8e377701d66/"
    assert Run(READY).results == []
