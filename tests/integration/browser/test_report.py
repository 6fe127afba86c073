"""The page of a report in a real browser: it asks for nothing, fits, can be reached by keyboard, and stays harmless."""

from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cgmock.verifier.model import Example, Finding, NotChecked, Source
from cgmock.verifier.reports.page import as_html
from cgmock.verifier.rules import Rule
from tests.integration.browser.conftest import CHROMIUM, DESK, PHONE, Open, Scheme
from tests.unit.verifier.reports.acme import READY, REPORT, crowded, report
from tests.unit.verifier.reports.strategies import HOSTILE

PAGES = {
    "acme": as_html(REPORT),
    "crowded": as_html(crowded()),
    "hostile": as_html(
        report(
            [
                Finding(Rule.HEADING_UNMAPPED, Rule.HEADING_UNMAPPED.severity, text, text, text, text, 1)
                for text in HOSTILE
            ]
            + [
                Finding(
                    Rule.EMAIL,
                    Rule.EMAIL.severity,
                    "export.csv",
                    "Email",
                    "email",
                    "",
                    1,
                    tuple(Example(1, 1, text) for text in HOSTILE),
                )
            ],
            sources=tuple(Source(text, text, text, text, 1, 1) for text in HOSTILE),
            not_checked=tuple(NotChecked(text, text) for text in HOSTILE),
        )
    ),
    "ready": as_html(READY),
}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Debian's chromium: apt-get install chromium"
)
every_page = pytest.mark.parametrize("name", PAGES)
every_scheme = pytest.mark.parametrize("scheme", SCHEMES)
UNFOLD = "for (const each of document.querySelectorAll('details')) each.open = true"


def is_scrolled_sideways(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def colours(page: Page) -> list[str]:
    """The colours of the page and of its text."""
    found: list[str] = page.evaluate(
        "(style => [style.color, style.backgroundColor])(getComputedStyle(document.body))"
    )
    return found


@every_page
def test_nothing_is_asked_for_and_nothing_goes_wrong(name: str, open_page: Open) -> None:
    opened = open_page(PAGES[name])

    opened.page.evaluate(UNFOLD)
    assert [url for url in opened.requests if not url.startswith("data:")] == [opened.page.url]
    assert opened.messages == []
    assert opened.dialogs == []


@every_page
def test_a_phone_does_not_scroll_sideways(name: str, open_page: Open) -> None:
    page = open_page(PAGES[name], width=PHONE).page

    assert not is_scrolled_sideways(page)
    page.evaluate(UNFOLD)
    assert not is_scrolled_sideways(page)
    page.set_viewport_size({"width": 320, "height": 600})
    assert not is_scrolled_sideways(page)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_headings_of_the_page_are_seen(width: int, open_page: Open) -> None:
    page = open_page(PAGES["acme"], width=width).page

    for title in (
        "Not ready 5 errors, 4 warnings",
        "What to do",
        "Where the headings lead",
        "Scores and dates",
        "Findings",
        "Not checked",
        "What was verified",
    ):
        expect(page.get_by_role("heading", name=title)).to_be_visible()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_sixty_headings_can_be_read(width: int, open_page: Open) -> None:
    page = open_page(PAGES["crowded"], width=width).page

    names = page.locator(".ends").first.locator("li")
    assert names.count() == 60
    sizes = names.evaluate_all(
        "all => all.map(each => [each.getBoundingClientRect().top, parseFloat(getComputedStyle(each).fontSize),"
        " each.querySelector('.text').scrollHeight - each.querySelector('.text').clientHeight])"
    )
    tops = [top for top, _, _ in sizes]
    assert {round(below - above) for above, below in pairwise(tops)} == {36}
    assert min(size for _, size, _ in sizes) > 12
    assert max(hidden for _, _, hidden in sizes) <= 2


def test_a_line_begins_at_its_heading_and_ends_at_its_field(open_page: Open) -> None:
    page = open_page(PAGES["acme"]).page

    middle = "each => (box => box.top + box.height / 2)(each.getBoundingClientRect())"
    heading = page.locator(".ends").first.locator("li", has_text="Account Name").evaluate(middle)
    field = page.locator(".ends.fields li", has_text="Account Name").evaluate(middle)
    line = page.locator("figure .flows .stored").first.evaluate(middle)
    assert abs(heading - line) < 2
    assert abs(field - line) < 2


def test_the_picture_has_a_text_alternative(open_page: Open) -> None:
    page = open_page(PAGES["acme"]).page

    expect(page.get_by_role("img", name="10 headings of export.csv: 6 stored, 4 lost.")).to_be_visible()
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("row", name="Sales Region none lost 1,240")).to_be_visible()


