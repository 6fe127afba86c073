import json
from dataclasses import replace

import pytest

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request
from cgmock.core.outcome import Claims, Fate, Notice
from cgmock.core.routing import credential, decide
from cgmock.core.tenant import Region, TokenContentType, TokenErrors
from tests.acme import ACME, APP, FORM, NOW, basic, claims, put_json, tenant, view

GRANT = "grant_type=client_credentials"
GOOD = f"{GRANT}&client_id=acme-crm&client_secret=acme-secret"


def ask(body: str, query: str = "", host: str = "localhost", **headers: str) -> Request:
    """A token request."""
    sent = {"content-type": FORM, "host": host, **headers}
    return Request("POST", "/oauth2/token", query, sent, body.encode(), len(body), "request-1")


def test_good_credentials_get_a_token_as_cognito_answers() -> None:
    outcome = decide(view(), ask(GOOD), NOW)

    assert outcome.response.status == 200
    assert json.loads(outcome.response.body) == {
        "access_token": "signed",
        "expires_in": 3600,
        "token_type": "Bearer",
    }


def test_the_token_says_what_cognito_s_tokens_say() -> None:
    said: list[Claims] = []

    def sign(claims: Claims) -> str:
        said.append(claims)
        return "signed"

    decide(view()._replace(sign=sign), ask(GOOD), NOW)

    assert said == [
        {
            "sub": "acme-crm",
            "token_use": "access",
            "scope": "imports/write",
            "auth_time": int(NOW),
            "iss": "https://cognito-idp.eu-west-1.amazonaws.com/cgmock_acme",
            "exp": int(NOW) + 3600,
            "iat": int(NOW),
            "version": 2,
            "jti": "request-1",
            "client_id": "acme-crm",
        }
    ]


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("", "imports/write responses/read"),
        ("&scope=responses/read", "responses/read"),
        ("&scope=responses/read+openid", "responses/read"),
        ("&scope=responses/read+imports/write", "imports/write responses/read"),
    ],
)
def test_the_scopes_are_those_of_the_app_that_are_asked_for(asked: str, granted: str) -> None:
    said: list[Claims] = []
    app = replace(APP, scopes=("imports/write", "responses/read"))

    def sign(claims: Claims) -> str:
        said.append(claims)
        return "signed"

    of = view(replace(ACME, connected_apps=(app,)))
    decide(of._replace(sign=sign), ask(GOOD + asked), NOW)

    assert [claims["scope"] for claims in said] == [granted]


def test_credentials_may_come_in_a_basic_header() -> None:
    request = ask(GRANT, authorization=basic("acme-crm", "acme-secret"))

    assert credential(request).client_id == "acme-crm"
    assert decide(view(), request, NOW).response.status == 200


def test_credentials_in_the_query_string_work_and_are_noted() -> None:
    outcome = decide(view(), ask("", GOOD), NOW)

    reason = "credentials in the query string end up in access logs: send them in the body"
    assert outcome.response.status == 200
    assert outcome.notices == (Notice(None, Fate.STORED, Behaviour.TOKEN_QUERY, reason=reason),)


@pytest.mark.parametrize("query", ["client_id=acme-crm", "client_secret=acme-secret"])
def test_each_credential_in_the_query_string_is_noted_even_when_it_is_of_no_use(query: str) -> None:
    outcome = decide(view(), ask("", query), NOW)

    assert [notice.behaviour for notice in outcome.notices] == [Behaviour.TOKEN_QUERY]
    assert outcome.behaviours == (Behaviour.TOKEN_REQUEST,)


