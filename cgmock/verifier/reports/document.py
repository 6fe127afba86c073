"""A report as a JSON document: `report.schema.json` describes it, and nothing is cut or masked."""

import json
from collections.abc import Mapping

from cgmock.verifier.model import Finding, Report
from cgmock.verifier.reports.summary import RuleCount, rule_counts
from cgmock.verifier.rules import Severity

VERSION = 1
"""Of the document: a key that is removed or changes its meaning makes it the next one, a new key does not."""


def as_json(report: Report) -> str:
    """The document as text, in which characters that cannot be seen, halves of surrogates among them, are escaped."""
    lines = json.dumps(document(report), indent=2, ensure_ascii=False).split("\n")
    return "\n".join(line if line.isprintable() else "".join(map(_visible, line)) for line in lines)


def document(report: Report) -> Mapping[str, object]:
    """All of the report as what JSON knows."""
    return {
        "version": VERSION,
        "verdict": report.verdict,
        "counts": {severity.value: report.count(severity) for severity in Severity},
        "baselined": report.baselined,
        "mapping": {
            "file": report.mapping,
            "reference": report.configuration.reference,
            "name": report.configuration.name,
            "data_type": report.configuration.data_type,
            "tenant": report.tenant,
        },
        "depth": report.depth,
        "sources": [source._asdict() for source in report.sources],
        "rows": {"all": report.rows.all, **report.rows._asdict()},
        "rules": [_rule(count) for count in rule_counts(report)],
        "findings": [_finding(finding) for finding in report.findings],
        "headings": [
            {**heading._asdict(), "field": heading.field and heading.field.name}
            for heading in report.headings
        ],
        "never_sent": list(report.never_sent),
        "distributions": [
            {**distribution._asdict(), "counts": dict(distribution.counts)}
            for distribution in report.distributions
        ],
        "not_checked": [each._asdict() for each in report.not_checked],
        "next_steps": list(report.next_steps),
    }


def _rule(count: RuleCount) -> Mapping[str, object]:
    rule = count.rule
    return {
        "id": rule.id,
        "slug": rule.slug,
        "severity": count.severity,
        "findings": count.findings,
        "places": count.places,
        "would": rule.would,
        "advice": rule.advice,
        "evidence": rule.evidence,
        "source": rule.source,
    }


def _finding(finding: Finding) -> Mapping[str, object]:
    return {
        "rule": finding.rule.id,
        "severity": finding.severity,
        "file": finding.file,
        "heading": finding.heading,
        "field": finding.field,
        "detail": finding.detail,
        "count": finding.count,
        "examples": [example._asdict() for example in finding.examples],
        "line": finding.line,
        "fingerprint": finding.fingerprint,
    }


def _visible(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]
