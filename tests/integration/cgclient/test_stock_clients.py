"""Stock OAuth2 clients, used as their own documents say, get a token from the fake and send a record with it."""

import warnings
from collections.abc import Callable, Iterator, Mapping

import jwt
import pytest
from oauthlib.oauth2 import BackendApplicationClient, InvalidClientError
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import LiveServer, live_server
from cgmock.stores.base import Collection

with warnings.catch_warnings(record=True):  # Authlib speaks for httpx2 at every import, past all filters
    from authlib.integrations.httpx_client import OAuth2Client

CLIENT_ID, SECRET = "demo-client", "demo-secret"
RECORD: Mapping[str, str | Mapping[str, str]] = {
    "configuration": "contact",
    "record": {"Email": "joe@example.com"},
}


@pytest.fixture
def served() -> Iterator[LiveServer]:
    """A fake of the test's own."""
    with live_server(MockAPI(seeds.demo())) as server:
        yield server


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let oauthlib do without TLS, which a fake on 127.0.0.1 does not have."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


def authlib_basic(url: str) -> int:
    """The status of a record that Authlib sends, its secret in a Basic header."""
    return authlib(url, "client_secret_basic")


def authlib_post(url: str) -> int:
    """The status of a record that Authlib sends, its secret in the body."""
    return authlib(url, "client_secret_post")


def authlib(url: str, method: str) -> int:
    """The status of a record that Authlib sends."""
    with OAuth2Client(CLIENT_ID, SECRET, token_endpoint_auth_method=method) as client:
        client.fetch_token(f"{url}/oauth2/token", grant_type="client_credentials")
        status: int = client.put(f"{url}/records/", json=RECORD).status_code
        return status


def requests_basic(url: str) -> int:
    """The status of a record that requests-oauthlib sends, its secret in a Basic header."""
    with OAuth2Session(client=BackendApplicationClient(CLIENT_ID)) as session:
        session.fetch_token(f"{url}/oauth2/token", auth=HTTPBasicAuth(CLIENT_ID, SECRET))
        return session.put(f"{url}/records/", json=RECORD).status_code


def requests_post(url: str) -> int:
    """The status of a record that requests-oauthlib sends, its secret in the body."""
    with OAuth2Session(client=BackendApplicationClient(CLIENT_ID)) as session:
        session.fetch_token(f"{url}/oauth2/token", client_secret=SECRET, include_client_id=True)
        return session.put(f"{url}/records/", json=RECORD).status_code


@pytest.mark.parametrize("send", [authlib_basic, authlib_post, requests_basic, requests_post])
def test_a_stock_client_gets_a_token_and_sends_a_record(
    served: LiveServer, send: Callable[[str], int]
) -> None:
    status = send(served.url)

    (contact,) = served.mock.store.page("demo", Collection.CONTACTS, limit=10, after=0).rows
    assert (status, contact["email"]) == (200, "joe@example.com")


@pytest.mark.parametrize(
    ("send", "in_header"),
    [(authlib_basic, True), (authlib_post, False), (requests_basic, True), (requests_post, False)],
)
def test_a_stock_client_authenticates_by_the_method_it_is_told(
    served: LiveServer, send: Callable[[str], int], *, in_header: bool
) -> None:
    send(served.url)

    token, _ = served.mock.store.hosted("demo").journal.after(0)
    assert ("authorization" in token.request.headers) is in_header
    assert (b"client_secret=" in token.request.body) is not in_header


def test_a_stock_client_reads_the_refusal(served: LiveServer) -> None:
    session = OAuth2Session(client=BackendApplicationClient(CLIENT_ID))

    with session, pytest.raises(InvalidClientError):
        session.fetch_token(f"{served.url}/oauth2/token", auth=HTTPBasicAuth(CLIENT_ID, "wrong"))


def test_a_token_is_verified_by_another_library_with_the_published_keys(served: LiveServer) -> None:
    with OAuth2Session(client=BackendApplicationClient(CLIENT_ID)) as session:
        token = session.fetch_token(f"{served.url}/oauth2/token", auth=HTTPBasicAuth(CLIENT_ID, SECRET))
    key = jwt.PyJWKClient(f"{served.url}/.well-known/jwks.json").get_signing_key_from_jwt(
        token["access_token"]
    )

    claims = jwt.decode(
        token["access_token"],
        key,
        algorithms=["RS256"],
        issuer="https://cognito-idp.eu-west-1.amazonaws.com/cgmock_demo",
        options={"require": ["sub", "auth_time", "iss", "exp", "iat", "jti"]},
    )

    assert claims["exp"] - claims["iat"] == token["expires_in"] == 3600
    assert claims["sub"] == claims["client_id"] == CLIENT_ID
    assert (claims["token_use"], claims["scope"], claims["version"]) == ("access", "imports/write", 2)
    assert "aud" not in claims
    assert "username" not in claims
