"""The OAuth2 client credentials flow, as an authentication scheme of httpx."""

import re
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import httpx

from cgclient.answers import json_object, retry_after
from cgclient.errors import AuthenticationError, CustomerGaugeError, RateLimitedError, ServerError

LEEWAY = 60.0
"""Seconds before its end at which a token is renewed; half its life when that is shorter."""

DEFAULT_LIFETIME = 3600.0
"""Seconds that a token lives when the token service does not say, or says nonsense."""

MAX_LIFETIME = 86400.0
"""Seconds after which a token is renewed in any case: the longest life that Cognito gives one."""

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # b64token of RFC 6750, section 2.1
_CODE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and when to renew it on the monotonic clock."""

    value: str = field(repr=False)
    renew_at: float


class ClientCredentials(httpx.Auth):
    """Fetches the first token, keeps it until shortly before it expires, and renews it once after a 401.

    Many threads may share it: while one of them fetches a token, the others wait for that token. A fetch that fails
    is its thread's own failure; the next thread tries again.
    """

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
        token = yield from self._current(request, refused=None)
        request.headers["Authorization"] = f"Bearer {token.value}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = yield from self._current(request, refused=token)
            request.headers["Authorization"] = f"Bearer {token.value}"
            yield request

    def _current(
        self, request: httpx.Request, *, refused: Token | None
    ) -> Generator[httpx.Request, httpx.Response, Token]:
        """The token to use: the one at hand, unless it is old or was just refused.

        The lock is held while the token request is under way. httpx closes a flow whose request failed, which leaves
        the block and frees the lock.
        """
        with self._fetching:
            token = self._token
            if token is None or token is refused or self._clock() >= token.renew_at:
                self._token = None
                response = yield self._token_request(request)
                response.read()
                token = self._token = self._read(response)
            return token

    def _token_request(self, request: httpx.Request) -> httpx.Request:
        """The request for a token; headers and timeouts are those of the outer request, as httpx sets them on no other."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        headers = {"Accept": "application/json", "User-Agent": request.headers.get("User-Agent", "cgclient")}
        extensions = dict(request.extensions)
        return httpx.Request("POST", self._token_url, data=fields, headers=headers, extensions=extensions)

    def _read(self, response: httpx.Response) -> Token:
        said = json_object(response)
        value = said.get("access_token")
        if (
            response.status_code != httpx.codes.OK
            or not isinstance(value, str)
            or not _TOKEN.fullmatch(value)
        ):
            raise _failure(response, said.get("error"))
        lifetime = _lifetime(said.get("expires_in"))
        return Token(value, self._clock() + max(lifetime - LEEWAY, lifetime / 2))


def _lifetime(expires_in: object) -> float:
    if isinstance(expires_in, int | float) and not isinstance(expires_in, bool) and expires_in > 0:
        return min(expires_in, MAX_LIFETIME)
    return DEFAULT_LIFETIME


def _failure(response: httpx.Response, code: object) -> CustomerGaugeError:
    """Why there is no token; the record was not sent in any case."""
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        message = "The token service answered 429: too many token requests. Nothing was written; send the record later."
        return RateLimitedError(message, retry_after=retry_after(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        message = f"The token service failed with {status}. Nothing was written; send the record later."
        return ServerError(message, status=status)
    error = code if isinstance(code, str) and _CODE.fullmatch(code) else None
    what = (
        f"refused the credentials with {status} ({error})" if error else f"answered {status} without a token"
    )
    message = f"The token service {what}. Nothing was written; check client id, secret, region and URL."
    return AuthenticationError(message, status=status, error=error)
