import json
import threading
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from cgmock import mock_api
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Fate, Notice, Outcome
from cgmock.core.routing import Credential, Endpoint
from cgmock.core.tenant import ConnectedApp, Dialect, NoAcceptHeader, Policies, Tenant
from cgmock.faults import Effect, Fault, prepared
from cgmock.journal.journal import BODY_LIMIT, MAX_LOSING, MAX_NOTICES, Journal
from cgmock.journal.redaction import Redactor
from cgmock.mock_api import MockAPI
from cgmock.stores.base import Collection, NameTakenError, NoTenantError, Origin, Transaction
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
    assert [entry.response.status for entry in mock.store.hosted("acme").journal.after(0)] == [200, 200, 401]


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

    (entry,) = mock.store.hosted("acme").journal.after(0)
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

    mock.store.hosted("acme").clock.advance(3600)
    status = put(mock, bearer).status

    *_, entry = mock.store.hosted("acme").journal.after(0)
    assert (status, entry.time) == (401, 1_003_600.0)
    assert mock.store.hosted("other").clock.now() == 1_000_000.0


def test_a_planned_fault_takes_the_place_of_the_answer_and_changes_nothing() -> None:
    mock = MockAPI([ACME])
    bearer = token(mock)
    headers = (("Retry-After", "7"),)
    mock.store.hosted("acme").faults.add(
        Fault(endpoint=Endpoint.RECORDS, status=503, headers=headers, body="{}", delay=0.001)
    )

    first, second = put(mock, bearer), put(mock, bearer)

    assert first == Response(503, headers, b"{}")
    assert second.status == 200
    _, failed, _ = mock.store.hosted("acme").journal.after(0)
    assert (failed.response.status, failed.behaviours) == (503, ())
    assert len(mock.store.page("acme", Collection.CONTACTS, limit=9, after=0).rows) == 1


def test_a_rate_limit_goes_by_the_tenant_s_clock_and_ends_when_it_says() -> None:
    mock = MockAPI([replace(ACME, policies=Policies(rate_limit=2))], clock=lambda: 1_000_000.5)
    clock, bearer = mock.store.hosted("acme").clock, token(mock)

    taken = [put(mock, bearer) for _ in range(2)]
    clock.advance(20)
    refused = put(mock, bearer)
    headers = dict(refused.headers)
    clock.advance(float(headers["Retry-After"]))
    again = put(mock, bearer)

    assert [dict(each.headers)["X-RateLimit-Remaining"] for each in taken] == ["1", "0"]
    assert (refused.status, json.loads(refused.body)) == (429, {"message": "Too Many Attempts."})
    assert (headers["Retry-After"], headers["X-RateLimit-Reset"]) == ("40", "1000061")
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("2", "0")
    assert (again.status, dict(again.headers)["X-RateLimit-Remaining"]) == (200, "1")


@pytest.mark.parametrize(
    ("effect", "behaviour"),
    [
        (Effect.TOKEN_EXPIRED, Behaviour.TOKEN_EXPIRED),
        (Effect.TOKEN_REVOKED, Behaviour.UNAUTHENTICATED),
    ],
)
def test_a_token_that_a_fault_ends_is_refused_from_then_on_and_a_new_one_is_not(
    effect: Effect, behaviour: Behaviour
) -> None:
    mock = MockAPI([ACME])
    old = token(mock)
    faults = mock.store.hosted("acme").faults
    faults.add(Fault(effect=effect))

    new = token(mock)
    statuses = [put(mock, bearer).status for bearer in (old, old, new)]

    assert statuses == [401, 401, 200]
    *_, first, second, _ = mock.store.hosted("acme").journal.after(0)
    assert [entry.behaviours for entry in (first, second)] == [(behaviour,), (behaviour,)]
    assert (first.fault, second.fault) == (effect, "")
    faults.clear()
    assert put(mock, old).status == 200


def test_a_token_that_is_refused_once_is_good_again() -> None:
    mock = MockAPI([ACME])
    bearer = token(mock)
    mock.store.hosted("acme").faults.add(prepared("unauthenticated", endpoint="records"))

    refused, taken = put(mock, bearer), put(mock, bearer)

    assert (refused.status, refused.body) == (401, b'{"message":"Unauthenticated."}')
    assert taken.status == 200


