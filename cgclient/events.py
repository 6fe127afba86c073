"""What a hook of a client is told: each request that was answered or not, and each pause before another one."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request that went out, without what it carried.

    `status` is that of the answer, `error` the name of the exception where none came: one of them is None. `seconds`
    is the time between.
    """

    method: str
    host: str
    path: str
    status: int | None
    error: str | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A pause of `seconds` before attempt number `attempt` (2 is the first repeat), because of an `error`."""

    attempt: int
    seconds: float
    error: Exception


Event = Exchange | Retry

Hook = Callable[[Event], None]
"""Called in the thread that sends. What it raises is logged and not passed on: it must not hide the fate of a write."""
