"""The OAuth2 client credentials flow, as an authentication scheme of httpx."""

import threading
import time
from collections.abc import Callable, Generator
from typing import NamedTuple

import httpx

from cgclient.answers import json_object, retry_after
from cgclient.errors import AuthenticationError, CustomerGaugeError, RateLimitedError, ServerError

LEEWAY = 60.0
"""Seconds before its end at which a token is renewed; half its life when that is shorter."""

DEFAULT_LIFETIME = 3600.0
"""Seconds that a token lives when the token service does not say."""


class Token(NamedTuple):
    """An access token, and when to renew it on the monotonic clock."""

    value: str
    renew_at: float


class ClientCredentials(httpx.Auth):
    """Fetches the first token, keeps it until shortly before it expires, and renews it once after a 401.

    Many threads may share it: while one of them fetches a token, the others wait for that token.
    """

    requires_response_body = True

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._token: Token | None = None
        self._fetching = threading.Lock()

    def __repr__(self) -> str:
        return f"ClientCredentials({self._token_url!r})"

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with a token, and once more with a new one when it is refused."""
        token = yield from self._current(refused=None)
        request.headers["Authorization"] = f"Bearer {token.value}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            response.read()
            token = yield from self._current(refused=token)
            request.headers["Authorization"] = f"Bearer {token.value}"
            yield request

    def _current(self, refused: Token | None) -> Generator[httpx.Request, httpx.Response, Token]:
        """The token to use: the one at hand, unless it is old or was just refused."""
        with self._fetching:
            token = self._token
            if token is None or token is refused or self._clock() >= token.renew_at:
                self._token = None
                response = yield self._token_request()
                response.read()
                token = self._token = self._read(response)
            return token

    def _token_request(self) -> httpx.Request:
        fields = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        return httpx.Request("POST", self._token_url, data=fields, headers={"Accept": "application/json"})

    def _read(self, response: httpx.Response) -> Token:
        said = json_object(response)
        value = said.get("access_token")
        if response.status_code != httpx.codes.OK or not isinstance(value, str) or not value:
            raise _failure(response.status_code, said.get("error"), response)
        lifetime = said.get("expires_in")
        if not isinstance(lifetime, int | float) or isinstance(lifetime, bool) or not lifetime > 0:
            lifetime = DEFAULT_LIFETIME
        return Token(value, self._clock() + max(lifetime - LEEWAY, lifetime / 2))


def _failure(status: int, code: object, response: httpx.Response) -> CustomerGaugeError:
    """Why there is no token; the record was not sent in any case."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        message = (
            "The token service answered 429: too many token requests. Nothing was written; send it later."
        )
        return RateLimitedError(message, retry_after=retry_after(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        message = f"The token service failed with {status}. Nothing was written; send it again later."
        return ServerError(message, status=status)
    error = code if isinstance(code, str) else None
    reason = error or "an answer without a token"
    message = f"The token service refused the credentials with {status}: {reason[:80]}. Check the client id, secret and region."
    return AuthenticationError(message, status=status, error=error)