def test_a_request_without_a_token_is_not_met_by_a_fault_that_ends_one() -> None:
    mock = MockAPI([ACME])
    fault = Fault(effect=Effect.TOKEN_EXPIRED)
    mock.store.hosted("acme").faults.add(fault)

    mock.handle(Request("PUT", "/hooks/contacts"))

    assert mock.store.hosted("acme").faults.unmet == ((fault, 1),)


def test_a_tenant_can_come_and_go() -> None:
    mock = MockAPI()
    mock.store.add(ACME)
    assert mock.store.hosted("acme").tenant is ACME
    bearer = token(mock)

    mock.store.remove("acme")

    assert put(mock, bearer).status == 401
    assert mock.store.tenants() == ()
    with pytest.raises(NoTenantError):
        mock.store.hosted("acme")
    mock.store.remove("acme")
    mock.store.add(ACME)
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

    with pytest.raises(NameTakenError) as caught:
        mock.store.add(replace(ACME, **changes))

    assert str(caught.value) == taken
    assert mock.store.tenants() == (ACME,)


def test_a_reset_leaves_what_the_seed_says() -> None:
    mock = MockAPI([ACME], clock=lambda: 5.0)
    put(mock, token(mock))
    hosted = mock.store.hosted("acme")
    hosted.clock.advance(1)
    hosted.faults.add(Fault())

    mock.store.reset("acme")

    assert (list(hosted.journal.after(0)), hosted.faults.unmet, hosted.clock.now()) == ([], (), 5.0)
    assert mock.store.page("acme", Collection.CONTACTS, limit=9, after=0).rows == ()
    put(mock, token(mock))
    assert [entry.number for entry in hosted.journal.after(0)] == [1, 2]


def test_a_request_to_a_tenant_that_is_removed_meanwhile_is_answered() -> None:
    store = MemoryStore([ACME])

    def act(tx: Transaction) -> Outcome:
        store.remove("acme")
        return tx.decide_and_apply(lambda _: Outcome(Response(200)), Origin("request-1", 1.0))

    with store.transaction(Credential(APP.client_id)) as tx:
        assert act(tx).response.status == 200


def test_the_secret_of_a_tenant_that_came_later_is_hidden_too() -> None:
    mock = MockAPI()
    mock.store.add(ACME)

    mock.handle(Request("GET", "/x", "", {"x-note": APP.client_secret}))

    assert APP.client_secret not in repr(list(mock.store.unclaimed.after(0)))


def test_who_waits_for_an_entry_is_woken_by_it() -> None:
    mock = MockAPI([ACME])
    bearer, journal = token(mock), mock.store.hosted("acme").journal
    waiting = threading.Timer(0.02, put, (mock, bearer))
    waiting.start()

    assert journal.wait(1, timeout=250)
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

    journal = mock.store.hosted("acme").journal
    assert [entry.number for entry in journal.after(0)] == [3, 4, 5]
    assert [entry.number for entry in journal.after(4)] == [5]
    assert journal.dropped == (2, 0)


def test_the_first_losses_are_kept_beyond_the_limit_and_the_others_are_counted() -> None:
    journal = Journal(10)
    unmapped = Notice("Emial", Fate.UNMAPPED, Behaviour.HEADING_UNMAPPED, reason="unknown")
    losing, fine = Outcome(Response(200), notices=(unmapped, unmapped)), Outcome(Response(200))

    for outcome in [fine, *[losing] * (MAX_LOSING + 5), *[fine] * 10]:
        journal.append(0.0, Request("PUT", "/"), outcome)

    assert [entry.number for entry in journal.after(0)] == [
        *range(2, MAX_LOSING + 2),
        *range(MAX_LOSING + 7, MAX_LOSING + 17),
    ]
    assert next(journal.after(50)).number == 51
    assert next(journal.after(MAX_LOSING + 3)).number == MAX_LOSING + 7
    assert journal.dropped == (6, 10)
    journal.clear()
    assert (journal.dropped, list(journal.after(0))) == ((0, 0), [])


def test_an_entry_keeps_a_number_of_notices_losses_first_and_counts_the_others() -> None:
    stored = Notice("A" * 2000, Fate.STORED, Behaviour.HEADING_CASE, reason="r" * 2000)
    unmapped = Notice("Emial", Fate.UNMAPPED, Behaviour.HEADING_UNMAPPED, reason="unknown")
    record = Notice(None, Fate.STORED, Behaviour.INVITATION_POPULATED, reason="taken")
    outcome = Outcome(Response(200), notices=(record, *[stored] * MAX_NOTICES, unmapped))

    entry = Journal(1).append(0.0, Request("PUT", "/", "", {}, b"x" * 5000, 5000), outcome)

    assert (len(entry.notices), entry.more_notices) == (MAX_NOTICES, 2)
    assert entry.notices[:2] == (unmapped, record)
    assert entry.notices[2].heading == "A" * 999 + "…"
    assert entry.notices[2].reason == "r" * 999 + "…"


