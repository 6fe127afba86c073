"""How everything is measured: in turns, as medians, and as ratios of the same round; and what comes out of it."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

Measured = TypeVar("Measured")


class Plan(NamedTuple):
    """How much is measured: `quick` shows that it works, and no more."""

    quick: bool = False

    def amount(self, usual: int, quick: int) -> int:
        """One of the two: rounds, seconds, rows."""
        return quick if self.quick else usual


class Figure(NamedTuple):
    """A median and its unit."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"

    @property
    def number(self) -> str:
        """The value with a few digits: 12,345, 123, 12.3, 1.23, 0.123."""
        decimals = sum(self.value < bound for bound in (100, 10, 1))
        return f"{self.value:,.{decimals}f}"


class Goal(NamedTuple):
    """What a ratio has to be: at least the bound, or at most."""

    word: str
    bound: float

    def __str__(self) -> str:
        return f"{self.word} {self.bound:g}"

    def is_met(self, ratio: float) -> bool:
        """Whether a ratio is what it has to be."""
        return ratio >= self.bound if self.word == "at least" else ratio <= self.bound


class Row(NamedTuple):
    """Ours beside another's, or beside ours of less work; the ratio is ours divided by theirs."""

    what: str
    ours: Figure
    beside: str
    theirs: Figure
    ratio: float
    goal: Goal | None = None


class Served(NamedTuple):
    """How a server answers PUTs: a second, milliseconds that half and 99 % of them take at most, processor time for one.

    `ratio` is our requests a second divided by its own, `by_processor` the same for the requests of a second of
    processor time, which hardly sees what else the machine does.
    """

    server: str
    does: str
    rate: Figure
    p50: Figure
    p99: Figure
    processor: Figure
    ratio: float
    by_processor: float
    goal: Goal | None = None


class Skipped(NamedTuple):
    """What could not be compared, and why, as a sentence."""

    what: str
    why: str


Result = Row | Served | Skipped
Comparison = Callable[[Plan], Iterator[Result]]


class NotHereError(Exception):
    """A program that a comparison needs is not here; the message is a sentence."""


def at_least(bound: float) -> Goal:
    """The goal of a ratio that should be large."""
    return Goal("at least", bound)


def at_most(bound: float) -> Goal:
    """The goal of a ratio that should be small."""
    return Goal("at most", bound)


def in_turns(
    rounds: int, measures: Mapping[str, Callable[[], Measured]], *, warm_up: bool = True
) -> dict[str, list[Measured]]:
    """What each measures in each round. Every other round goes backwards; the first does not count, to warm up."""
    found: dict[str, list[Measured]] = {name: [] for name in measures}
    for number in range(-1 if warm_up else 0, rounds):
        turns = list(measures.items())
        for name, measure in turns if number % 2 else reversed(turns):
            measured = measure()
            if number >= 0:
                found[name].append(measured)
    return found


def median(values: Sequence[float], unit: str, per: float = 1) -> Figure:
    """The median as a figure; `per` is how many of the unit one of the values is."""
    return Figure(statistics.median(values) * per, unit)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
