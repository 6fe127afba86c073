"""What the control API changes."""

import json
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from cgmock.core.messages import Request
from cgmock.faults import from_table, table
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from tests.acme import ACME, NOW

TENANTS = "/_cgmock/v1/tenants"
ACMES = f"{TENANTS}/acme"
OTHER = {
    "name": "other",
    "region": "us",
    "connected_apps": [{"client_id": "other-crm", "client_secret": "other-secret"}],
    "configurations": [{"reference": "contact", "data_type": "contact", "headings": {"Email": "email"}}],
}


@pytest.fixture
def mock() -> MockAPI:
    """A mock with one tenant whose clock stands still."""
    return MockAPI([ACME], clock=lambda: NOW)


@pytest.fixture
def control(mock: MockAPI) -> FlaskClient:
    """A client of its control API."""
    return create_app(mock).test_client()


def test_a_tenant_is_added_as_a_seed_describes_it(mock: MockAPI, control: FlaskClient) -> None:
    answer = control.post(TENANTS, json=OTHER)

    assert answer.status_code == 201
    assert answer.get_json() == control.get(f"{TENANTS}/other").get_json()
    assert "other-secret" not in answer.text
    assert mock.store.hosted("other").tenant.connected_apps[0].client_secret == "other-secret"


def test_a_tenant_that_describes_nothing_is_told_every_mistake(control: FlaskClient) -> None:
    answer = control.post(TENANTS, json={"regoin": "eu", "webhooks": [{"id": "x"}]})

    assert answer.status_code == 422
    first, *_, last = answer.get_json()["error"].splitlines()
    assert first.startswith("regoin: is unknown; did you mean region?")
    assert last == "webhooks.password: is missing."


@pytest.mark.parametrize("body", [b"[]", b"{", b"1", b"\xff"])
def test_a_body_that_is_no_object_is_one_clear_sentence(control: FlaskClient, body: bytes) -> None:
    answer = control.post(TENANTS, data=body)

    assert (answer.status_code, answer.get_json()) == (422, {"error": "The body must be a JSON object."})


def test_a_body_that_is_too_deep_is_one_clear_sentence(control: FlaskClient) -> None:
    answer = control.post(TENANTS, data=b"[" * 200_000)

    assert answer.status_code == 422
    assert answer.get_json() == {"error": "The body must be a JSON object that is not so deep."}


def test_a_tenant_that_is_there_already_is_a_conflict(control: FlaskClient) -> None:
    control.post(TENANTS, json=OTHER)

    answer = control.post(TENANTS, json=OTHER)

    assert (answer.status_code, answer.get_json()) == (409, {"error": "The name other is another tenant's."})


def test_a_tenant_is_removed(control: FlaskClient) -> None:
    assert control.delete(ACMES).status_code == 204
    assert control.get(ACMES).status_code == 404
    assert control.delete(ACMES).status_code == 404


def test_a_tenant_is_reset(mock: MockAPI, control: FlaskClient) -> None:
    mock.handle(Request("PUT", "/hooks/contacts"))

    answer = control.post(f"{ACMES}/reset")

    assert (answer.status_code, list(mock.store.hosted("acme").journal.after(0))) == (204, [])


def test_a_clock_is_frozen_moved_and_reset(control: FlaskClient) -> None:
    def seconds(answer: Any) -> tuple[float, bool]:
        return answer.get_json()["seconds"], answer.get_json()["frozen"]

    assert seconds(control.get(f"{ACMES}/clock")) == (NOW, False)
    assert seconds(control.post(f"{ACMES}/clock/advance", json={"seconds": 60})) == (NOW + 60, False)
    assert seconds(control.post(f"{ACMES}/clock/freeze", json={"at": 0})) == (0, True)
    assert seconds(control.post(f"{ACMES}/clock/freeze")) == (0, True)
    assert seconds(control.post(f"{ACMES}/clock/advance")) == (0, True)
    assert seconds(control.post(f"{ACMES}/clock/reset")) == (NOW, False)
    assert control.get(f"{ACMES}/clock").get_json()["now"] == "2023-11-14T22:13:20.000+00:00"


