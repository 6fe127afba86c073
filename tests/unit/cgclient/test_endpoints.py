"""Webhooks, responses, options, hooks, other libraries: all that is not a record or a retry."""

import logging
import pickle
import threading
from collections.abc import Callable
from datetime import date

import httpx
import httpx2
import pytest

from cgclient import (
    AmbiguousWriteError,
    AuthenticationError,
    Client,
    ConfigurationError,
    CustomerGaugeError,
    Exchange,
    Period,
    RateLimitedError,
    Retries,
    Retry,
    TransportError,
    UnexpectedResponseError,
)
from cgmock import seeds
from cgmock.core.outcome import Fate
from cgmock.httpx import httpx2_transport, httpx_transport
from cgmock.mock_api import MockAPI
from cgmock.stores.base import Collection
from cgmock.testing.fake import FakeCustomerGauge
from tests.unit.cgclient.fakes import ONCE, FakeService

RECORD = {"Email": "joe.doe@example.com", "NPS Score": 10}
RESPONSE = {
    "Email": "joe@example.com",
    "NPS Score": 9,
    "Sent Date": "2026-11-23 12:00:00",
    "Survey Completed Date": "2026-11-24 12:00:00",
}
REFERENCE = "53505294-0b20-2509-b15d-c8e377701d66"


def webhook_of(cg: FakeCustomerGauge) -> tuple[str, str, str]:
    """Id, username and password of the first webhook."""
    webhook = next(iter(cg.tenant.webhooks.values()))
    return webhook.id, webhook.username, webhook.password


@pytest.mark.parametrize(
    "address", ["{}", "https://hooks.eu.customergauge.com/{}", "http://elsewhere/hooks/{}/"]
)
def test_a_webhook_takes_a_record_without_a_token(
    cg: FakeCustomerGauge, cg_client: Client, address: str
) -> None:
    name, username, password = webhook_of(cg)

    cg_client.put_webhook(
        address.format(name), {"Email": "joe@example.com"}, username=username, password=password
    )

    (entry,) = cg.journal
    assert [notice.fate for notice in entry.notices] == [Fate.STORED]


def test_a_wrong_password_of_a_webhook_is_an_authentication_error(
    cg: FakeCustomerGauge, cg_client: Client
) -> None:
    name, username, _ = webhook_of(cg)

    with pytest.raises(AuthenticationError) as caught:
        cg_client.put_webhook(name, RECORD, username=username, password="wrong")

    assert (caught.value.status, len(cg.journal)) == (401, 1)


def test_a_webhook_is_on_the_host_of_its_region() -> None:
    service = FakeService()

    service.client().put_webhook("the-hook", RECORD, username="joe", password="p:w")

    (put,) = service.requests
    assert str(put.url) == "https://hooks.eu.customergauge.com/the-hook"
    assert put.headers["Authorization"] == "Basic am9lOnA6dw=="
    assert put.content == b'{"Email":"joe.doe@example.com","NPS Score":10}'


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"CG_IMPORTS_URL": "http://fake:1/"}, "http://fake:1/hooks/the-hook"),
        ({"CG_IMPORTS_URL": "http://fake:1", "CG_WEBHOOKS_URL": "http://fake:2"}, "http://fake:2/the-hook"),
        ({"CG_IMPORTS_URL": "http://fake:1", "CG_WEBHOOKS_URL": " "}, "http://fake:1/hooks/the-hook"),
        ({"CG_REGION": "us"}, "https://hooks.us.customergauge.com/the-hook"),
    ],
)
def test_webhooks_are_where_the_environment_has_them(variables: dict[str, str], url: str) -> None:
    service = FakeService()
    environment = {"CG_CLIENT_ID": "the-id", "CG_CLIENT_SECRET": "the-secret", **variables}

    client = Client.from_env(environment, transport=httpx.MockTransport(service))
    client.put_webhook("the-hook", RECORD, username="u", password="p")

    assert str(service.requests[0].url) == url


def test_a_webhook_is_sent_again_as_a_record_is() -> None:
    service = FakeService(httpx.Response(503, headers={"Retry-After": "1"}), httpx.Response(502))

    with pytest.raises(AmbiguousWriteError):
        service.client(retries=Retries()).put_webhook("the-hook", RECORD, username="u", password="p")

    assert len(service.records) == 2


@pytest.mark.parametrize(
    ("record", "username", "told"),
    [({"A": float("nan")}, "u", "'A' cannot be written as JSON"), ({}, "u:v", "has no colon")],
)
def test_what_a_webhook_cannot_carry_is_refused(record: dict[str, object], username: str, told: str) -> None:
    service = FakeService()

    with pytest.raises(ValueError, match=told):
        service.client().put_webhook("the-hook", record, username=username, password="p")

    assert service.requests == []


