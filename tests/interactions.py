"""The interaction files of `fixtures/interactions`, played to the fake."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

from cgmock import seeds
from cgmock.core.messages import Request, Response
from cgmock.core.tenant import Policies, Tenant
from cgmock.journal.journal import Entry
from cgmock.mock_api import MockAPI
from tests.paths import FIXTURES

FILES = sorted((FIXTURES / "interactions").glob("*.json"))
CLOCK = 1_700_000_000.0
_GRANT = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"
_FORM = {"content-type": "application/x-www-form-urlencoded"}


def read(file: Path) -> dict[str, Any]:
    """An interaction."""
    return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def replay(interaction: Mapping[str, Any]) -> tuple[Response, Entry]:
    """What the fake answers, and what its journal says of it."""
    now = [CLOCK]
    mock = MockAPI([tenant(interaction)], clock=lambda: now[0])
    granted = mock.handle(Request("POST", "/oauth2/token", "", _FORM, _GRANT, len(_GRANT)))
    token = json.loads(granted.body)["access_token"]
    for each in interaction.get("earlier", []):
        assert mock.handle(request(each, token)).status == 200
    now[0] += interaction.get("seconds_later", 0)
    response = mock.handle(request(interaction["request"], token))
    *_, entry = sorted(
        [*mock.store.hosted("demo").journal.after(0), *mock.store.unclaimed.after(0)],
        key=lambda entry: int(entry.request.id.rpartition("-")[2]),
    )
    return response, entry


def tenant(interaction: Mapping[str, Any]) -> Tenant:
    """The tenant that an interaction is given, with its policies."""
    name = interaction["given"]
    (given,) = seeds.demo() if name == "demo" else seeds.load(FIXTURES / "tenants" / f"{name}.toml")
    kinds = get_type_hints(Policies)
    policies: dict[str, Any] = {
        name: value if isinstance(value, int) else kinds[name](value)
        for name, value in interaction.get("policies", {}).items()
    }
    return replace(given, policies=Policies(**policies))


def request(sent: Mapping[str, Any], token: str) -> Request:
    """The request of an interaction."""
    headers = {name.lower(): value.replace("$TOKEN", token) for name, value in sent["headers"].items()}
    body = sent["body"].encode()
    length = int(headers.get("content-length", len(body)))
    return Request(sent["method"], sent["path"], sent.get("query", ""), headers, body, length)


def matches(expected: object, actual: object) -> bool:
    """Whether a JSON value is the expected one, in which `$ANY` stands for anything."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(
            matches(expected[key], actual[key]) for key in expected
        )
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(matches, expected, actual))
    return expected in ("$ANY", actual)
