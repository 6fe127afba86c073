import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx
import pytest
from flask.testing import FlaskClient

from cgclient import Client, ValidationError
from cgmock import seeds
from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import LiveServer, live_server
from cgmock.web import create_app
from cgmock.web.routes.journals import MAX_WAITING
from tests.paths import FIXTURES

TENANT = "/_cgmock/v1/tenants/demo"


@pytest.fixture
def served() -> Iterator[LiveServer]:
    """A fake with the demo's tenant."""
    with live_server(MockAPI(seeds.demo())) as server:
        yield server


@pytest.fixture
def looking(served: LiveServer) -> FlaskClient:
    """A client of its control API."""
    return create_app(served.mock).test_client()


@pytest.fixture
def client(served: LiveServer) -> Iterator[Client]:
    """A client of its imports API."""
    with Client("demo-client", "demo-secret", auth_url=served.url, imports_url=served.url) as client:
        yield client


def test_tenants_are_shown_without_their_secrets(looking: FlaskClient) -> None:
    (tenant,) = looking.get("/_cgmock/v1/tenants").get_json()["data"]

    assert tenant == looking.get(TENANT).get_json()
    assert tenant["connected_apps"] == [{"client_id": "demo-client", "scopes": ["imports/write"]}]
    assert tenant["webhooks"][:1] == [
        {"id": "demo-hook", "username": "demo-user", "configuration": "contact", "state": "active"}
    ]
    assert tenant["policies"]["rate_limit"] == "off"


def test_the_claims_of_the_fake_are_shown_with_their_evidence(looking: FlaskClient) -> None:
    claims = looking.get("/_cgmock/v1/behaviours").get_json()

    assert {"token.issued", "responses.listed"} <= {each["id"] for each in claims["behaviours"]}
    assert "rate_limit" in {each["policy"] for each in claims["questions"]}


def test_what_was_written_is_shown_as_it_is_stored(looking: FlaskClient, client: Client) -> None:
    response = "53505294-0b20-2509-b15d-c8e377701d66"
    person = {"Email": "joe@example.com", "Account Name": "ACME"}

    client.put_record(response, person | {"NPS Score": "9"})
    client.put_record("account-alias", {"Account Name": "ACME", "Alias": "Acme Ltd"})
    client.put_record("survey", {"Contact Reference": "joe@example.com"})
    client.put_record("activity", {"Account": "Acme Ltd", "Reference": "1", "Source": "CRM", "Type": "Call"})

    (account,) = looking.get(f"{TENANT}/accounts").get_json()["data"]
    assert (account["account_name"], account["aliases"]) == ("ACME", ["Acme Ltd"])
    (contact,) = looking.get(f"{TENANT}/contacts").get_json()["data"]
    assert (contact["id"], contact["email"], contact["account_name"]) == (1, "joe@example.com", "ACME")
    assert contact["created_at"] <= contact["updated_at"]
    assert looking.get(f"{TENANT}/responses").get_json()["data"][0]["nps"] == 9
    assert looking.get(f"{TENANT}/invitations").get_json()["data"][0]["account_name"] == "ACME"
    assert looking.get(f"{TENANT}/activities").get_json()["data"][0]["account_name"] == "ACME"


def test_the_journal_tells_what_was_dropped_and_hides_secrets(looking: FlaskClient, client: Client) -> None:
    client.put_record("contact", {"Emial": "joe@example.com", "Phone": "123"})

    token, put = looking.get(f"{TENANT}/journal").get_json()["data"]
    dropped = next(notice for notice in put["notices"] if notice["heading"] == "Emial")
    assert (dropped["fate"], dropped["lost"], dropped["nearest"]) == ("unmapped", True, "Email")
    assert [notice["lost"] for notice in put["notices"]] == [True, False]
    assert "heading.unmapped" in put["behaviours"]
    assert put["evidence"] == "documented"
    assert (put["method"], put["path"], put["status"]) == ("PUT", "/records/", 200)
    assert put["request"]["headers"]["authorization"] == "[redacted]"
    assert "demo-secret" not in json.dumps(token)
    assert '"access_token":"[redacted]"' in token["response"]["body"]


