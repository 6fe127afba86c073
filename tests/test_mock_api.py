import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Outcome
from cgmock.core.routing import Endpoint
from cgmock.faults import Fault
from cgmock.journal import BODY_LIMIT
from cgmock.mock_api import MockAPI
from cgmock.redaction import Redactor
from cgmock.stores import Collection, Origin, TakenError
from cgmock.stores.memory import MemoryStore
from tests.acme import ACME, APP, FORM, JSON, WEBHOOKS, basic

GRANT = f"grant_type=client_credentials&client_id={APP.client_id}&client_secret={APP.client_secret}"


def token(mock: MockAPI) -> str:
    """A token of ACME's app."""
    request = Request("POST", "/oauth2/token", "", {"content-type": FORM}, GRANT.encode(), len(GRANT))
    return str(json.loads(mock.handle(request).body)["access_token"])


def put(
    mock: MockAPI, bearer: str, body: bytes = b'{"configuration":"contact","record":{"Phone":"1"}}'
) -> Response:
    """The answer to a record."""
    headers = {"content-type": JSON, "authorization": f"Bearer {bearer}"}
    return mock.handle(Request("PUT", "/records/", "", headers, body, len(body)))


def test_a_token_works_until_its_hour_is_over() -> None:
    now = [1_000_000.0]
    mock = MockAPI([ACME], clock=lambda: now[0])
    bearer = token(mock)

    now[0] += 3599
    before = put(mock, bearer).status
    now[0] += 1
    after = put(mock, bearer).status

    assert (before, after) == (200, 401)
    assert [entry.response.status for entry in mock.journals["acme"].after(0)] == [200, 200, 401]


def test_a_response_that_was_written_can_be_read_back() -> None:
    mock = MockAPI([ACME], clock=lambda: 0.0)
    bearer = token(mock)
    put(
        mock,
        bearer,
        b'{"configuration":"external_response","record":{"Email":"joe@example.com","NPS Score":9}}',
    )

    headers = {"authorization": f"Bearer {bearer}"}
    answer = mock.handle(Request("GET", "/v7/rest/sync/responses", "per_page=1", headers))

    (row,) = json.loads(answer.body)["data"]
    assert (row["number_customergauge"], row["email"], row["nps"]) == (1, "joe@example.com", 9)
    assert row["date_creation"] == "1970-01-01 00:00:00"


def test_a_webhook_writes_for_its_tenant_and_hides_its_password() -> None:
    mock = MockAPI([ACME])
    (hook, *_), login = WEBHOOKS.values(), basic("acme-hook", "acme-password")
    headers = {"content-type": JSON, "authorization": login}

    answer = mock.handle(
        Request("PUT", f"/hooks/{hook.id}", "Phone=1", headers, b'{"First Name":"acme-password"}', 30)
    )

    (entry,) = mock.journals["acme"].after(0)
    assert answer.status == 200
    assert mock.store.page("acme", Collection.CONTACTS, limit=1, after=0).rows[0]["phone"] == "1"
    assert "acme-password" not in repr(entry)
    assert login not in repr(entry)


def test_a_token_of_another_fake_and_any_nonsense_is_refused() -> None:
    mock, other = MockAPI([ACME]), MockAPI([ACME])

    assert [put(mock, bearer).status for bearer in (token(other), "a.b.c", "", "ü", "x" * 10_000)] == [
        401
    ] * 5


def test_the_clock_of_a_tenant_governs_its_tokens_and_journal_alone() -> None:
    other = replace(ACME, name="other", connected_apps=(), webhooks={})
    mock = MockAPI([ACME, other], clock=lambda: 1_000_000.0)
    bearer = token(mock)

    mock.hosted("acme").clock.advance(3600)
    status = put(mock, bearer).status

    *_, entry = mock.journals["acme"].after(0)
    assert (status, entry.time) == (401, 1_003_600.0)
    assert mock.hosted("other").clock.now() == 1_000_000.0


def test_a_planned_fault_takes_the_place_of_the_answer_and_changes_nothing() -> None:
    mock = MockAPI([ACME])
    bearer = token(mock)
    headers = (("Retry-After", "7"),)
    mock.hosted("acme").faults.add(
        Fault(endpoint=Endpoint.RECORDS, status=503, headers=headers, body="{}", delay=0.001)
    )

    first, second = put(mock, bearer), put(mock, bearer)

    assert first == Response(503, headers, b"{}")
    assert second.status == 200
    _, failed, _ = mock.journals["acme"].after(0)
    assert (failed.response.status, failed.behaviours) == (503, ())
    assert len(mock.store.page("acme", Collection.CONTACTS, limit=9, after=0).rows) == 1


