"""The inspector in a real browser: it shows what arrives, fits, can be reached by keyboard, and stays harmless."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect
from werkzeug.serving import make_server

from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import LiveServer, live_server
from cgmock.verifier.reports.wording import clear
from cgmock.web import create_app
from tests.acme import ACME, basic
from tests.integration.browser.conftest import CHROMIUM, DESK, PHONE, Opened, Scheme
from tests.unit.verifier.reports.strategies import HOSTILE

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Debian's chromium: apt-get install chromium"
)
Inspect = Callable[..., Opened]
HOSTILE_TEXT = [
    text for text in HOSTILE if text.strip() and not any("\ud800" <= each <= "\udfff" for each in text)
]
VIEWS = ("requests", "requests/2", "tenant", "data/contacts", "command")
LOOKED_AT: tuple[tuple[str, Scheme], ...] = (
    ("requests", "dark"),
    ("requests/2", "light"),
    ("requests/4", "dark"),
    ("tenant", "light"),
    ("data/contacts", "dark"),
    ("command", "light"),
)


def send(mock: MockAPI, record: Mapping[str, object]) -> None:
    """Call a webhook of ACME."""
    body = json.dumps(record).encode()
    headers = {"authorization": basic("acme-hook", "acme-password"), "content-type": "application/json"}
    mock.handle(Request("PUT", "/hooks/contacts", "", headers, body, len(body)))


@pytest.fixture
def served() -> Iterator[LiveServer]:
    """A fake that was sent a contact, one with a misspelt key, one that is refused, and one by a hostile stranger."""
    sound = {name: each for name, each in ACME.webhooks.items() if each.configuration in ACME.configurations}
    mock = MockAPI([replace(ACME, webhooks=sound)], max_journal=10_000)
    send(mock, {"Email": "joe@example.com", "First Name": "Joe"})
    send(mock, {"Emial": "jane@example.com", "Phone": "1"})
    send(mock, {"First Name": "Joe"})
    send(mock, {"Phone": "2", **{text: text for text in HOSTILE_TEXT}})
    with live_server(mock) as server:
        yield server


@pytest.fixture
def inspect(context: BrowserContext, served: LiveServer) -> Iterator[Inspect]:
    """Opens a view of the inspector in a tab of its own."""
    opened: list[Opened] = []

    def inspecting(
        view: str = "requests", *, width: int = DESK, scheme: Scheme = "light", url: str = ""
    ) -> Opened:
        page = context.new_page()
        tab = Opened(page)
        opened.append(tab)
        page.set_default_timeout(5_000)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.on("request", lambda request: tab.requests.append(request.url))
        page.on("console", lambda message: tab.messages.append(message.text))
        page.on("pageerror", lambda error: tab.messages.append(str(error)))
        page.on("dialog", lambda dialog: tab.dialogs.append(dialog.message))
        page.goto(f"{url or served.url}/_cgmock/#/tenants/acme/{view}")
        page.locator("main[aria-busy=false]").wait_for()
        return tab

    yield inspecting
    for tab in opened:
        tab.page.close()


def test_a_request_is_seen_as_it_arrives(inspect: Inspect, served: LiveServer) -> None:
    page = inspect().page
    expect(page.locator(".entry")).to_have_count(4)

    send(served.mock, {"Emial": "new@example.com", "Phone": "3"})
    page.locator(".entry[data-number='5']").wait_for()
    expect(page.locator(".entry").first).to_contain_text("1 heading lost")
    expect(page.get_by_role("status")).to_have_text("1 new request, 1 heading lost")


def test_no_thread_of_the_fake_waits_for_the_page(inspect: Inspect) -> None:
    opened = inspect()

    opened.page.wait_for_timeout(1000)
    polls = [url for url in opened.requests if "after=" in url]
    assert 1 <= len(polls) <= 3
    assert not any("wait=" in url for url in polls)


def test_the_fates_stand_side_by_side_and_losses_stand_out(inspect: Inspect) -> None:
    page = inspect().page

    lost = page.locator(".entry[data-number='2'] .fate.lost")
    expect(lost.locator(".sent")).to_have_text("Emial")
    expect(lost.locator(".of-field")).to_have_text("no field")
    expect(lost.locator(".end")).to_contain_text("lost: dropped")
    expect(lost.locator(".end")).to_contain_text("did you mean Email?")
    boxes = [lost.locator(part).bounding_box() for part in (".sent", ".of-field", ".end")]
    assert [box["x"] for box in boxes if box] == sorted(box["x"] for box in boxes if box)
    expect(page.locator(".entry.lost")).to_have_count(2)
    expect(page.locator(".entry.refused")).to_have_count(1)


def test_a_reset_empties_the_page(inspect: Inspect, served: LiveServer) -> None:
    page = inspect().page
    expect(page.locator(".entry")).to_have_count(4)

    served.mock.store.reset("acme")
    expect(page.locator(".entry")).to_have_count(0)
    expect(page.get_by_text("There is no request yet, or none is found.")).to_be_visible()


def test_a_paused_page_stands_still(inspect: Inspect, served: LiveServer) -> None:
    page = inspect().page
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status")).to_have_text("Paused")

    send(served.mock, {"Phone": "3"})
    page.wait_for_timeout(600)
    expect(page.locator(".entry")).to_have_count(4)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".entry")).to_have_count(5)


def test_a_search_has_an_address_and_shows_what_is_found(inspect: Inspect) -> None:
    page = inspect().page

    page.get_by_label("Text", exact=True).fill("jane@")
    page.locator("select[name=notice]").select_option("unmapped")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".entry")).to_have_count(1)
    assert page.url.endswith("?text=jane%40&notice=unmapped")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".entry")).to_have_count(4)


def test_a_search_that_is_none_is_told(inspect: Inspect) -> None:
    page = inspect("requests?status=nope").page

    expect(page.get_by_role("alert")).to_have_text("status must be an integer from 0 to 599.")


def test_a_fake_that_is_gone_is_told(inspect: Inspect) -> None:
    page = inspect().page

    page.context.set_offline(offline=True)
    expect(page.get_by_role("status")).to_have_text("The fake does not answer.")
    page.context.set_offline(offline=False)
    expect(page.get_by_role("status")).to_have_text("Live")


def test_a_request_has_an_address_of_its_own(inspect: Inspect) -> None:
    page = inspect().page

    page.locator(".entry[data-number='2'] a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Request 2")
    assert page.url.endswith("/_cgmock/#/tenants/acme/requests/2")
    expect(page.get_by_role("row", name="heading.unmapped documented")).to_be_visible()
    expect(page.get_by_label("Body of the request")).to_contain_text('"Emial": "jane@example.com"')
    expect(page.get_by_label("How to send it again")).to_contain_text(
        "curl --globoff --path-as-is --request PUT"
    )
    page.get_by_role("button", name="Copy as a Python test").click()
    expect(page.get_by_label("How to send it again")).to_contain_text("def test_request_2")
    assert "acme-password" not in page.content()


def test_a_request_that_is_not_there_is_told(inspect: Inspect) -> None:
    expect(inspect("requests/99").page.get_by_role("alert")).to_contain_text("There is no entry 99")


def test_a_tenant_shows_which_headings_were_sent(inspect: Inspect) -> None:
    page = inspect("tenant").page

    used = page.get_by_role("region", name="Headings of contact", exact=True)
    expect(used.get_by_role("row", name="Email email", exact=False).first).to_contain_text("1 time")
    expect(used.get_by_role("row", name="Job Level")).to_contain_text("never sent")
    expect(used.get_by_role("row", name="Emial")).to_contain_text("unknown did you mean Email?")
    expect(page.get_by_role("row", name="/hooks/paused")).to_contain_text("deactivated")
    expect(page.get_by_role("row", name="bad_value")).to_contain_text("accepted-and-failed")
    expect(page.get_by_role("row", name="acme-crm")).to_be_visible()
    assert "acme-secret" not in page.content()
    assert "acme-password" not in page.content()


def test_a_row_leads_to_the_request_that_wrote_it(inspect: Inspect, served: LiveServer) -> None:
    for number in range(60):
        send(served.mock, {"Phone": f"+{number}"})
    page = inspect("data/contacts").page

    expect(page.get_by_role("row")).to_have_count(51)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("cell", name="+59")).to_be_visible()
    page.get_by_role("button", name="First").click()
    page.get_by_role("row", name="joe@example.com").get_by_role("link").click()
    expect(page.locator(".entry")).to_have_attribute("data-number", "1")
    page.get_by_role("link", name="Data").click()
    page.get_by_role("link", name="responses").click()
    expect(page.get_by_text("There are no responses.")).to_be_visible()


def test_a_record_is_tried(inspect: Inspect, served: LiveServer) -> None:
    page = inspect("command").page
    tried = page.get_by_role("region", name="Try a record")

    tried.get_by_label("Configuration").select_option("contact")
    tried.locator("textarea").fill('{"Emial": "joe@example.com", "Phone": "7"}')
    tried.get_by_role("button", name="Send").click()
    expect(tried.locator(".fate.lost")).to_contain_text("did you mean Email?")
    expect(tried.get_by_role("link", name="Request 5")).to_be_visible()
    assert len(list(served.mock.store.hosted("acme").journal.after(0))) == 5
    tried.locator("textarea").fill("nope")
    tried.get_by_role("button", name="Send").click()
    expect(tried.locator(".said")).to_contain_text("The record must be a JSON object")


def test_a_fault_is_planned_and_seen_to_be_met(inspect: Inspect, served: LiveServer) -> None:
    page = inspect("command").page
    planned = page.get_by_role("region", name="Faults")

    planned.get_by_label("Endpoint").select_option("webhook")
    planned.get_by_label("Times").fill("2")
    planned.get_by_role("button", name="Plan", exact=True).click()
    expect(planned.locator(".plan")).to_have_text("answer 503 for webhook: 2 left")
    send(served.mock, {})
    expect(planned.locator(".plan")).to_contain_text("met 1 time")
    planned.get_by_label("Status").fill("9999")
    planned.get_by_role("button", name="Plan", exact=True).click()
    expect(planned.locator(".said")).to_have_text("status must be an integer from 200 to 599.")
    planned.get_by_label("Status").fill("x")
    planned.get_by_role("button", name="Plan", exact=True).click()
    expect(planned.locator(".said")).to_have_text("status must be a number.")
    planned.get_by_role("button", name="Plan nothing").click()
    expect(planned.locator(".plan")).to_have_text("Nothing is planned.")


def test_the_clock_is_moved_and_tokens_expire(inspect: Inspect, served: LiveServer) -> None:
    body = b"grant_type=client_credentials&client_id=acme-crm&client_secret=acme-secret"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    served.mock.handle(Request("POST", "/oauth2/token", "", headers, body, len(body)))
    page = inspect("command").page
    moved = page.get_by_role("region", name="Clock and tokens")

    expect(moved).to_contain_text("1 token in the journal; 1 not expired")
    moved.get_by_role("button", name="Freeze").click()
    expect(moved).to_contain_text("frozen")
    moved.get_by_role("button", name="Advance").click()
    expect(moved).to_contain_text("1 token in the journal; 0 not expired.")
    moved.get_by_role("button", name="Run").click()
    expect(moved).to_contain_text("running")


def test_checkpoints_policies_and_reset(inspect: Inspect, served: LiveServer) -> None:
    page = inspect("command").page
    kept = page.get_by_role("region", name="Checkpoints")
    policies = page.get_by_role("region", name="Policies")

    kept.get_by_label("Name").fill("a? <i>")
    kept.get_by_role("button", name="Keep").click()
    policies.get_by_label("bad value").select_option("422")
    policies.get_by_label("rate limit").fill("60")
    policies.get_by_role("button", name="Change").click()
    expect(policies.locator(".said")).to_have_text("Changed: bad_value, rate_limit.")
    assert served.mock.store.hosted("acme").tenant.policies.rate_limit == 60
    kept.get_by_role("button", name="Restore").click()
    expect(kept).to_contain_text("Restored.")
    assert served.mock.store.hosted("acme").tenant.policies.rate_limit is None
    kept.get_by_role("button", name="Delete").click()
    expect(kept.locator("li")).to_have_count(0)
    reset = page.get_by_role("region", name="Reset")
    reset.get_by_role("button", name="Reset").click()
    expect(reset.locator(".said")).to_have_text("Say first that you are sure.")
    reset.get_by_label("I am sure").check()
    reset.get_by_role("button", name="Reset").click()
    expect(reset.locator(".said")).to_have_text("It is what its seed says.")
    assert list(served.mock.store.hosted("acme").journal.after(0)) == []


def test_requests_of_nobody_are_shown(inspect: Inspect, served: LiveServer) -> None:
    page = inspect().page

    served.mock.handle(Request("PUT", "/records/"))
    page.get_by_label("Tenant").select_option("nobody's requests")
    expect(page.locator(".entry")).to_have_count(1)
    page.locator(".entry a").click()
    expect(page.get_by_role("row", name="auth.unauthenticated")).to_be_visible()


def test_of_ten_thousand_requests_a_page_of_a_hundred_is_shown(inspect: Inspect, served: LiveServer) -> None:
    for number in range(9_996):
        send(served.mock, {"Phone": str(number)})

    page = inspect().page
    expect(page.locator(".entry")).to_have_count(100)
    page.get_by_role("button", name="Older").click()
    expect(page.locator(".entry").first).to_have_attribute("data-number", "9900")
    page.get_by_role("button", name="Newest").click()
    expect(page.locator(".entry").first).to_have_attribute("data-number", "10000")
    send(served.mock, {"Phone": "new"})
    expect(page.locator(".entry").first).to_have_attribute("data-number", "10001")
    expect(page.locator(".entry")).to_have_count(100)
    page.get_by_role("button", name="Older").click()
    expect(page.locator(".entry").first).to_have_attribute("data-number", "9901")


def test_text_is_shown_as_reports_show_it(inspect: Inspect) -> None:
    page = inspect().page

    shown = page.evaluate(
        "async texts => (({ clear }) => texts.map(clear))(await import('/_cgmock/page/clear.js'))",
        HOSTILE_TEXT,
    )
    assert shown == [clear(text) for text in HOSTILE_TEXT]


@pytest.mark.parametrize("view", ["requests", "requests/4"])
def test_strangers_write_text_alone(view: str, inspect: Inspect) -> None:
    opened = inspect(view)

    opened.page.locator(".fate").first.wait_for()
    assert opened.page.locator("main script, img, a[href^='javascript']").count() == 0
    assert (opened.dialogs, opened.messages) == ([], [])


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_asked_for_elsewhere_and_nothing_goes_wrong(
    view: str, inspect: Inspect, served: LiveServer
) -> None:
    opened = inspect(view)

    asked = [url for url in opened.requests if not url.startswith("data:")]
    assert [url for url in asked if not url.startswith(f"{served.url}/_cgmock/")] == []
    assert opened.messages == []


def test_the_policy_stops_a_script_and_html_of_text(inspect: Inspect) -> None:
    opened = inspect()

    script = (
        "document.body.append(Object.assign(document.createElement('img'), {src: 'https://example.com/x'}))"
    )
    opened.page.evaluate(script)
    assert (
        opened.page.evaluate(
            "(() => { try { document.body.innerHTML = '<p>'; } catch { return 'refused' } })()"
        )
        == "refused"
    )
    opened.page.wait_for_timeout(50)
    assert any("Content Security Policy" in message for message in opened.messages)


@pytest.mark.parametrize("view", [*VIEWS, "requests/4"])
def test_a_phone_does_not_scroll_sideways(view: str, inspect: Inspect) -> None:
    page = inspect(view, width=PHONE).page

    for width in (PHONE, 320):
        page.set_viewport_size({"width": width, "height": 600})
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize(("view", "scheme"), LOOKED_AT)
def test_axe_finds_nothing_serious(view: str, scheme: Scheme, inspect: Inspect) -> None:
    page = inspect(view, scheme=scheme).page

    violations = Axe().run(page).response["violations"]
    assert [each["id"] for each in violations if each["impact"] in {"serious", "critical"}] == []


def test_the_keyboard_reaches_everything(inspect: Inspect) -> None:
    page = inspect().page
    reachable = "a, button:not([hidden]), input, select, [tabindex='0']"

    reached = set()
    for _ in range(page.locator(reachable).count()):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(f"[...document.querySelectorAll({reachable!r})].indexOf(document.activeElement)")
        )
    assert len(reached - {-1}) == page.locator(reachable).count()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.fixture
def elsewhere(served: LiveServer) -> Iterator[str]:
    """The URL of the fake as another machine sees it, where it wants the token s3cret."""
    app = create_app(served.mock, "s3cret")
    server = make_server(
        "127.0.0.1",
        0,
        lambda environ, start: app({**environ, "REMOTE_ADDR": "192.0.2.1"}, start),
        threaded=True,
    )
    with ThreadPoolExecutor() as pool:
        pool.submit(server.serve_forever, 0.01)
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
    server.server_close()


def test_the_token_is_asked_for_once_and_stands_in_no_address(inspect: Inspect, elsewhere: str) -> None:
    opened = inspect(url=elsewhere)
    page = opened.page

    expect(page.get_by_text("The control API answers on this machine alone")).to_be_visible()
    for token, heading in (("wrong", "Who may look"), ("s3cret", "Requests")):
        page.get_by_label("Control token", exact=True).fill(token)
        page.get_by_role("button", name="Look").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.get_by_text("is not the one that the fake was started with")).to_have_count(
            int(token == "wrong")
        )
    page.reload()
    expect(page.locator(".entry")).to_have_count(4)
    assert not any("s3cret" in url for url in opened.requests)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_screenshots_are_taken(
    view: str, scheme: Scheme, width: int, inspect: Inspect, screenshots: Path
) -> None:
    page = inspect(view, width=width, scheme=scheme).page

    file = screenshots / f"inspector-{view.replace('/', '-')}-{scheme}-{width}.png"
    page.screenshot(path=file, full_page=True)
    assert file.stat().st_size > 10_000
