"""How many examples the comparisons have, always the same ones."""

import os
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import seed, settings

EXAMPLES = int(os.environ.get("CGMOCK_ORACLE_EXAMPLES", "300"))
"""Requests whose reading and answer are compared; other comparisons have a part of them."""

START = int(os.environ.get("CGMOCK_ORACLE_START", "0"))
"""Number of requests to skip, rounded down to whole parts, to resume a run."""

_SHARD = 3000  # Hypothesis remembers all that it has tried, and a test has its time limit


class Examples(NamedTuple):
    """A part of the examples of a comparison."""

    seed: int
    number: int

    def chosen(self, test: Callable[..., None]) -> Callable[..., None]:
        """A property with these examples, which are always the same."""
        return seed(self.seed)(settings(max_examples=self.number, deadline=None, database=None)(test))


def examples(*, one_of: int = 1) -> pytest.MarkDecorator:
    """A mark that hands all examples to a test, part by part; with `one_of`, only one of so many."""
    number = max(EXAMPLES // one_of, 10)
    parts = [Examples(at, min(_SHARD, number - at)) for at in range(0, number, _SHARD) if at + _SHARD > START]
    return pytest.mark.parametrize(
        "examples", parts, ids=lambda part: f"{part.seed}-{part.seed + part.number}"
    )
