"""When something is sent again, and how long to wait before."""

import random as randomness
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cgclient.errors import AmbiguousWriteError, CustomerGaugeError
from cgclient.events import Retry

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often and how patiently one call is repeated.

    The pause before a repeat is `backoff` seconds, doubled each time and never more than `cap`, of which a random part
    of up to a half is left out, so that many clients do not come back together. Where the service says Retry-After, it
    is at least that. Nothing is sent when `attempts` are used up, or would be when `budget` seconds since the call
    have passed: then the error is raised at once.
    """

    attempts: int = 5
    backoff: float = 0.5
    cap: float = 8.0
    budget: float = 60.0

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if self.attempts < 1 or not all(value >= 0 for value in (self.backoff, self.cap, self.budget)):
            raise ValueError("attempts must be at least 1, and backoff, cap and budget 0 seconds or more.")

    def pause(self, repeats: int, retry_after: float | None, random: Callable[[], float]) -> float:
        """Seconds before a repeat, of which there were `repeats` already."""
        longest = min(self.cap, self.backoff * 2.0 ** min(repeats, 1000))
        return max(longest * (1 - random() / 2), retry_after or 0.0)


DEFAULT_RETRIES = Retries()


@dataclass(frozen=True, slots=True)
class Repeater:
    """Repeats what failed for a while, within the limits of `retries`.

    What may have been written is repeated only if `ambiguous` says so. `clock` tells seconds, `sleep` waits for some,
    `random` draws a number from 0 to 1.
    """

    retries: Retries = DEFAULT_RETRIES
    ambiguous: bool = False
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = randomness.random

    def repeat(self, attempt: Callable[[], _Result], tell: Callable[[Retry], None]) -> _Result:
        """The result of the first attempt that does not fail, or the error of the last one.

        When an earlier attempt may have been written, no later refusal changes that: it is an AmbiguousWriteError.
        """
        began = self.clock()
        repeats = 0
        doubtful = False
        while True:
            try:
                return attempt()
            except CustomerGaugeError as error:
                pause = self.retries.pause(repeats, error.retry_after, self.random)
                repeats += 1
                over = self.clock() - began + pause > self.retries.budget
                if over or repeats >= self.retries.attempts or not self._may_repeat(error):
                    if doubtful and not error.may_have_been_written:
                        raise _doubt(error) from error
                    raise
                doubtful = doubtful or error.may_have_been_written
                tell(Retry(attempt=repeats + 1, seconds=pause, error=error))
            self.sleep(pause)

    def _may_repeat(self, error: CustomerGaugeError) -> bool:
        return error.temporary and (self.ambiguous or not error.may_have_been_written)


def _doubt(error: CustomerGaugeError) -> AmbiguousWriteError:
    return AmbiguousWriteError(
        f"Of several attempts, an earlier one may have been written: look before you send it again. The last one: {error}",
        status=error.status,
    )
