"""A report as JUnit XML: a test case for each finding; errors fail, warnings and notes pass and are told."""

from xml.etree import ElementTree as ET

from cgmock.verifier.model import Finding, Report
from cgmock.verifier.reports.summary import sentence
from cgmock.verifier.reports.text import about, finding_lines, head, tail
from cgmock.verifier.reports.wording import quoted
from cgmock.verifier.rules import Severity


def as_junit(report: Report) -> str:
    """One suite; its first case is the verdict and always there, as a file without cases is an error to many."""
    failures = str(report.count(Severity.ERROR))
    totals = {"tests": str(len(report.findings) + 1), "failures": failures, "errors": "0", "skipped": "0"}
    suites = ET.Element("testsuites", totals)
    suite = ET.SubElement(suites, "testsuite", {"name": f"cgmock verify {quoted(report.mapping)}", **totals})
    verdict = ET.SubElement(suite, "testcase", {"classname": "verdict", "name": report.verdict})
    ET.SubElement(verdict, "system-out").text = "\n".join((*head(report), *tail(report)))
    for finding in report.findings:
        _add(suite, finding)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _add(suite: ET.Element, finding: Finding) -> None:
    rule, said = finding.rule, sentence(finding)
    case = ET.SubElement(suite, "testcase", {"classname": f"{rule.id} {rule.slug}", "name": said})
    if finding.severity is Severity.ERROR:
        told = ET.SubElement(case, "failure", {"type": finding.severity, "message": rule.would})
    else:
        told = ET.SubElement(case, "system-out")
    told.text = "\n".join([*finding_lines(finding), *about(rule)])
