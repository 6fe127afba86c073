"""Examples of a strategy for others than tests: any number, the same ones for the same seed."""

from collections.abc import Iterator
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.strategies import SearchStrategy

_T = TypeVar("_T")

_AT_ONCE = 1000


def samples(strategy: SearchStrategy[_T], *, count: int, random_seed: int) -> Iterator[_T]:
    """Examples, the simplest first. Where the strategy has fewer, some come again."""
    seeds = Random(random_seed)  # noqa: S311  (no secret)
    missing = count
    while missing:
        drawn = _drawn(strategy, min(missing, _AT_ONCE), seeds.getrandbits(64))
        missing -= len(drawn)
        yield from drawn


def _drawn(strategy: SearchStrategy[_T], count: int, random_seed: int) -> list[_T]:
    """As many examples or fewer, but one at least."""
    drawn: list[_T] = []

    @seed(random_seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: _T) -> None:
        drawn.append(example)

    with TemporaryDirectory() as directory:
        # Hypothesis would leave its caches in the working directory.
        set_hypothesis_home_dir(directory)
        try:
            draw()
        finally:
            set_hypothesis_home_dir(None)
    return drawn[:count]
