"""The interaction files, which any language can read, replayed against the fake."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cgmock import seeds
from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI

FIXTURES = Path(__file__).parent.parent / "fixtures"
FILES = sorted((FIXTURES / "interactions").glob("*.json"))
GRANT = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"
TOKEN = Request("POST", "/oauth2/token", "", {"content-type": "application/x-www-form-urlencoded"}, GRANT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_interaction_is_what_the_fake_does(file: Path) -> None:
    interaction = json.loads(file.read_text(encoding="utf-8"))
    mock = MockAPI(seeds.demo())
    token = json.loads(mock.handle(TOKEN).body)["access_token"]

    response = mock.handle(_request(interaction["request"], token))

    expected = interaction["response"]
    assert response.status == expected["status"]
    assert response.body.decode() == expected.get("body", response.body.decode())
    assert "json" not in expected or json.loads(response.body) == expected["json"]
    if "notices" in interaction:
        *_, entry = mock.journals["demo"].after(0)
        assert {each.heading: each.fate for each in entry.notices if each.heading} == interaction["notices"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_interaction_has_every_part(file: Path) -> None:
    interaction = json.loads(file.read_text(encoding="utf-8"))

    assert interaction.keys() - {"notices"} == {"description", "given", "request", "response", "evidence"}
    assert interaction["evidence"] in {"documented", "framework", "assumed", "observed"}


@pytest.mark.parametrize("name", ["json", "form"])
def test_the_vendor_s_sample_bodies_are_interactions(name: str) -> None:
    sample = (FIXTURES / "records" / f"vendor_sample.{name}").read_text(encoding="utf-8").strip()
    interaction = json.loads(
        (FIXTURES / "interactions" / f"vendor_{name}_sample.json").read_text(encoding="utf-8")
    )

    assert interaction["request"]["body"] == sample


def _request(sent: Mapping[str, Any], token: str) -> Request:
    headers = {name.lower(): value.replace("$TOKEN", token) for name, value in sent["headers"].items()}
    body = sent["body"].encode()
    return Request(sent["method"], sent["path"], "", headers, body, len(body))
