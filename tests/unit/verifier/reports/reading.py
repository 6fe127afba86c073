"""Reads the findings back from each format, as its readers see them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cgmock.verifier.model import Report
from cgmock.verifier.reports import summary
from cgmock.verifier.reports.wording import LONGEST


class Row(NamedTuple):
    """What every format says of a finding; texts as they were, cut after 200 characters.

    A heading is as JSON has it; where a finding has none, that is said in its place.
    """

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
            _cut(finding.file),
            _heading(finding.heading),
            _cut(finding.detail),
            finding.count,
        )
        for rule, found in report.by_rule.items()
        for finding in found
    ]


def of_json(output: str) -> Iterator[Row]:
    """The findings of the document, which has the texts as they were."""
    for each in json.loads(output)["findings"]:
        yield Row(
            each["rule"],
            each["severity"],
            _cut(each["file"]),
            _heading(each["heading"]),
            _cut(each["detail"]),
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
    return Row(rule, severity, _plain(file), _told(heading), _plain(f'"{detail or ""}"'), _number(places))


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
            yield Row(rule, severity, _plain(file), _told(heading), _plain(f'"{detail}"'), _number(places))


def of_html(output: str) -> Iterator[Row]:
    """The articles of the page, by the classes of what is in them."""
    page = _Page()
    page.feed(output)
    for article, said in page.articles:
        heading = said.get("whole") or f'"{said["name"]}"'
        yield Row(
            str(article["data-rule"]),
            str(article["data-severity"]),
            _plain(f'"{said["file"]}"'),
            _told(heading),
            _plain(f'"{said.get("detail", "")}"'),
            _number(said["places"].split(" ")[0]),
        )


class _Page(HTMLParser):
    """Collects of each article its attributes, and the text of each first element of a class."""

    def __init__(self) -> None:
        super().__init__()
        self.articles: list[tuple[dict[str, str | None], dict[str, str]]] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "article":
            self.articles.append((attributes, {}))
        elif self.articles:
            told = self.articles[-1][1]
            name = attributes.get("class") or tag
            self._inside = "" if name in told else name
            told.setdefault(name, "")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.articles[-1][1][self._inside] += data


READERS: Mapping[str, Callable[[str], Iterator[Row]]] = {
    "json": of_json,
    "text": of_text,
    "junit": of_junit,
    "sarif": of_sarif,
    "html": of_html,
    "markdown": of_markdown,
}


def _cut(text: str) -> str:
    """As much as people are shown; two halves of a surrogate that meet are one character."""
    shown = f"{text[:LONGEST]}… ({len(text):,} characters)" if len(text) > LONGEST else text
    return str(json.loads(json.dumps(shown)))


def _heading(heading: str | None) -> str:
    return summary.WHOLE if heading is None else json.dumps(_cut(heading))


def _told(heading: str) -> str:
    return heading if heading == summary.WHOLE else json.dumps(_plain(heading))


def _plain(shown: str) -> str:
    """The text that is shown in quotes, some of which inside may not be escaped."""
    inside = re.sub(r'\\\\|\\"|"', lambda each: {'"': '\\"'}.get(each[0], each[0]), shown[1:-1])
    return str(json.loads(f'"{inside}"'))


def _number(shown: str) -> int:
    return int(shown.replace(",", ""))


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
