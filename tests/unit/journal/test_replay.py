"""A request of a journal can be sent again, and is answered as it was."""

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from cgclient import Client, CustomerGaugeError, RateLimitedError, Retries
from cgmock.core.messages import Request
from cgmock.core.tenant import WebhookState
from cgmock.faults import Fault
from cgmock.journal.journal import BODY_LIMIT, Entry
from cgmock.journal.replay import as_curl, as_interaction, as_python, copies, record_of
from cgmock.mock_api import MockAPI
from cgmock.seeds import load_seed
from cgmock.testing.fake import FakeCustomerGauge, Server, distinct
from tests.acme import ACME, NOW, basic
from tests.interactions import matches, replay

URL = "http://127.0.0.1:8787"
RECORD = {"Email": "o'joe@example.com", "First Name": 'J"o\\e', "Phone": 5}


def asked(method: str, path: str, body: bytes = b"", query: str = "", **headers: str) -> Entry:
    """The entry of a request to a mock that hosts ACME."""
    mock = MockAPI([ACME], clock=lambda: NOW)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    mock.handle(Request(method, path, query, named, body, len(body)))
    return next(iter([*mock.store.hosted("acme").journal.after(0), *mock.store.unclaimed.after(0)]))


def last(cg: FakeCustomerGauge) -> Entry:
    """The newest entry of a journal."""
    return list(cg.journal)[-1]


def function(source: str) -> Callable[..., None]:
    """The one function of a test."""
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102  (a copy is a program)
    return next(each for name, each in namespace.items() if name.startswith("test_"))  # type: ignore[no-any-return]


def test_curl_sends_the_same_request() -> None:
    entry = asked(
        "PUT",
        "/hooks/contacts",
        b'{"Email": "o\'joe"}',
        "a=1&b=2",
        authorization=basic("acme-hook", "acme-password"),
        accept="*/*",
    )

    comment, _, command = as_curl(entry, URL).partition("\n")
    assert comment == "# Set $CG_AUTHORIZATION to the value of the header authorization."
    assert shlex.split(command.replace("\\\n", "")) == [
        "curl",
        "--globoff",
        "--path-as-is",
        "--request",
        "PUT",
        f"{URL}/hooks/contacts?a=1&b=2",
        "--header",
        "authorization: $CG_AUTHORIZATION",
        "--header",
        "accept: */*",
        "--header",
        "user-agent:",
        "--header",
        "content-type:",
        "--header",
        "expect:",
        "--data-raw",
        '{"Email": "o\'joe"}',
    ]


def test_curl_has_no_more_than_was_sent() -> None:
    entry = asked("GET", "/\xe9 $(id)", accept="", user_agent="caf\xe9")

    assert as_curl(entry, URL) == (
        f"curl --globoff --path-as-is --request GET {URL}/%E9%20%24%28id%29 \\\n"
        "  --header 'accept;' \\\n"
        "  --header \"$(printf 'user\\055agent\\072\\040caf\\351')\""
    )


def test_curl_gets_a_body_that_no_terminal_shows_from_printf() -> None:
    copy = as_curl(asked("PUT", "//records/", b"\x1b[2J\0", host="imports.api.eu.customergauge.com"), URL)

    assert copy.startswith(
        f"printf '\\033\\1332J\\000' |\n  curl --globoff --path-as-is --request PUT {URL}/%2Frecords/ "
    )
    assert copy.endswith("--data-binary @-")
    assert "  --header 'host: imports.api.eu.customergauge.com'" in copy


@pytest.mark.parametrize(
    "name",
    [
        "x-token`id`",
        "x-token$(id)",
        'x-token"; id; "',
        "x-token'",
        "x-token\\",
        "x-token\xe9`id`",
        "x-token\nid",
    ],
)
def test_a_shell_expands_only_the_variable_of_a_redacted_header(name: str) -> None:
    headers = {name: "secret-value", "x-$(id)": "`id`"}
    entry = asked("GET", "/records/`id`", b"", "a=$(id)", **headers)

    lines = [line for line in as_curl(entry, URL).splitlines() if not line.startswith("# ")]
    unquoted = re.sub("'[^']*'", "", "\n".join(lines).replace("'\"'\"'", ""))
    assert unquoted.count('"$CG_X_TOKEN') == 1
    assert not re.search("[$`;]", re.sub(r'"\$CG_X_TOKEN[A-Z_]*"|"\$\(printf \)"', "", unquoted))
    assert lines[0].startswith("curl ")


