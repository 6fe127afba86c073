"""What a fault is: when it is met, what becomes of the request, and what the client gets to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from enum import StrEnum
from math import log
from random import Random
from typing import NamedTuple

from cgmock.core.messages import Headers, Response
from cgmock.core.routing import Endpoint

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
    """What a client gets to see of a fault."""

    ANSWER = "answer"
    """The fault's own status, headers and body."""
    LATE = "late"
    """The usual answer, after the delay."""
    RESET = "reset"
    """No answer: the connection is reset (RST)."""
    CLOSE = "close"
    """No answer: the connection is closed."""
    TRUNCATED = "truncated"
    """An answer whose Content-Length promises more than comes."""
    MALFORMED_CHUNK = "malformed_chunk"
    """An answer in chunks, the first of which has a size that is no number."""
    DRIBBLE = "dribble"
    """An answer that comes in small pieces, the delay spread over them."""
    TOKEN_EXPIRED = "token_expired"  # noqa: S105  (a name)
    """The 401 of the token that the request carries, which has expired from now on, before its time."""
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  (a name)
    """The 401 of the token that the request carries, which is nobody's from now on."""


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
    """A delay of `low` to `high` seconds, each as likely as the other."""

    low: float
    high: float

    def drawn(self, random: Random) -> float:
        """The seconds of one request."""
        return random.uniform(self.low, self.high)


class LogNormal(NamedTuple):
    """A delay as networks have it: half of the requests take more than `median` seconds, a few much more."""

    median: float
    sigma: float

    def drawn(self, random: Random) -> float:
        """The seconds of one request, not more than a delay may be."""
        return min(MAX_DELAY, random.lognormvariate(log(self.median), self.sigma))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the next requests to `endpoint`, or to any, meet: `times` of them, after `delay` seconds.

    With a `probability` below 1 each request meets it as chance has it, which is the same chance for the same `seed`;
    so are delays. `within` seconds on the tenant's clock it has to be met, else it is not any more.
    A request changes nothing, unless it is `applied`: done as usual, whatever the client hears of it. What is cut or
    slow is then the usual answer, else that of `status`, `headers` (pairs, or a dictionary) and `body`.
    `retry_after` in seconds is the Retry-After of the answer, as a date of the tenant's clock with `retry_after_date`.
    Raises FaultError.
    """

    endpoint: Endpoint | None = None
    effect: Effect = Effect.ANSWER
    applied: bool = False
    status: int = 500
    headers: Headers = ()
    body: str = ""
    retry_after: int | None = None
    retry_after_date: bool = False
    delay: float | Uniform | LogNormal = 0.0
    times: int = 1
    probability: float = 1.0
    seed: int = 0
    within: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no fault can be, and take names for what they name and headers as a dictionary."""
        if self.endpoint not in (None, *Endpoint):
            raise FaultError(f"endpoint must be one of {', '.join(Endpoint)}, or null for any.")
        if self.effect not in list(Effect):
            raise FaultError(f"effect must be one of {', '.join(Effect)}.")
        for name, low, high in (("status", 200, 599), ("times", 1, MAX_TIMES), ("seed", 0, MAX_SEED)):
            _require_whole(name, getattr(self, name), low, high)
        for name in ("applied", "retry_after_date"):
            _require_bool(name, getattr(self, name))
        _require_delay(self.delay)
        _require_spans(self)
        _require_text(self.body)
        object.__setattr__(self, "endpoint", None if self.endpoint is None else Endpoint(self.endpoint))
        object.__setattr__(self, "effect", Effect(self.effect))
        object.__setattr__(self, "headers", _pairs(self.headers))
        if self.effect in OF_THE_TOKEN and self.endpoint not in (None, *_WITH_TOKEN):
            raise FaultError(f"endpoint must be {' or '.join(_WITH_TOKEN)} where a token is to end.")

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


def _require_whole(name: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FaultError(f"{name} must be an integer from {low} to {high}.")


def _require_bool(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise FaultError(f"{name} must be true or false.")


def _require_spans(fault: Fault) -> None:
    if fault.retry_after is not None:
        _require_whole("retry_after", fault.retry_after, 0, MAX_SECONDS)
    if not _is_number(fault.probability, 0, 1) or not fault.probability:
        raise FaultError("probability must be a number above 0, and 1 at most.")
    if fault.within is not None and not _is_number(fault.within, 0, MAX_SECONDS):
        raise FaultError(f"within must be a number of seconds from 0 to {MAX_SECONDS}, or null for ever.")


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


def _require_delay(delay: object) -> None:
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


def _is_number(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _require_text(value: object) -> None:
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise FaultError("body must be a text.")
