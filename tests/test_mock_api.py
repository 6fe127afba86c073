import json

from cgmock.core.messages import Request, Response
from cgmock.journal import BODY_LIMIT
from cgmock.mock_api import MockAPI
from cgmock.redaction import Redactor
from cgmock.stores import Collection
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
