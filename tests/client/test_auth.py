"""The flow by hand, as httpx drives it: no connection, no thread but the test's own."""

import threading
from collections.abc import Callable, Generator

import httpx
import pytest

from cgclient import AuthenticationError
from cgclient.auth import ClientCredentials

Flow = Generator[httpx.Request, httpx.Response, None]

TOKEN = {"access_token": "token", "expires_in": 3600, "token_type": "Bearer"}


def flow_of(auth: ClientCredentials) -> Flow:
    """The flow of one request."""
    return auth.sync_auth_flow(httpx.Request("PUT", "https://imports.test/records/"))


@pytest.fixture
def auth() -> ClientCredentials:
    """A scheme without a token yet."""
    return ClientCredentials("https://auth.test/oauth2/token", "the-id", "the-secret", lambda: 0.0)


def test_a_flow_asks_for_a_token_then_sends_the_request(auth: ClientCredentials) -> None:
    flow = flow_of(auth)

    asked = next(flow)
    sent = flow.send(httpx.Response(200, json=TOKEN))

    assert (asked.method, str(asked.url)) == ("POST", "https://auth.test/oauth2/token")
    assert (sent.method, sent.headers["Authorization"]) == ("PUT", "Bearer token")
    with pytest.raises(StopIteration):
        flow.send(httpx.Response(200))


def test_a_second_401_is_handed_on(auth: ClientCredentials) -> None:
    flow = flow_of(auth)
    next(flow)
    flow.send(httpx.Response(200, json=TOKEN))

    asked = flow.send(httpx.Response(401))
    flow.send(httpx.Response(200, json={**TOKEN, "access_token": "another"}))

    assert asked.method == "POST"
    with pytest.raises(StopIteration):
        flow.send(httpx.Response(401))


def test_two_flows_refused_with_one_token_renew_it_once(auth: ClientCredentials) -> None:
    first, second = flow_of(auth), flow_of(auth)
    next(first)
    first.send(httpx.Response(200, json=TOKEN))
    next(second)
    first.send(httpx.Response(401))
    first.send(httpx.Response(200, json={**TOKEN, "access_token": "another"}))

    replayed = second.send(httpx.Response(401))

    assert (replayed.method, replayed.headers["Authorization"]) == ("PUT", "Bearer another")


def abandon(flow: Flow) -> None:
    """Close the flow half-way, as httpx does when its token request fails."""
    flow.close()


def refuse(flow: Flow) -> None:
    """Answer its token request with no token."""
    with pytest.raises(AuthenticationError):
        flow.send(httpx.Response(400, json={"error": "invalid_client"}))


@pytest.mark.parametrize("end", [abandon, refuse])
def test_a_flow_that_ends_without_a_token_lets_the_next_one_ask(
    auth: ClientCredentials, end: Callable[[Flow], None]
) -> None:
    flow = flow_of(auth)
    next(flow)
    asked: list[httpx.Request] = []
    waiting = threading.Thread(target=lambda: asked.append(next(flow_of(auth))), daemon=True)
    waiting.start()

    end(flow)
    waiting.join(5)

    assert [request.method for request in asked] == ["POST"]
