"""What a fault is: when it is met, what becomes of the request, and what the client gets to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from enum import StrEnum
from math import log
from random import Random
from typing import Literal, NamedTuple

from cgmock.core.messages import Headers, Response
from cgmock.core.routing import Endpoint, EndpointName
from cgmock.core.spelling import member

MAX_DELAY = 60.0
"""Seconds that a fault may wait before it answers."""

MAX_TIMES = 1_000_000
"""Requests that one fault may wait for."""

MAX_SEED = 2**53 - 1
"""The highest integer that every reader of JSON has exactly."""

MAX_SECONDS = 31_536_000
"""Seconds of a year: the longest that a plan may last and a client be told to wait."""

_OF_THE_SERVER = frozenset({"content-length", "transfer-encoding", "connection"})


class FaultError(ValueError):
    """A fault that cannot be planned; its text is a sentence that says why."""


class Effect(StrEnum):
    """The effect of a fault on the client.

    Attributes:
        ANSWER: The response has the status, headers and body of the fault.
        LATE: The usual response is sent after the delay.
        RESET: The connection is reset (RST). There is no response.
        CLOSE: The connection is closed. There is no response.
        TRUNCATED: The response ends before its Content-Length.
        MALFORMED_CHUNK: The response is chunked, and the size of its first chunk is invalid.
        DRIBBLE: The response is sent in ten pieces, spread over the delay.
        TOKEN_EXPIRED: The token of the request expires. The response is 401.
        TOKEN_REVOKED: The token of the request is revoked. The response is 401.
    """

    ANSWER = "answer"
    LATE = "late"
    RESET = "reset"
    CLOSE = "close"
    TRUNCATED = "truncated"
    MALFORMED_CHUNK = "malformed_chunk"
    DRIBBLE = "dribble"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105  (a name)
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  (a name)


EffectName = Literal[
    "answer",
    "late",
    "reset",
    "close",
    "truncated",
    "malformed_chunk",
    "dribble",
    "token_expired",
    "token_revoked",
]
"""The name of an `Effect`."""

OF_THE_CONNECTION = frozenset(
    {Effect.RESET, Effect.CLOSE, Effect.TRUNCATED, Effect.MALFORMED_CHUNK, Effect.DRIBBLE}
)
"""What no status and no body can show: the door has to write on the connection itself."""

OF_THE_TOKEN = frozenset({Effect.TOKEN_EXPIRED, Effect.TOKEN_REVOKED})
"""What needs a request with a token."""

WITHOUT_ANSWER = frozenset({Effect.RESET, Effect.CLOSE})
"""What leaves nothing to write down but that there was no answer."""

_WITH_TOKEN = (Endpoint.RECORDS, Endpoint.RESPONSES)
_AS_USUAL = OF_THE_TOKEN | {Effect.LATE}


class Answer(NamedTuple):
    """The response to a request, and what an adapter does with it.

    The adapter waits for `delay` seconds, then sends the response or applies `effect`. The effect is None or one of
    OF_THE_CONNECTION. Status 0 means that no response is sent.
    """

    response: Response
    delay: float = 0.0
    effect: Effect | None = None


class BrokenConnectionError(ConnectionError):
    """A planned fault broke the connection: nothing more can be written."""

    def __init__(self, effect: Effect) -> None:
        super().__init__(effect)
        self.effect = effect

    def __str__(self) -> str:
        return f"A planned fault broke the connection: {self.effect}."


class Uniform(NamedTuple):
    """A random delay between two limits, each value equally likely.

    Args:
        low: Shortest delay in seconds.
        high: Longest delay in seconds.
    """

    low: float
    high: float

    def drawn(self, random: Random) -> float:
        """Draw the delay of one request, in seconds."""
        return random.uniform(self.low, self.high)


class LogNormal(NamedTuple):
    """A random delay with the distribution of network latency: mostly close to the median, rarely much longer.

    Args:
        median: Median of the delays in seconds.
        sigma: Standard deviation of the logarithm of the delay, from 0 to 5.
    """

    median: float
    sigma: float

    def drawn(self, random: Random) -> float:
        """Draw the delay of one request, in seconds."""
        return min(MAX_DELAY, random.lognormvariate(log(self.median), self.sigma))


@dataclass(frozen=True, slots=True, init=False)
class Fault:
    """A planned failure.

    The next requests that match it receive an error, a slow response or a broken connection. They change no data,
    unless `applied` is set or the effect is "late".

    Args:
        endpoint: Endpoint of the requests. By default, any endpoint.
        effect: Effect on the client. By default, a response with `status`, `headers` and `body`.
        applied: Process the request as usual, although the client receives an error. Truncated and slow responses are
            then the usual response.
        status: HTTP status of the response, from 200 to 599.
        headers: Headers of the response.
        body: Body of the response.
        retry_after: Value of the Retry-After header in seconds. By default, there is no such header.
        retry_after_date: Send Retry-After as a date on the tenant's clock.
        delay: Seconds before the response, at most 60. `Uniform` and `LogNormal` draw a delay for each request.
        times: Number of requests that meet the fault.
        probability: Probability that a matching request meets the fault, above 0 and at most 1.
        seed: Seed of the random numbers. The same seed gives the same sequence.
        within: Seconds on the tenant's clock until the fault is removed from the plan. By default, it is not removed.

    Raises:
        ValueError: An argument is invalid. For an unknown name, the message has the closest valid one.

    Example:
        >>> fault = Fault(endpoint="records", status=503, retry_after=5, times=2)
    """

    endpoint: Endpoint | None
    effect: Effect
    applied: bool
    status: int
    headers: Headers
    body: str
    retry_after: int | None
    retry_after_date: bool
    delay: float | Uniform | LogNormal
    times: int
    probability: float
    seed: int
    within: float | None

    def __init__(  # noqa: PLR0913  (each is a part of a fault)
        self,
        *,
        endpoint: Endpoint | EndpointName | None = None,
        effect: Effect | EffectName = "answer",
        applied: bool = False,
        status: int = 500,
        headers: Mapping[str, str] | Headers = (),
        body: str = "",
        retry_after: int | None = None,
        retry_after_date: bool = False,
        delay: float | Uniform | LogNormal = 0.0,
        times: int = 1,
        probability: float = 1.0,
        seed: int = 0,
        within: float | None = None,
    ) -> None:
        members = {
            "endpoint": None if endpoint is None else member(Endpoint, "endpoint", endpoint, FaultError),
            "effect": member(Effect, "effect", effect, FaultError),
            "applied": _bool("applied", applied),
            "status": _whole("status", status, 200, 599),
            "headers": _pairs(headers),
            "body": _text(body),
            "retry_after": None
            if retry_after is None
            else _whole("retry_after", retry_after, 0, MAX_SECONDS),
            "retry_after_date": _bool("retry_after_date", retry_after_date),
            "delay": _delay(delay),
            "times": _whole("times", times, 1, MAX_TIMES),
            "probability": _probability(probability),
            "seed": _whole("seed", seed, 0, MAX_SEED),
            "within": None if within is None else _span(within),
        }
        for name, value in members.items():
            object.__setattr__(self, name, value)
        if self.effect in OF_THE_TOKEN and self.endpoint not in (None, *_WITH_TOKEN):
            raise FaultError(f"endpoint must be {' or '.join(_WITH_TOKEN)} for the effect {self.effect}.")

    def __str__(self) -> str:
        what = str(self.status) if self.effect is Effect.ANSWER else self.effect
        return f"{what} for {self.endpoint or 'any request'}"

    @property
    def is_applied(self) -> bool:
        """Whether a request is done as usual, or at least decided as usual."""
        return self.applied or self.effect in _AS_USUAL

    def is_for(self, endpoint: Endpoint | None) -> bool:
        """Whether requests to an endpoint can meet it."""
        if self.effect in OF_THE_TOKEN and endpoint not in _WITH_TOKEN:
            return False
        return self.endpoint in {endpoint, None}

    def answer(self, now: float) -> Response:
        """The fault's own answer; `now` in Unix seconds."""
        headers = self.headers
        if self.retry_after is not None:
            moment = formatdate(now + self.retry_after, usegmt=True)
            headers = (
                *headers,
                ("Retry-After", moment if self.retry_after_date else str(self.retry_after)),
            )
        return Response(self.status, headers, self.body.encode())


