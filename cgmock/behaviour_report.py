"""What the fake claims and how each claim is known, as text, JSON and Markdown."""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from cgmock.core.behaviours import DIFFERENCES, Behaviour
from cgmock.core.questions import QUESTIONS

_EVIDENCE = """\
`documented`: a document of the vendor says so. `framework`: a real Laravel does so.
`assumed`: nobody outside has seen it. `observed`: seen on the live service.\
"""


def claims() -> Mapping[str, object]:
    """The table of behaviours, the differences and the open questions, as JSON has them."""
    behaviours = [
        {
            "id": behaviour.id,
            "sentence": behaviour.sentence,
            "evidence": behaviour.evidence,
            "source": behaviour.source,
        }
        for behaviour in Behaviour
    ]
    return {
        "behaviours": behaviours,
        "differences": [difference._asdict() for difference in DIFFERENCES],
        "questions": [question._asdict() for question in QUESTIONS],
    }


def as_json() -> str:
    """All claims as one JSON document."""
    return json.dumps(claims(), indent=2, ensure_ascii=False)


def as_text() -> str:
    """All claims for a terminal."""
    return "\n".join(_text())


def as_markdown() -> str:
    """All claims as a Markdown page."""
    return "\n".join(_markdown())


def _text() -> Iterator[str]:
    for behaviour in Behaviour:
        yield f"{behaviour.id}  [{behaviour.evidence}]"
        yield f"    {behaviour.sentence}"
        yield f"    Source: {behaviour.source}"
    yield ""
    yield "What a real Laravel does otherwise:"
    for difference in DIFFERENCES:
        yield f"{difference.id}"
        yield f"    {difference.there}"
        yield f"    {difference.reason}"
    yield ""
    yield "What nobody told us:"
    for question in QUESTIONS:
        yield f"{question.id}"
        yield f"    {question.question}"
        policy = f" (policy {question.policy})" if question.policy else ""
        yield f"    The fake: {question.answer}{policy}"


def _markdown() -> Iterator[str]:
    yield "# What the fake claims, and how we know"
    yield ""
    yield from _EVIDENCE.splitlines()
    yield "Numbers are those of articles on support.customergauge.com. This page is the output of `cgmock behaviours --format markdown`."
    yield ""
    yield "| behaviour | evidence | what | source |"
    yield "|---|---|---|---|"
    for behaviour in Behaviour:
        yield _row(f"`{behaviour.id}`", behaviour.evidence, behaviour.sentence, behaviour.source)
    yield ""
    yield "## What a real Laravel does otherwise"
    yield ""
    yield "| difference | there | why not here |"
    yield "|---|---|---|"
    for difference in DIFFERENCES:
        yield _row(f"`{difference.id}`", difference.there, difference.reason)
    yield ""
    yield "## What nobody told us"
    yield ""
    yield "No document of the vendor answers these for certain. The fake does what stands here; where a policy is named, a seed can have it otherwise."
    yield ""
    yield "| question | the fake | policy |"
    yield "|---|---|---|"
    for question in QUESTIONS:
        yield _row(question.question, question.answer, f"`{question.policy}`" if question.policy else "")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


FORMATS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "markdown": as_markdown}
)
