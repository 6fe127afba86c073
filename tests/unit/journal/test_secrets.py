"""Canaries: secrets that are sent wherever they can be, and looked for wherever something is kept or shown."""

import gzip
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from cgmock.control.remote import RemoteControl
from cgmock.core.messages import Request
from cgmock.core.tenant import ConnectedApp
from cgmock.faults import Fault
from cgmock.journal.redaction import COMPRESSED, REDACTED, Redactor
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.web import create_app
from cgmock.web.endpoints import ENDPOINTS
from cgmock.web.openapi.control import describe
from tests.acme import ACME, basic
from tests.adapters import TOKENS
from tests.unit.web.openapi.conformance import Contract

SECRET, PASSWORD, CONTROL = "canary/of+the-app", "canary-of-the-hook", "canary-of-the-control-api"
WRONG = "canary-that-nobody-has"
HOOK = replace(ACME.webhooks["contacts"], password=PASSWORD)
TENANT = replace(
    ACME,
    connected_apps=(ConnectedApp(client_id="acme-crm", client_secret=SECRET),),
    webhooks={"contacts": HOOK},
)
BASIC = basic("acme-crm", SECRET)
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}

WRITES: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "a right Basic header": (
        "POST",
        "/oauth2/token",
        {"Authorization": BASIC},
        b"grant_type=client_credentials",
    ),
    "a wrong Basic header": ("POST", "/oauth2/token", {"Authorization": basic("acme-crm", WRONG)}, b""),
    "a Basic header by another name": ("PUT", "/records/", {"X-Forwarded": BASIC}, b""),
    "a header that nobody knows": ("PUT", "/records/", {"X-Note": SECRET}, b""),
    "a header for a secret": ("PUT", "/records/", {"X-Client-Secret": WRONG, "X-ApiKey": WRONG}, b""),
    "a cookie": ("PUT", "/records/", {"Cookie": f"session={WRONG}"}, b""),
    "the query": ("POST", f"/oauth2/token?client_id=acme-crm&client_secret={quote(WRONG)}", {}, b""),
    "the query by another name": ("PUT", f"/records/?note={quote(SECRET, safe='')}", {}, b""),
    "the path": ("PUT", f"/records/{CONTROL}", {}, b""),
    "a form": ("POST", "/oauth2/token", FORM, f"client_id=acme-crm&client_secret={WRONG}".encode()),
    "JSON for a form": ("POST", "/oauth2/token", JSON, json.dumps({"client_secret": WRONG}).encode()),
    "JSON with escapes": ("PUT", "/records/", JSON, json.dumps({"x": SECRET}).replace("/", "\\/").encode()),
    "JSON in UTF-16": ("PUT", "/records/", JSON, json.dumps({"client_secret": WRONG}).encode("utf-16-le")),
    "a body that is packed": (
        "PUT",
        "/records/",
        {**JSON, "Content-Encoding": "gzip"},
        gzip.compress(SECRET.encode(), compresslevel=0),
    ),
    "a part of a form": (
        "POST",
        "/oauth2/token",
        MULTIPART,
        f'--x\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\n{WRONG}\r\n--x--\r\n'.encode(),
    ),
    "a heading": (
        "PUT",
        "/hooks/contacts",
        {**JSON, "Authorization": basic("acme-hook", PASSWORD)},
        json.dumps({"Email": "joe@example.com", SECRET: "x"}).encode(),
    ),
    "a value": (
        "PUT",
        "/hooks/contacts",
        {**JSON, "Authorization": basic("acme-hook", PASSWORD)},
        json.dumps({"Email": "jane@example.com", "First Name": SECRET}).encode(),
    ),
    "the control token to the vendor": ("PUT", "/records/", {"X-Control": CONTROL}, CONTROL.encode()),
}
CANARIES = ("canary", BASIC.removeprefix("Basic "), basic("acme-hook", PASSWORD).removeprefix("Basic "))
"""What is in every secret, and what Basic headers make of them."""


@pytest.fixture
def mock() -> MockAPI:
    """A mock that was sent a secret in every way."""
    mock = MockAPI([TENANT])
    mock.tokens = TOKENS
    create_app(mock, CONTROL)
    mock.store.hosted("acme").faults.add(Fault(body=SECRET, headers=(("X-Note", PASSWORD),), endpoint="keys"))
    with live_server(mock) as server, httpx.Client(base_url=server.url) as client:
        for method, path, headers, content in WRITES.values():
            client.request(method, path, headers=headers, content=content)
    return mock


