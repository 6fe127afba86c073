"""The table of behaviours is printed whole, and the page in the package is what is printed."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

import cgmock
from cgmock.cli import cgmock as command
from cgmock.core.behaviours import DIFFERENCES, Behaviour
from cgmock.core.questions import QUESTIONS
from cgmock.core.tenant import Policies

PAGE = Path(cgmock.__file__).with_name("BEHAVIOURS.md")


def printed(format_: str) -> str:
    """What `cgmock behaviours` prints."""
    result = CliRunner().invoke(command, ["behaviours", "--format", format_])
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_each_format_has_every_behaviour_and_every_question(format_: str) -> None:
    output = printed(format_)

    for behaviour in Behaviour:
        assert behaviour.id in output
        assert behaviour.evidence in output
    assert all(each.id in output and each.there in output and each.reason in output for each in DIFFERENCES)
    assert all(
        question.question in output and question.answer in output.replace('\\"', '"')
        for question in QUESTIONS
    )


def test_the_page_is_what_is_printed() -> None:
    assert PAGE.read_text(encoding="utf-8") == printed("markdown")


def test_the_json_has_the_evidence_of_each_behaviour() -> None:
    document = json.loads(printed("json"))

    assert {each["id"]: each["evidence"] for each in document["behaviours"]} == {
        behaviour.id: behaviour.evidence for behaviour in Behaviour
    }


def test_every_policy_answers_an_open_question() -> None:
    assert {question.policy for question in QUESTIONS if question.policy} == {
        each.name for each in fields(Policies)
    }


def test_each_question_has_an_id_of_its_own() -> None:
    ids = [question.id for question in QUESTIONS]

    assert len(set(ids)) == len(ids)