def _whole(name: str, value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FaultError(f"{name} must be an integer from {low} to {high}.")
    return value


def _bool(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise FaultError(f"{name} must be true or false.")
    return value


def _probability(value: float) -> float:
    if not _is_number(value, 0, 1) or not value:
        raise FaultError("probability must be a number above 0, and 1 at most.")
    return value


def _span(seconds: float) -> float:
    if not _is_number(seconds, 0, MAX_SECONDS):
        raise FaultError(f"within must be a number of seconds from 0 to {MAX_SECONDS}, or null for ever.")
    return seconds


def _pairs(headers: object) -> Headers:
    pairs = tuple(headers.items()) if isinstance(headers, Mapping) else headers
    if not isinstance(pairs, tuple) or not all(
        isinstance(each, tuple) and _is_header(*each) for each in pairs
    ):
        raise FaultError("headers must be an object of texts on one line, in Latin-1.")
    for name, _ in pairs:
        if name.lower() in _OF_THE_SERVER:
            raise FaultError(f"headers must not have {name}: the server writes it.")
    return pairs


def _is_header(name: object = "", value: object = None, *more: object) -> bool:
    return (
        isinstance(name, str)
        and isinstance(value, str)
        and not more
        and name.isascii()
        and name.replace("-", "").isalnum()
        and value.isprintable()
        and max(value, default=" ") <= "\xff"
    )


def _delay(delay: float | Uniform | LogNormal) -> float | Uniform | LogNormal:
    match delay:
        case Uniform(low, high):
            if not (_is_number(low, 0, MAX_DELAY) and _is_number(high, low, MAX_DELAY)):
                raise FaultError(
                    f"delay.uniform must be two numbers of seconds from 0 to {MAX_DELAY:.0f}, the lower one first."
                )
        case LogNormal(median, sigma):
            if not (_is_number(median, 0.001, MAX_DELAY) and _is_number(sigma, 0, 5)):
                raise FaultError(
                    f"delay.log_normal must be a median from 0.001 to {MAX_DELAY:.0f} seconds and a sigma from 0 to 5."
                )
        case _:
            if not _is_number(delay, 0, MAX_DELAY):
                raise FaultError(f"delay must be a number of seconds from 0 to {MAX_DELAY:.0f}.")
    return delay


def _is_number(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _text(value: object) -> str:
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise FaultError("body must be a text.")
    return value
