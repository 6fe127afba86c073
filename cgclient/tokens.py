"""The OAuth2 client credentials flow: one token, which many threads share."""

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from cgclient.answers import Answer
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


class Tokens:
    """Keeps a token until shortly before it expires, or until it is refused.

    While one thread fetches a token, the others wait for that token. A fetch that fails is its thread's own failure;
    the next thread tries again. A forked process keeps the token but has its own lock: the thread that held the other
    one when the process was forked does not exist there.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._token: Token | None = None
        self._fetching: dict[int, threading.Lock] = {}

    def current(self, fetch: Callable[[], Answer], *, refused: Token | None = None) -> Token:
        """The token to use: the one at hand, unless it is old or the one that was just refused.

        `fetch` asks the token service. Raises a CustomerGaugeError when it gives no token.
        """
        with self._fetching.setdefault(os.getpid(), threading.Lock()):
            token = self._token
            if token is None or token is refused or self._clock() >= token.renew_at:
                self._token = None
                token = self._token = self._read(fetch())
            return token

    def _read(self, answer: Answer) -> Token:
        said = answer.json_object
        value = said.get("access_token")
        if answer.status != HTTPStatus.OK or not isinstance(value, str) or not _TOKEN.fullmatch(value):
            raise _failure(answer, said.get("error"))
        lifetime = _lifetime(said.get("expires_in"))
        return Token(value, self._clock() + max(lifetime - LEEWAY, lifetime / 2))


def _lifetime(expires_in: object) -> float:
    if isinstance(expires_in, int | float) and not isinstance(expires_in, bool) and expires_in > 0:
        return min(expires_in, MAX_LIFETIME)
    return DEFAULT_LIFETIME


def _failure(answer: Answer, code: object) -> CustomerGaugeError:
    """Why there is no token; the record was not sent in any case."""
    status = answer.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        message = (
            "The token service answered 429: too many token requests. Nothing was written; try again later."
        )
        return RateLimitedError(message, status=status, retry_after=answer.retry_after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        message = f"The token service failed with {status}. Nothing was written; try again later."
        return ServerError(message, status=status, retry_after=answer.retry_after)
    error = code if isinstance(code, str) and _CODE.fullmatch(code) else None
    what = (
        f"refused the credentials with {status} ({error})" if error else f"answered {status} without a token"
    )
    message = f"The token service {what}. Nothing was written; check client id, secret, region and URL."
    return AuthenticationError(message, status=status, error=error)
