"""The text is for a terminal: narrow, in order, and harmless."""

from pathlib import Path

import click
from hypothesis import given
from rich.cells import cell_len

from cgmock.verifier.model import Report
from cgmock.verifier.reports.text import as_text
from tests.unit.verifier.reports.acme import READY, REPORT
from tests.unit.verifier.reports.strategies import few, reports

PAGE = Path(__file__).with_name("acme.txt")


def test_the_report_of_acme() -> None:
    assert as_text(REPORT) + "\n" == PAGE.read_text(encoding="utf-8")


@given(reports())
@few
def test_no_line_is_longer_than_100_columns(report: Report) -> None:
    assert max(map(cell_len, as_text(report).split("\n"))) <= 100


@given(reports())
@few
def test_a_terminal_is_told_nothing_but_text(report: Report) -> None:
    assert all(line.isprintable() for line in as_text(report).split("\n"))


@given(reports())
@few
def test_a_terminal_can_have_colours(report: Report) -> None:
    assert click.unstyle(as_text(report, color=True)) == as_text(report)


def test_the_colours_are_those_of_the_severities() -> None:
    output = as_text(REPORT, color=True)

    assert output.startswith("\x1b[31m\x1b[1mNot ready")
    assert "\n  \x1b[33mwarning\x1b[0m  CG070" in output
    assert as_text(READY, color=True).startswith("\x1b[32m\x1b[1mReady")


def test_what_is_ready_has_no_rules() -> None:
    assert "Rules" not in as_text(READY)
    assert "Not checked" not in as_text(READY)
    assert "Baseline" not in as_text(READY)
    assert "Request History" in as_text(READY)
