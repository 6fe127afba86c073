"""A report as the comment of a pull request: GitHub takes 65,536 characters, and what is cut is told.

What strangers wrote stands in code spans, where it mentions nobody, links nowhere and formats nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cgmock.verifier.model import Finding, Report
from cgmock.verifier.reports.summary import facts, heading, place, rule_counts
from cgmock.verifier.reports.wording import clear, counted, quoted
from cgmock.verifier.rules import Rule, Severity

LIMIT = 65_536
_FOR_THE_NOTE = 200
_FOR_A_LIST = 8_000
_EXAMPLES = 3
_SYMBOLS = {Severity.ERROR: "🛑", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}  # noqa: RUF001
_BACKTICKS = re.compile("`+")


def as_markdown(report: Report) -> str:
    """The whole report, or as many of its worst findings as there is room for."""
    head, tail = "\n".join(_head(report)), "\n".join(_tail(report))
    room = LIMIT - len(head) - len(tail) - _FOR_THE_NOTE
    lines: list[str] = []
    shown = 0
    for found, text in _findings(report):
        room -= len(text) + 1
        if room < 0:
            break
        lines.append(text)
        shown += found
    cut = len(report.findings) - shown
    if cut:
        lines += [
            "",
            f"**{counted(cut, 'finding')} more: a comment has no room for them, the other formats do.**",
        ]
    return "\n".join(filter(None, (head, "\n".join(lines), tail)))


def _head(report: Report) -> Iterator[str]:
    yield f"### {report.verdict}"
    yield ""
    yield from _listed([f"- {name}: {_code(value)}" for name, value in facts(report)])
    counts = rule_counts(report)
    if counts:
        yield ""
        yield "| | rule | | findings | places |"
        yield "|---|---|---|--:|--:|"
    for rule, severity, findings, places in counts:
        name = f"{_SYMBOLS[severity]} {severity}"
        yield _row(name, rule.id, rule.slug, f"{findings:,}", f"{places:,}")


def _tail(report: Report) -> Iterator[str]:
    if report.not_checked:
        yield ""
        yield "#### Not checked"
        yield ""
    yield from _listed([f"- {_code(clear(what))}: {_code(clear(why))}" for what, why in report.not_checked])
    yield ""
    yield "#### Next steps"
    yield ""
    for number, step in enumerate(report.next_steps, start=1):
        yield f"{number}. {_plain(step)}"


def _findings(report: Report) -> Iterator[tuple[int, str]]:
    """Pieces of the report that are not to be torn apart, each with the number of findings in it."""
    for rule, (first, *others) in report.by_rule.items():
        yield 1, "\n".join((*_rule(rule), _finding(first)))
        yield from ((1, _finding(finding)) for finding in others)


def _rule(rule: Rule) -> Iterator[str]:
    yield ""
    yield f"#### {rule.id} {rule.slug}"
    yield ""
    yield f"{_plain(rule.would)} **{_plain(rule.advice)}** ({rule.evidence}: {_plain(rule.source)})"
    yield ""
    yield "| | heading | field | file | places | | examples |"
    yield "|---|---|---|---|--:|---|---|"


def _finding(finding: Finding) -> str:
    line = "" if finding.line is None else f"line {finding.line} of the mapping"
    examples = [f"{place(example)}: {_code(quoted(example.sample))}" for example in finding.examples]
    return _row(
        str(finding.severity),
        heading(finding) if finding.heading is None else _code(heading(finding)),
        "" if finding.field is None else _code(quoted(finding.field)),
        _code(quoted(finding.file)),
        f"{finding.count:,}",
        _code(clear(finding.detail)) if finding.detail else "",
        "; ".join(filter(None, (line, *examples[:_EXAMPLES]))),
    )


def _listed(lines: Sequence[str]) -> Iterator[str]:
    """As many of the lines as there is room for, and how many more there are."""
    ends = accumulate(len(line) + 1 for line in lines)
    fitting = sum(end <= _FOR_A_LIST for end in ends)
    yield from lines[:fitting]
    if fitting < len(lines):
        yield f"- and {len(lines) - fitting:,} more"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _code(text: str) -> str:
    """A code span: its fence is longer than any in the text, and a blank keeps them apart."""
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    blank = " " if text[:1] in {"`", " "} or text[-1:] in {"`", " "} else ""
    fence = "`" * (longest + 1)
    return f"{fence}{blank}{text}{blank}{fence}"


def _plain(text: str) -> str:
    """A sentence of our own, in which only backticks mean something."""
    return re.sub(r"([\\*_\[\]<>#|&])", r"\\\1", text)
