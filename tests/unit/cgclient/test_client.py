import json
import logging
import re
import threading
import traceback
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from types import MappingProxyType

import httpx
import pytest

import cgclient
from cgclient import (
    AmbiguousWriteError,
    AuthenticationError,
    Client,
    ConfigurationError,
    CustomerGaugeError,
    RateLimitedError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
    ValidationError,
)
from cgclient.client import Encoding
from tests.unit.cgclient.fakes import Answer, FakeService

RECORD = {"Email": "joe.doe@example.com", "NPS Score": 10}


def test_a_record_is_put_as_json_with_a_fresh_token() -> None:
    service = FakeService()

    service.client().put_record("contact", RECORD)

    token, put = service.requests
    assert str(token.url) == "https://auth.eu.customergauge.com/oauth2/token"
    assert token.content == b"grant_type=client_credentials&client_id=the-id&client_secret=the-secret"
    assert "Authorization" not in token.headers
    assert str(put.url) == "https://imports.api.eu.customergauge.com/records/"
    assert json.loads(put.content) == {"configuration": "contact", "record": RECORD}
    assert put.headers["Authorization"] == "Bearer token-1"
    assert put.headers["Accept"] == "application/json"
    assert put.headers["User-Agent"].startswith("cgclient/")


def test_a_record_is_put_as_a_form_with_flat_keys() -> None:
    service = FakeService()

    service.client().put_record(
        "contact", {"Account Name": "A&B", "Phone": "+55", "X": None, "Y": True}, "form"
    )

    assert service.records[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert service.records[0].content == (
        b"configuration=contact&record%5BAccount+Name%5D=A%26B&record%5BPhone%5D=%2B55"
        b"&record%5BX%5D=&record%5BY%5D=1"
    )


@pytest.mark.parametrize(
    ("record", "encoding", "named"),
    [
        ({"A": float("nan")}, "json", "'A'"),
        ({"B": 1, "A": {"b": float("inf")}}, "json", "'A'"),
        ({"A": date(2026, 11, 24)}, "json", "'A'"),
        ({"A": "joe.doe\ud800"}, "json", "'A'"),
        ({"A": float("inf")}, "form", "'A'"),
        ({"A": {"b": 1}}, "form", "'A' is a dict"),
        ({"A": "joe.doe\ud800"}, "form", "'A'"),
        ({"A [1]": "x"}, "form", r"'A \[1\]'"),
        ({" ": "x"}, "form", "' '"),
        ({"A": "x"}, "xml", "'xml'"),
    ],
)
def test_what_an_encoding_cannot_carry_is_refused_before_anything_is_sent(
    record: Mapping[str, object], encoding: str, named: str
) -> None:
    service = FakeService()

    with pytest.raises(ValueError, match=f"{named}.*\\.$") as caught:
        service.client().put_record("contact", record, encoding)  # type: ignore[arg-type]

    assert service.requests == []
    assert type(caught.value) is ValueError
    assert "joe.doe" not in f"{caught.value.args} {caught.value.__context__!r}"


@pytest.mark.parametrize("encoding", ["json", "form"])
def test_a_configuration_that_is_no_text_is_refused(encoding: Encoding) -> None:
    service = FakeService()

    with pytest.raises(ValueError, match="configuration"):
        service.client().put_record("\ud800", RECORD, encoding)

    assert service.requests == []


def test_a_record_may_be_any_mapping() -> None:
    service = FakeService()

    service.client().put_record("contact", MappingProxyType(RECORD))

    assert json.loads(service.records[0].content)["record"] == RECORD


def test_a_token_is_kept_until_a_minute_before_it_expires() -> None:
    now = [0.0]
    service = FakeService()
    client = service.client(clock=lambda: now[0])

    for now[0] in (0, 3539, 3540):
        client.put_record("contact", RECORD)

    assert [put.headers["Authorization"][-1] for put in service.records] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("lifetime", "renewed_at"),
    [(60, 30), (None, 3540), ("x", 3540), (True, 3540), (-1, 3540), (10**400, 86340)],
)
def test_a_short_life_is_halved_and_an_odd_one_is_an_hour(lifetime: object, renewed_at: int) -> None:
    now = [0.0]
    service = FakeService(lifetime=lifetime)
    client = service.client(clock=lambda: now[0])

    for now[0] in (0, renewed_at - 1, renewed_at):
        client.put_record("contact", RECORD)

    assert service.issued == 2


