"""The table of endpoints: each one works as the document says, and the routes are compiled once."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.routing import Rule

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from cgmock.web.endpoints import ENDPOINTS
from cgmock.web.openapi.control import Endpoint, describe
from tests.acme import ACME
from tests.unit.web.openapi.conformance import Contract

CONTRACT = Contract(describe(ENDPOINTS))
KEYS = {
    "connected_apps": "demo-client",
    "configurations": "account",
    "touchpoints": "After Sales",
    "webhooks": "demo-hook",
    "policies": "bad_value",
}
RECORD = {"configuration": "contact", "record": {"Email": "joe@example.com", "Colour": "blue"}}


@pytest.fixture
def mock() -> MockAPI:
    """A mock with a tenant that has entries, stored objects, a checkpoint and faults."""
    mock = MockAPI(seeds.demo())
    client = create_app(mock).test_client()
    client.post("/_cgmock/v1/tenants/demo/try", json=RECORD)
    client.put("/_cgmock/v1/tenants/demo/checkpoints/one")
    client.post("/_cgmock/v1/tenants/demo/faults", json={"delay": {"uniform": [0, 1]}})
    client.get("/records/")
    return mock


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.operation_id)
def test_an_endpoint_responds_as_the_document_describes(mock: MockAPI, endpoint: Endpoint) -> None:
    path = f"/_cgmock{endpoint.path}".format(name="demo", checkpoint="one", number=1, key=_key(endpoint))
    body = endpoint.body.example if endpoint.body else None

    response = create_app(mock).test_client().open(path, method=endpoint.method, json=body)

    described = _described(endpoint, response.status_code)
    assert response.status_code in {*endpoint.statuses, 204}, response.text
    if response.status_code == 204:
        assert not response.data
    else:
        assert CONTRACT.flaws(described["content"]["application/json"]["schema"], response.get_json()) == []


@pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in ENDPOINTS if "{name}" in endpoint.path],
    ids=lambda endpoint: endpoint.operation_id,
)
def test_an_unknown_tenant_is_a_404_that_the_document_describes(endpoint: Endpoint) -> None:
    path = f"/_cgmock{endpoint.path}".format(name="nobody", checkpoint="one", number=1, key=_key(endpoint))
    body = endpoint.body.example if endpoint.body else None

    response = create_app(MockAPI([ACME])).test_client().open(path, method=endpoint.method, json=body)

    assert (response.status_code, response.get_json()) == (
        404,
        {"error": "There is no tenant nobody; there are: acme."},
    )
    assert _described(endpoint, 404)["content"]


def _described(endpoint: Endpoint, status: int) -> Mapping[str, Any]:
    operation = CONTRACT.document["paths"][f"/_cgmock{endpoint.path}"][endpoint.method.lower()]
    described: Mapping[str, Any] = operation["responses"][str(status)]
    return described


def _key(endpoint: Endpoint) -> str:
    return KEYS.get(str(endpoint.fixed.get("part")), "")


def test_every_reference_leads_to_a_component() -> None:
    names = set(re.findall(r"'#/components/schemas/(\w+)'", str(CONTRACT.document)))

    assert names <= CONTRACT.document["components"]["schemas"].keys()


def test_a_second_application_compiles_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    create_app(MockAPI())
    compiled: list[Rule] = []
    monkeypatch.setattr(Rule, "compile", compiled.append)

    client = create_app(MockAPI([ACME])).test_client()

    assert compiled == []
    assert client.get("/_cgmock/v1/tenants/acme").get_json()["name"] == "acme"
    assert client.delete("/_cgmock/v1/tenants/acme").status_code == 204
    assert client.post("/_cgmock/v1/tenants/acme").status_code == 405


def test_each_application_limits_its_own_waiting_requests() -> None:
    applications = [create_app(MockAPI(seeds.demo())) for _ in range(2)]

    for each in applications:
        query = {"expect": [{"times": 0}]}
        assert each.test_client().post("/_cgmock/v1/tenants/demo/journal/wait", json=query).status_code == 200

    first, second = (each.extensions["cgmock.waiting"] for each in applications)
    assert first is not second