def test_the_journal_keeps_the_beginning_of_a_long_body() -> None:
    mock = MockAPI([ACME])

    put(mock, token(mock), b"x" * (BODY_LIMIT + 1))

    *_, entry = mock.store.hosted("acme").journal.after(0)
    assert (len(entry.request.body), entry.request.length) == (BODY_LIMIT, BODY_LIMIT + 1)


def test_a_journal_without_entries_is_empty() -> None:
    assert list(MockAPI([ACME]).store.hosted("acme").journal.after(0)) == []


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

    entries = [*mock.store.hosted("acme").journal.after(0), *mock.store.unclaimed.after(0)]

    assert len(entries) == 3
    for canary in (APP.client_secret, bearer, "canary"):
        assert canary not in repr(entries)


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_a_set_cookie_header_is_hidden(body: bytes) -> None:
    response = Redactor([]).response(Response(200, (("Set-Cookie", "canary"), ("X", "y")), body))

    assert response == Response(200, (("Set-Cookie", "[redacted]"), ("X", "y")), body)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("client%5Fsecret=canary&a=1", "client%5Fsecret=[redacted]&a=1"),
        ("a=1&client%5fsecret=canary", "a=1&client%5fsecret=[redacted]"),
        ("note=demo%2Dsecret", "note=[redacted]"),
        ("demo%2Dsecret=1", "%5Bredacted%5D=1"),
        ("demo-secret", "[redacted]"),
        ("a%20b=c%20d&e", "a%20b=c%20d&e"),
        ("note=demo-secret", "note=[redacted]"),
        ("token=eyJhbGci.eyJzdWIi.c2ln", "token=[redacted]"),
        ("to=x.eyJhbGci.eyJzdWIi.c2ln+next", "to=x.[redacted]+next"),
        ("host=eyJ.example", "host=eyJ.example"),
    ],
)
def test_a_secret_in_a_form_is_hidden_however_it_is_written(text: str, hidden: str) -> None:
    request = Request("POST", "/", text, {"x-note": text, "content-type": FORM}, text.encode(), len(text))

    found = Redactor(["demo-secret"]).request(request)

    assert (found.query, found.body.decode()) == (hidden, hidden)


@pytest.mark.parametrize(
    "body", ["note=a+known+cän%61ry", "note=a%20known%20c%C3%A4nary", '{"note": "a known cänary"}']
)
def test_a_secret_with_blanks_and_an_umlaut_is_hidden_in_a_body(body: str) -> None:
    hidden = Redactor(["a known cänary"]).request(Request("PUT", "/", body=body.encode())).body

    assert hidden.decode() in {"note=[redacted]", '{"note": "[redacted]"}'}


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("more", ["", "\r\nContent-Type: text/plain"])
def test_a_wrong_secret_in_a_multipart_form_is_hidden(quote: str, more: str) -> None:
    def form(secret: str) -> bytes:
        head = f"--x\r\nContent-Disposition: form-data; name={quote}client_secret{quote}{more}"
        end = "\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n"
        return f"{head}\r\n\r\n{secret}{end}".encode()

    assert Redactor([]).request(Request("POST", "/", "", {}, form("wrong\r\none"))).body == form("[redacted]")


@pytest.mark.parametrize("name", ["x-auth-token", "x-note"])
def test_a_live_token_is_hidden_in_any_header(name: str) -> None:
    mock = MockAPI([ACME])
    bearer = token(mock)

    mock.handle(Request("GET", f"/{bearer}", f"token={bearer}", {name: bearer}))

    (entry,) = mock.store.unclaimed.after(0)
    assert bearer.rpartition(".")[2] not in repr(entry)


@pytest.mark.parametrize(
    "body",
    [
        rb'{"client\u005fsecret":"canary-of-nobody"}',
        rb'{"CLIENT_SECRET":"canary-of-nobody"}',
        rb'{"x":"\u0063anary\/known"}',
        b"CLIENT_SECRET=canary-of-nobody",
    ],
)
def test_a_secret_behind_the_escapes_of_json_or_in_capitals_is_hidden(body: bytes) -> None:
    hidden = Redactor(["canary/known"]).request(Request("PUT", "/records/", body=body)).body

    assert b"canary" not in hidden
    assert b"anary" not in hidden
    assert b"[redacted]" in hidden


