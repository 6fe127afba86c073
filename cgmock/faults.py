"""Planned failures of a tenant: each is met once or a number of times, and the plan knows which were."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from cgmock.core.messages import Headers, Request, Response
from cgmock.core.routing import Endpoint, endpoint_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An answer in the place of the usual one: the request changes nothing.

    It waits for the next requests to `endpoint`, or to any, `times` of them; `delay` in seconds comes before it.
    """

    endpoint: Endpoint | None = None
    status: int = 500
    headers: Headers = ()
    body: str = ""
    delay: float = 0.0
    times: int = 1

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
