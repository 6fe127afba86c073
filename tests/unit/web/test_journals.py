"""What the control API finds in journals, and what it says of what one expects of them."""

import threading
import time

import pytest
from flask.testing import FlaskClient

from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from tests.acme import ACME, NOW, basic

JOURNAL = "/_cgmock/v1/tenants/acme/journal"
JOE, JANE = "joe@example.com", "jane@example.com"


@pytest.fixture
def mock() -> MockAPI:
    """A mock whose journal has a stored contact, one with a misspelt key and a call without a password."""
    mock = MockAPI([ACME], clock=lambda: NOW)
    send(mock, b'{"Email": "joe@example.com"}')
    mock.store.hosted("acme").clock.advance(60)
    send(mock, b'{"Emial": "jane@example.com", "Phone": "1"}')
    send(mock, b"{}", authorization="")
    return mock


@pytest.fixture
def control(mock: MockAPI) -> FlaskClient:
    """A client of its control API."""
    return create_app(mock).test_client()


def send(mock: MockAPI, body: bytes, authorization: str = basic("acme-hook", "acme-password")) -> None:
    """Call a webhook."""
    headers = {"authorization": authorization, "content-type": "application/json"}
    mock.handle(Request("PUT", "/hooks/contacts", "", headers, body, len(body)))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3]),
        ("path=/hooks/contacts", [1, 2, 3]),
        ("path=/hooks/*", [1, 2, 3]),
        ("path=/records/", []),
        ("status=401", [3]),
        ("status=200", [1, 2]),
        ("notice=unmapped", [2]),
        ("heading=Email", [1]),
        ("heading=Phone&notice=unmapped", []),
        ("heading=Emial&notice=unmapped", [2]),
        (f"since={int(NOW) + 60}", [2, 3]),
        ("text=JANE@example", [2]),
        ("text=did not send", []),
        ("text=application/json&status=200", [1, 2]),
    ],
)
def test_entries_are_found_and_counted(control: FlaskClient, query: str, numbers: list[int]) -> None:
    found = control.get(f"{JOURNAL}?{query}").get_json()["data"]

    assert [entry["number"] for entry in found] == numbers
    assert control.get(f"{JOURNAL}/count?{query}").get_json() == {"count": len(numbers)}


def test_the_request_that_wrote_a_row_is_found(control: FlaskClient) -> None:
    (row,) = control.get("/_cgmock/v1/tenants/acme/contacts?limit=1").get_json()["data"]

    (entry,) = control.get(f"{JOURNAL}?request={row['request']}").get_json()["data"]
    assert (entry["number"], entry["request"]["id"]) == (1, row["request"])


def test_what_is_found_is_paged(control: FlaskClient) -> None:
    first = control.get(f"{JOURNAL}?status=200&limit=1").get_json()
    second = control.get(f"{JOURNAL}?status=200&limit=1&cursor={first['next_cursor']}").get_json()

    assert [entry["number"] for entry in first["data"] + second["data"]] == [1, 2]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=600", "status must be an integer from 0 to 599."),
        ("since=now", "since must be an integer from 0 to 9223372036854775807."),
        ("notice=lost", "notice must be one of stored, coerced, unmapped, ignored, failed."),
    ],
)
def test_a_search_that_is_none_is_one_clear_sentence(control: FlaskClient, query: str, sentence: str) -> None:
    for path in (JOURNAL, f"{JOURNAL}/count"):
        answer = control.get(f"{path}?{query}")
        assert (answer.status_code, answer.get_json()) == (422, {"error": sentence})


def test_what_is_expected_is_verified(control: FlaskClient) -> None:
    joe = {"endpoint": "webhook", "record": {"Email": JOE}, "status": 200, "times": 1.0}
    nobody = {"endpoint": "webhook", "record": {"Email": "x"}, "times": 0}

    assert control.post(f"{JOURNAL}/verify", json={"expect": [joe, nobody]}).get_json() == {
        "holds": True,
        "explanation": "",
    }
    verdict = control.post(f"{JOURNAL}/verify", json={"expect": [joe, {**joe, "times": 2}]}).get_json()
    assert not verdict["holds"]
    assert verdict["explanation"].startswith("Expected 2 request for webhooks with Email = joe@example.com")


