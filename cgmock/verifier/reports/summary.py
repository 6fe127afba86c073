"""What every report says beside its findings: the same facts, the same counts, in the same words."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from cgmock.verifier.model import Example, Finding, Report, Source
from cgmock.verifier.reports.wording import clear, counted, quoted
from cgmock.verifier.rules import Rule, Severity

WHOLE = "the file as a whole"
"""Where a finding is that has no heading."""


class RuleCount(NamedTuple):
    """How often a rule was broken: `places` are the cells, rows or columns that its findings concern."""

    rule: Rule
    severity: Severity
    findings: int
    places: int


def rule_counts(report: Report) -> tuple[RuleCount, ...]:
    """A row for each rule that was broken, the worst first."""
    return tuple(
        RuleCount(rule, found[0].severity, len(found), sum(finding.count for finding in found))
        for rule, found in report.by_rule.items()
    )


def facts(report: Report) -> Iterator[tuple[str, str]]:
    """What was verified, as pairs of a name and a value."""
    configuration = report.configuration
    yield "Mapping", quoted(report.mapping)
    yield (
        "Configuration",
        f"{quoted(configuration.name)}, {configuration.data_type}, reference {quoted(configuration.reference)}",
    )
    if report.tenant is not None:
        yield "Tenant", quoted(report.tenant)
    yield "Depth", clear(report.depth)
    for source in report.sources:
        yield "Data", _source(source)
    yield "Rows", _rows(report)
    yield "Headings", _headings(report)
    if report.baselined:
        hidden = counted(report.baselined, "finding")
        yield "Baseline", f"{hidden} known before, and not shown"


def heading(finding: Finding) -> str:
    """The heading that a finding is about, in quotes; or that it is about the file as a whole."""
    return WHOLE if finding.heading is None else quoted(finding.heading)


def sentence(finding: Finding) -> str:
    """What is found, where, how often, and what is special about it, on one line."""
    field = "" if finding.field is None else f", field {quoted(finding.field)}"
    detail = f": {clear(finding.detail)}" if finding.detail else ""
    return f"{heading(finding)} in {quoted(finding.file)}{field}, {counted(finding.count, 'place')}{detail}"


def place(example: Example) -> str:
    """Where an example stands."""
    return f"row {example.row}" if example.column is None else f"row {example.row}, column {example.column}"


def _source(source: Source) -> str:
    delimiter = "" if source.delimiter is None else f", separated by {clear(source.delimiter)}"
    read = f"{clear(source.kind)}, {clear(source.encoding)}{delimiter}"
    return (
        f"{quoted(source.file)}: {read}, {counted(source.rows, 'row')}, {counted(source.columns, 'column')}"
    )


def _rows(report: Report) -> str:
    rows = report.rows
    return (
        f"{rows.all:,}: {rows.whole:,} stored whole, {rows.in_part:,} in part, "
        f"{rows.failed:,} lost in silence, {rows.refused:,} refused"
    )


def _headings(report: Report) -> str:
    flows = Counter(heading.flow for heading in report.headings)
    return ", ".join(
        [f"{number:,} {flow}" for flow, number in flows.items()]
        + [f"{len(report.never_sent):,} of the mapping never sent"]
    )