def test_responses_are_read_page_by_page_when_they_are_wanted(
    cg: FakeCustomerGauge, cg_client: Client
) -> None:
    for score in range(5):
        cg_client.put_record(REFERENCE, RESPONSE | {"NPS Score": score})
    before = len(cg.journal)

    found = cg_client.responses(per_page=2)
    scores = [next(found)["nps"], next(found)["nps"]]

    assert len(cg.journal) - before == 1
    assert scores + [row["nps"] for row in found] == [0, 1, 2, 3, 4]
    assert len(cg.journal) - before == 4


def test_responses_go_on_after_a_cursor_and_keep_to_a_period(cg_client: Client) -> None:
    for day in ("2026-11-21 12:00:00", "2026-11-22 12:00:00", "2026-11-24 12:00:00"):
        cg_client.put_record(
            REFERENCE, RESPONSE | {"Sent Date": "2026-11-20 12:00:00", "Survey Completed Date": day}
        )
    days = Period("date_survey_response", date(2026, 11, 22), date(2026, 11, 23))

    in_period = list(cg_client.responses(period=days, expand=["drivers", "tags"]))
    rest = list(cg_client.responses(cursor=2))

    assert [row["number_customergauge"] for row in in_period] == [2]
    assert (in_period[0]["drivers"], in_period[0]["tags"]) == ([], [])
    assert [row["number_customergauge"] for row in rest] == [3]


ROWS = [{"nps": 9}]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(200, text="<html>"), "has no list of responses"),
        (httpx.Response(200, json={"data": ["x"]}), "has no list of responses"),
        (httpx.Response(200, json={"data": ROWS}), "where to go on"),
        (httpx.Response(200, json={"data": ROWS, "cursor": {"next": None}}), "where to go on"),
        (httpx.Response(200, json={"data": ROWS, "cursor": {"next": 0}}), "where to go on"),
        (httpx.Response(404), "answered 404"),
    ],
)
def test_a_page_of_another_shape_is_unexpected(answer: httpx.Response, told: str) -> None:
    with pytest.raises(UnexpectedResponseError, match=told) as caught:
        next(FakeService(answer).client().responses())

    assert caught.value.may_have_been_written is False


@pytest.mark.parametrize(
    "fault", [httpx.Response(500), httpx.Response(504), httpx.ReadTimeout("late"), httpx.Response(429)]
)
def test_a_question_is_asked_again_whatever_became_of_it(fault: httpx.Response | Exception) -> None:
    service = FakeService(fault, httpx.Response(200, json={"data": []}))

    assert list(service.client(retries=Retries()).responses()) == []


def test_a_question_without_an_answer_is_a_transport_error() -> None:
    with pytest.raises(TransportError, match="ReadTimeout"):
        next(FakeService(httpx.ReadTimeout("late")).client().responses())


def test_options_are_for_one_call_and_share_the_token() -> None:
    service = FakeService()
    client = service.client(timeout=5)

    client.put_record("contact", RECORD)
    client.with_options(timeout=None).put_record("contact", RECORD)
    client.with_options(retries=Retries()).put_record("contact", RECORD)

    assert service.issued == 1
    assert [put.extensions["timeout"]["read"] for put in service.records] == [5, None, 5]


def test_options_of_one_call_change_what_is_sent_again() -> None:
    service = FakeService(httpx.Response(429), httpx.Response(502), httpx.Response(200))
    client = service.client()

    client.with_options(retries=Retries(), retry_ambiguous=True).put_record("contact", RECORD)
    service.answers = [httpx.Response(429)]
    with pytest.raises(RateLimitedError):
        client.put_record("contact", RECORD)

    assert len(service.records) == 4


def test_hooks_are_told_of_each_request_and_each_pause() -> None:
    told: list[Exchange | Retry] = []
    service = FakeService(httpx.Response(429), httpx.ConnectError("no"), httpx.Response(200))

    service.client(retries=Retries(), hooks=[told.append]).put_record("contact", RECORD)

    exchanges = [each for each in told if isinstance(each, Exchange)]
    assert [(each.method, each.path, each.status, each.error) for each in exchanges] == [
        ("POST", "/oauth2/token", 200, None),
        ("PUT", "/records/", 429, None),
        ("PUT", "/records/", None, "ConnectError"),
        ("PUT", "/records/", 200, None),
    ]
    assert all(each.seconds >= 0 and each.host.endswith("eu.customergauge.com") for each in exchanges)
    retries = [each for each in told if isinstance(each, Retry)]
    assert [(each.attempt, each.seconds) for each in retries] == [(2, 0.5), (3, 1.0)]
    assert [type(each.error) for each in retries] == [RateLimitedError, TransportError]


