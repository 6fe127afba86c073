"""Reports of every kind, with the text of hostile strangers in every place."""

from typing import TypeVar

from hypothesis import settings, strategies as st

from cgmock.core import catalog
from cgmock.core.catalog import DataType
from cgmock.core.tenant import Configuration
from cgmock.verifier.model import (
    Distribution,
    Example,
    Finding,
    Flow,
    HeadingFlow,
    NotChecked,
    Report,
    Rows,
    Source,
    worst_first,
)
from cgmock.verifier.rules import Rule, Severity

T = TypeVar("T")
few = settings(max_examples=25, deadline=None)
"""For a claim about one format alone: a report of a megabyte takes its time."""

HOSTILE = (
    "",
    " ",
    "Account  Name ",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!--",
    "a|b\\|c\\\\|`d``",
    "``` |",
    "@octocat https://example.com #1 [x](y) **z**",
    "שלום \u202eabc\u202c",
    "zero\u200bwidth\ufe0f\u2800",
    "\x00\x07\x1b[31m\x9b31m",
    "first\nsecond\r\n\u2028third\tfourth",
    "\udc80 \ud83d",
    "日本語" * 40,
    "e\u0301\u0301" * 30,
    "error    CG001",
    "\\n",
    "x" * 1_000_000,
    "&lt;&#60;\x85",
)
texts = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=30)
numbers = st.integers(0, 10_000_000)
examples = st.builds(Example, st.integers(1, 10_000_000), st.none() | st.integers(1, 1_000), texts)
findings = st.builds(
    Finding,
    st.sampled_from(Rule),
    st.sampled_from(Severity),
    texts,
    st.none() | texts,
    st.none() | texts,
    texts,
    numbers,
    st.lists(examples, max_size=4).map(tuple),
    st.none() | st.integers(1, 10_000),
)
configurations = st.builds(
    Configuration, reference=texts, name=texts, data_type=st.sampled_from(DataType), headings=st.just({})
)
fields = st.none() | st.sampled_from(list(catalog.FIELDS.values())) | st.just(catalog.field("segment:<b>|"))
headings = st.builds(HeadingFlow, texts, texts, fields, st.sampled_from(Flow), st.none() | texts, numbers)
distributions = st.builds(
    Distribution,
    texts,
    texts,
    st.sampled_from(["score", "year"]),
    st.dictionaries(texts, numbers, max_size=4),
)


def reports() -> st.SearchStrategy[Report]:
    """Reports that nobody would want to read."""
    return st.builds(
        Report,
        texts,
        configurations,
        st.none() | texts,
        texts,
        _tuples(st.builds(Source, texts, texts, texts, st.none() | texts, numbers, numbers, st.booleans())),
        st.builds(Rows, numbers, numbers, numbers, numbers),
        st.lists(findings, max_size=6).map(worst_first),
        _tuples(headings),
        _tuples(texts),
        _tuples(distributions),
        _tuples(st.builds(NotChecked, texts, texts)),
        numbers,
    )


def _tuples(each: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(each, max_size=3).map(tuple)