@pytest.mark.parametrize(
    ("entry", "curl", "python"),
    [
        (
            asked("HEAD", "/records/", b"x"),
            ["curl cannot send a body with HEAD."],
            [],
        ),
        (
            asked("put", "records", query="a b"),
            ["The query holds characters that clients encode or refuse.", "curl cannot send a path without a slash."],
            ["The query holds characters that clients encode or refuse.", "httpx sends the method in upper case."],
        ),
        (
            asked("PUT", "/records/", b"x", content_encoding="gzip"),
            ["The journal does not keep compressed bodies."],
            ["The journal does not keep compressed bodies."],
        ),
        (
            asked("PUT", "/records/", cookie="a=b", x_note="see eyJhbGci.eyJzdWIi.c2ln"),
            ["Set $CG_COOKIE to the value of the header cookie.", "Put a secret in the place of each [redacted]."],
            ["Put a secret in the place of each [redacted]."],
        ),
        (
            asked("PUT", "/records/", authorization="Bearer wrong"),
            ["Set $CG_AUTHORIZATION to the value of the header authorization."],
            ["The credential in the header authorization is not repeated."],
        ),
    ],
)  # fmt: skip
def test_a_copy_says_what_it_cannot_repeat(entry: Entry, curl: list[str], python: list[str]) -> None:
    def comments(copy: str) -> list[str]:
        return [line.removeprefix("# ") for line in copy.splitlines() if line.startswith("# ")]

    assert comments(as_curl(entry, URL)) == curl
    assert comments(as_python(entry, "")) == python


def test_a_body_that_broke_off_is_not_repeated() -> None:
    mock = MockAPI([ACME], clock=lambda: NOW)
    mock.handle(Request("PUT", "/records/", "", {}, b"abc", 1000))
    (entry,) = mock.store.unclaimed.after(0)

    assert "# The journal does not have all 1,000 bytes of the body.\n" in as_curl(entry, URL)
    assert "@pytest.mark.skip(reason='the journal does not have the whole body')" in as_python(entry, "")


@pytest.mark.cg(policies={"rate_limit": 1})
def test_a_request_that_met_the_rate_limit_is_not_repeated(cg: FakeCustomerGauge, cg_client: Client) -> None:
    cg_client.put_record("contact", RECORD)
    with pytest.raises(RateLimitedError):
        cg_client.with_options(retries=Retries(attempts=1)).put_record("contact", RECORD)

    assert "reason='it met the rate limit'" in as_python(last(cg), cg.tenant.name)


def test_a_test_in_python_expects_trimmed_values(cg: FakeCustomerGauge, cg_client: Client) -> None:
    cg_client.put_record("contact", {"Email": " joe@example.com\n", "First Name": "", "Phone": "1"})
    source = as_python(last(cg), cg.tenant.name)
    cg.reset()

    function(source)(cg, cg_client)
    assert record_of(last(cg)) == ("contact", {"Email": " joe@example.com\n", "First Name": "", "Phone": "1"})


@pytest.mark.cg(unknown_headings="off", unmet_faults="off")
def test_what_a_copy_is_not_is_said(cg: FakeCustomerGauge) -> None:
    cg.faults.add(Fault(endpoint="token", status=500))
    body = {"client_id": cg.client_id, "client_secret": cg.client_secret, "x": "x" * BODY_LIMIT}
    httpx.post(f"{cg.url}/oauth2/token", data=body)

    remarks = as_curl(last(cg), URL).splitlines()[:3]
    assert remarks == [
        "# The journal kept only the first 65,536 bytes of the body.",
        "# It met a planned fault: answer.",
        "# Put a secret in the place of each [redacted].",
    ]
    assert as_python(last(cg), cg.tenant.name).splitlines()[:3] == remarks


def test_a_test_in_python_passes(cg: FakeCustomerGauge, cg_client: Client) -> None:
    cg_client.put_record("contact", RECORD)
    entry = last(cg)
    cg.reset()

    function(as_python(entry, cg.tenant.name))(cg, cg_client)
    assert record_of(last(cg)) == record_of(entry) == ("contact", RECORD)
    assert "import" not in as_python(entry, cg.tenant.name)


@pytest.mark.cg(unknown_headings="off")
def test_a_test_in_python_expects_the_same_loss(cg: FakeCustomerGauge, cg_client: Client) -> None:
    cg_client.put_record("contact", {"Emial": "joe@example.com", "Phone": "1"})
    source = as_python(last(cg), cg.tenant.name)
    cg.reset()

    function(source)(cg, cg_client)
    assert [loss.notice.heading for loss in cg.lost] == ["Emial"]
    assert '\n@pytest.mark.cg(unknown_headings="off")' in source


