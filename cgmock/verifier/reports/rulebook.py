"""The rules themselves, one by one for a terminal, all of them as a Markdown page."""

from collections.abc import Iterator

from cgmock.verifier.reports.text import about
from cgmock.verifier.rules import Rule

_OPENING = """\
# The rules of the verifier

What `cgmock verify` looks for. An id stays what it is; a rule that goes takes its id with it.
`error`: data is refused or lost. `warning`: a risk. `note`: worth knowing. Where a policy of the tenant has the data stored all the same, an error is a warning.
`documented`: a document of the vendor says so. `framework`: a real Laravel does so. `assumed`: nobody outside has seen it. `observed`: seen on the live service.
Numbers are those of articles on support.customergauge.com.

| rule | | usually | CustomerGauge | what to do | known |
|---|---|---|---|---|---|\
"""


def explain(rule: Rule) -> str:
    """All that is known of one rule, at most 100 columns wide."""
    return "\n".join((f"{rule.id} {rule.slug} ({rule.severity})", *about(rule)))


def rules_markdown() -> str:
    """The table of all rules; `cgmock/verifier/RULES.md` is this."""
    return "\n".join(_markdown())


def _markdown() -> Iterator[str]:
    yield _OPENING
    for rule in Rule:
        cells = (
            rule.id,
            f"`{rule.slug}`",
            rule.severity,
            rule.would,
            rule.advice,
            f"{rule.evidence}: {rule.source}",
        )
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
