"""How scores and dates are spread, and what that tells about the scale or the column."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cgmock.core.catalog import Format
from cgmock.verifier.collecting import Collector
from cgmock.verifier.columns import Column
from cgmock.verifier.engine import Judged
from cgmock.verifier.model import Distribution, Finding
from cgmock.verifier.rules import Rule
from cgmock.verifier.tables import Cell

SCORES_NEEDED = 30
"""Scores of a column before its range says anything."""

_VALUES_NEEDED = 10
_SHARE = 0.8
_MOST = 200
"""Different scores of a column that are counted; more are no scores."""

_LOOKED_AT = 1000
_DIFFERENT = 200
_SCALES = ((5, "1 to 5"), (7, "1 to 7"))
_SHAPES = (
    ("emails", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("dates", re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d.*)?|\d\d?[/.]\d\d?[/.]\d{4}.*")),
    ("phones", re.compile(r"\+\d[\d ()-]{6,20}")),
)
_MAY_HOLD = {"phones": {"contact_reference"}, "emails": {"account_manager", "contact_reference"}}


class Spread:
    """Counts the scores and the years of one file, heading by heading."""

    def __init__(self) -> None:
        self.scores: dict[str, Counter[str]] = {}
        self.years: dict[str, Counter[str]] = {}

    def take(self, judged: Judged, found: Collector, *, first: bool) -> None:
        """Count some rows; the `first` of a file are looked at for values of another field."""
        batch = judged.batch
        for index, column in enumerate(judged.columns):
            if column is None:
                continue
            heading, values = batch.headings[index], batch.columns[index]
            if column.field.format is Format.SCORE:
                texts = (str(value).strip() for value in values if isinstance(value, str | int))
                _count(self.scores.setdefault(heading, Counter()), texts)
            elif column.field.format is Format.DATE:
                _count(self.years.setdefault(heading, Counter()), _years(column, values, judged.kinds[index]))
            elif column.field.format is Format.TEXT and first:
                _look_for_others(judged, index, column, found)

    def merge(self, later: "Spread") -> None:
        """Add the counts of a later part of the file."""
        for mine, theirs in ((self.scores, later.scores), (self.years, later.years)):
            for heading, counts in theirs.items():
                _count(mine.setdefault(heading, Counter()), counts)

    def judge(self, file: str, found: Collector) -> None:
        """Say which columns of scores have the range of another question."""
        for heading, counts in self.scores.items():
            scores = {
                int(text): count for text, count in counts.items() if text.isdecimal() and len(text) < 3
            }
            number = sum(scores.values())
            scale = next((name for top, name in _SCALES if scores and max(scores) <= top), None)
            if number >= SCORES_NEEDED and min(scores) >= 1 and scale:
                detail = f"all of them are from {scale}"
                finding = Finding(Rule.SCORE_SCALE, Rule.SCORE_SCALE.severity, file, heading, "nps", detail)
                found.add(finding, number)

    def distributions(self, file: str) -> Iterator[Distribution]:
        """The counts, scores first."""
        for kind, counted in (("score", self.scores), ("year", self.years)):
            for heading, counts in counted.items():
                yield Distribution(file, heading, kind, dict(sorted(counts.items(), key=_by_number)))


def _count(counts: Counter[str], more: Iterable[str] | Mapping[str, int]) -> None:
    counts.update(more)
    if len(counts) > _MOST:
        for text, _ in counts.most_common()[_MOST:]:
            del counts[text]


def _by_number(item: tuple[str, int]) -> tuple[int, int, str]:
    text = item[0]
    is_number = text.removeprefix("-").isdecimal() and len(text) < 20
    return (0, int(text), text) if is_number else (1, 0, text)


def _years(column: Column, values: Sequence[Cell], kinds: Sequence[int]) -> Iterator[str]:
    if column.plain:
        return (value[:4] for value in values if value and isinstance(value, str))
    right = [not (kind.flaw or kind.empty) for kind in column.kinds]
    return (
        value.lstrip()[:4]
        for value, kind in zip(values, kinds, strict=True)
        if right[kind] and isinstance(value, str)
    )


def _look_for_others(judged: Judged, index: int, column: Column, found: Collector) -> None:
    """Say which text columns hold what looks like another field's values."""
    some = judged.batch.columns[index][:_LOOKED_AT]
    texts = list(dict.fromkeys(value for value in some if isinstance(value, str) and value))[:_DIFFERENT]
    if len(texts) < _VALUES_NEEDED:
        return
    for name, shape in _SHAPES:
        alike = sum(shape.fullmatch(text) is not None for text in texts)
        if alike >= _SHARE * len(texts) and column.field.name not in _MAY_HOLD.get(name, ()):
            rule, heading = Rule.VALUES_OF_ANOTHER_FIELD, judged.batch.headings[index]
            finding = Finding(
                rule, rule.severity, judged.batch.file, heading, column.field.name, f"they look like {name}"
            )
            found.add(finding, alike)
