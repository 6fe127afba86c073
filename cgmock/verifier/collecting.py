"""Collects findings while a file is read: equal findings about many cells are one finding with a count."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from cgmock.verifier.model import Example, Finding
from cgmock.verifier.rules import Rule


class Collector:
    """Findings without their places, each with the number of places and the first `limit` of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.counts: dict[Finding, int] = {}
        self.examples: dict[Finding, list[Example]] = {}

    def add(self, finding: Finding, count: int = 1, examples: Iterable[Example] = ()) -> None:
        """Count `count` more places of a finding. `examples` are read only up to the limit."""
        self.counts[finding] = self.counts.get(finding, 0) + count
        kept = self.examples.setdefault(finding, [])
        kept += islice(examples, self.limit - len(kept))

    def has(self, *rules: Rule) -> bool:
        """Whether any of the rules was broken."""
        return any(finding.rule in rules for finding in self.counts)

    def merge(self, later: "Collector", rows_before: int) -> None:
        """Take over what was found in a later part of the same files."""
        for finding, count in later.counts.items():
            moved = (each._replace(row=each.row + rows_before) for each in later.examples[finding])
            self.add(finding, count, moved)

    def findings(self) -> tuple[Finding, ...]:
        """Return all findings, in the order in which they were met."""
        return tuple(
            replace(finding, count=count, examples=tuple(self.examples[finding]))
            for finding, count in self.counts.items()
        )
