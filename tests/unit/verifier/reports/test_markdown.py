"""The Markdown fits in a comment of a pull request, tells what it cut, and mentions nobody."""

import re
from html.parser import HTMLParser

from hypothesis import given
from markdown_it import MarkdownIt

from cgmock.verifier.model import Example, Finding, NotChecked, Report, Source
from cgmock.verifier.reports.markdown import LIMIT, as_markdown
from cgmock.verifier.rules import Rule
from tests.unit.verifier.reports.acme import REPORT, finding, report
from tests.unit.verifier.reports.reading import of_markdown
from tests.unit.verifier.reports.strategies import HOSTILE, few, reports

OURS = frozenset(
    ["code", "em", "h3", "h4", "li", "ol", "p", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"]
)
LONG = "\u200b" * 1_000


class Prose(HTMLParser):
    """Collects the tags and their attributes, and the text outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._in_code |= tag == "code"

    def handle_endtag(self, tag: str) -> None:
        """Leave the code."""
        self._in_code &= tag != "code"

    def handle_data(self, data: str) -> None:
        """Keep what is no code."""
        self.text += data * (not self._in_code)


def prose(report: Report) -> Prose:
    """The page that a browser gets, raw HTML included."""
    page = Prose()
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(as_markdown(report)))
    return page


def long_finding(number: int) -> Finding:
    """A finding that takes a lot of room."""
    detail = f"{number} {LONG}"
    return finding(Rule.HEADING_UNMAPPED, LONG, detail, 1, *[Example(1, 1, LONG)] * 9)


@given(reports())
@few
def test_a_comment_has_no_tags_links_or_mentions_of_strangers(report: Report) -> None:
    page = prose(report)

    assert page.tags <= OURS
    assert page.attributes <= {"style"}
    assert not re.search(r"@\w|#\d|://|<", page.text)


def test_a_comment_has_all_that_fits() -> None:
    findings = [long_finding(number) for number in range(40)]

    output = as_markdown(report(findings))

    shown = len(list(of_markdown(output)))
    assert 0 < shown < 40
    assert LIMIT - 10_000 < len(output) <= LIMIT
    assert f"**{40 - shown} findings more: a comment has no room for them" in output
    assert "#### Next steps" in output


def test_a_comment_has_no_room_for_endless_lists() -> None:
    sources = tuple([Source(LONG, each, LONG, LONG, 1, 1) for each in HOSTILE])
    not_checked = tuple([NotChecked(LONG, each) for each in HOSTILE])

    output = as_markdown(
        report([finding(rule, LONG, LONG, 1) for rule in Rule], sources=sources, not_checked=not_checked)
    )

    assert len(output) <= LIMIT
    assert list(of_markdown(output))
    assert output.count("\n- and ") == 2


def test_a_comment_says_all_of_a_short_report() -> None:
    output = as_markdown(REPORT)

    assert output.startswith(f"### {REPORT.verdict}\n")
    assert "| 🛑 error | CG030 | date-format | 1 | 212 |" in output
    assert "- `touchpoints`: `no seed of the tenant was given`" in output
    assert "- Baseline: `2 findings known before, and not shown`" in output
    assert "line 17 of the mapping" in output
    assert 'row 2, column 5: `"03/04/2026"`' in output