def test_credentials_in_the_body_are_not_noted() -> None:
    assert decide(view(), ask(GOOD), NOW).notices == ()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "invalid_request"),
        ("client_id=acme-crm&client_secret=acme-secret", "invalid_request"),
        (GRANT, "invalid_request"),
        (f"{GRANT}&client_id=acme-crm", "invalid_client"),
        (f"{GRANT}&client_id=acme-crm&client_secret=wrong", "invalid_client"),
        (f"{GRANT}&client_id=nobody&client_secret=acme-secret", "invalid_client"),
        (f"{GOOD}&scope=openid", "invalid_scope"),
        ("grant_type=password&client_id=acme-crm&client_secret=acme-secret", "unsupported_grant_type"),
        ("grant_type=refresh_token&client_id=acme-crm&client_secret=acme-secret", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x&client_id=acme-crm", "unauthorized_client"),
        ("grant_type=authorization_code&client_id=acme-crm", "invalid_request"),
        ("grant_type=authorization_code&code=x&client_id=acme-crm", "unauthorized_client"),
    ],
)
def test_a_bad_token_request_is_a_400_with_its_code_alone(body: str, error: str) -> None:
    response = decide(view(), ask(body), NOW).response

    assert response.status == 400
    assert json.loads(response.body) == {"error": error}
    assert response.headers == (("Content-Type", "application/json;charset=UTF-8"),)


NOT_FORMS = [
    "",
    f'"{FORM}"',
    f"'{FORM}'",
    f"{FORM}X",
    f"x{FORM}",
    f"{FORM},x",
    "application/json",
    "text/plain",
    "/",
]
JSON_GRANT = '{"grant_type":"client_credentials","client_id" : "acme-crm","client_secret":"acme-secret"}'


@pytest.mark.parametrize("content_type", NOT_FORMS)
@pytest.mark.parametrize("body", [GOOD, JSON_GRANT, GRANT])
def test_a_body_without_the_content_type_of_a_form_is_a_405_as_seen_on_cognito(
    content_type: str, body: str
) -> None:
    outcome = decide(view(), ask(body, **{"content-type": content_type}), NOW)
    response = outcome.response

    assert (response.status, response.body) == (405, b"")
    assert outcome.behaviours == (Behaviour.TOKEN_CONTENT_TYPE,)
    assert response.headers == (
        ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
        ("Pragma", "no-cache"),
        ("Expires", "0"),
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-XSS-Protection", "1; mode=block"),
        ("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains"),
        ("x-amz-cognito-request-id", "24722165-aa8e-53f2-87cd-ae48ce6e2fdf"),
        ("Set-Cookie", "XSRF-TOKEN=752c58bc-cdc0-58b9-8065-6a05bcacf64f; Path=/; Secure; HttpOnly"),
    )


@pytest.mark.parametrize("content_type", NOT_FORMS)
@pytest.mark.parametrize("body", [GOOD, JSON_GRANT])
def test_a_policy_answers_such_a_body_with_invalid_request(content_type: str, body: str) -> None:
    lenient = tenant(token_content_type=TokenContentType.INVALID_REQUEST)
    request = ask(body, **{"content-type": content_type})

    response = decide(view(lenient), request, NOW).response

    assert credential(request).client_id == "acme-crm"
    assert (response.status, json.loads(response.body)) == (400, {"error": "invalid_request"})


def test_a_content_type_without_a_tenant_is_a_405() -> None:
    request = ask("{}", **{"content-type": "application/json"})

    assert decide(view(None), request, NOW).response.status == 405


@pytest.mark.parametrize("content_type", [*NOT_FORMS, FORM])
def test_parameters_in_the_query_need_no_body_and_no_content_type(content_type: str) -> None:
    outcome = decide(view(), ask("", GOOD, **{"content-type": content_type}), NOW)

    assert outcome.response.status == 200


def test_json_with_the_content_type_of_a_form_is_an_invalid_request() -> None:
    response = decide(view(), ask(JSON_GRANT), NOW).response

    assert (response.status, json.loads(response.body)) == (400, {"error": "invalid_request"})


def test_a_basic_header_that_cannot_be_read_names_nobody() -> None:
    request = ask(GRANT, authorization="Basic ???")

    assert json.loads(decide(view(), request, NOW).response.body) == {"error": "invalid_request"}


def test_a_wrong_secret_is_a_401_when_the_policy_follows_the_rfc() -> None:
    strict = tenant(token_errors=TokenErrors.RFC)

    response = decide(view(strict), ask(f"{GRANT}&client_id=acme-crm&client_secret=wrong"), NOW).response

    assert response.status == 401
    assert ("WWW-Authenticate", "Basic") in response.headers


