"""Whether a history of what many asked at once is one that could have happened one after the other."""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)


class Call(NamedTuple):
    """Something that was asked, what it was told, and when, on one clock."""

    began: float
    ended: float
    asked: Hashable
    told: Hashable


def is_linearisable(
    history: Sequence[Call], state: S, step: Callable[[S, Hashable], tuple[S, Hashable]]
) -> bool:
    """Whether there is an order of the calls in which each was told what the model tells, `step` by step from `state`.

    A call that ended before another began comes before it (Herlihy and Wing, 1990). The search is that of Wing and Gong
    (1993): any call may be next that began before all that are left ended; what led nowhere is not tried again (Lowe).
    """
    calls = sorted(history)
    tried = {(frozenset[int](), state)}
    found = [*tried]
    while found:
        done, state = found.pop()
        left = [number for number in range(len(calls)) if number not in done]
        if not left:
            return True
        first_end = min(calls[number].ended for number in left)
        for number in left:
            call = calls[number]
            if call.began > first_end:
                break
            after, told = step(state, call.asked)
            reached = (done | {number}, after)
            if told == call.told and reached not in tried:
                tried.add(reached)
                found.append(reached)
    return False