def test_a_chart_has_a_text_alternative(open_page: Open) -> None:
    page = open_page(PAGES["acme"]).page

    expect(page.get_by_role("img", name="0: 0, 1: 61, 2: 104, 3: 283, 4: 502, 5: 253, 6: 0")).to_be_visible()


def test_the_dark_has_other_colours(open_page: Open) -> None:
    light, dark = (colours(open_page(PAGES["acme"], scheme=scheme).page) for scheme in SCHEMES)

    assert light != dark
    assert set(light) == {"rgb(28, 33, 40)", "rgb(246, 247, 249)"}
    assert set(dark) == {"rgb(231, 234, 238)", "rgb(16, 19, 24)"}


def test_the_keyboard_reaches_and_opens_everything(open_page: Open) -> None:
    page = open_page(PAGES["acme"]).page
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = false")

    number = page.locator("summary, a").count()
    reached = set[str]()
    for _ in range(number):
        page.keyboard.press("Tab")
        reached.add(str(page.evaluate("document.activeElement.outerHTML")))
        page.keyboard.press(
            "Enter" if page.evaluate("document.activeElement.tagName") == "SUMMARY" else "Shift"
        )
    assert len(reached) == number
    assert page.locator("details:not([open])").count() == 0


def test_focus_is_seen(open_page: Open) -> None:
    page = open_page(PAGES["acme"]).page

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the findings")).to_be_in_viewport()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_a_step_leads_to_its_rule_and_unfolds_it(open_page: Open) -> None:
    page = open_page(PAGES["acme"]).page

    page.get_by_role("link", name="CG030").click()
    expect(page.get_by_text("Convert the dates before sending.").nth(1)).to_be_in_viewport()
    expect(page.get_by_text("13/04/2026")).to_be_visible()


def test_strangers_write_text_alone(open_page: Open) -> None:
    opened = open_page(PAGES["hostile"])

    opened.page.evaluate(UNFOLD)
    assert opened.page.locator("script, img, a[href^='javascript']").count() == 0
    expect(opened.page.get_by_role("heading", name="<script>alert(1)</script>", exact=True)).to_be_visible()
    assert opened.dialogs == []


def test_the_policy_stops_a_script_and_a_style(open_page: Open) -> None:
    tampered = PAGES["acme"].replace(
        "<body>",
        "<body><script>alert(1)</script><style>body { display: none }</style><img src=/x onerror=alert(1)>",
    )

    opened = open_page(tampered)

    assert len(opened.messages) >= 3
    assert opened.dialogs == []
    expect(opened.page.get_by_role("heading", name="What to do")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("acme", "light"), ("acme", "dark"), ("hostile", "dark"), ("ready", "light")],
)
def test_axe_finds_nothing_serious(name: str, scheme: Scheme, open_page: Open) -> None:
    page = open_page(PAGES[name], scheme=scheme).page
    page.evaluate(UNFOLD)

    violations = Axe().run(page).response["violations"]
    assert [each["id"] for each in violations if each["impact"] in {"serious", "critical"}] == []


def test_what_is_folded_is_printed(open_page: Open) -> None:
    page = open_page(PAGES["acme"]).page

    page.emulate_media(media="print")
    seen = page.locator("article.finding").evaluate_all(
        "all => all.filter(each => each.checkVisibility()).length"
    )
    assert seen == len(REPORT.findings)


def test_the_dark_is_not_printed(open_page: Open) -> None:
    page = open_page(PAGES["acme"], scheme="dark").page

    page.emulate_media(media="print", color_scheme="dark")
    assert colours(page) == ["rgb(28, 33, 40)", "rgb(255, 255, 255)"]


@every_scheme
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_screenshots_are_taken(scheme: Scheme, width: int, open_page: Open, screenshots: Path) -> None:
    page = open_page(PAGES["acme"], width=width, scheme=scheme).page

    file = screenshots / f"report-{scheme}-{width}.png"
    page.screenshot(path=file, full_page=True)
    assert file.stat().st_size > 10_000
