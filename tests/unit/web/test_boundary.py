"""What the control API refuses before it looks at it, at every path that it has."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NoReturn
from urllib.parse import unquote_to_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from cgmock import seeds
from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from cgmock.web.params import MAX_CURSOR
from cgmock.wsgi import CONTROL_BODY_LIMIT
from tests.acme import ACME, CONFIGURATIONS, NOW, WEBHOOKS

_ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
UNSTORABLE = ("a\0b", "\ud800-secret")
"""Texts that some store or encoding cannot hold."""
NOT_UTF8 = ("%FF", "%ED%A0%80", "%C3")
NUMBERS = (
    "-1",
    "0",
    str(MAX_CURSOR),
    str(MAX_CURSOR + 1),
    "9" * 23,
    "9" * 5000,
    "1.0",
    "1e3",
    "0x1",
    "%D9%A1",
)
PARTS = ("connected_apps", "configurations", "touchpoints", "webhooks", "policies")
SMALL = replace(
    ACME,
    configurations={"contact": replace(CONFIGURATIONS["contact"], headings={"Email": "email"})},
    webhooks={"contacts": WEBHOOKS["contacts"]},
)
BODIES: Mapping[str, Mapping[str, object]] = {
    "/v1/tenants": seeds.table(SMALL),
    "/v1/tenants/<name>": seeds.table(SMALL),
    "/v1/tenants/<name>/lease": {"seconds": 86_400},
    "/v1/tenants/<name>/try": {"configuration": "contact", "record": {"Email": "joe@example.com"}},
    "/v1/tenants/<name>/<part>/<key>": {
        "name": "x",
        "client_secret": "secret",
        "scopes": ["a"],
        "value": "x",
    },
    "/v1/tenants/<name>/clock/advance": {"seconds": 1},
    "/v1/tenants/<name>/clock/freeze": {"at": 1},
    "/v1/tenants/<name>/faults": {"endpoint": "records", "body": "broken", "headers": {"X": "y"}},
    "/v1/tenants/<name>/journal/near-misses": {"record": {"Email": "joe@example.com"}},
    "/v1/tenants/<name>/journal/verify": {"expect": [{"record": {"Email": "joe@example.com"}}]},
    "/v1/tenants/<name>/journal/wait": {"expect": [{"configuration": "contact"}]},
}
"""A body of each path that reads one."""
BODILESS = {
    "/v1/tenants/<name>/clock/reset",
    "/v1/tenants/<name>/reset",
    "/v1/tenants/<name>/checkpoints/<checkpoint>",
    "/v1/tenants/<name>/checkpoints/<checkpoint>/restore",
}


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application of a mock with one tenant and one journal entry."""
    return serving(MockAPI(clock=lambda: NOW))


def serving(mock: MockAPI) -> Flask:
    """The application of a mock, with a tenant and a journal entry."""
    mock.store.add(ACME)
    mock.handle(Request("PUT", "/records/"))
    mock.store.save("acme", "kept")
    return create_app(mock)


@pytest.fixture(scope="module")
def control(app: Flask) -> FlaskClient:
    """A client of its control API."""
    return app.test_client()


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Each path of the control API with each of its methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def path(rule: Rule, **changed: str) -> str:
    """A path that the rule matches."""
    given = {"name": "acme", "key": "bad_value"}
    given |= {"checkpoint": "kept", "number": "1", **changed}
    return _ARGUMENT.sub(lambda found: given[found[1]], rule.rule)


def shape(rule: Rule) -> str:
    """The path as `BODIES` has it."""
    path = _ARGUMENT.sub(r"<\1>", rule.rule).removeprefix("/_cgmock")
    return re.sub(rf"/(?:{'|'.join(PARTS)})/", "/<part>/", path)


def everything(control: FlaskClient) -> object:
    """What the control API shows of its tenant."""
    tenant = "/_cgmock/v1/tenants/acme"
    shown = ("", "/journal", "/faults", "/clock", "/checkpoints", "/accounts", "/contacts", "/responses")
    return control.get("/_cgmock/v1/tenants").get_json(), [
        control.get(f"{tenant}{each}").get_json() for each in shown
    ]


def test_a_text_that_cannot_be_stored_is_refused_in_every_path(app: Flask, control: FlaskClient) -> None:
    before, tried = everything(control), 0
    for rule, method in routes(app):
        for argument in rule.arguments & {"name", "key", "checkpoint"}:
            for sent in ("%00", *NOT_UTF8):
                raw = path(rule, **{argument: f"x{sent}"})
                target = unquote_to_bytes(raw).decode("latin-1")
                environ = {"PATH_INFO": target, "RAW_URI": raw, "REQUEST_URI": raw}
                answer = control.open(method=method, json={}, environ_overrides=environ)
                assert answer.status_code == 422, (rule, method, sent)
                assert answer.get_json()["error"].startswith("The path must")
                tried += 1

    assert tried > 100
    assert everything(control) == before


