"""Compares how fast records are generated with what one would compose of Hypothesis' own strategies."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock import seeds
from cgmock.core.catalog import Format
from cgmock.core.tenant import Configuration
from cgmock.strategies import records
from tests.benchmarks.measure import Plan, Result, Row, in_turns, median, ratio

FIXTURES = Path(__file__).parents[2] / "fixtures"

_dates = st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}")
_scores = st.one_of(st.integers(0, 10), st.integers(0, 10).map(str))
_texts = st.text(min_size=1, max_size=128).map(lambda text: text.strip() or "0")
NAIVE: dict[Format, SearchStrategy[object]] = {
    Format.TEXT: _texts,
    Format.EMAIL: st.emails(),
    Format.DATE: _dates,
    Format.SCORE: _scores,
}


def generation(plan: Plan) -> Iterator[Result]:
    """Records of a mapping against the same composed of Hypothesis' own strategies."""
    configuration = seeds.load_mapping(FIXTURES / "mappings" / "external_response.toml").configuration
    examples = plan.amount(300, 50)
    ours, composed = (
        partial(rate, records(configuration), examples),
        partial(rate, naive(configuration), examples),
    )
    rates = in_turns(plan.amount(9, 1), {"ours": ours, "composed": composed})
    yield Row(
        "records of a mapping drawn by Hypothesis, by processor time",
        median(rates["ours"], "/s"),
        "composed of `st.emails()`, `st.datetimes()`, `st.text()`",
        median(rates["composed"], "/s"),
        ratio(rates["ours"], rates["composed"]),
    )


def naive(configuration: Configuration) -> SearchStrategy[object]:
    """The email, and any of the other headings."""
    values = {heading: NAIVE[field.format] for heading, field in configuration.fields.items()}
    return st.fixed_dictionaries({"Email": values.pop("Email")}, optional=values)


def rate(strategy: SearchStrategy[object], examples: int) -> float:
    """Examples a second of processor time, those of a test that does nothing."""
    drawn: list[object] = []

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: object) -> None:
        drawn.append(example)

    began = time.process_time()
    draw()
    return len(drawn) / (time.process_time() - began)
