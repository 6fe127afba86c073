import json
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from cgmock.core.catalog import DataType
from cgmock.core.messages import Request
from cgmock.core.routing import decide
from cgmock.core.tenant import Configuration, ConnectedApp
from cgmock.mock_api import MockAPI
from cgmock.strategies import Payload, TokenRequest, configurations, payloads, token_requests
from cgmock.strategies.payloads import Encoder, Encoding, encoders
from tests.acme import ACME, APP, CONFIGURATIONS, NOW, put, view
from tests.levels import by_level
from tests.unit.strategies.checking import check, simplest

ENCODINGS: tuple[Encoding, ...] = ("json", "form")


@by_level("examples", unit=20, thorough=1000)
def test_a_record_has_the_same_outcome_in_every_encoding(examples: int) -> None:
    sent = configurations().flatmap(
        lambda each: st.tuples(st.just(each), payloads(each, encoding="form"), encoders("json"))
    )

    check(sent, lambda each: expect_same_outcome(*each), examples)


def expect_same_outcome(configuration: Configuration, payload: Payload, encoder: Encoder) -> None:
    """A form and a JSON document with the same record have the same outcome."""
    other = encoder(configuration.reference, payload.record)
    tenant = replace(ACME, configurations={configuration.reference: configuration})
    outcomes = [decide(view(tenant), put(*each[:2]), NOW) for each in (payload, other)]

    fates = [
        [(notice.heading, notice.fate) for notice in outcome.notices if notice.heading]
        for outcome in outcomes
    ]
    assert outcomes[0].response == outcomes[1].response
    assert outcomes[0].changes == outcomes[1].changes
    assert fates[0] == fates[1] == [(heading, "stored") for heading in payload.record]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("data_type", DataType)
def test_a_payload_is_stored(data_type: DataType, encoding: Encoding) -> None:
    configuration = CONFIGURATIONS[data_type]

    def expect_stored(payload: Payload) -> None:
        outcome = decide(view(), put(payload.body, payload.content_type), NOW)
        assert outcome.response.status == 200
        assert [notice.heading for notice in outcome.notices if notice.heading] == list(payload.record)

    check(payloads(configuration, encoding=encoding, touchpoints=ACME.touchpoints), expect_stored, 30)


def test_a_form_has_only_headings_that_a_form_can_carry() -> None:
    configuration = _with_headings(
        {"Email": "email", "a]b": "first_name", "\0c": "last_name", "[d": "country"}
    )
    sent: set[str] = set()

    check(payloads(configuration, encoding="form"), lambda payload: sent.update(payload.record), 50)
    assert sent == {"Email", "[d"}

    check(payloads(configuration), lambda payload: sent.update(payload.record), 50)
    assert sent == set(configuration.headings)


def test_a_form_without_the_required_heading_is_an_invalid_argument() -> None:
    with pytest.raises(InvalidArgument, match="it has no heading that a form can carry for email or phone"):
        payloads(_with_headings({"a]b": "email"}), encoding="form")


@pytest.mark.parametrize("reference", ["", " contact"])
def test_a_reference_that_nobody_can_name_is_an_invalid_argument(reference: str) -> None:
    with pytest.raises(InvalidArgument, match="No request can name the reference"):
        payloads(replace(CONFIGURATIONS["contact"], reference=reference))


def test_an_unknown_encoding_is_an_invalid_argument() -> None:
    with pytest.raises(InvalidArgument, match="encoding='xml' must be 'json' or 'form'"):
        payloads(CONFIGURATIONS["contact"], encoding="xml")  # type: ignore[arg-type]


def test_a_payload_shrinks_to_the_simplest_way_to_say_it() -> None:
    as_json = simplest(payloads(CONFIGURATIONS["contact"]), lambda _: True)
    as_form = simplest(payloads(CONFIGURATIONS["contact"], encoding="form"), lambda _: True)

    assert as_json.body == b'{"configuration": "contact", "record": {"Email": "0@example.com"}}'
    assert as_form.body == b"configuration=contact&record[Email]=0%40example.com"


MOCK = MockAPI([ACME], clock=lambda: NOW)


@by_level("examples", unit=100, thorough=2000)
def test_a_token_request_is_answered_as_it_says(examples: int) -> None:
    check(token_requests(APP), expect_answer, examples)


def expect_answer(asked: TokenRequest) -> None:
    """The mock grants a token, or returns the error that the request announces."""
    answer = MOCK.handle(
        Request("POST", "/oauth2/token", asked.query, asked.headers, asked.body, len(asked.body))
    )

    content = json.loads(answer.body)
    if asked.error is None:
        assert (answer.status, content["token_type"], content["expires_in"]) == (200, "Bearer", 3600)
    else:
        assert (answer.status, content) == (400, {"error": asked.error})


@pytest.mark.parametrize(
    "error",
    [
        None,
        "invalid_client",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    ],
)
def test_a_token_request_can_have_any_outcome(error: str | None) -> None:
    asked = simplest(token_requests(APP), lambda asked: asked.error == error)

    assert asked.error == error


@pytest.mark.parametrize("place", ["authorization", "query", "body"])
def test_credentials_stand_in_any_place(place: str) -> None:
    def stands_there(asked: TokenRequest) -> bool:
        return {"authorization": "authorization" in asked.headers, "query": bool(asked.query)}.get(
            place, True
        )

    assert simplest(token_requests(APP), stands_there).error is None


def test_a_client_id_with_a_colon_stands_in_no_header() -> None:
    app = ConnectedApp(client_id="a:b", client_secret="c")

    def expect_no_header(asked: TokenRequest) -> None:
        assert "authorization" not in asked.headers

    check(token_requests(app), expect_no_header, 50)


def test_an_app_without_scopes_is_an_invalid_argument() -> None:
    app = ConnectedApp(client_id="a", client_secret="b", scopes=())

    with pytest.raises(InvalidArgument, match="'a' has no scope"):
        token_requests(app)


def _with_headings(headings: dict[str, str]) -> Configuration:
    return replace(CONFIGURATIONS["contact"], headings=headings)
