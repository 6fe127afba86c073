"""A report for a terminal: at most 100 columns, the verdict first."""

import re
from collections.abc import Iterator

import click

from cgmock.verifier.model import Finding, Report
from cgmock.verifier.reports.summary import facts, place, rule_counts, sentence
from cgmock.verifier.reports.wording import clear, counted, folded, quoted
from cgmock.verifier.rules import Rule, Severity

WIDTH = 100
_INDENT = 11
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_SEVERITY = re.compile(rf"^( +)({'|'.join(Severity)})\b")


def as_text(report: Report, *, color: bool = False) -> str:
    """The whole report; with `color` the verdict and the severities have one."""
    lines = [*head(report), *_findings(report), *tail(report)]
    if color:
        verdict = click.style(lines[0], fg="green" if lines[0].startswith("Ready") else "red", bold=True)
        lines = [verdict, *map(_in_color, lines[1:])]
    return "\n".join(lines)


def head(report: Report) -> Iterator[str]:
    """The verdict, what was verified, and the rules that were broken."""
    yield from folded(report.verdict, WIDTH)
    yield ""
    for name, value in facts(report):
        yield from _hanging(f"{name:<15}", value)
    counts = rule_counts(report)
    if counts:
        yield ""
        yield "Rules, the worst first"
    for rule, severity, findings, places in counts:
        number = f"{counted(findings, 'finding'):>14}{counted(places, 'place'):>18}"
        yield f"  {severity:<9}{rule.id}  {rule.slug:<28}{number}"


def tail(report: Report) -> Iterator[str]:
    """What was not checked, and what to do next."""
    if report.not_checked:
        yield ""
        yield "Not checked"
    for what, why in report.not_checked:
        yield from _hanging("  - ", f"{clear(what)}: {clear(why)}")
    yield ""
    yield "Next steps"
    for number, step in enumerate(report.next_steps, start=1):
        yield from _hanging(f"{number:>3}. ", step)


def finding_lines(finding: Finding) -> Iterator[str]:
    """All that is said of a finding beside its rule."""
    yield from _hanging(f"  {finding.severity:<9}", sentence(finding), indent=_INDENT + 2)
    if finding.line is not None:
        yield f"{'':{_INDENT}}line {finding.line} of the mapping"
    for example in finding.examples:
        shown = f"{place(example)}: {quoted(example.sample)}"
        yield from _hanging(f"{'':{_INDENT}}", shown, indent=_INDENT + 2)


def about(rule: Rule) -> Iterator[str]:
    """What CustomerGauge would do, what to do, and how it is known."""
    yield from _hanging("  ", rule.would)
    yield from _hanging("  To do: ", rule.advice)
    yield from _hanging("  Known: ", f"{rule.evidence} ({rule.source})")


def _findings(report: Report) -> Iterator[str]:
    for rule, found in report.by_rule.items():
        yield ""
        yield f"{rule.id} {rule.slug}"
        yield from about(rule)
        for finding in found:
            yield from finding_lines(finding)


def _hanging(name: str, value: str, *, indent: int = 0) -> Iterator[str]:
    """Lines of which the first begins with the name, and the others with as many blanks or more."""
    indent = max(indent, len(name))
    lines = folded(value, WIDTH - indent)
    yield f"{name}{next(lines)}"
    for line in lines:
        yield f"{'':{indent}}{line}"


def _in_color(line: str) -> str:
    return _SEVERITY.sub(
        lambda found: found[1] + click.style(found[2], fg=_COLOURS[Severity(found[2])]), line
    )