def test_a_text_that_cannot_be_stored_is_refused_in_every_query(app: Flask, control: FlaskClient) -> None:
    before = everything(control)
    for rule, method in routes(app):
        if rule.endpoint == "control.health":
            continue  # it is answered even when nothing else is
        for sent in ("%00", *NOT_UTF8):
            for query in (f"text={sent}", f"{sent}=text", f"a=b&unknown=x{sent}"):
                answer = control.open(f"{path(rule)}?{query}", method=method, json={})
                assert answer.status_code == 422, (rule, method, query)
                assert answer.get_json()["error"].startswith("The query string must")

    assert everything(control) == before


def with_each_text(content: object, text: str) -> Iterator[object]:
    """A value of JSON with the text in the place of each of its texts and keys, one at a time."""
    if isinstance(content, str):
        yield text
    elif isinstance(content, dict):
        for name, value in content.items():
            yield {**content, text: value}
            yield from ({**content, name: each} for each in with_each_text(value, text))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from (
                [*content[:index], each, *content[index + 1 :]] for each in with_each_text(value, text)
            )


def test_a_text_that_cannot_be_stored_is_refused_in_every_place_of_every_body(
    app: Flask, control: FlaskClient
) -> None:
    before, tried, found = everything(control), 0, set()
    for rule, method in routes(app):
        if method not in {"POST", "PUT"} or shape(rule) in BODILESS:
            continue
        found.add(shape(rule))
        for text in UNSTORABLE:
            for body in with_each_text(BODIES[shape(rule)], text):
                answer = control.open(path(rule), method=method, data=json.dumps(body))
                assert answer.status_code == 422, (rule, body)
                tried += 1

    assert found == BODIES.keys()
    assert tried > 400
    assert everything(control) == before


def test_a_surrogate_in_raw_utf8_is_refused(control: FlaskClient) -> None:
    answer = control.put(
        "/_cgmock/v1/tenants/acme/connected_apps/x", data=b'{"client_secret": "\xed\xa0\x80"}'
    )

    assert (answer.status_code, answer.get_json()) == (
        422,
        {"error": "The body must not contain NUL or lone surrogates."},
    )


def test_numbers_in_every_path_and_query_are_never_a_failure_of_the_server(
    app: Flask, control: FlaskClient
) -> None:
    in_paths = 0
    for rule, method in routes(app):
        for number in NUMBERS:
            if "number" in rule.arguments:
                answer = control.open(path(rule, number=number), method=method)
                assert answer.status_code == 404, (rule, number)
                in_paths += 1
        for number in NUMBERS[3:6] if method in {"GET", "POST"} else ():
            for name in ("limit", "cursor", "after", "since", "status", "wait", "timeout", "lease"):
                query = f"{name}={number}&wait=0&timeout=0"
                answer = control.open(
                    f"{path(rule)}?{query}", method=method, json=BODIES.get(shape(rule), {})
                )
                assert answer.status_code < 500, (rule, name, number)

    assert in_paths == 2 * len(NUMBERS)


def test_an_entry_is_found_by_its_number(control: FlaskClient) -> None:
    assert control.get("/_cgmock/v1/unclaimed/1").get_json()["number"] == 1
    assert control.get("/_cgmock/v1/unclaimed/0000000000000000001").get_json()["number"] == 1


def test_a_body_above_the_limit_is_refused_at_every_path(app: Flask, control: FlaskClient) -> None:
    before, too_much = everything(control), {"CONTENT_LENGTH": str(CONTROL_BODY_LIMIT + 1)}
    for rule, method in routes(app):
        answer = control.open(path(rule), method=method, environ_overrides=too_much)
        assert answer.status_code == 413, (rule, method)
        assert answer.get_json() == {"error": "The body must not be larger than 16 MiB."}

    assert everything(control) == before


def test_a_body_at_the_limit_is_read(control: FlaskClient) -> None:
    answer = control.post("/_cgmock/v1/tenants", data=b"{}" + b" " * (CONTROL_BODY_LIMIT - 2))

    assert answer.status_code == 422
    assert "name: is missing." in answer.get_json()["error"]


def test_no_answer_of_our_own_paths_may_be_sniffed(app: Flask) -> None:
    def fail() -> NoReturn:
        raise ZeroDivisionError

    app = create_app(MockAPI([ACME]), "token")
    app.add_url_rule("/_cgmock/broken", view_func=fail)
    control, bearer = app.test_client(), {"Authorization": "Bearer token"}
    asked = [(path(rule), method) for rule, method in routes(app) if "key" not in rule.arguments]
    asked += [
        ("/_cgmock/nothing", "GET"),
        ("/_cgmock", "GET"),
        ("/_cgmock/health", "PUT"),
        ("/_cgmock/health", "OPTIONS"),
    ]

    seen = set()
    for target, method in asked:
        for headers in ({}, bearer, {"Origin": "https://evil.example"}):
            answer = control.open(
                target, method=method, headers=headers, json={}, base_url="http://fake.example"
            )
            assert answer.headers["X-Content-Type-Options"] == "nosniff", (target, method)
            seen.add(answer.status_code)

    assert {200, 403, 404, 405, 422, 500} <= seen
