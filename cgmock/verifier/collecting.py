"""Collects findings while a file is read: the same thing said of many cells is one finding with a count."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from cgmock.verifier.model import Example, Finding
from cgmock.verifier.rules import Rule, Severity


class Subject(NamedTuple):
    """What a finding is about, and what makes two of them the same."""

    rule: Rule
    severity: Severity
    file: str
    heading: str | None = None
    field: str | None = None
    detail: str = ""
    line: int | None = None


class Collector:
    """Findings by their subject, each with the number of places and the first `limit` of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.counts: dict[Subject, int] = {}
        self.examples: dict[Subject, list[Example]] = {}

    def add(self, subject: Subject, count: int = 1, examples: Iterable[Example] = ()) -> None:
        """Say it of `count` more places, of which `examples` are made only as far as there is room."""
        self.counts[subject] = self.counts.get(subject, 0) + count
        kept = self.examples.setdefault(subject, [])
        kept += islice(examples, self.limit - len(kept))

    def has(self, *rules: Rule) -> bool:
        """Whether any of the rules was broken."""
        return any(subject.rule in rules for subject in self.counts)

    def merge(self, later: "Collector", rows_before: int) -> None:
        """Take over what was found in a later part of the same files."""
        for subject, count in later.counts.items():
            moved = (each._replace(row=each.row + rows_before) for each in later.examples[subject])
            self.add(subject, count, moved)

    def findings(self) -> tuple[Finding, ...]:
        """All that was found, in the order in which it was met."""
        return tuple(
            Finding(
                subject.rule,
                subject.severity,
                subject.file,
                subject.heading,
                subject.field,
                subject.detail,
                count,
                tuple(self.examples[subject]),
                subject.line,
            )
            for subject, count in self.counts.items()
        )
