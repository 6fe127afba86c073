"""The JSON document is what its schema in the package says."""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files

from hypothesis import given
from jsonschema import Draft202012Validator

from cgmock.core.behaviours import Evidence
from cgmock.verifier import reports as package
from cgmock.verifier.model import Flow, Report
from cgmock.verifier.reports import FORMATS
from cgmock.verifier.rules import Severity
from tests.unit.verifier.reports.acme import READY, REPORT
from tests.unit.verifier.reports.strategies import few, reports

SCHEMA = json.loads(files(package).joinpath("report.schema.json").read_text(encoding="utf-8"))
as_json = FORMATS["json"]


def objects(schema: object, value: object) -> Iterator[tuple[set[str], set[str]]]:
    """The keys that the schema has of each object in a value, and those that the value has."""
    match schema, value:
        case {"$ref": str(reference)}, _:
            yield from objects(SCHEMA["$defs"][reference.rpartition("/")[2]], value)
        case {"items": items}, [*values]:
            for each in values:
                yield from objects(items, each)
        case {"properties": Mapping() as properties}, Mapping():
            yield set(properties), set(value)
            for key, each in value.items():
                yield from objects(properties[key], each)
        case _:
            pass


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(reports())
@few
def test_every_report_is_valid(report: Report) -> None:
    Draft202012Validator(SCHEMA).validate(json.loads(as_json(report)))


def test_the_schema_describes_every_key() -> None:
    for described, there in objects(SCHEMA, json.loads(as_json(REPORT))):
        assert described == there


def test_the_schema_knows_every_word() -> None:
    definitions = SCHEMA["$defs"]

    assert definitions["severity"]["enum"] == list(Severity)
    assert definitions["rule"]["properties"]["evidence"]["enum"] == list(Evidence)
    assert definitions["heading"]["properties"]["flow"]["enum"] == list(Flow)


@given(reports())
@few
def test_every_document_can_be_printed(report: Report) -> None:
    document = as_json(report)

    assert document.encode()
    assert all(line.isprintable() for line in document.split("\n"))


def test_a_document_says_what_to_do_and_what_is_not_known() -> None:
    document = json.loads(as_json(REPORT))

    assert document["verdict"] == REPORT.verdict
    assert document["counts"] == {"error": 5, "warning": 4, "note": 1}
    assert document["rows"] == {"all": 1_240, "whole": 0, "in_part": 991, "failed": 212, "refused": 37}
    assert document["baselined"] == 2
    assert document["not_checked"][0] == {"what": "touchpoints", "why": "no seed of the tenant was given"}
    assert document["next_steps"] == list(REPORT.next_steps)
    assert json.loads(as_json(READY))["findings"] == []
