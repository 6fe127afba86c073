"""The report of a hurried export: a heading misspelt, a scale swapped, a century wrong."""

from collections.abc import Sequence
from dataclasses import replace

from cgmock.core import catalog
from cgmock.core.catalog import DataType
from cgmock.core.tenant import Configuration
from cgmock.verifier.model import (
    Distribution,
    Example,
    Finding,
    Flow,
    HeadingFlow,
    NotChecked,
    Report,
    Rows,
    Source,
    worst_first,
)
from cgmock.verifier.rules import Rule

FILE = "export.csv"
MAPPED = {
    "Account Name": "account_name",
    "Email": "email",
    "First Name": "first_name",
    "Job Level": "job_level",
    "Sent Date": "sent_date",
    "Survey Completed Date": "completed_date",
    "NPS Score": "nps",
    "Comment": "comment",
    "Touchpoint": "touchpoint",
    "Distributor": "segment:Distributor",
}
CONFIGURATION = Configuration(
    reference="53505294-0b20-2509-b15d-c8e377701d66",
    name="Responses of the CRM",
    data_type=DataType.EXTERNAL_RESPONSE,
    headings=MAPPED,
)


def flow(heading: str, filled: int, *, nearest: str | None = None) -> HeadingFlow:
    """Where a heading of the export leads."""
    field = catalog.field(MAPPED[heading]) if heading in MAPPED else None
    return HeadingFlow(FILE, heading, field, Flow.STORED if field else Flow.LOST, nearest, filled)


def finding(rule: Rule, heading: str | None, detail: str, count: int, *examples: Example) -> Finding:
    """A finding of the usual severity."""
    field = MAPPED.get(heading or "")
    return Finding(rule, rule.severity, FILE, heading, field, detail, count, examples)


def dead_row(heading: str, line: int) -> Finding:
    """A heading of the mapping that nobody sends."""
    rule, field = Rule.HEADING_NEVER_SENT, MAPPED[heading]
    return Finding(rule, rule.severity, "mapping.toml", heading, field, "", 1, line=line)


NOT_CHECKED = (
    NotChecked("touchpoints", "no seed of the tenant was given"),
    NotChecked("whether a contact exists", "only CustomerGauge knows"),
)
FINDINGS = (
    finding(Rule.HEADING_CASE, "first name", "did you mean First Name?", 1_184, Example(1, 4, "first name")),
    finding(Rule.HEADING_UNMAPPED, "Sales Region", "", 1_240, Example(2, 9, "AAAA"), Example(3, 9, "AA")),
    finding(Rule.HEADING_BLANKS, "Touch\u00a0point ", "did you mean Touchpoint?", 1_240),
    finding(
        Rule.DATE_FORMAT,
        "Sent Date",
        "as DD/MM/YYYY",
        212,
        Example(2, 5, "03/04/2026"),
        Example(9, 5, "13/04/2026"),
        Example(17, 5, "28/02/2026"),
    ),
    finding(Rule.REQUIRED_EMPTY, "Email", "neither an email nor a phone", 37, Example(41, 3, "")),
    finding(Rule.SCORE_SCALE, "NPS Score", "all of them are from 1 to 5", 1_203),
    finding(
        Rule.DATE_IMPLAUSIBLE, "Survey Completed Date", "1926", 96, Example(77, 6, "1926-04-03 10:00:00")
    ),
    dead_row("Distributor", line=17),
    finding(Rule.ROW_REPEATED, None, "", 12, Example(88, None, "as row 12")),
    finding(Rule.DATE_ZONE_UNKNOWN, "Survey Completed Date", "", 1_240),
)
SOURCES = (Source(FILE, "CSV", "utf-8-sig", "semicolon", 1_240, 10, lines=True),)


def report(
    findings: Sequence[Finding] = FINDINGS,
    sources: tuple[Source, ...] = SOURCES,
    not_checked: tuple[NotChecked, ...] = NOT_CHECKED,
) -> Report:
    """The report of the export."""
    return Report(
        mapping="mapping.toml",
        configuration=CONFIGURATION,
        tenant="acme",
        depth="data",
        sources=sources,
        rows=Rows(whole=0, in_part=991, failed=212, refused=37),
        findings=worst_first(findings),
        headings=(
            flow("Customer ID", 1_240),
            flow("Account Name", 1_240),
            flow("Email", 1_203),
            flow("first name", 1_184, nearest="First Name"),
            flow("Sent Date", 1_240),
            flow("Survey Completed Date", 1_240),
            flow("NPS Score", 1_203),
            flow("Comment", 418),
            flow("Sales Region", 1_240),
            flow("Touch\u00a0point ", 1_240, nearest="Touchpoint"),
        ),
        never_sent=("Distributor", "First Name", "Job Level", "Touchpoint"),
        distributions=(
            Distribution(FILE, "NPS Score", "score", {"1": 61, "2": 104, "3": 283, "4": 502, "5": 253}),
            Distribution(FILE, "Sent Date", "year", {"2025": 401, "2026": 627}),
            Distribution(FILE, "Survey Completed Date", "year", {"1926": 96, "2025": 388, "2026": 756}),
        ),
        not_checked=not_checked,
        baselined=2,
    )


REPORT = report()
READY = Report(
    mapping="mapping.toml",
    configuration=CONFIGURATION,
    tenant=None,
    depth="data",
    sources=SOURCES,
    rows=Rows(whole=1_240),
    findings=(),
    headings=tuple(flow(heading, 1_240) for heading in MAPPED),
    never_sent=(),
    distributions=(),
    not_checked=(),
)


def crowded() -> Report:
    """A report of 60 headings, of which every fifth is lost, and of every rule."""
    mapped = {f"Segment {number} of the customer": f"segment:{number}" for number in range(58)} | {
        "NPS Score": "nps",
        "Email": "email",
    }
    flows = [
        HeadingFlow(
            FILE,
            heading.lower() if lane % 5 == 1 else heading,
            None if lane % 5 == 1 else catalog.field(field),
            Flow.LOST if lane % 5 == 1 else Flow.STORED,
            heading if lane % 10 == 1 else None,
            lane * 20,
        )
        for lane, (heading, field) in enumerate(mapped.items())
    ]
    return Report(
        mapping="mapping.toml",
        configuration=replace(CONFIGURATION, headings=mapped),
        tenant="acme",
        depth="data",
        sources=SOURCES,
        rows=Rows(600, 500, 100, 40),
        findings=worst_first([finding(rule, "NPS Score", "", 7, Example(2, 3, "99")) for rule in Rule]),
        headings=tuple(flows),
        never_sent=(),
        distributions=(
            Distribution(FILE, "NPS Score", "score", {"0": 7, "9": 12_345, "10": 900, "N/A": 3}),
            Distribution(
                FILE, "Order Date", "year", {str(year): year for year in range(1996, 2027)} | {"0026": 9}
            ),
        ),
        not_checked=NOT_CHECKED,
    )