def test_no_canary_is_in_a_journal(mock: MockAPI) -> None:
    entries = [*mock.store.hosted("acme").journal.after(0), *mock.store.unclaimed.after(0)]

    assert len(entries) == len(WRITES)
    assert found_in(repr(entries)) == []
    assert {entry.request.body for entry in entries} >= {COMPRESSED, REDACTED.encode()}


def test_no_canary_is_in_anything_that_the_control_api_shows(mock: MockAPI) -> None:
    with live_server(mock) as server, httpx.Client(base_url=server.url) as client:
        shown = {path: client.get(path) for path in paths()}

    assert {path: answer.status_code for path, answer in shown.items() if answer.is_error} == {}
    assert {path: found_in(answer.text) for path, answer in shown.items() if found_in(answer.text)} == {}
    assert REDACTED in shown["/_cgmock/v1/tenants/acme/contacts"].text
    assert REDACTED in shown["/_cgmock/v1/tenants/acme/faults"].text


def test_no_canary_is_in_a_sentence_that_refuses_something(mock: MockAPI) -> None:
    with live_server(mock) as server, httpx.Client(base_url=server.url) as client:
        refused = [
            client.get(f"/_cgmock/{CONTROL}"),
            client.get(f"/_cgmock/v1/tenants/{PASSWORD}"),
            client.put("/_cgmock/v1/tenants/acme/policies/bad_value", json={"value": SECRET}),
            client.put("/_cgmock/v1/tenants/acme/connected_apps/x", json={"client_secert": SECRET}),
            client.post("/_cgmock/v1/tenants/acme/journal/verify", json={SECRET: 1}),
        ]

    assert [answer.status_code for answer in refused] == [404, 404, 422, 422, 422]
    assert [found_in(answer.text) for answer in refused] == [[]] * 5


def test_no_canary_is_in_what_an_expectation_says(mock: MockAPI) -> None:
    with live_server(mock) as server:
        control = RemoteControl(server.url)
        verdict = control.send(
            "POST",
            "/_cgmock/v1/tenants/acme/journal/near-misses",
            json={"endpoint": "webhook", "record": {"First Name": "Joe", "Nickname": "J"}},
        )
        control.close()

    assert len(verdict["data"]) == 2
    assert found_in(json.dumps(verdict)) == []


def test_no_canary_is_written_to_a_log_or_a_screen(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, "cgmock")

    mock = request.getfixturevalue("mock")

    out, err = capfd.readouterr()
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("cgmock"))
    assert found_in(out + err + ours + repr(mock.store.hosted("acme").tenant)) == []


def test_no_secret_is_in_the_report_of_a_test(pytester: pytest.Pytester, tmp_path: Path) -> None:
    seed = tmp_path / "seed.toml"
    seed.write_text(
        '[[tenants]]\nname = "acme"\n[[tenants.connected_apps]]\n'
        f'client_id = "acme-crm"\nclient_secret = "{SECRET}"\n'
        '[[tenants.configurations]]\nreference = "contact"\ndata_type = "contact"\nheadings = { Email = "email" }\n'
    )
    pytester.makepyfile(f"""
        def test_it(cg, cg_client):
            cg_client.put_record("contact", {{"Email": "joe@example.com", "{SECRET[:6]}" + "{SECRET[6:]}": "x"}})
            cg.expect({{"Email": "jane@example.com"}})
    """)

    result = pytester.runpytest(f"--cg-seed={seed}", "--junitxml=report.xml", "--tb=line")

    result.assert_outcomes(failed=1)
    written = [path.read_text(errors="replace") for path in pytester.path.glob("*.xml")]
    assert found_in(result.stdout.str() + result.stderr.str() + "".join(written)) == []


@pytest.mark.parametrize("body", [b"a\0b", b"\0"])
def test_a_body_with_nothing_to_hide_is_kept_as_it_is(body: bytes) -> None:
    assert Redactor([SECRET]).request(Request("PUT", "/", "", {}, body, len(body))).body == body


def found_in(text: str) -> list[str]:
    """The canaries in a text, however they are escaped."""
    plain = text.replace("\\/", "/").replace("\0", "").replace("\\x00", "")
    return [each for each in CANARIES if each in plain]


def paths() -> Iterator[str]:
    """The paths of all that can be read of the tenant."""
    keys = {"connected_apps": "acme-crm", "configurations": "contact", "webhooks": "contacts"}
    for method, path, _ in Contract(describe(ENDPOINTS)).operations():
        part = path.rpartition("/{key}")[0].rpartition("/")[2]
        key = {**keys, "touchpoints": "After Sales", "policies": "bad_value"}.get(part, "")
        if method == "get":
            yield path.replace("{name}", "acme").replace("{key}", key).replace("{number}", "1")
