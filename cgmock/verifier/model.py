"""What the verifier found, as data: every report is written from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from cgmock.core.catalog import Field
from cgmock.core.tenant import Configuration
from cgmock.verifier.rules import Rule, Severity

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


class Example(NamedTuple):
    """One place of a finding, both counted from 1: `row` as a spreadsheet counts, with the headings in row 1.

    Of JSON it is the line, or the number of the item. `sample` is the value with its letters and digits masked
    wherever it could tell about a person.
    """

    row: int
    column: int | None
    sample: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a heading, a file or a mapping breaks.

    `severity` may be lower than that of the rule, because of the tenant's policies. `heading` and `field` are None if
    the finding is about the whole file or mapping. `detail` is the special part of the message, and may be empty.
    `count` is the number of cells, rows or columns, and `examples` are the first of them. `line` is a line of the
    mapping file, if the mapping is the cause. The collector of findings adds `count` and `examples`.
    """

    rule: Rule
    severity: Severity
    file: str = ""
    heading: str | None = None
    field: str | None = None
    detail: str = ""
    count: int = 0
    examples: tuple[Example, ...] = ()
    line: int | None = None

    @property
    def fingerprint(self) -> str:
        """What stays the same when rows are added: rule, file, heading and detail."""
        return "|".join((self.rule.id, self.file, self.heading or "", self.detail))


class Flow(StrEnum):
    """What becomes of a heading, or of a field of the mapping."""

    STORED = "stored"
    LOST = "lost"
    NEVER_SENT = "never sent"


class HeadingFlow(NamedTuple):
    """Where a heading of a file leads: `field` is None when it is not mapped; `nearest` is what was probably meant.

    `filled` counts the cells that are not empty.
    """

    file: str
    heading: str
    field: Field | None
    flow: Flow
    nearest: str | None
    filled: int


class Distribution(NamedTuple):
    """How often a heading has each score (0 to 10, others by their text), or how many dates fall into each year."""

    file: str
    heading: str
    kind: str
    counts: Mapping[str, int]


class Source(NamedTuple):
    """A file of data: what it is, how it was read, and how many rows it has.

    `lines` tells that row n is line n of the file: of JSON Lines, and of CSV without line breaks in its cells.
    """

    file: str
    kind: str
    encoding: str
    delimiter: str | None
    rows: int
    columns: int
    lines: bool = False


class Rows(NamedTuple):
    """How many rows would be stored with all that they have, with a part of it, or not at all.

    Those not at all are `refused` aloud with a 422, or `failed` in silence with a 200.
    """

    whole: int = 0
    in_part: int = 0
    failed: int = 0
    refused: int = 0

    @property
    def all(self) -> int:
        """The number of rows."""
        return sum(self)


def sum_of(rows: Iterable[Rows]) -> Rows:
    """The fates of several files, or parts of one, together."""
    return Rows(*map(sum, zip(Rows(), *rows, strict=True)))


class NotChecked(NamedTuple):
    """What the verifier cannot know, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Report:
    """All that one run of the verifier has to say. Findings come worst first; `baselined` were known before."""

    mapping: str
    configuration: Configuration
    tenant: str | None
    depth: str
    sources: tuple[Source, ...]
    rows: Rows
    findings: tuple[Finding, ...]
    headings: tuple[HeadingFlow, ...]
    never_sent: tuple[str, ...]
    distributions: tuple[Distribution, ...]
    not_checked: tuple[NotChecked, ...]
    baselined: int = 0

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def by_rule(self) -> Mapping[Rule, Sequence[Finding]]:
        """The findings of each rule, the worst rule first."""
        found: dict[Rule, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.rule, []).append(finding)
        return found

    @property
    def verdict(self) -> str:
        """The whole report in one line."""
        errors, warnings = self.count(Severity.ERROR), self.count(Severity.WARNING)
        found = f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
        if not self.sources:
            return f"{'Not ready' if errors else 'Ready'}: {found} in the mapping; no data was given."
        rows = self.rows
        lost = rows.all - rows.whole
        if not rows.all:
            return f"Nothing to send: {found}, no rows."
        if not lost:
            state = "Not ready" if errors else "Ready"
            return f"{state}: {found}; {_counted(rows.all, 'row')} would be stored whole."
        parts = [
            f"{rows.in_part} in part" if rows.in_part else "",
            f"{rows.failed} lost in silence" if rows.failed else "",
            f"{rows.refused} refused" if rows.refused else "",
        ]
        stored = f"{rows.whole} of {_counted(rows.all, 'row')} stored whole"
        return f"Not ready: {found}; {', '.join((stored, *filter(None, parts)))}."

    @property
    def next_steps(self) -> tuple[str, ...]:
        """What to do, the worst first, each piece of advice once."""
        advice = [finding.rule.advice for finding in self.findings if finding.severity is not Severity.NOTE]
        if not self.sources:
            advice.append("Verify the mapping with a real export as well.")
        elif not self.count(Severity.ERROR):
            advice.append(
                "Send a few rows, and look for them under Data, Rest APIs, Request History, which keeps 90 days."
            )
        return tuple(dict.fromkeys(advice))


def worst_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings by severity, then by how much is concerned, then by rule and heading."""
    return tuple(
        sorted(
            findings,
            key=lambda each: (
                _WORST_FIRST.index(each.severity),
                -each.count,
                each.rule.id,
                each.file,
                each.heading or "",
                each.detail,
            ),
        )
    )


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
