"""The search for an input that breaks a promise, in the smallest form that still does."""

from collections.abc import Callable
from random import Random

from tests.fuzz.inputs import asked, mutated, seeds
from tests.fuzz.invariants import as_test, broken

LONGEST = 32 * 1024
"""Bytes of an input."""

Judge = Callable[[bytes], list[str]]


def judged(sent: bytes) -> list[str]:
    """The promises that an input breaks."""
    return broken(*asked(sent))


def blindly(inputs: int, seed: int, judge: Judge = judged) -> str | None:
    """Try so many inputs, without looking at what they reach; a failing one as a test, or None."""
    random = Random(seed)
    kept = tuple(seeds())
    for _ in range(inputs):
        sent = mutated(random.choice(kept), random)[:LONGEST]
        if judge(sent):
            return report(sent, judge)
    return None


def report(sent: bytes, judge: Judge = judged) -> str:
    """A failing input as a test, after it was made small."""
    small = shrunk(sent, judge)
    return as_test(*asked(small), judge(small))


def shrunk(sent: bytes, judge: Judge = judged) -> bytes:
    """An input from which nothing can be cut without keeping the promises: first large pieces, then small ones."""
    size = len(sent)
    while size:
        start = 0
        while start < len(sent):
            without = sent[:start] + sent[start + size :]
            if judge(without):
                sent = without
            else:
                start += size
        size //= 2
    return sent
