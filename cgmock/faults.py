"""Planned failures of a tenant: each is met once or a number of times, and the plan knows which were."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cgmock.core.messages import Headers, Request, Response
from cgmock.core.routing import Endpoint, endpoint_of

MAX_DELAY = 60.0
"""Seconds that a fault may wait before it answers."""

MAX_TIMES = 1_000_000
"""Requests that one fault may wait for."""

_OF_THE_SERVER = frozenset({"content-length", "transfer-encoding", "connection"})


class FaultError(ValueError):
    """A fault that cannot be planned; its text is a sentence that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An answer in the place of the usual one: the request changes nothing.

    It waits for the next requests to `endpoint`, or to any, `times` of them; `delay` in seconds comes before it.
    `headers` are pairs, or a dictionary. Raises FaultError.
    """

    endpoint: Endpoint | None = None
    status: int = 500
    headers: Headers = ()
    body: str = ""
    delay: float = 0.0
    times: int = 1

    def __post_init__(self) -> None:
        """Refuse what no answer can be, and take an endpoint by its name and headers as a dictionary."""
        if self.endpoint not in (None, *Endpoint):
            raise FaultError(f"endpoint must be one of {', '.join(Endpoint)}, or null for any.")
        _require_whole("status", self.status, 200, 599)
        _require_whole("times", self.times, 1, MAX_TIMES)
        _require_delay(self.delay)
        _require_text(self.body)
        object.__setattr__(self, "endpoint", None if self.endpoint is None else Endpoint(self.endpoint))
        object.__setattr__(self, "headers", _pairs(self.headers))

    @property
    def response(self) -> Response:
        """The answer."""
        return Response(self.status, self.headers, self.body.encode())


@dataclass(slots=True)
class _Planned:
    fault: Fault
    left: int = field(default=0)


class FaultPlan:
    """Faults in the order in which they are met. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[_Planned] = []

    def add(self, *faults: Fault) -> None:
        """Plan more faults."""
        with self._lock:
            self._planned += [_Planned(fault, fault.times) for fault in faults]

    def take(self, request: Request) -> Fault | None:
        """The fault that a request meets, which is used up by it."""
        if not self._planned:
            return None
        endpoint = endpoint_of(request)
        with self._lock:
            for planned in self._planned:
                if planned.left and planned.fault.endpoint in {endpoint, None}:
                    planned.left -= 1
                    return planned.fault
        return None

    @property
    def unmet(self) -> Sequence[tuple[Fault, int]]:
        """The faults that still wait for requests, with the number of them."""
        with self._lock:
            return tuple((planned.fault, planned.left) for planned in self._planned if planned.left)

    @property
    def met(self) -> Sequence[tuple[Fault, int]]:
        """The faults that requests have met, with the number of them."""
        with self._lock:
            return tuple(
                (planned.fault, planned.fault.times - planned.left)
                for planned in self._planned
                if planned.left < planned.fault.times
            )

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self._planned.clear()


def _require_whole(name: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FaultError(f"{name} must be an integer from {low} to {high}.")


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


def _require_delay(value: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= MAX_DELAY:  # type: ignore[operator]
        raise FaultError(f"delay must be a number of seconds from 0 to {MAX_DELAY:.0f}.")


def _require_text(value: object) -> None:
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise FaultError("body must be a text.")