def test_after_a_401_the_token_is_renewed_once_and_the_record_sent_again() -> None:
    service = FakeService(httpx.Response(401), httpx.Response(200))

    service.client().put_record("contact", RECORD)

    assert (service.issued, len(service.records)) == (2, 2)
    assert service.records[-1].headers["Authorization"] == "Bearer token-2"


def test_a_second_401_is_an_authentication_error() -> None:
    service = FakeService(httpx.Response(401))

    with pytest.raises(AuthenticationError) as caught:
        service.client().put_record("contact", RECORD)

    assert (caught.value.status, caught.value.may_have_been_written, len(service.records)) == (401, False, 2)


def test_many_threads_fetch_one_token() -> None:
    service = FakeService()
    client = service.client()
    threads = [threading.Thread(target=client.put_record, args=("contact", RECORD)) for _ in range(100)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (service.issued, len(service.records)) == (1, 100)


@pytest.mark.parametrize(
    ("token", "kind", "status"),
    [
        (httpx.Response(400, json={"error": "invalid_client"}), AuthenticationError, 400),
        (httpx.Response(401, text=""), AuthenticationError, 401),
        (httpx.Response(200, text="<html>"), AuthenticationError, 200),
        (httpx.Response(200, json=[]), AuthenticationError, 200),
        (httpx.Response(200, json={"access_token": ""}), AuthenticationError, 200),
        (httpx.Response(200, json={"access_token": "token\n"}), AuthenticationError, 200),
        (httpx.Response(201, json={"access_token": "token"}), AuthenticationError, 201),
        (httpx.Response(302, headers={"Location": "/"}), AuthenticationError, 302),
        (httpx.Response(429, json={"message": "slow"}, headers={"Retry-After": "7"}), RateLimitedError, 429),
        (httpx.Response(502, text="<html>"), ServerError, 502),
        (httpx.ReadTimeout("late"), TransportError, None),
        (httpx.DecodingError("not gzip"), TransportError, None),
    ],
)
def test_without_a_token_nothing_is_written_and_the_next_call_asks_again(
    token: Answer, kind: type[CustomerGaugeError], status: int | None
) -> None:
    service = FakeService(tokens=(token,))
    client = service.client()

    with pytest.raises(kind) as caught:
        client.put_record("contact", RECORD)
    client.put_record("contact", RECORD)

    assert (caught.value.status, caught.value.may_have_been_written) == (status, False)
    assert "Nothing was written; " in str(caught.value)
    assert len(service.records) == 1


def test_the_cause_of_a_missing_answer_is_kept() -> None:
    late = httpx.ReadTimeout("late")

    with pytest.raises(AmbiguousWriteError) as caught:
        FakeService(late).client().put_record("contact", RECORD)

    assert caught.value.__cause__ is late


def test_a_renewal_that_fails_writes_nothing() -> None:
    service = FakeService(httpx.Response(401))
    client = service.client()
    with pytest.raises(AuthenticationError):
        client.put_record("contact", RECORD)
    service.tokens = [httpx.ReadTimeout("late")]

    with pytest.raises(TransportError) as caught:
        client.put_record("contact", RECORD)

    assert caught.value.may_have_been_written is False


def test_an_odd_oauth_code_is_not_repeated() -> None:
    service = FakeService(tokens=(httpx.Response(400, json={"error": "the-secret is wrong"}),))

    with pytest.raises(AuthenticationError) as caught:
        service.client().put_record("contact", RECORD)

    assert (caught.value.error, "the-secret" in str(caught.value)) == (None, False)


def test_the_oauth_code_is_told() -> None:
    service = FakeService(tokens=(httpx.Response(400, json={"error": "invalid_client"}),))

    with pytest.raises(AuthenticationError, match="invalid_client") as caught:
        service.client().put_record("contact", RECORD)

    assert caught.value.error == "invalid_client"


@pytest.mark.parametrize(
    ("answer", "kind", "written"),
    [
        (httpx.Response(422, json={"message": "x"}), ValidationError, False),
        (httpx.Response(422, text="<html>"), ValidationError, False),
        (httpx.Response(429), RateLimitedError, False),
        (httpx.Response(302, headers={"Location": "/"}), UnexpectedResponseError, False),
        (httpx.Response(404), UnexpectedResponseError, False),
        (httpx.Response(405), UnexpectedResponseError, False),
        (httpx.Response(413), UnexpectedResponseError, False),
        (httpx.Response(200, text="<html>"), AmbiguousWriteError, True),
        (httpx.Response(200, json={}), AmbiguousWriteError, True),
        (httpx.Response(201), AmbiguousWriteError, True),
        (httpx.Response(204), AmbiguousWriteError, True),
        (httpx.Response(500), AmbiguousWriteError, True),
        (httpx.Response(502), AmbiguousWriteError, True),
        (httpx.Response(503), AmbiguousWriteError, True),
        (httpx.Response(503, headers={"Retry-After": "1"}), ServerError, False),
        (httpx.Response(504), AmbiguousWriteError, True),
        (httpx.ConnectError("no"), TransportError, False),
        (httpx.ConnectTimeout("no"), TransportError, False),
        (httpx.ReadTimeout("late"), AmbiguousWriteError, True),
        (httpx.ProxyError("no"), TransportError, False),
        (httpx.RemoteProtocolError("reset"), AmbiguousWriteError, True),
        (httpx.DecodingError("not gzip"), AmbiguousWriteError, True),
    ],
)
def test_each_failure_says_whether_the_write_may_have_happened(
    answer: Answer, *, kind: type[CustomerGaugeError], written: bool
) -> None:
    with pytest.raises(kind) as caught:
        FakeService(answer).client().put_record("contact", RECORD)

    assert caught.value.may_have_been_written is written
    assert ("The record may have been written" in str(caught.value)) is written
    assert ("Nothing was written; " in str(caught.value)) is not written


def test_a_refusal_lists_its_errors_by_path() -> None:
    errors = {"record.Email": ["must be valid"], "record.Phone": "odd"}
    answer = httpx.Response(422, json={"message": "The given data was invalid.", "errors": errors})

    with pytest.raises(ValidationError, match=r"422: must be valid odd\. Nothing was written") as caught:
        FakeService(answer).client().put_record("contact", RECORD)

    assert caught.value.errors == {"record.Email": ("must be valid",), "record.Phone": ("odd",)}
    assert caught.value.message == "The given data was invalid."


@pytest.mark.parametrize(
    ("content", "reason", "message"),
    [
        (
            b'{"message": "The record field is required."}',
            "The record field is required",
            "The record field is required.",
        ),
        (b'{"message": ["x"], "errors": ["y"]}', "it does not say why", ""),
        (b'{"message": "Wrong.", "errors": {}}', "Wrong", "Wrong."),
        (b"", "it does not say why", ""),
        (b"[" * 100_000, "it does not say why", ""),
    ],
)
def test_a_refusal_of_another_shape_is_told_as_far_as_it_goes(
    content: bytes, reason: str, message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        FakeService(httpx.Response(422, content=content)).client().put_record("contact", RECORD)

    assert f"refused the record with 422: {reason}. Nothing" in str(caught.value)
    assert (caught.value.errors, caught.value.message) == ({}, message)


def test_texts_of_the_service_are_cut_and_stripped_of_what_a_terminal_obeys() -> None:
    answer = httpx.Response(422, json={"errors": {"A": ["\x1b[2J\nwrong", "x" * 5000]}})

    with pytest.raises(ValidationError) as caught:
        FakeService(answer).client().put_record("contact", RECORD)

    assert caught.value.errors == {"A": ("[2J wrong", "x" * 199 + "…")}
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 350


def test_a_record_that_is_too_large_has_its_own_advice() -> None:
    with pytest.raises(UnexpectedResponseError, match="send a smaller record"):
        FakeService(httpx.Response(413)).client().put_record("contact", RECORD)


NOON = {"Date": "Tue, 24 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Tue, 24 Nov 2026 12:00:30 GMT", **NOON}, 30.0),
        ({"Retry-After": "Tue, 24 Nov 2026 12:00:30", **NOON}, 30.0),
        ({"Retry-After": "Tue, 24 Nov 2026 11:00:00 GMT", **NOON}, 0.0),
        ({"Retry-After": "Tue, 24 Nov 2026 11:00:00 GMT"}, None),
        ({"Retry-After": "soon", **NOON}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "Tue, 24 Nov 99999999999999999999 12:00:30 GMT", **NOON}, None),
        ({}, None),
    ],
)
def test_the_time_to_wait_is_read_as_seconds_or_date(headers: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(RateLimitedError) as caught:
        FakeService(httpx.Response(429, headers=headers)).client().put_record("contact", RECORD)

    assert caught.value.retry_after == seconds


def test_secrets_and_personal_values_are_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service = FakeService(
        *(
            httpx.Response(status, text="the-secret token-1 joe.doe")
            for status in (200, 400, 401, 401, 422, 500)
        ),
        httpx.ReadTimeout("late"),
    )
    client = service.client()
    tokens = client._tokens  # noqa: SLF001  (that is what a debugger shows)
    shown = [repr(client), repr(tokens)]

    for _ in range(6):
        with pytest.raises(CustomerGaugeError) as caught:
            client.put_record("contact", RECORD)
        shown += [repr(caught.value), *traceback.format_exception(caught.value)]
        shown.append(repr(vars(tokens)["_token"]))
    shown += [record.getMessage() for record in caplog.records]

    for secret in ("the-secret", "token-1", "token-2", "joe.doe"):
        assert secret not in "".join(shown)


def test_each_request_is_one_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="cgclient")

    FakeService().client().put_record("contact", RECORD)

    token, put = (record.getMessage() for record in caplog.records if record.name == "cgclient")
    assert re.fullmatch(r"POST auth\.eu\.customergauge\.com /oauth2/token 200 \d+ ms", token)
    assert re.fullmatch(r"PUT imports\.api\.eu\.customergauge\.com /records/ 200 \d+ ms", put)


