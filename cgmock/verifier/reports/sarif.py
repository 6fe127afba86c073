"""A report as SARIF 2.1.0, within the limits that GitHub's code scanning states.

A result stands at the line of the mapping's file where the mapping is to blame, else at the line of its first example
where a row is a line, else at line 1, which is where the headings are. Samples have no columns of characters, so a
region is the whole line.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from urllib.parse import quote

from cgmock.verifier.model import Finding, Report
from cgmock.verifier.reports.document import document
from cgmock.verifier.reports.summary import place, rule_counts, sentence
from cgmock.verifier.reports.wording import clear, quoted
from cgmock.verifier.rules import Rule, Severity

RESULTS = 25_000
"""Results that GitHub takes of a run."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_MARKUP = re.compile(r"[\\\[\]]")


def as_sarif(report: Report) -> str:
    """One run of one tool; the worst findings, if there are more than GitHub takes."""
    rules = [count.rule for count in rule_counts(report)]
    lines = {source.file for source in report.sources if source.lines}
    run = {
        "tool": {
            "driver": {
                "name": "cgmock verify",
                "version": version("cgmock"),
                "rules": list(map(_rule, rules)),
            }
        },
        "automationDetails": {"id": f"cgmock-verify/{clear(report.configuration.reference)}/"},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report)}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, report, rules, lines) for finding in report.findings[:RESULTS]],
        "properties": _summary(report),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _rule(rule: Rule) -> Mapping[str, object]:
    known = f"{rule.evidence}: {rule.source}"
    return {
        "id": rule.id,
        "name": rule.slug,
        "shortDescription": {"text": rule.slug.replace("-", " ").capitalize()},
        "fullDescription": {"text": rule.would},
        "help": {
            "text": f"{rule.would}\n\n{rule.advice}\n\nKnown: {known}",
            "markdown": f"{rule.would}\n\n**{rule.advice}**\n\nKnown: {known}",
        },
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["customergauge", rule.evidence], "problem.severity": _PROBLEM[rule.severity]},
    }


def _result(finding: Finding, report: Report, rules: list[Rule], lines: set[str]) -> Mapping[str, object]:
    fingerprint = hashlib.sha256(finding.fingerprint.encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": rules.index(finding.rule),
        "level": finding.severity,
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _location(finding, report, lines)}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "cgmockFinding/v1": fingerprint},
    }


def _message(finding: Finding) -> str:
    """Lines of plain text, in which SARIF has brackets for links and braces for arguments."""
    examples = [f"{place(example)}: {quoted(example.sample)}" for example in finding.examples]
    text = "\n".join((sentence(finding), finding.rule.would, finding.rule.advice, *examples))
    return _MARKUP.sub(r"\\\g<0>", text).replace("{", "{{").replace("}", "}}")


def _location(finding: Finding, report: Report, lines: set[str]) -> Mapping[str, object]:
    file, line = finding.file, 1
    if finding.line is not None:
        file, line = report.mapping, finding.line
    elif file in lines and finding.examples:
        line = finding.examples[0].row
    region = {"startLine": line, "startColumn": 1, "endLine": line}
    return {"artifactLocation": {"uri": _uri(file)}, "region": region}


def _uri(file: str) -> str:
    """A reference relative to the root of the repository, or a file's address where the path is absolute."""
    path = quote(file.replace("\\", "/"), errors="surrogatepass") or "."
    return f"file://{path}" if path.startswith("/") else path


def _notifications(report: Report) -> list[Mapping[str, object]]:
    """What was not checked, and what is not here."""
    texts = [f"Not checked: {clear(what)}: {clear(why)}" for what, why in report.not_checked]
    left_out = len(report.findings) - RESULTS
    if left_out > 0:
        texts.append(
            f"{left_out:,} findings are not here, as GitHub takes {RESULTS:,}; the other formats have them."
        )
    return [{"level": "note", "message": {"text": text}} for text in texts]


def _summary(report: Report) -> Mapping[str, object]:
    """What the JSON document says beside findings, rules and headings."""
    whole = document(report)
    return {key: whole[key] for key in ("verdict", "counts", "rows", "baselined", "next_steps")}