def test_what_is_expected_in_order_is_verified(control: FlaskClient) -> None:
    joe = {"endpoint": "webhook", "record": {"Email": JOE}}
    jane = {"endpoint": "webhook", "record": {"Emial": JANE}, "times": 1}
    nobody = {"endpoint": "webhook", "record": {"Email": "x"}, "times": 0}

    def holds(*expected: object) -> object:
        sent = {"expect": expected, "in_order": True}
        return control.post(f"{JOURNAL}/verify", json=sent).get_json()

    assert holds(joe, nobody, jane) == {"holds": True, "explanation": ""}
    assert holds(jane, joe) == {
        "holds": False,
        "explanation": "Expected at least one request for webhook with Email = joe@example.com after entry 2, "
        "and the last one is entry 1.",
    }


def test_an_expectation_says_what_the_journal_has_no_more() -> None:
    mock = MockAPI([ACME], max_journal=1)
    send(mock, b"{}")
    send(mock, b"{}")

    sent = {"expect": [{"times": 2}]}
    verdict = create_app(mock).test_client().post(f"{JOURNAL}/verify", json=sent).get_json()

    assert verdict["explanation"].endswith(
        "The journal has dropped 1 older entries, which cannot be compared."
    )


def test_near_misses_come_nearest_first(control: FlaskClient) -> None:
    expected = {"endpoint": "webhook", "record": {"Email": JOE, "Phone": "1"}}

    misses = control.post(f"{JOURNAL}/near-misses", json=expected).get_json()["data"]

    assert [miss["number"] for miss in misses] == [1, 2, 3]
    assert misses[0] == {
        "number": 1,
        "status": 200,
        "differences": [{"part": "Phone", "expected": "1", "actual": None}],
    }
    assert len(control.post(f"{JOURNAL}/near-misses?limit=1", json=expected).get_json()["data"]) == 1
    assert control.post(f"{JOURNAL}/near-misses").get_json() == {"data": []}


def test_what_is_expected_is_waited_for(mock: MockAPI, control: FlaskClient) -> None:
    sender = threading.Timer(0.05, send, (mock, b'{"Email": "x@example.com"}'))
    sender.start()
    began = time.perf_counter()

    expected = {"expect": [{"endpoint": "webhook", "record": {"Email": "x@example.com"}}]}
    verdict = control.post(f"{JOURNAL}/wait?timeout=30", json=expected).get_json()
    sender.join()

    assert verdict == {"holds": True, "explanation": ""}
    assert time.perf_counter() - began < 25


def test_what_does_not_come_is_waited_for_no_longer(control: FlaskClient) -> None:
    expected = {"expect": [{"endpoint": "webhook", "times": 9}]}

    for timeout in (0, 1):
        verdict = control.post(f"{JOURNAL}/wait?timeout={timeout}", json=expected).get_json()
        assert not verdict["holds"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "expect must be a list of 1 to 100 expectations."),
        ({"expect": []}, "expect must be a list of 1 to 100 expectations."),
        (
            {"expect": [1]},
            "expect must have objects, with some of record, configuration, endpoint, status, times.",
        ),
        ({"expect": [{}], "in_order": 0}, "in_order must be true or false."),
        ({"expect": [{}], "order": 0}, "order is unknown; did you mean in_order?"),
        ({"expect": [{"tmies": 0}]}, "tmies is unknown; did you mean times?"),
        ({"expect": [{"xyz": 0}]}, "xyz is unknown; known: record, configuration, endpoint, status, times."),
        ({"expect": [{"times": -1}]}, "times must be an integer from 0."),
        ({"expect": [{"status": True}]}, "status must be an integer from 0."),
        (
            {"expect": [{"endpoint": "x"}]},
            "unknown endpoint `x`; valid names: token, keys, records, responses, webhook.",
        ),
        ({"expect": [{"record": []}]}, "record must be an object."),
        ({"expect": [{"configuration": 1}]}, "configuration must be a text."),
    ],
)
def test_what_cannot_be_expected_is_one_clear_sentence(
    control: FlaskClient, sent: dict[str, object], sentence: str
) -> None:
    for path in ("verify", "wait"):
        answer = control.post(f"{JOURNAL}/{path}", json=sent)
        assert (answer.status_code, answer.get_json()) == (422, {"error": sentence})
