"""The token service, and whose token is good."""

import json
from base64 import urlsafe_b64decode
from urllib.parse import urlencode

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation, json_of, token_request
from cgmock.contract.session import FORM, JSON, json_object
from cgmock.contract.suite.answers import assert_token_error
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request
from cgmock.live.results import NotRunError
from cgmock.live.target import Service


@shows(Behaviour.TOKEN_ISSUED)
def test_client_credentials_are_exchanged_for_a_bearer_token(api: Conversation) -> None:
    response = api.ask_token(**_grant(api))

    assert response.status_code == 200
    assert isinstance(json_object(response)["access_token"], str)


@shows(Behaviour.TOKEN_SHAPE)
def test_a_token_is_a_json_web_token_that_says_how_long_it_lives(api: Conversation) -> None:
    response = api.ask_token(**_grant(api))

    content = json_object(response)
    header, _, signature = str(content["access_token"]).split(".")
    assert response.headers["content-type"].startswith(JSON)
    assert content.keys() == {"access_token", "expires_in", "token_type"}
    assert type(content["expires_in"]) is int
    assert content["expires_in"] == 3600
    assert content["token_type"] == "Bearer"  # noqa: S105  (a kind of token)
    assert json.loads(urlsafe_b64decode(f"{header}=="))["alg"] == "RS256"
    assert signature


@shows(Behaviour.KEYS_METHOD)
def test_the_keys_are_only_read(api: Conversation) -> None:
    response = api.send(Request("POST", "/.well-known/jwks.json", "", {"accept": JSON}), Service.AUTH)

    assert response.status_code == 405
    assert response.content == b""


@shows(Behaviour.TOKEN_METHOD)
def test_the_token_service_takes_no_get(api: Conversation) -> None:
    response = api.send(Request("GET", "/oauth2/token", "", {"accept": JSON}), Service.AUTH)

    assert response.status_code == 405
    assert response.content == b""


@shows(Behaviour.TOKEN_REQUEST)
def test_a_form_that_contains_json_or_lacks_a_parameter_is_an_invalid_request(
    api: Conversation,
) -> None:
    grant = _grant(api)
    incomplete = [
        {name: value for name, value in grant.items() if name != left_out}
        for left_out in ("grant_type", "client_id")
    ]
    as_json = json.dumps(grant).encode()

    responses = [
        *(api.ask_token(**fields) for fields in incomplete),
        api.ask_token(**grant | {"grant_type": "refresh_token"}),
        api.send(token_request(as_json), Service.AUTH),
    ]

    for response in responses:
        assert_token_error(response, "invalid_request")


@shows(Behaviour.TOKEN_CONTENT_TYPE)
def test_a_body_without_the_content_type_of_a_form_is_refused(api: Conversation) -> None:
    form = b"grant_type=client_credentials&client_id=cgmock&client_secret=cgmock"

    responses = [
        api.send(token_request(body, content_type), Service.AUTH)
        for body, content_type in (
            (form, f'"{FORM}"'),
            (form, "text/plain"),
            (json.dumps(_grant(api)).encode(), JSON),
        )
    ]

    for response in responses:
        if response.status_code == 400:
            assert_token_error(response, "invalid_request")
        else:
            assert response.status_code == 405
            assert response.content == b""
            assert "allow" not in response.headers


@shows(Behaviour.TOKEN_CLIENT)
def test_an_unknown_client_and_a_wrong_secret_are_an_invalid_client(api: Conversation) -> None:
    wrong_secret = api.ask_token(**_grant(api) | {"client_secret": "not-the-secret"})
    unknown_client = api.ask_token(**_grant(api) | {"client_id": f"cgmock-{api.mark()}"})

    assert_token_error(wrong_secret, "invalid_client", 400, 401)
    assert_token_error(unknown_client, "invalid_client", 400, 401)


@shows(Behaviour.TOKEN_GRANT)
def test_a_grant_type_that_nobody_has_is_unsupported(api: Conversation) -> None:
    response = api.ask_token(**_grant(api) | {"grant_type": "password"})

    assert_token_error(response, "unsupported_grant_type")


@shows(Behaviour.TOKEN_FLOW)
def test_a_grant_type_of_people_is_not_for_a_connected_app(api: Conversation) -> None:
    response = api.ask_token(**_grant(api) | {"grant_type": "refresh_token"}, refresh_token="unknown")  # noqa: S106

    assert_token_error(response, "unauthorized_client")


@shows(Behaviour.TOKEN_SCOPE)
def test_a_scope_that_the_app_does_not_have_is_passed_over_beside_one_it_has_and_alone_is_invalid(
    api: Conversation,
) -> None:
    known = next((app.scopes[0] for app in api.target.tenant.connected_apps if app.scopes), None)

    alone = api.ask_token(**_grant(api), scope="cgmock/unknown")
    beside = api.ask_token(**_grant(api), scope=f"cgmock/unknown {known}") if known else None

    assert_token_error(alone, "invalid_scope")
    assert beside is None or beside.status_code == 200


@shows(Behaviour.TOKEN_QUERY)
def test_credentials_in_the_query_string_work(api: Conversation) -> None:
    if not api.target.is_local:
        raise NotRunError("it would put the client secret into the logs of a live system")

    request = Request("POST", "/oauth2/token", urlencode(_grant(api)), {"accept": JSON})
    response = api.send(request, Service.AUTH)

    assert response.status_code == 200
    assert "access_token" in json_object(response)


@shows(Behaviour.TOKEN_KEYS)
def test_the_keys_that_sign_tokens_are_published(api: Conversation) -> None:
    response = api.send_quietly(Request("GET", "/.well-known/jwks.json", "", {"accept": JSON}), Service.AUTH)

    keys = json_object(response).get("keys")
    api.note("the status and whether there are keys", [response.status_code, bool(keys)])
    assert response.status_code == 200
    assert isinstance(keys, list)
    assert all(key["kty"] == "RSA" and key["kid"] for key in keys)


@shows(Behaviour.UNAUTHENTICATED)
def test_a_missing_or_useless_token_is_answered_with_401(api: Conversation) -> None:
    body = json_of(api.sample(api.means.importable()))
    useless = (
        None,
        "Bearer nonsense",
        "Bearer",
        f"bearer {api.session.token}",
        api.session.token,
        "Basic Og==",
    )

    responses = [api.send(api.message(body, authorization=each)) for each in useless]

    for response in responses:
        assert response.status_code == 401
        assert json_object(response) == {"message": "Unauthenticated."}


@shows(Behaviour.TOKEN_EXPIRED)
def test_an_expired_token_looks_like_any_other_useless_one(api: Conversation) -> None:
    expired = api.target.expired_token
    if expired is None:
        raise NotRunError("there is no token that has expired: put one of the client's into CG_EXPIRED_TOKEN")
    body = json_of(api.sample(api.means.importable()))

    response = api.send(api.message(body, authorization=f"Bearer {expired}"))

    assert response.status_code == 401
    assert json_object(response) == {"message": "Unauthenticated."}


@shows(Behaviour.TOKEN_REGION)
def test_a_token_of_one_region_is_refused_on_a_host_of_another(api: Conversation) -> None:
    response = api.send_abroad(api.message(json_of(api.sample(api.means.importable()))))

    assert response.status_code == 401
    assert json_object(response) == {"message": "Unauthenticated."}


def _grant(api: Conversation) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": api.target.client_id,
        "client_secret": api.target.client_secret,
    }