def test_every_request_has_a_timeout_and_says_who_asks() -> None:
    service = FakeService()

    service.client().put_record("contact", RECORD)

    for request in service.requests:
        assert request.extensions["timeout"] == {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}
        assert request.headers["User-Agent"] == f"cgclient/{version('cgmock')}"
        assert request.headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    ("region", "hint"), [(".eu", "did you mean eu?"), ("EU ", "did you mean eu?"), ("mars", "not 'mars'.")]
)
def test_an_unknown_region_is_one_clear_sentence(region: str, hint: str) -> None:
    with pytest.raises(ConfigurationError, match="must be eu, us or au") as caught:
        Client("the-id", "the-secret", region)

    assert hint in str(caught.value)


@pytest.mark.parametrize("secret", ["", "the-secret\n", "the-secret\udcff"])
def test_credentials_that_cannot_be_right_are_refused(secret: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Client("the-id", secret)

    assert "the-secret" not in repr(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8787",
        "ftp://host",
        "http:///path",
        "http://[::1",
        "http://u:the-secret@host",
        "http://host/?a",
    ],
)
def test_a_url_that_is_no_base_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ConfigurationError, match="imports_url must read like") as caught:
        Client("the-id", "the-secret", imports_url=url)

    assert url not in str(caught.value)


