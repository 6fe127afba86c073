"""Claims about every example of a strategy."""

from collections.abc import Callable
from random import Random
from typing import TypeVar

import pytest
from hypothesis import find, given, settings
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
    """The simplest example that meets a condition, the same one in each run."""
    same = Random(0)  # noqa: S311  (no secret)
    return find(strategy, condition, settings=settings(max_examples=5000, database=None), random=same)


def few_or_many(few: int, many: int) -> pytest.MarkDecorator:
    """How many examples a test has: few in each run, many in a slow one."""
    return pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.slow)])
