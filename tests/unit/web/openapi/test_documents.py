"""The two documents are valid, complete, and say nothing that is not there."""

import json
import re

import pytest

from cgmock import seeds
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request
from cgmock.core.routing import Endpoint, endpoint_of
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from cgmock.web.endpoints import ENDPOINTS
from cgmock.web.openapi import vendor_document
from cgmock.web.openapi.control import describe
from cgmock.web.openapi.vendor import FORM_SAMPLE, JSON_SAMPLE
from tests.paths import FIXTURES
from tests.unit.web.openapi.conformance import Contract, nested

RECORDS = FIXTURES / "records"
VENDOR, CONTROL = Contract(vendor_document()), Contract(describe(ENDPOINTS))
BOTH = pytest.mark.parametrize("contract", [VENDOR, CONTROL], ids=["vendor", "control"])


@BOTH
def test_every_operation_has_an_id_and_a_summary(contract: Contract) -> None:
    operations = [operation for _, _, operation in contract.operations()]

    assert len({each["operationId"] for each in operations}) == len(operations)
    assert all(each["summary"].endswith(".") for each in operations)


def test_every_operation_of_the_control_api_may_find_its_database_unreachable() -> None:
    described = {
        operation["operationId"]: operation["responses"].get("503", {}).get("description")
        for _, _, operation in CONTROL.operations()
    }

    assert set(described.values()) == {"The database is unreachable."}, described


def test_the_documents_are_served() -> None:
    looking = create_app(MockAPI()).test_client()

    assert looking.get("/_cgmock/vendor-openapi.json").get_json() == VENDOR.document
    assert looking.get("/_cgmock/openapi.json").get_json() == CONTROL.document


def test_every_route_of_ours_is_in_the_document_and_no_other() -> None:
    rules = create_app(MockAPI()).url_map.iter_rules()

    routes = {
        (method.lower(), re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule))
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if "inspector" not in rule.endpoint
    }

    assert routes == {(method, path) for method, path, _ in CONTROL.operations()}


def test_every_endpoint_of_the_core_is_in_the_document_and_no_other() -> None:
    paths = {path for _, path, _ in VENDOR.operations()}

    assert sorted(str(endpoint_of(Request("GET", path))) for path in paths) == sorted(Endpoint)


def test_every_method_of_an_endpoint_is_in_the_document_and_no_other() -> None:
    mock = MockAPI(seeds.demo())
    described = {(method.upper(), path) for method, path, _ in VENDOR.operations()}
    paths = {path for _, path in described}

    for path in paths:
        for method in ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"):
            status = mock.handle(Request(method, path.replace("{id}", "demo-hook"))).status
            assert (status != 405) == ((method, path) in described), (method, path)


def test_every_operation_tells_how_a_body_that_breaks_off_is_answered() -> None:
    mock = MockAPI(seeds.demo())

    for method, path, _ in VENDOR.operations():
        request = Request(method.upper(), path.replace("{id}", "demo-hook"), "", {}, b"half", 8)
        response = mock.handle(request)

        assert VENDOR.flaws_of_answer(request, response) == [], (method, path)
        told = VENDOR.answer(request.method, request.path, response.status)
        assert told is not None
        assert "http.incomplete" in told["x-behaviours"], (method, path)


def test_every_behaviour_is_told_somewhere() -> None:
    told = {identifier for answer in VENDOR.answers() for identifier in answer["x-behaviours"]}

    assert told == {behaviour.id for behaviour in Behaviour}


def test_an_answer_tells_the_evidence_of_each_behaviour() -> None:
    answer = VENDOR.answer("PUT", "/records/", 401)

    assert answer is not None
    assert (
        "- An expired token looks like any other invalid one. "
        "**assumed**: PATCH Users Disable, 5000875271, documents it for a sibling API (`auth.expired`)"
    ) in answer["description"]


def test_the_samples_are_the_vendor_s() -> None:
    form = (RECORDS / "vendor_sample.form").read_text(encoding="utf-8").strip()

    assert json.loads((RECORDS / "vendor_sample.json").read_text(encoding="utf-8")) == JSON_SAMPLE
    assert nested(form) == FORM_SAMPLE


@BOTH
def test_every_example_matches_its_schema(contract: Contract) -> None:
    for _, path, operation in contract.operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            for example in media["examples"].values():
                assert contract.flaws(media["schema"], example["value"]) == [], path
