"""The interaction files keep to the vendor's document."""

from functools import cache
from pathlib import Path

import pytest

from cgmock.core.messages import Request, Response
from cgmock.journal.journal import Entry
from cgmock.web.openapi import vendor_document
from tests.interactions import FILES, read, replay, request
from tests.unit.web.openapi.conformance import Contract

VENDOR = Contract(vendor_document())
EVERY_INTERACTION = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@cache
def replayed(file: Path) -> tuple[Request, Response, Entry]:
    """An interaction: what is sent, answered and kept in the journal."""
    interaction = read(file)
    response, entry = replay(interaction)
    return request(interaction["request"], "token"), response, entry


@EVERY_INTERACTION
def test_the_answer_of_an_interaction_is_one_that_the_document_describes(file: Path) -> None:
    sent, response, _ = replayed(file)

    assert VENDOR.flaws_of_answer(sent, response) == []


@EVERY_INTERACTION
def test_a_request_that_is_taken_is_one_that_the_document_describes(file: Path) -> None:
    sent, response, _ = replayed(file)

    assert response.status != 200 or VENDOR.flaws_of_body(sent) == []


@EVERY_INTERACTION
def test_the_document_tells_of_the_behaviours_behind_an_answer(file: Path) -> None:
    sent, response, entry = replayed(file)

    told = VENDOR.answer(sent.method, sent.path, response.status)
    assert told is not None
    assert {each.id for each in entry.behaviours} <= set(told["x-behaviours"])


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (418, "application/json", b'{"message":""}'),
        (401, "text/plain", b"Unauthenticated."),
        (401, "application/json", b'{"error":"Unauthenticated."}'),
        (200, "text/html; charset=UTF-8", b"OK"),
        (200, None, b"OK"),
    ],
)
def test_an_answer_that_differs_is_noticed(status: int, content_type: str | None, body: bytes) -> None:
    headers = () if content_type is None else (("Content-Type", content_type),)

    flaws = VENDOR.flaws_of_answer(Request("PUT", "/records/"), Response(status, headers, body))

    assert flaws


@pytest.mark.parametrize(
    "body", [b'{"configuration":"contact"}', b'{"configuration":1,"record":{"Email":""}}']
)
def test_a_body_that_differs_is_noticed(body: bytes) -> None:
    sent = Request("PUT", "/records/", "", {"content-type": "application/json"}, body)

    assert VENDOR.flaws_of_body(sent)


def test_only_a_404_is_described_for_any_other_path() -> None:
    assert VENDOR.answer("PUT", "/nowhere", 404) is not None
    assert VENDOR.answer("PUT", "/nowhere", 200) is None