@pytest.mark.parametrize(
    "body", [rb'{"a":"caf\u00e9 \/ \u0041"}', rb'{"Password\u0022:\u0022":"x"}', rb'{"a":"\\u0041"}']
)
def test_escapes_without_a_secret_stay_as_they_were_sent(body: bytes) -> None:
    assert Redactor(["canary/known"]).request(Request("PUT", "/records/", body=body)).body == body


def test_a_secret_in_a_notice_is_hidden() -> None:
    mock = MockAPI([ACME])
    record = {"Phone": "1", APP.client_secret: "x", "Job Level": 7, "Em\\u0061il": "x"}

    put(mock, token(mock), json.dumps({"configuration": "contact", "record": record}).encode())

    *_, entry = mock.store.hosted("acme").journal.after(0)
    assert APP.client_secret not in repr(entry)
    assert "[redacted]" in [notice.heading for notice in entry.notices]


def test_a_secret_of_a_few_characters_is_hidden_only_where_secrets_stand() -> None:
    request = Request("POST", "/a", "", {}, b'{"client_secret":"abcde","Name":"abcde"}')

    assert Redactor(["abcde"]).request(request).body == b'{"client_secret":"[redacted]","Name":"abcde"}'
    assert b'"Name":"[redacted]"' in Redactor(["abcdef"]).request(
        request._replace(body=b'{"Name":"abcdef"}')
    ).body.replace(b" ", b"")


REDIRECTING = replace(ACME, policies=Policies(no_accept_header=NoAcceptHeader.LARAVEL_REDIRECT))
OTHER = replace(ACME, name="other", connected_apps=(), webhooks={})


@pytest.mark.parametrize(
    ("tenants", "status"), [((REDIRECTING,), 302), ((REDIRECTING, OTHER), 401), ((ACME,), 401), ((), 401)]
)
@pytest.mark.parametrize("authorization", ["", "Bearer nonsense"])
def test_a_request_without_a_tenant_follows_the_policies_of_the_only_tenant(
    tenants: tuple[Tenant, ...], status: int, authorization: str
) -> None:
    mock = MockAPI(tenants)

    response = mock.handle(Request("PUT", "/records/", headers={"authorization": authorization}))

    assert response.status == status


def test_an_unknown_path_without_a_token_is_worded_in_the_dialect_of_the_only_tenant() -> None:
    mock = MockAPI([replace(ACME, policies=Policies(dialect=Dialect.LARAVEL10))])

    response = mock.handle(Request("PUT", "/nowhere"))

    assert json.loads(response.body) == {"message": "The route nowhere could not be found."}


def test_a_request_is_redacted_before_its_tenant_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = MockAPI([ACME])
    store = mock.store
    assert isinstance(store, MemoryStore)
    held: list[bool] = []
    redact = Redactor.request

    def watched(redactor: Redactor, request: Request) -> Request:
        held.append(store.hosted("acme").lock.locked())
        return redact(redactor, request)

    monkeypatch.setattr(Redactor, "request", watched)
    mock.handle(Request("PUT", "/hooks/contacts"))

    assert held == [False]


class Renewing(MemoryStore):
    """A store in which a tenant gets a new secret just before each of its transactions begins."""

    def transaction(self, credential: Credential) -> AbstractContextManager[Transaction]:
        """Change the tenant first."""
        app = ConnectedApp(client_id="new", client_secret="brand-new-secret")
        self.change("acme", lambda tenant: replace(tenant, connected_apps=(app,)))
        return super().transaction(credential)


def test_a_secret_that_is_new_when_the_transaction_begins_is_redacted() -> None:
    mock = MockAPI([ACME], store=Renewing())

    mock.handle(Request("PUT", "/hooks/contacts", "a=brand-new-secret"))

    (entry,) = mock.store.hosted("acme").journal.after(0)
    assert entry.request.query == "a=[redacted]"


def test_a_secret_that_is_added_while_a_redactor_is_made_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = MockAPI([ACME])

    def made(known: frozenset[str]) -> Redactor:
        if "late-secret" not in known:
            mock.add_secret("late-secret")
        return Redactor(known)

    monkeypatch.setattr(mock_api, "Redactor", made)
    mock.redact("nothing")

    assert mock.redact("a late-secret") == "a [redacted]"