def test_a_client_is_unknown_to_the_token_service_of_another_region() -> None:
    response = decide(view(), ask(GOOD, host="auth.us.customergauge.com"), NOW).response

    assert json.loads(response.body) == {"error": "invalid_client"}


def test_a_client_is_known_in_its_own_region() -> None:
    assert decide(view(), ask(GOOD, host="AUTH.EU.customergauge.com:443"), NOW).response.status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS", "HEAD"])
def test_any_other_method_is_a_405_without_a_body(method: str) -> None:
    response = decide(view(), ask(GOOD)._replace(method=method), NOW).response

    assert (response.status, response.headers, response.body) == (405, (("Allow", "POST"),), b"")


@pytest.mark.parametrize(("method", "body"), [("GET", b"{}"), ("HEAD", b"")])
def test_the_keys_are_published(method: str, body: bytes) -> None:
    response = decide(view(), Request(method, "/.well-known/jwks.json"), NOW).response

    assert (response.status, response.body) == (200, body)
    assert response.headers == (("Content-Type", "application/json"),)


def test_the_keys_are_only_read() -> None:
    response = decide(view(), Request("PUT", "/.well-known/jwks.json"), NOW).response

    assert (response.status, response.headers, response.body) == (405, (("Allow", "GET"),), b"")


@pytest.mark.parametrize("header", ["", "bearer signed", "signed", "Basic c2lnbmVk"])
def test_a_token_is_found_only_behind_bearer_in_this_case(header: str) -> None:
    request = put_json("contact", {})._replace(headers={"authorization": header})

    assert credential(request).token is None


@pytest.mark.parametrize("header", ["Bearer signed", "Basic x, Bearer signed, y", "Bearer x Bearer signed"])
def test_a_token_is_behind_the_last_bearer_and_before_a_comma(header: str) -> None:
    request = put_json("contact", {})._replace(headers={"authorization": header})

    assert credential(request).token == "signed"


def test_without_a_good_token_the_answer_is_401() -> None:
    response = decide(view()._replace(claims=None), put_json("contact", {"Email": "j@x.io"}), NOW).response

    assert response.status == 401
    assert response.body == b'{"message":"Unauthenticated."}'


def test_an_expired_token_looks_like_no_token() -> None:
    request = put_json("contact", {"Email": "j@x.io"})

    expired = decide(view(said=claims(expires=NOW)), request, NOW).response
    missing = decide(view()._replace(claims=None), request, NOW).response

    assert expired == missing


def test_a_token_is_refused_on_a_host_of_another_region() -> None:
    request = put_json("contact", {"Email": "j@x.io"})
    foreign = request._replace(headers={**request.headers, "host": "imports.api.us.customergauge.com"})

    assert ACME.region is Region.EU
    assert decide(view(), foreign, NOW).response.status == 401


def test_a_token_of_a_tenant_that_is_gone_is_no_token() -> None:
    response = decide(view(None), put_json("contact", {"Email": "j@x.io"}), NOW).response

    assert response.status == 401


def test_answers_are_compact_json() -> None:
    good = decide(view(), ask(GOOD), NOW).response.body
    bad = decide(view(), ask("grant_type=password"), NOW).response.body

    assert good == b'{"access_token":"signed","expires_in":3600,"token_type":"Bearer"}'
    assert bad.startswith(b'{"error":"')


def test_bytes_that_are_no_text_are_a_wrong_secret() -> None:
    body = f"{GRANT}&client_id=acme-crm&client_secret=".encode() + b"\xff\xfe"
    request = ask("")._replace(body=body, length=len(body))

    assert decide(view(), request, NOW).behaviours == (Behaviour.TOKEN_CLIENT,)


def test_the_content_type_of_a_form_is_known_in_any_case() -> None:
    request = ask(GOOD, **{"content-type": "APPLICATION/X-WWW-Form-Urlencoded; charset=UTF-8"})

    assert decide(view(), request, NOW).response.status == 200
