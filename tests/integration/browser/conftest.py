"""Debian's chromium, driven by Playwright: one browser for the tests of a module, a new tab for each."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
PHONE, DESK = 375, 1200
Scheme = Literal["light", "dark"]


@dataclass
class Opened:
    """A page in the browser, and what it has done."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """One browser for the tests of a module, at whose end its event loop is gone: others start loops of their own."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
        browser.new_context() as context,
    ):
        yield context


@pytest.fixture
def open_page(context: BrowserContext, tmp_path: Path) -> Iterator[Open]:
    """Opens a page of HTML in a tab of its own."""
    opened = []

    def opening(html: str, *, width: int = DESK, scheme: Scheme = "light") -> Opened:
        page = context.new_page()
        tab = Opened(page)
        opened.append(tab)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.on("request", lambda request: tab.requests.append(request.url))
        page.on("console", lambda message: tab.messages.append(message.text))
        page.on("pageerror", lambda error: tab.messages.append(str(error)))
        page.on("dialog", lambda dialog: tab.dialogs.append(dialog.message))
        file = tmp_path / "report.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())
        return tab

    yield opening
    for tab in opened:
        tab.page.close()


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where screenshots go: the folder that CGMOCK_SCREENSHOTS names, or one that is thrown away."""
    folder = Path(os.environ.get("CGMOCK_SCREENSHOTS", tmp_path / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