@pytest.mark.parametrize(
    ("action", "body", "sentence"),
    [
        ("advance", {"seconds": "60"}, "seconds must be a number of seconds."),
        ("advance", {"seconds": True}, "seconds must be a number of seconds."),
        ("freeze", {"at": 1e300}, "at must be a number of seconds."),
        ("freeze", {"at": -9e10}, "The time of a clock must be from 1970 to the year 3000."),
        ("advance", {"seconds": 9e10}, "The time of a clock must be from 1970 to the year 3000."),
        ("freeze", {"when": 1}, "when is unknown; known: at."),
        ("advance", {"secnods": 1}, "secnods is unknown; did you mean seconds?"),
    ],
)
def test_a_clock_is_not_moved_by_nonsense(
    control: FlaskClient, action: str, body: dict[str, object], sentence: str
) -> None:
    answer = control.post(f"{ACMES}/clock/{action}", json=body)

    assert (answer.status_code, answer.get_json()) == (422, {"error": sentence})


def test_a_number_without_a_fraction_is_an_integer(control: FlaskClient) -> None:
    planned = control.post(f"{ACMES}/faults", json={"times": 2.0})

    assert planned.get_json()["unmet"][0]["left"] == 2


def test_a_fault_is_planned_met_and_cleared(mock: MockAPI, control: FlaskClient) -> None:
    fault = {"endpoint": "webhook", "status": 503, "headers": {"Retry-After": "5"}, "body": "{}", "times": 2}

    planned = control.post(f"{ACMES}/faults", json=fault)
    met = mock.handle(Request("PUT", "/hooks/contacts"))

    assert planned.status_code == 201
    assert planned.get_json() == {"unmet": [{**table(from_table(fault)), "left": 2}], "met": []}
    assert (met.status, met.headers) == (503, (("Retry-After", "5"),))
    left = control.get(f"{ACMES}/faults").get_json()
    assert (left["unmet"][0]["left"], left["met"][0]["met"]) == (1, 1)
    (entry,) = control.get(f"{ACMES}/journal").get_json()["data"]
    assert (entry["fault"], entry["evidence"], entry["behaviours"]) == ("answer", None, [])
    assert control.delete(f"{ACMES}/faults").status_code == 204
    assert control.get(f"{ACMES}/faults").get_json() == {"unmet": [], "met": []}


def test_a_fault_of_which_nothing_is_said_is_one_500_for_any_request(control: FlaskClient) -> None:
    (fault,) = control.post(f"{ACMES}/faults").get_json()["unmet"]

    assert (fault["endpoint"], fault["status"], fault["left"]) == (None, 500, 1)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            {"endpoint": "x"},
            "unknown endpoint `x`; valid names: token, keys, records, responses, webhook.",
        ),
        (
            {"endpoint": []},
            "unknown endpoint `[]`; valid names: token, keys, records, responses, webhook.",
        ),
        ({"status": 99}, "status must be an integer from 200 to 599."),
        ({"status": "500"}, "status must be an integer from 200 to 599."),
        ({"times": None}, "times must be an integer from 1 to 1000000."),
        ({"times": True}, "times must be an integer from 1 to 1000000."),
        ({"times": 0}, "times must be an integer from 1 to 1000000."),
        ({"delay": 61}, "delay must be a number of seconds from 0 to 60."),
        ({"delay": -1}, "delay must be a number of seconds from 0 to 60."),
        ({"delay": "1"}, "delay must be a number of seconds from 0 to 60."),
        ({"body": "\ud800"}, "The body must not contain NUL or lone surrogates."),
        ({"headers": {"Content-Length": "5"}}, "headers must not have Content-Length: the server writes it."),
        ({"body": 1}, "body must be a text."),
        ({"headers": []}, "headers must be an object of texts on one line, in Latin-1."),
        ({"headers": {"X": "a\r\nb"}}, "headers must be an object of texts on one line, in Latin-1."),
        ({"headers": {"X": "€"}}, "headers must be an object of texts on one line, in Latin-1."),
        ({"headers": {"X: ": "a"}}, "headers must be an object of texts on one line, in Latin-1."),
        ({"headers": {"": "a"}}, "headers must be an object of texts on one line, in Latin-1."),
        ({"headers": {"X": 1}}, "headers must be an object of texts on one line, in Latin-1."),
        ({"stauts": 500}, "stauts is unknown; did you mean status?"),
        (
            {"delay": {"uniform": 1}},
            'delay must be seconds, {"uniform": [LOW, HIGH]} or {"log_normal": [MEDIAN, SIGMA]}.',
        ),
        (
            {"effect": "reset"},
            "effect reset needs a server that lends its connections: cgmock serve --server werkzeug.",
        ),
    ],
)
def test_a_fault_that_is_none_is_one_clear_sentence(
    control: FlaskClient, fault: dict[str, object], sentence: str
) -> None:
    answer = control.post(f"{ACMES}/faults", json=fault)

    assert (answer.status_code, answer.get_json()) == (422, {"error": sentence})
    assert control.get(f"{ACMES}/faults").get_json() == {"unmet": [], "met": []}


