"""Claims about every example of a strategy."""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from hypothesis import Phase, find, given, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


def check(strategy: SearchStrategy[T], claim: Callable[[T], object], examples: int) -> None:
    """Make a claim about so many examples, the same ones in each run."""

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(strategy)
    def hold(example: T) -> None:
        claim(example)

    hold()


def simplest(strategy: SearchStrategy[T], condition: Callable[[T], bool]) -> T:
    """Return the simplest example that meets a condition, the same one in each run.

    Hypothesis spends most of a search on the phase that explains an example. Nothing here reads the explanation.
    """
    phases = (Phase.generate, Phase.shrink)
    same = Random(0)  # noqa: S311  (no secret)
    options = settings(max_examples=5000, database=None, phases=phases)
    return find(strategy, condition, settings=options, random=same)
