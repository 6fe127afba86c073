"""The interaction files, which any language can read, replayed against the fake."""

import json
from pathlib import Path

import pytest

from cgmock.core.behaviours import Behaviour, weakest
from tests.interactions import FILES, matches, read, replay
from tests.paths import FIXTURES

BY_ID = {behaviour.id: behaviour for behaviour in Behaviour}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_interaction_is_what_the_fake_does(file: Path) -> None:
    interaction = read(file)

    response, entry = replay(interaction)

    expected = interaction["response"]
    body = response.body.decode()
    assert response.status == expected["status"]
    assert expected.get("headers", {}).items() <= dict(response.headers).items()
    assert body == expected.get("body", body)
    assert "json" not in expected or matches(expected["json"], json.loads(body))
    fates = {notice.heading: notice.fate for notice in entry.notices if notice.heading}
    assert fates == interaction.get("notices", {})
    behaviours = [*entry.behaviours, *(notice.behaviour for notice in entry.notices)]
    assert [each.id for each in dict.fromkeys(behaviours)] == interaction["behaviours"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_interaction_has_every_part_and_is_as_certain_as_its_least_certain_behaviour(file: Path) -> None:
    interaction = read(file)

    optional = {"policies", "earlier", "seconds_later", "notices"}
    assert interaction.keys() - optional == {
        "description",
        "given",
        "request",
        "response",
        "evidence",
        "behaviours",
    }
    assert interaction["evidence"] == weakest(BY_ID[each] for each in interaction["behaviours"])


def test_every_behaviour_is_shown_by_an_interaction() -> None:
    shown = {each for file in FILES for each in read(file)["behaviours"]}

    assert sorted(BY_ID.keys() - shown) == []


@pytest.mark.parametrize("name", ["json", "form"])
def test_the_vendor_s_sample_bodies_are_interactions(name: str) -> None:
    sample = (FIXTURES / "records" / f"vendor_sample.{name}").read_text(encoding="utf-8").strip()
    interaction = read(FIXTURES / "interactions" / f"vendor_{name}_sample.json")

    assert interaction["request"]["body"] == sample


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ({"a": "$ANY", "b": [1, "$ANY"]}, {"a": {}, "b": [1, None]}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1], [1, 2], False),
        ([1], [2], False),
        ("$ANY", "x", True),
    ],
)
def test_anything_stands_for_anything_and_all_else_for_itself(
    expected: object, actual: object, *, same: bool
) -> None:
    assert matches(expected, actual) is same
