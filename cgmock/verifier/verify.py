"""Verifies a mapping, and the data that it is for: one report of all that is found."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cgmock.core.catalog import DataType
from cgmock.verifier.collecting import Collector
from cgmock.verifier.deciding import Decider
from cgmock.verifier.files import DataFile, Options, Tick, Verified, verify_file
from cgmock.verifier.mapping import MappingFile, lint
from cgmock.verifier.model import Finding, Flow, HeadingFlow, NotChecked, Report, sum_of, worst_first
from cgmock.verifier.rules import Rule

_OF_THE_MAPPING = frozenset({Rule.REQUIRED_UNMAPPED})
"""What is said of the mapping, and need not be said of each row."""


def verify(
    mapping: MappingFile, files: Sequence[DataFile], options: Options, tick: Tick = lambda _: None
) -> Report:
    """What CustomerGauge would do with the data, or, without any, what is wrong with the mapping.

    Raises UnreadableError.
    """
    decider = Decider(mapping.tenant, mapping.configuration)
    found = Collector(options.limit)
    lint(mapping, decider, found, alone=not files)
    verified = [verify_file(file, mapping, options, tick) for file in files]
    flows = [flow for each in verified for flow in _flows(each, decider)]
    sent = {flow.heading for flow in flows}
    never_sent = [heading for heading in mapping.configuration.headings if files and heading not in sent]
    explained = {flow.nearest for flow in flows} | _not_sent_and_required(verified)
    for heading in never_sent:
        if flows and heading not in explained:
            rule, field = Rule.HEADING_NEVER_SENT, mapping.configuration.fields[heading]
            line = mapping.lines.get(heading)
            found.add(Finding(rule, rule.severity, mapping.file, heading, field.name, line=line))
    for each in verified:
        _compare_configurations(mapping, each, found)
    of_data = (finding for each in verified for finding in each.tally.found.findings())
    findings = [*found.findings(), *(each for each in of_data if each.rule not in _OF_THE_MAPPING)]
    return Report(
        mapping=mapping.file,
        configuration=mapping.configuration,
        tenant=mapping.tenant.name or None,
        depth="file",
        sources=tuple(each.source for each in verified),
        rows=sum_of(each.tally.rows for each in verified),
        findings=worst_first(findings),
        headings=tuple(flows),
        never_sent=tuple(never_sent),
        distributions=tuple(
            distribution
            for each in verified
            for distribution in each.tally.spread.distributions(each.source.file)
        ),
        not_checked=tuple(_not_checked(mapping, verified)),
    )


def deepened(report: Report, depth: str, findings: Iterable[Finding]) -> Report:
    """The report with what was found at another depth."""
    return replace(report, depth=depth, findings=worst_first([*report.findings, *findings]))


def without_known(report: Report, fingerprints: Collection[str]) -> Report:
    """The report without the findings that have one of these fingerprints."""
    new = tuple(finding for finding in report.findings if finding.fingerprint not in fingerprints)
    return replace(report, findings=new, baselined=len(report.findings) - len(new))


def _flows(verified: Verified, decider: Decider) -> Iterator[HeadingFlow]:
    for heading, filled in verified.tally.filled.items():
        field = decider.field(heading)
        lost = field is None or not decider.takes(field)
        meant = decider.explain(heading).meant if lost else None
        flow = Flow.LOST if lost else Flow.STORED
        yield HeadingFlow(verified.source.file, heading, field, flow, meant, filled)


def _not_sent_and_required(verified: Iterable[Verified]) -> set[str]:
    """The headings that rows were refused for, as none of them was sent."""
    findings = (finding for each in verified for finding in each.tally.found.findings())
    labels = (finding.heading or "" for finding in findings if finding.rule is Rule.REQUIRED_NOT_SENT)
    return {heading for label in labels for heading in label.split(" or ")}


def _compare_configurations(mapping: MappingFile, verified: Verified, found: Collector) -> None:
    """Say when another configuration of the tenant knows more of a file's headings."""
    sent = verified.tally.filled.keys()
    known = len(sent & mapping.configuration.headings.keys())
    for other in mapping.tenant.configurations.values():
        if known < len(sent & other.headings.keys()):
            rule, detail = Rule.ANOTHER_CONFIGURATION_FITS, f"{other.reference} ({other.name})"
            found.add(Finding(rule, rule.severity, verified.source.file, detail=detail))


def _not_checked(mapping: MappingFile, verified: Sequence[Verified]) -> Iterator[NotChecked]:
    mapped = {field.name for field in mapping.configuration.fields.values()}
    yield NotChecked(
        "whether CustomerGauge has this configuration, with these headings",
        "nothing was asked of it; compare with Data, Rest APIs, Inbound Mapping, also after each change of a field",
    )
    if "touchpoint" in mapped and not mapping.knows_touchpoints:
        yield NotChecked(
            "whether the touchpoints exist", "the mapping names none; verify with a seed of the tenant"
        )
    if mapping.configuration.data_type is DataType.ACTIVITY:
        yield NotChecked("whether the contacts exist", "a file does not tell")
    if "account_name" in mapped:
        yield NotChecked("whether account names are aliases, or exist", "a file does not tell")
    yield NotChecked(
        "how your program sends",
        "host, token, Content-Type, Accept and retries do not show in a file; test it against cgmock serve",
    )
    if not mapping.is_seed:
        yield NotChecked("the tenant's policies", "the mapping is by itself; the defaults were taken")
    if any(each.source.kind == "workbook" for each in verified):
        yield NotChecked(
            "how your program writes the cells of a workbook",
            "dates were taken as YYYY-MM-DD HH:MM:SS and numbers without an exponent; only the first sheet was read",
        )
    if any(each.tally.neighbours.is_full for each in verified):
        yield NotChecked("whether rows repeat", "the file has too many; the first two million were compared")
