"""A proposed mapping as something to work with: a mapping file to edit, or a list of what to enter in CustomerGauge."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.catalog import INVITING, DataType, Format
from cgmock.suggest.proposing import Confidence, Lead, Proposal
from cgmock.verifier.model import Finding
from cgmock.verifier.samples import visible

_NO_REFERENCE = "PASTE THE REFERENCE HERE"
_DEFAULT_REFERENCES: Mapping[DataType, str] = MappingProxyType({DataType.CONTACT: "contact"})


class Draft(NamedTuple):
    """A proposal for a file, and how the mapping is to be called; without a name it is called as its data type."""

    file: str
    proposal: Proposal
    findings: tuple[Finding, ...] = ()
    reference: str | None = None
    name: str | None = None

    @property
    def data_type(self) -> catalog.Rules:
        """What the data type is called, and what it asks of a record."""
        return catalog.RULES[self.proposal.data_type]

    @property
    def title(self) -> str:
        """The name of the mapping."""
        return self.name or self.data_type.display_name

    @property
    def summary(self) -> str:
        """How much of the file is led somewhere, in one line."""
        lines, leads = self.proposal.lines, self.proposal.leads
        sure = sum(lead.confidence is Confidence.HIGH for lead in leads)
        return f"{len(leads)} of {len(lines)} headings of {visible(self.file)} lead to a field, {sure} of them surely."


def toml(draft: Draft) -> str:
    """A mapping file; a heading that leads nowhere is a comment."""
    return "\n".join(
        (*map(_comment, _preamble(draft)), "", *_keys(draft), "", "[headings]", *_headings(draft), "")
    )


def checklist(draft: Draft) -> str:
    """What to enter on the page Inbound Mapping, as a list to tick off."""
    return "\n".join((*_preamble(draft), "", *(f"{indent}[ ] {step}" for indent, step in _steps(draft)), ""))


DRAFTS: Mapping[str, Callable[[Draft], str]] = MappingProxyType({"toml": toml, "checklist": checklist})
"""The ways to write a draft."""


def _preamble(draft: Draft) -> Iterator[str]:
    yield draft.summary
    for finding in draft.findings:
        about = f"{visible(finding.heading)}: " if finding.heading else ""
        yield f"{finding.rule.id}: {about}{finding.rule.would}"
    if not draft.proposal.given:
        yield f"The headings suit the data type {draft.data_type.display_name} best; --data-type takes another."
    if draft.proposal.data_type in INVITING:
        yield f"A record of {draft.data_type.display_name} sends a survey to its contact."
    for group in draft.proposal.missing:
        yield f"REQUIRED, and no heading fits: {_either(group)}."
    for name in draft.proposal.wanted:
        yield f"Mandatory in files, and no heading fits: {_either((name,))}."


def _keys(draft: Draft) -> Iterator[str]:
    reference = draft.reference or _DEFAULT_REFERENCES.get(draft.proposal.data_type)
    hint = "" if reference else "  # see the Reference column under Data, Rest APIs, Inbound Mapping"
    yield f"reference = {_quoted(reference or _NO_REFERENCE)}{hint}"
    yield f"name = {_quoted(draft.title)}"
    yield f"data_type = {_quoted(draft.proposal.data_type)}"


def _headings(draft: Draft) -> Iterator[str]:
    for line in draft.proposal.lines:
        if isinstance(line, Lead):
            yield f"{_quoted(line.heading)} = {_quoted(line.field.name)}  # {_why(line)}"
        elif line.segment:
            yield f"# {_quoted(line.heading)} = {_quoted(line.segment)}  # {line.reason}"
        else:
            yield f"# {_quoted(line.heading)}: {line.reason}"


def _steps(draft: Draft) -> Iterator[tuple[str, str]]:
    proposal = draft.proposal
    yield (
        "",
        "Open Data, Rest APIs, Inbound Mapping; in older systems Data, Imports, Configurations, API Configurations.",
    )
    yield "", f"Begin a new mapping: data type {draft.data_type.display_name}, name {_quoted(draft.title)}."
    yield (
        "",
        "Give each field its Field Heading (in older systems File heading), capitals and blanks as they are here.",
    )
    for lead in proposal.leads:
        yield "    ", f"{lead.field.display_name}: {_quoted(lead.heading)} ({_why(lead)})"
    left = [line for line in proposal.lines if not isinstance(line, Lead)]
    if left:
        yield "", "Decide on the headings without a field: what is not mapped is dropped in silence."
    for line in left:
        yield "    ", f"{_quoted(line.heading)}: {line.reason}"
    if any(lead.field.format is Format.TOUCHPOINT for lead in proposal.leads):
        yield "", "See in System Settings that every touchpoint of the file exists."
    yield (
        "",
        "Copy what the Reference column says into the mapping file, then run cgmock verify with it and the file.",
    )


def _why(lead: Lead) -> str:
    return f"{lead.confidence.name.lower()}: {lead.reason}"


def _either(names: Sequence[str]) -> str:
    return " or ".join(catalog.FIELDS[name].display_name for name in names)


def _comment(sentence: str) -> str:
    return f"# {sentence}"


def _quoted(text: str) -> str:
    """A text as TOML has it, on one line; what is no character stands as its escape, and only in comments."""
    quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
    return quoted.encode("utf-8", "backslashreplace").decode()
