"""The plan: faults in the order in which they are met, and the proof of which were."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple, Protocol

from cgmock.core.messages import Request
from cgmock.core.outcome import Claims
from cgmock.core.routing import Endpoint, endpoint_of
from cgmock.faults.fault import Effect, Fault, LogNormal, Uniform
from cgmock.faults.serialization import from_table, table


class FaultMatch(NamedTuple):
    """The fault that applies to a request, and its delay in seconds."""

    fault: Fault
    delay: float


@dataclass(slots=True)
class _Planned:
    """A fault that may be met `until` a time, None for ever; `asked` counts the requests that could meet it."""

    fault: Fault
    until: float | None
    asked: int = 0
    met: int = 0

    @property
    def unmet(self) -> int:
        """How many requests it waits for in vain; what is left to chance waits for none once there was one."""
        is_due = self.fault.probability == 1 or not self.met
        return self.fault.times - self.met if is_due else 0

    def meets(self, endpoint: Endpoint | None, now: float) -> bool:
        """Whether a request meets it, as far as chance has a say in it."""
        fault, is_over = self.fault, self.until is not None and now > self.until
        if self.met == fault.times or is_over or not fault.is_for(endpoint):
            return False
        self.asked += 1
        return fault.probability == 1 or self._chance("meets").random() < fault.probability

    def seconds(self) -> float:
        """The delay of the request that met it."""
        delay = self.fault.delay
        return delay.drawn(self._chance("delay")) if isinstance(delay, Uniform | LogNormal) else delay

    def _chance(self, of_what: str) -> Random:
        """Chance that repeats: the same for the same request of the same seed, whoever asks."""
        return Random(f"{self.fault.seed} {self.asked} {of_what}")  # noqa: S311  (not for secrets)


class FaultControl(Protocol):
    """The planned faults of a tenant, in this process or remote."""

    @property
    def unmet(self) -> Sequence[tuple[Fault, int]]:
        """The faults that still wait for requests, each with the number of requests."""

    @property
    def met(self) -> Sequence[tuple[Fault, int]]:
        """The faults that requests have met, each with the number of requests."""

    def add(self, *faults: Fault) -> None:
        """Add faults to the end of the plan.

        Example:
            >>> cg.faults.add(Fault(endpoint="records", status=503))
        """

    def clear(self) -> None:
        """Remove all planned faults, and those that were met. Tokens that a fault ended are valid again."""


class FaultPlan(FaultControl):
    """Faults in the order in which they are met, and the tokens that they ended. Safe to use from many threads.

    `now` tells the time in Unix seconds, by which a fault that has to be met within some is over. `state` is that of
    another plan, which this one goes on from.
    """

    def __init__(
        self, now: Callable[[], float] = lambda: 0.0, state: Mapping[str, Any] | None = None
    ) -> None:
        self._now = now
        self._lock = threading.Lock()
        given: Mapping[str, Any] = state or {"planned": [], "ended": {}}
        self._planned = [_Planned(_unpacked(each), *numbers) for each, *numbers in given["planned"]]
        self._ended = {token: Effect(effect) for token, effect in given["ended"].items()}

    @property
    def state(self) -> Mapping[str, Any] | None:
        """All of it as a value of JSON, None for an empty plan."""
        if not self._planned and not self._ended:
            return None
        planned = [[_packed(each.fault), each.until, each.asked, each.met] for each in self._planned]
        return {"planned": planned, "ended": self._ended}

    def add(self, *faults: Fault) -> None:
        now = self._now()
        planned = [_Planned(each, None if each.within is None else now + each.within) for each in faults]
        with self._lock:
            self._planned += planned

    def take(self, request: Request) -> FaultMatch | None:
        """Return the fault that applies to a request, and count the request."""
        if not self._planned:
            return None
        endpoint, now = endpoint_of(request), self._now()
        with self._lock:
            for planned in self._planned:
                if planned.meets(endpoint, now):
                    planned.met += 1
                    return FaultMatch(planned.fault, planned.seconds())
        return None

    def snapshot(self) -> Callable[[], None]:
        """Return a function that undoes what requests did to the plan since: faults they met, tokens they ended."""
        counts, ended = [(each, each.asked, each.met) for each in self._planned], self._ended.copy()

        def restore() -> None:
            for each, asked, met in counts:
                each.asked, each.met = asked, met
            self._ended = ended

        return restore

    def end_token(self, claims: Claims, effect: Effect) -> None:
        """Expire or revoke a token."""
        self._ended[str(claims["jti"])] = effect

    def effective_claims(self, claims: Claims | None) -> Claims | None:
        """Return the claims of a token: unchanged, expired, or None for a revoked token."""
        if claims is None or not self._ended:
            return claims
        effect = self._ended.get(str(claims["jti"]))
        if effect is Effect.TOKEN_EXPIRED:
            return {**claims, "exp": 0}
        return claims if effect is None else None

    @property
    def unmet(self) -> Sequence[tuple[Fault, int]]:
        with self._lock:
            return tuple((planned.fault, planned.unmet) for planned in self._planned if planned.unmet)

    @property
    def met(self) -> Sequence[tuple[Fault, int]]:
        with self._lock:
            return tuple((planned.fault, planned.met) for planned in self._planned if planned.met)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()
            self._ended.clear()


def _packed(fault: Fault) -> dict[str, object]:
    """The table of a fault, in which a header may come twice."""
    return {**table(fault), "headers": fault.headers}


def _unpacked(packed: Mapping[str, Any]) -> Fault:
    return from_table({**packed, "headers": tuple((name, value) for name, value in packed["headers"])})
