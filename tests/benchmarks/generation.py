"""Compares how fast records are generated with what one would compose of Hypothesis' own strategies."""

import statistics
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock import seeds
from cgmock.core.catalog import Format
from cgmock.core.tenant import Configuration
from cgmock.strategies import records

FIXTURES = Path(__file__).parents[2] / "fixtures"
ROUNDS, EXAMPLES = 9, 300

_dates = st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}")
_scores = st.one_of(st.integers(0, 10), st.integers(0, 10).map(str))
_texts = st.text(min_size=1, max_size=128).map(lambda text: text.strip() or "0")
NAIVE: dict[Format, SearchStrategy[object]] = {
    Format.TEXT: _texts,
    Format.EMAIL: st.emails(),
    Format.DATE: _dates,
    Format.SCORE: _scores,
}


def generation() -> None:
    """Records of a mapping against the same composed of Hypothesis' own strategies: medians of alternating rounds, and the median of their ratios."""
    configuration = seeds.load_mapping(FIXTURES / "mappings" / "external_response.toml").configuration
    rivals: dict[str, SearchStrategy[object]] = {
        "composed": naive(configuration),
        "records": records(configuration),
    }
    rates: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(ROUNDS):
        for name, strategy in rivals.items():
            rates[name].append(rate(strategy))
    for name, measured in rates.items():
        print(f"generated, {name:8} {statistics.median(measured):8.0f} records/s")
    ratios = [ours / theirs for ours, theirs in zip(rates["records"], rates["composed"], strict=True)]
    print(f"records / composed: {statistics.median(ratios):.2f}")


def naive(configuration: Configuration) -> SearchStrategy[object]:
    """The email, and any of the other headings."""
    values = {heading: NAIVE[field.format] for heading, field in configuration.fields.items()}
    return st.fixed_dictionaries({"Email": values.pop("Email")}, optional=values)


def rate(strategy: SearchStrategy[object]) -> float:
    """Examples a second of processor time, those of a test that does nothing."""
    drawn: list[object] = []

    @settings(
        max_examples=EXAMPLES,
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