def test_a_tenant_can_come_and_go() -> None:
    mock = MockAPI()
    assert mock.add(ACME).tenant is ACME
    bearer = token(mock)

    mock.remove("acme")

    assert put(mock, bearer).status == 401
    assert (mock.store.tenants(), mock.journals) == ((), {})
    mock.remove("acme")
    mock.add(ACME)
    assert put(mock, token(mock)).status == 200


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, "The name acme is another tenant's."),
        ({"name": "other"}, "The client id acme-crm is another tenant's."),
        ({"name": "other", "connected_apps": ()}, "The webhook contacts is another tenant's."),
    ],
)
def test_a_tenant_with_something_of_another_one_is_refused(changes: dict[str, Any], taken: str) -> None:
    mock = MockAPI([ACME])

    with pytest.raises(TakenError) as caught:
        mock.add(replace(ACME, **changes))

    assert str(caught.value) == taken
    assert mock.store.tenants() == (ACME,)


def test_a_reset_leaves_what_the_seed_says() -> None:
    mock = MockAPI([ACME], clock=lambda: 5.0)
    put(mock, token(mock))
    hosted = mock.hosted("acme")
    hosted.clock.advance(1)
    hosted.faults.add(Fault())

    mock.reset("acme")

    assert (list(hosted.journal.after(0)), hosted.faults.unmet, hosted.clock.now()) == ([], (), 5.0)
    assert mock.store.page("acme", Collection.CONTACTS, limit=9, after=0).rows == ()
    put(mock, token(mock))
    assert [entry.number for entry in hosted.journal.after(0)] == [1, 2]


def test_a_request_to_a_tenant_that_was_removed_meanwhile_is_answered() -> None:
    store = MemoryStore([ACME])
    store.remove("acme")

    outcome = store.transact("acme", lambda _: Outcome(Response(200)), Origin("request-1", 1.0))

    assert outcome.response.status == 200


def test_the_secret_of_a_tenant_that_came_later_is_hidden_too() -> None:
    mock = MockAPI()
    mock.add(ACME)

    mock.handle(Request("GET", "/x", "", {"x-note": APP.client_secret}))

    assert APP.client_secret not in repr(list(mock.unclaimed.after(0)))


def test_who_waits_for_an_entry_is_woken_by_it() -> None:
    mock = MockAPI([ACME])
    bearer, journal = token(mock), mock.journals["acme"]
    waiting = threading.Timer(0.02, put, (mock, bearer))
    waiting.start()

    assert journal.wait(1, timeout=10)
    assert not journal.wait(2, timeout=0)
    waiting.join()


def test_each_token_is_another_one() -> None:
    mock = MockAPI([ACME])

    assert token(mock) != token(mock)


def test_the_key_set_holds_the_public_key_alone() -> None:
    mock = MockAPI([ACME])
    mock.tokens.prepare()

    (key,) = json.loads(mock.handle(Request("GET", "/.well-known/jwks.json")).body)["keys"]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert "d" not in key


def test_the_journal_is_bounded_and_says_how_many_it_dropped() -> None:
    mock = MockAPI([ACME], max_journal=3)
    bearer = token(mock)

    for _ in range(4):
        put(mock, bearer)

    journal = mock.journals["acme"]
    assert [entry.number for entry in journal.after(0)] == [3, 4, 5]
    assert [entry.number for entry in journal.after(4)] == [5]
    assert journal.dropped == 2


def test_the_journal_keeps_the_beginning_of_a_long_body() -> None:
    mock = MockAPI([ACME])

    put(mock, token(mock), b"x" * (BODY_LIMIT + 1))

    *_, entry = mock.journals["acme"].after(0)
    assert (len(entry.request.body), entry.request.length) == (BODY_LIMIT, BODY_LIMIT + 1)


def test_a_journal_without_entries_is_empty() -> None:
    assert list(MockAPI([ACME]).journals["acme"].after(0)) == []


def test_no_secret_reaches_the_journal() -> None:
    mock = MockAPI([ACME])
    bearer = token(mock)
    put(mock, bearer, f'{{"record":{{"Comment":"{APP.client_secret}"}}}}'.encode())
    mock.handle(
        Request(
            "POST",
            "/oauth2/token",
            f"{GRANT}&api_token=canary",
            {"content-type": FORM, "x-note": APP.client_secret},
        )
    )

    entries = [*mock.journals["acme"].after(0), *mock.unclaimed.after(0)]

    assert len(entries) == 3
    for canary in (APP.client_secret, bearer, "canary"):
        assert canary not in repr(entries)


def test_a_set_cookie_header_is_hidden() -> None:
    response = Redactor([]).response(Response(200, (("Set-Cookie", "canary"), ("X", "y")), b"{}"))

    assert response.headers == (("Set-Cookie", "[redacted]"), ("X", "y"))