def test_a_hook_that_fails_does_not_hide_the_fate_of_a_write(caplog: pytest.LogCaptureFixture) -> None:
    service = FakeService()

    def fail(_: object) -> None:
        raise ZeroDivisionError

    service.client(hooks=[fail]).put_record("contact", RECORD)

    assert len(service.records) == 1
    assert "A hook of the client failed." in caplog.text


@pytest.mark.parametrize(
    "http",
    [
        lambda mock: httpx.Client(transport=httpx_transport(mock)),
        lambda mock: httpx2.Client(transport=httpx2_transport(mock)),
    ],
    ids=["httpx", "httpx2"],
)
def test_a_client_of_either_library_can_be_given(
    http: Callable[[MockAPI], httpx.Client | httpx2.Client],
) -> None:
    mock = MockAPI(seeds.demo())
    given = http(mock)

    with Client("demo-client", "demo-secret", http=given) as client:
        client.put_record("contact", {"Email": "joe@example.com"})

    assert len(mock.store.page("demo", Collection.CONTACTS, limit=9, after=0).rows) == 1
    assert not given.is_closed


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx2.ConnectError("no"), TransportError),
        (httpx2.ReadTimeout("late"), AmbiguousWriteError),
        (httpx2.RemoteProtocolError("reset"), AmbiguousWriteError),
    ],
)
def test_the_failures_of_httpx2_are_understood(fault: Exception, kind: type[CustomerGaugeError]) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("token"):
            return httpx2.Response(200, json={"access_token": "token"})
        raise fault

    http = httpx2.Client(transport=httpx2.MockTransport(answer))

    with pytest.raises(kind) as caught:
        Client("the-id", "the-secret", http=http, retries=ONCE).put_record("contact", RECORD)

    assert caught.value.__cause__ is fault


def test_a_given_client_keeps_its_timeouts_where_none_is_said() -> None:
    service = FakeService()
    http = httpx.Client(transport=httpx.MockTransport(service), timeout=httpx.Timeout(1, read=2))

    Client("the-id", "the-secret", http=http).put_record("contact", RECORD)
    Client("the-id", "the-secret", http=http, timeout=3).put_record("contact", RECORD)

    timeouts = [put.extensions["timeout"] for put in service.records]
    assert timeouts == [
        {"connect": 1, "read": 2, "write": 1, "pool": 1},
        {"connect": 3, "read": 3, "write": 3, "pool": 3},
    ]


def test_what_a_given_client_sends_by_itself_does_not_change_the_request() -> None:
    service = FakeService(httpx.Response(302, headers={"Location": "https://elsewhere.example/"}))
    http = httpx.Client(
        transport=httpx.MockTransport(service),
        auth=("joe", "the-password"),
        follow_redirects=True,
        headers={"Accept": "text/html"},
    )

    with pytest.raises(UnexpectedResponseError):
        Client("the-id", "the-secret", http=http, retries=ONCE).put_record("contact", RECORD)

    token, put = service.requests
    assert "Authorization" not in token.headers
    assert (put.headers["Authorization"], put.headers["Accept"]) == ("Bearer token-1", "application/json")


def test_a_client_of_another_library_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="must be a client of httpx or httpx2"):
        Client("the-id", "the-secret", http=object())  # type: ignore[arg-type]


def test_a_client_and_a_transport_are_not_given_at_once() -> None:
    transport = httpx.MockTransport(FakeService())

    with pytest.raises(ConfigurationError, match="Give http or transport, not both"):
        Client("the-id", "the-secret", http=httpx.Client(transport=transport), transport=transport)


def test_a_client_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="make one where it is needed"):
        pickle.dumps(FakeService().client())


def test_many_threads_that_are_refused_at_once_renew_the_token_once() -> None:
    together = threading.Barrier(8)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] == "Bearer token-1":
            together.wait(120)
            return httpx.Response(401)
        return httpx.Response(200)

    service = FakeService(answer)
    client = service.client()
    threads = [threading.Thread(target=client.put_record, args=("contact", RECORD)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (service.issued, len(service.records)) == (2, 16)


def test_the_log_says_what_failed_without_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="cgclient")

    with pytest.raises(AmbiguousWriteError):
        FakeService(httpx.ReadTimeout("late")).client().put_record("contact", RECORD)

    assert "PUT imports.api.eu.customergauge.com /records/ ReadTimeout" in caplog.records[-1].getMessage()