def test_a_request_of_nobody_is_unclaimed(served: LiveServer, looking: FlaskClient) -> None:
    served.mock.handle(Request("PUT", "/records/"))

    (entry,) = looking.get("/_cgmock/v1/unclaimed").get_json()["data"]
    assert (entry["status"], entry["behaviours"]) == (401, ["auth.unauthenticated"])


def test_lists_are_paged_oldest_first(looking: FlaskClient, client: Client) -> None:
    for number in range(3):
        client.put_record("account", {"Account Name": f"A{number}"})

    first = looking.get(f"{TENANT}/accounts?limit=2").get_json()
    rest = looking.get(f"{TENANT}/accounts?limit=2&cursor={first['next_cursor']}").get_json()
    journal = looking.get(f"{TENANT}/journal?limit=1").get_json()

    assert [row["account_name"] for row in first["data"] + rest["data"]] == ["A0", "A1", "A2"]
    assert (rest["next_cursor"], rest["dropped"], journal["next_cursor"]) == (None, 0, 1)


def test_a_page_may_be_the_largest_and_start_after_the_last_number_there_is(looking: FlaskClient) -> None:
    assert looking.get(f"{TENANT}/journal?limit=1000&cursor={2**63 - 1}").get_json()["data"] == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "limit=",
        "cursor=-1",
        f"cursor={2**63}",
        "cursor=" + "9" * 5000,
        "cursor=%D9%A1",
    ],
)
def test_a_bad_page_is_one_clear_sentence(looking: FlaskClient, query: str) -> None:
    answer = looking.get(f"{TENANT}/journal?{query}")

    assert answer.status_code == 422
    assert "must be an integer from" in answer.get_json()["error"]


def test_an_unknown_tenant_is_404_and_names_the_others(looking: FlaskClient) -> None:
    answer = looking.get("/_cgmock/v1/tenants/nobody/journal")

    assert (answer.status_code, answer.get_json()) == (
        404,
        {"error": "There is no tenant nobody; there are: demo."},
    )


@pytest.mark.parametrize("path", ["/_cgmock/nope", "/_cgmock/v1/tenants/demo/nope"])
def test_an_unknown_path_of_ours_is_404_in_json(looking: FlaskClient, path: str) -> None:
    answer = looking.get(path)

    sentence = f"There is nothing at {path}; /_cgmock/openapi.json has all paths."
    assert (answer.status_code, answer.get_json()) == (404, {"error": sentence})


def test_a_method_that_a_path_of_ours_does_not_take_is_405_in_json(looking: FlaskClient) -> None:
    answer = looking.put("/_cgmock/health")

    sentence = "/_cgmock/health takes GET, HEAD, OPTIONS, not PUT."
    assert (answer.status_code, answer.get_json()) == (405, {"error": sentence})
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_more_waiting_callers_than_there_is_room_for_are_answered_at_once(served: LiveServer) -> None:
    journal = f"{served.url}{TENANT}/journal?wait=30"

    with httpx.Client(timeout=250) as http, ThreadPoolExecutor(MAX_WAITING + 2) as callers:
        waiting = [callers.submit(http.get, journal) for _ in range(MAX_WAITING + 2)]
        answered = as_completed(waiting)
        at_once = [next(answered).result().json()["data"] for _ in range(2)]
        served.mock.handle(Request("PUT", "/hooks/demo-hook"))
        later = [each.result().json()["data"] for each in answered]

    assert at_once == [[], []]
    assert [len(each) for each in later] == [1] * MAX_WAITING


def test_two_tenants_do_not_see_each_other() -> None:
    fixtures = FIXTURES / "tenants"
    mock = MockAPI(seeds.load(fixtures / "two_tenants.toml"))
    looking = create_app(mock).test_client()
    form = {
        "grant_type": "client_credentials",
        "client_id": "acme-america-crm",
        "client_secret": "acme-america-secret",
    }

    answer = looking.post("/oauth2/token", data=form)

    assert answer.status_code == 200
    assert looking.get("/_cgmock/v1/tenants/acme-europe/journal").get_json()["data"] == []
    assert len(looking.get("/_cgmock/v1/tenants/acme-america/journal").get_json()["data"]) == 1


def test_the_client_reads_the_fake_s_refusals(client: Client) -> None:
    with pytest.raises(ValidationError) as caught:
        client.put_record("", {"Email": "joe@example.com"})

    assert caught.value.errors == {"configuration": ("The configuration field is required.",)}
