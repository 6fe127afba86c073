"""The page is one file without a script, and strangers write nothing on it but text."""

import base64
import hashlib
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from hypothesis import given

from cgmock.verifier.model import Report
from cgmock.verifier.reports import FORMATS
from cgmock.verifier.reports.pictures import LANE
from cgmock.verifier.rules import Rule
from tests.unit.verifier.reports.acme import READY, REPORT, finding, report
from tests.unit.verifier.reports.strategies import few, reports

as_html = FORMATS["html"]


class Elements(HTMLParser):
    """Collects all tags, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.all.append((tag, dict(attrs)))


ACME = as_html(REPORT)
OURS = {tag for tag, _ in Elements(ACME).all} | {"i", "ol"}
ATTRIBUTES = {name for _, attributes in Elements(ACME).all for name in attributes}


@given(reports())
@few
def test_strangers_add_no_elements_and_no_attributes(report: Report) -> None:
    elements = Elements(as_html(report)).all

    assert {tag for tag, _ in elements} <= OURS
    assert {name for _, attributes in elements for name in attributes} <= ATTRIBUTES


@given(reports())
@few
def test_the_page_can_be_printed(report: Report) -> None:
    assert as_html(report).encode()


def test_there_is_no_script_and_nothing_from_elsewhere() -> None:
    elements = Elements(ACME).all

    assert not {"script", "iframe", "img", "object", "base", "form"} & OURS
    assert not {"style", "src", "srcset", "action"} & ATTRIBUTES
    assert not any(name.startswith("on") for name in ATTRIBUTES)
    links = {attributes["href"] for _, attributes in elements if "href" in attributes}
    assert all(link and link.startswith(("#", "data:,")) for link in links)
    assert "url(" not in ACME
    assert "@import" not in ACME


def test_the_policy_allows_one_style_sheet_alone() -> None:
    (policy,) = (each["content"] for _, each in Elements(ACME).all if "http-equiv" in each)
    style = re.search("<style>(.*?)</style>", ACME, re.DOTALL)

    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_each_link_has_its_place() -> None:
    elements = Elements(ACME).all
    links = {str(attributes["href"])[1:] for tag, attributes in elements if tag == "a"}

    assert links <= {attributes.get("id") for _, attributes in elements}
    assert {"findings", "CG001", "CG030"} <= links


def test_the_page_says_what_the_other_formats_say() -> None:
    text = " ".join(unescape(re.sub("<[^>]+>", " ", ACME)).split())

    assert REPORT.verdict.replace(":", "", 1) in text
    assert "991 stored in part" in text
    assert "2 findings known before are not shown." in text
    assert "10 headings of export.csv: 6 stored, 4 lost. 10 fields of the mapping: 4 without a value." in text
    assert "Customer ID none lost 1,240" in text
    assert "first name none lost; First Name is meant 1,184" in text
    assert "1,203 scores from 1 to 5. Taken for NPS, they give -100." in text
    assert 'More than 20 years from 2026: "1926" (96).' in text
    assert "documented CES, CSAT and rating widgets, 5000871817" in text
    assert "17 5 28/02/2026" in text
    assert "touchpoints no seed of the tenant was given" in text
    assert "Distributor mapping.toml · field segment:Distributor · 1 place · line 17 of the mapping" in text


def test_the_style_sheet_has_the_height_of_the_picture() -> None:
    assert f".ends li {{ height: {LANE}px;" in ACME


def test_a_page_without_findings_says_so() -> None:
    page = as_html(READY)

    assert '<header class="verdict good">' in page
    assert "<p>None.</p>" in page
    assert '<h2 id="charts-title">' not in page
    assert "Not checked" not in page


def test_of_many_files_those_that_lose_nothing_are_folded() -> None:
    whole = [each._replace(file="whole.csv") for each in READY.headings]
    page = as_html(replace(REPORT, headings=(*REPORT.headings, *whole)))

    found = re.findall(r'<details class="file"( open)?>\s*<summary>(\d+ headings of \S+):', page)
    assert found == [(" open", "10 headings of export.csv"), ("", "10 headings of whole.csv")]


def test_many_steps_are_folded() -> None:
    page = as_html(report([finding(rule, "NPS Score", "", 1) for rule in Rule]))

    assert re.search(r'<summary>\d+ more</summary>\s*<ol class="steps" start="9">', page)


def test_many_headings_of_a_rule_are_counted() -> None:
    page = as_html(
        report([finding(Rule.HEADING_UNMAPPED, f"Heading {number}", "", 1) for number in range(5)])
    )

    assert "and 2 more</span>" in page
    assert "5 findings, 5 places" in page
