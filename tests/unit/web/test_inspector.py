"""The inspector's page and files, and what the control API tells it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import cgmock
from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from tests.acme import ACME, NOW, basic

PACKAGE = Path(cgmock.__file__).parent
STATIC = PACKAGE / "web" / "inspector" / "static"
FILES = sorted(each.name for each in STATIC.iterdir())
JOURNAL = "/_cgmock/v1/tenants/acme/journal"
REMOTE = {"REMOTE_ADDR": "192.0.2.1"}


@pytest.fixture
def mock() -> MockAPI:
    """A mock that was asked five times, the fourth time with a misspelt key, and twice by nobody."""
    mock = MockAPI([ACME], clock=lambda: NOW)
    for key in ("Email", "Email", "Email", "Emial", "Email"):
        send(mock, f'{{"{key}": "joe@example.com", "Phone": "1"}}'.encode())
    for _ in range(2):
        mock.handle(Request("PUT", "/records/"))
    return mock


@pytest.fixture
def control(mock: MockAPI) -> FlaskClient:
    """A client of its control API."""
    return create_app(mock).test_client()


def send(mock: MockAPI, body: bytes) -> None:
    """Call a webhook."""
    headers = {"authorization": basic("acme-hook", "acme-password"), "content-type": "application/json"}
    mock.handle(Request("PUT", "/hooks/contacts", "", headers, body, len(body)))


@pytest.mark.parametrize("path", ["/_cgmock/", *(f"/_cgmock/page/{name}" for name in FILES)])
def test_a_file_of_the_page_is_served_with_a_strict_policy(control: FlaskClient, path: str) -> None:
    answer = control.get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_has_an_address_without_a_slash(control: FlaskClient) -> None:
    assert control.get("/_cgmock").headers["Location"].endswith("/_cgmock/")


@pytest.mark.parametrize("name", ["__init__.py", "..%2f__init__.py", "nope.js", "../__init__.py"])
def test_nothing_but_the_files_of_the_page_is_served(control: FlaskClient, name: str) -> None:
    assert control.get(f"/_cgmock/page/{name}").status_code == 404


def test_a_file_that_has_not_changed_is_not_sent_again(control: FlaskClient) -> None:
    first = control.get("/_cgmock/page/inspector.js")
    again = control.get("/_cgmock/page/inspector.js", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.headers["Cache-Control"], again.status_code, again.data) == ("no-cache", 304, b"")


def test_the_files_ask_for_nothing_elsewhere_and_make_no_html_of_text() -> None:
    for name in FILES:
        text = (STATIC / name).read_text(encoding="utf-8")
        assert (
            re.findall(
                r"https?://|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\bstyle=", text
            )
            == []
        )


def test_the_page_has_the_colours_of_the_report() -> None:
    ours = colours(STATIC / "inspector.css")

    for name, values in colours(PACKAGE / "verifier" / "reports" / "report.css").items():
        assert ours[name] == values, name


def colours(file: Path) -> dict[str, list[str]]:
    """The values that a style sheet has for the screen by their names: in the light, then in the dark."""
    found: dict[str, list[str]] = {}
    screen = file.read_text(encoding="utf-8").partition("* { box-sizing")[0]
    for name, value in re.findall(r"(--[\w-]+): (#\w+)", screen):
        found.setdefault(name, []).append(value)
    return found


def test_the_page_is_for_this_machine_alone(control: FlaskClient) -> None:
    for path in ("/_cgmock/", "/_cgmock/page/inspector.js"):
        assert control.get(path, environ_base=REMOTE).status_code == 403
        assert control.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert control.get(path, headers={"Host": "rebound.example"}).status_code == 403


def test_where_there_is_a_token_the_page_may_be_had_and_nothing_else(mock: MockAPI) -> None:
    control = create_app(mock, "s3cret").test_client()

    for path in ("/_cgmock/", "/_cgmock/page/inspector.js"):
        assert control.get(path, environ_base=REMOTE).status_code == 200
        assert (
            control.get(path, environ_base=REMOTE, headers={"Sec-Fetch-Site": "cross-site"}).status_code
            == 403
        )
    assert control.get(JOURNAL, environ_base=REMOTE).status_code == 403
    allowed = control.get(JOURNAL, environ_base=REMOTE, headers={"Authorization": "Bearer s3cret"})
    assert allowed.status_code == 200


@pytest.mark.parametrize(
    ("query", "numbers", "following"),
    [
        ("order=newest", [5, 4, 3, 2, 1], None),
        ("order=newest&limit=2", [5, 4], 4),
        ("order=newest&limit=2&cursor=4", [3, 2], 2),
        ("order=newest&limit=2&cursor=2", [1], None),
        ("order=newest&after=3", [5, 4], None),
        ("order=newest&after=5", [], None),
        ("order=newest&notice=unmapped", [4], None),
        ("order=oldest&after=3", [4, 5], None),
        ("after=3&cursor=4", [5], None),
    ],
)
def test_a_journal_is_read_from_either_end(
    control: FlaskClient, query: str, numbers: list[int], following: int | None
) -> None:
    page = control.get(f"{JOURNAL}?{query}").get_json()

    assert [entry["number"] for entry in page["data"]] == numbers
    assert (page["next_cursor"], page["newest"]) == (following, 5)


def test_an_order_that_is_none_is_one_clear_sentence(control: FlaskClient) -> None:
    answer = control.get(f"{JOURNAL}?order=up")

    assert (answer.status_code, answer.get_json()) == (422, {"error": "order must be one of oldest, newest."})


def test_a_journal_that_was_reset_counts_anew(control: FlaskClient) -> None:
    control.post("/_cgmock/v1/tenants/acme/reset")

    assert control.get(f"{JOURNAL}?order=newest").get_json()["newest"] == 0


def test_one_entry_is_told_with_what_was_sent_and_how_to_send_it_again(
    control: FlaskClient, mock: MockAPI
) -> None:
    entry = control.get(f"{JOURNAL}/4").get_json()

    assert (entry["number"], entry["configuration"], entry["record"]) == (4, None, None)
    assert "--request PUT http://localhost/hooks/contacts" in entry["copies"]["curl"]
    body = b'{"configuration": "contact", "record": {"Email": "x", "7": 1}}'
    mock.handle(Request("PUT", "/records/", "", {"content-type": "application/json"}, body, len(body)))
    record = control.get("/_cgmock/v1/unclaimed/3").get_json()
    assert (record["configuration"], record["record"]) == ("contact", {"Email": "x", "7": 1})


@pytest.mark.parametrize("path", [f"{JOURNAL}/6", f"{JOURNAL}/0", "/_cgmock/v1/unclaimed/3"])
def test_an_entry_that_is_not_there_is_404(control: FlaskClient, path: str) -> None:
    answer = control.get(path)

    number = path.rpartition("/")[2]
    sentence = f"There is no entry {number}: it never was, was dropped, or a reset forgot it."
    assert (answer.status_code, answer.get_json()) == (404, {"error": sentence})


TRY = "/_cgmock/v1/tenants/acme/try"


def test_a_record_is_tried_as_a_client_would_send_it(control: FlaskClient) -> None:
    entry = control.post(
        TRY, json={"configuration": "contact", "record": {"Emial": "x", "Phone": "9"}}
    ).get_json()

    assert (entry["number"], entry["status"], entry["path"]) == (6, 200, "/records/")
    assert [(each["heading"], each["fate"]) for each in entry["notices"]] == [
        ("Emial", "unmapped"),
        ("Phone", "stored"),
    ]
    assert entry["request"]["headers"]["authorization"] == "[redacted]"
    assert control.get(f"{JOURNAL}?cursor=5").get_json()["data"] == [entry]


def test_a_record_that_is_tried_meets_what_is_planned(control: FlaskClient) -> None:
    control.post("/_cgmock/v1/tenants/acme/faults", json={"endpoint": "records", "status": 503, "delay": 60})

    entry = control.post(TRY, json={"configuration": "contact", "record": {}}).get_json()
    assert (entry["status"], entry["fault"]) == (503, "answer")


@pytest.mark.parametrize(
    "sent", [{}, {"configuration": "contact", "record": []}, {"configuration": 1, "record": {}}]
)
def test_what_is_no_record_cannot_be_tried(control: FlaskClient, sent: object) -> None:
    answer = control.post(TRY, json=sent)

    sentence = "configuration must be a text, and record an object."
    assert (answer.status_code, answer.get_json()) == (422, {"error": sentence})


def test_a_tenant_without_an_app_cannot_be_sent_a_record() -> None:
    mock = MockAPI([replace(ACME, connected_apps=())])
    answer = create_app(mock).test_client().post(TRY, json={"configuration": "contact", "record": {}})

    sentence = "acme has no connected app, so nobody can send it a record."
    assert (answer.status_code, answer.get_json()) == (409, {"error": sentence})
