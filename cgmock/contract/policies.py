"""The policies that make the mock answer open questions as a ledger's target does."""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple, get_type_hints

from cgmock.contract.ledger import Entry, Unreadable
from cgmock.core.questions import QUESTIONS
from cgmock.core.tenant import Policies

_KINDS: Mapping[str, object] = get_type_hints(Policies)


class Derived(NamedTuple):
    """A policy with the value that the answers agree on, or why there is none."""

    policy: str
    value: str | int | None
    reason: str = ""


def derived(ledger: Mapping[str, Entry | Unreadable]) -> Iterator[Derived]:
    """Each policy, in the order of the table of policies."""
    for policy in _KINDS:
        questions = [question.id for question in QUESTIONS if question.policy == policy]
        entries = [
            entry for each in questions if isinstance(entry := ledger.get(each), Entry) and entry.answer
        ]
        answers = {entry.id: entry.answer for entry in entries}
        values = set(answers.values())
        if not values:
            yield Derived(policy, None, f"not seen: {', '.join(questions)}")
        elif len(values) > 1:
            yield Derived(policy, None, "; ".join(f"{name} saw {answer}" for name, answer in answers.items()))
        else:
            yield _derived(policy, values.pop())


def as_toml(ledger: Mapping[str, Entry | Unreadable]) -> Iterator[str]:
    """The lines of the table for a seed; what cannot be said is a comment."""
    yield "[tenants.policies]"
    for each in derived(ledger):
        if each.value is None:
            yield f"# {each.policy}: {each.reason}"
        else:
            yield f"{each.policy} = {json.dumps(each.value)}"


def _derived(policy: str, answer: str) -> Derived:
    kind = _KINDS[policy]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        known = answer in set(kind)
        return (
            Derived(policy, answer)
            if known
            else Derived(policy, None, f"{answer} is none of {', '.join(kind)}")
        )
    return Derived(policy, int(answer) if answer.isdecimal() else "off")