@pytest.mark.parametrize("slash", ["", "/"])
def test_other_hosts_are_given_with_or_without_a_slash(slash: str) -> None:
    service = FakeService()
    client = Client(
        "the-id",
        "the-secret",
        auth_url=f"http://fake:1/a{slash}",
        imports_url=f"http://fake:2/b{slash}",
        transport=httpx.MockTransport(service),
    )

    client.put_record("contact", RECORD)

    assert [str(request.url) for request in service.requests] == [
        "http://fake:1/a/oauth2/token",
        "http://fake:2/b/records/",
    ]


def test_a_client_is_made_from_the_environment_and_closed_by_its_context() -> None:
    environ = {
        "CG_CLIENT_ID": "the-id",
        "CG_CLIENT_SECRET": "the-secret",
        "CG_REGION": "",
        "CG_AUTH_URL": "",
        "CG_IMPORTS_URL": "http://127.0.0.1:1/",
    }

    with Client.from_env(environ) as client:
        assert repr(client) == "Client('http://127.0.0.1:1/records/')"

    with pytest.raises(RuntimeError, match="has been closed"):
        client.put_record("contact", RECORD)


def test_missing_variables_are_all_named() -> None:
    with pytest.raises(ConfigurationError, match="CG_CLIENT_ID and CG_CLIENT_SECRET"):
        Client.from_env({"CG_CLIENT_ID": " "})


def test_the_public_names_are_frozen() -> None:
    assert cgclient.__all__ == sorted(cgclient.__all__)
    assert set(cgclient.__all__) == {name for name in dir(cgclient) if name[0].isupper()}