def test_the_journal_is_waited_for(mock: MockAPI, control: FlaskClient) -> None:
    threading.Timer(0.02, mock.handle, (Request("PUT", "/hooks/contacts"),)).start()
    began = time.perf_counter()

    entries = control.get(f"{ACMES}/journal?cursor=0&wait=30").get_json()["data"]

    assert len(entries) == 1
    assert time.perf_counter() - began < 25


@pytest.mark.parametrize("path", ["reset", "clock/advance", "faults"])
def test_a_tenant_that_is_not_there_is_named(control: FlaskClient, path: str) -> None:
    answer = control.post(f"{TENANTS}/nobody/{path}")

    assert (answer.status_code, answer.get_json()["error"]) == (
        404,
        "There is no tenant nobody; there are: acme.",
    )


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"Origin": "http://evil.example"}, "127.0.0.1"),
        ({"Origin": "null"}, "127.0.0.1"),
        ({"Sec-Fetch-Site": "cross-site"}, "127.0.0.1"),
        ({"Host": "evil.example"}, "127.0.0.1"),
        ({"Host": "[::x]"}, "127.0.0.1"),
        ({"Host": "evil.example:80:90"}, "127.0.0.1"),
        ({"Origin": "http://["}, "127.0.0.1"),
        ({}, "192.0.2.1"),
        ({"Authorization": "Bearer wrong"}, "192.0.2.1"),
        ({"Authorization": "right"}, "192.0.2.1"),
        ({"Authorization": "Basic right"}, "192.0.2.1"),
        ({"Authorization": "Bearer "}, "192.0.2.1"),
        ({}, "::ffff:192.0.2.1"),
    ],
)
def test_another_site_and_another_machine_are_refused(headers: dict[str, str], address: str) -> None:
    client = create_app(MockAPI([ACME]), control_token="right").test_client()

    for method, path in (("GET", TENANTS), ("DELETE", ACMES)):
        answer = client.open(path, method=method, headers=headers, environ_overrides={"REMOTE_ADDR": address})
        assert answer.status_code == 403
        assert json.loads(answer.data)["error"]


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"Authorization": "Bearer right"}, "192.0.2.1"),
        ({"Authorization": "Bearer right", "Host": "fake.example"}, "192.0.2.1"),
        ({"Host": "localhost:8787", "Origin": "http://localhost:8787"}, "::1"),
        ({"Authorization": "bearer right"}, "192.0.2.1"),
        ({"Host": "[::1]:8787"}, "::1"),
        ({}, "127.0.0.1"),
        ({}, "::ffff:127.0.0.1"),
    ],
)
def test_this_machine_and_who_has_the_token_may_pass(headers: dict[str, str], address: str) -> None:
    client = create_app(MockAPI([ACME]), control_token="right").test_client()

    answer = client.get(TENANTS, headers=headers, environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == 200


def test_anybody_may_ask_whether_the_fake_is_healthy() -> None:
    client = create_app(MockAPI()).test_client()

    answer = client.get("/_cgmock/health", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert answer.status_code == 200


def test_only_the_path_of_health_itself_is_open_to_anybody() -> None:
    client = create_app(MockAPI([replace(ACME, name="health")])).test_client()

    answer = client.delete(f"{TENANTS}/health", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", " "])
@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer  "}])
def test_a_blank_token_opens_the_control_api_to_nobody(token: str, sent: dict[str, str]) -> None:
    client = create_app(MockAPI([ACME]), control_token=token).test_client()

    answer = client.get(TENANTS, headers=sent, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert answer.status_code == 403


def test_a_token_that_is_wrong_is_called_so() -> None:
    client = create_app(MockAPI([ACME]), control_token="right").test_client()
    wrong = {"Authorization": "Bearer wrong"}

    answer = client.get(TENANTS, headers=wrong, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert answer.get_json() == {"error": "The control token is not the one that the fake was started with."}
