"""Reads the findings back from each format, as its readers see them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cgmock.verifier.model import Report
from cgmock.verifier.reports import summary
from cgmock.verifier.reports.wording import clear, quoted


class Row(NamedTuple):
    """What every format says of a finding."""

    rule: str
    severity: str
    file: str
    heading: str
    detail: str
    places: int


def rows(report: Report) -> list[Row]:
    """What every format has to say of a report, in the order of its rules."""
    return [
        Row(
            rule.id,
            finding.severity,
            quoted(finding.file),
            summary.heading(finding),
            clear(finding.detail),
            finding.count,
        )
        for rule, found in report.by_rule.items()
        for finding in found
    ]


def of_json(output: str) -> Iterator[Row]:
    """The findings of the document, which has the texts as they were."""
    for each in json.loads(output)["findings"]:
        heading = summary.WHOLE if each["heading"] is None else quoted(each["heading"])
        yield Row(
            each["rule"],
            each["severity"],
            quoted(each["file"]),
            heading,
            clear(each["detail"]),
            each["count"],
        )


def of_text(output: str) -> Iterator[Row]:
    """The lines that begin with a severity below those that begin with a rule."""
    rule = ""
    for line in re.sub(r"\n {13}", "", output).split("\n"):
        if not line.startswith(" "):
            rule = line.split(" ")[0]
        elif rule.startswith("CG") and (found := _FINDING.fullmatch(line)):
            yield _said(rule, found[1], found[2])


def of_junit(output: str) -> Iterator[Row]:
    """The test cases but the first, which is the verdict."""
    _, *cases = ET.fromstring(output.encode()).iter("testcase")  # noqa: S314  (written by ourselves)
    for case in cases:
        told = case.findtext("system-out", "  error").split()[0]
        yield _said(case.attrib["classname"].split(" ")[0], told, case.attrib["name"])


def of_sarif(output: str) -> Iterator[Row]:
    """The results, by the first lines of their messages."""
    for result in json.loads(output)["runs"][0]["results"]:
        message = result["message"]["text"].split("\n")[0].replace("{{", "{").replace("}}", "}")
        yield _said(result["ruleId"], result["level"], re.sub(r"\\(.)", r"\1", message))


def _said(rule: str, severity: str, sentence: str) -> Row:
    found = _SENTENCE.fullmatch(sentence)
    assert found
    heading, file, places, detail = found.groups()
    return Row(rule, severity, file, heading, detail or "", int(places.replace(",", "")))


_QUOTED = r'"(?:[^"\\]|\\.)*"'
_FINDING = re.compile("  (error|warning|note) +(.*)")
_SENTENCE = re.compile(
    rf"({_QUOTED}|{summary.WHOLE}) in ({_QUOTED})(?:, field {_QUOTED})?, ([\d,]+) places?(?:: (.*))?"
)


def of_markdown(output: str) -> Iterator[Row]:
    """The rows of the tables below the headings of rules."""
    rule = ""
    for tag, cells in _pieces(MarkdownIt("commonmark").enable("table").parse(output)):
        if tag == "h4":
            rule = cells[0].split(" ")[0]
        elif rule.startswith("CG"):
            severity, heading, _, file, places, detail, _ = cells
            yield Row(rule, severity, file, heading, detail, int(places.replace(",", "")))


READERS: Mapping[str, Callable[[str], Iterator[Row]]] = {
    "json": of_json,
    "text": of_text,
    "junit": of_junit,
    "sarif": of_sarif,
    "markdown": of_markdown,
}


def _pieces(tokens: list[Token]) -> Iterator[tuple[str, list[str]]]:
    """The headings and the rows of the bodies of tables, each with the text of its cells."""
    opened, cells = "", list[str]()
    for token in tokens:
        if token.type in {"tbody_open", "tbody_close"}:
            opened = token.type
        elif token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append("".join(child.content for child in token.children or ()))
        elif token.type == "tr_close" and opened == "tbody_open":
            yield "tr", cells
        elif token.type == "heading_close":
            yield token.tag, cells[-1:]