def test_a_test_in_python_expects_the_same_refusal(cg: FakeCustomerGauge, cg_client: Client) -> None:
    with pytest.raises(CustomerGaugeError):
        cg_client.put_record("contact", {"First Name": "Joe"})
    entry = last(cg)
    cg.reset()

    function(as_python(entry, cg.tenant.name))(cg, cg_client)
    assert last(cg).response.status == entry.response.status == 422


def test_any_other_request_is_asked_by_httpx(cg: FakeCustomerGauge) -> None:
    source = as_python(
        asked("PUT", "/records/", b'{"configuration": 1}', "a=b", accept="application/json"), ""
    )

    function(source)(cg)
    with pytest.raises(AssertionError):
        function(source.replace("== 401", "== 200"))(cg)


@pytest.mark.parametrize(
    "kind", ["responses", "webhook", "Basic", "form", "query", "Basic and form", "wrong Basic"]
)
def test_a_test_in_python_has_the_credentials_of_its_own_tenant(cg: FakeCustomerGauge, kind: str) -> None:
    hook = next(each for each in cg.tenant.webhooks.values() if each.state is WebhookState.ACTIVE)
    app = {"client_id": cg.client_id, "client_secret": cg.client_secret}
    grant = {"grant_type": "client_credentials"}
    url, token_url = cg.url, f"{cg.url}/oauth2/token"
    token = httpx.post(token_url, data=grant | app).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    send: dict[str, Callable[[], httpx.Response]] = {
        "responses": lambda: httpx.get(f"{url}/v7/rest/sync/responses", headers=bearer),
        "webhook": lambda: httpx.put(
            f"{url}/hooks/{hook.id}", auth=(hook.username, hook.password), json={"Email": "a@b"}
        ),
        "Basic": lambda: httpx.post(token_url, data=grant, auth=(cg.client_id, cg.client_secret)),
        "form": lambda: httpx.post(token_url, data=grant | app),
        "query": lambda: httpx.post(token_url, params=app, data=grant),
        "Basic and form": lambda: httpx.post(
            token_url, data=grant | app, auth=(cg.client_id, cg.client_secret)
        ),
        "wrong Basic": lambda: httpx.post(token_url, data=grant, auth=(cg.client_id, "wrong")),
    }
    answer = send[kind]()
    entry = last(cg)
    copy = as_python(entry, cg.tenant.name)
    other = distinct(load_seed()[0])
    cg.control.add(other)
    elsewhere = FakeCustomerGauge(cg.control, cg.url, other)

    function(copy)(elsewhere)

    assert last(elsewhere).response.status == answer.status_code == entry.response.status
    assert cg.client_secret not in copy
    assert len(cg.journal) == 2
    cg.control.remove(other.name)


def test_a_test_in_python_sends_to_the_webhook_of_the_same_name(cg: FakeCustomerGauge) -> None:
    hook = ACME.webhooks["contacts"]
    hooks = {name: replace(hook, id=name) for name in ("shop-eu", "shop")}
    shop = replace(ACME, webhooks=hooks)
    mock = MockAPI([shop])
    head = {"authorization": basic(hook.username, hook.password)}
    mock.handle(Request("PUT", "/hooks/shop", "", head, b"{}", 2))
    (entry,) = mock.store.hosted(shop.name).journal.after(0)
    with Server(cg.control, cg.url).fresh(shop) as elsewhere:
        function(as_python(entry, shop.name))(elsewhere)

        assert last(elsewhere).request.path.startswith("/hooks/shop-")
        assert not last(elsewhere).request.path.startswith("/hooks/shop-eu")


def test_an_interaction_file_is_answered_the_same(cg: FakeCustomerGauge, cg_client: Client) -> None:
    cg_client.put_record("contact", RECORD)
    entry = last(cg)

    interaction = json.loads(as_interaction(entry, "demo"))
    response, played = replay(interaction)
    assert response.status == interaction["response"]["status"] == 200
    assert matches(interaction["response"]["body"], response.body.decode())
    assert played.behaviours == entry.behaviours
    assert {notice.heading: notice.fate for notice in played.notices} == interaction["notices"]
    assert interaction["evidence"] == "documented"


@pytest.mark.cg(unmet_faults="off")
def test_an_interaction_of_a_fault_has_no_evidence(cg: FakeCustomerGauge) -> None:
    cg.faults.add(Fault(status=500))
    httpx.post(
        f"{cg.url}/oauth2/token?a=b",
        data={"client_id": cg.client_id},
        headers={"authorization": basic(cg.client_id, "x")},
    )

    interaction = json.loads(copies(last(cg), "demo", URL)["interaction"])
    assert (interaction["evidence"], interaction["behaviours"]) == (None, [])
    assert (interaction["request"]["query"], interaction["request"]["headers"]["authorization"]) == (
        "a=b",
        "[redacted]",
    )
