"""A request of a journal can be sent again, and is answered as it was."""

import json
import shlex
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cgclient import Client, CustomerGaugeError
from cgmock.core.messages import Request
from cgmock.faults import Fault
from cgmock.journal.journal import BODY_LIMIT, Entry
from cgmock.journal.replay import as_curl, as_interaction, as_python, copies, record_of
from cgmock.mock_api import MockAPI
from cgmock.testing.fake import FakeCustomerGauge
from tests.acme import ACME, NOW, basic
from tests.interactions import matches, replay

URL = "http://127.0.0.1:8787"
RECORD = {"Email": "o'joe@example.com", "First Name": 'J"o\\e', "Phone": 5}


def asked(method: str, path: str, body: bytes = b"", query: str = "", **headers: str) -> Entry:
    """The entry of a request to a mock that hosts ACME."""
    mock = MockAPI([ACME], clock=lambda: NOW)
    mock.handle(Request(method, path, query, headers, body, len(body)))
    return next(iter([*mock.journals["acme"].after(0), *mock.unclaimed.after(0)]))


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
    )

    words = shlex.split(as_curl(entry, URL).replace("\\\n", ""))
    assert words == [
        "curl",
        "--request",
        "PUT",
        f"{URL}/hooks/contacts?a=1&b=2",
        "--header",
        "authorization: $CG_AUTHORIZATION",
        "--data-raw",
        '{"Email": "o\'joe"}',
    ]


def test_curl_has_no_more_than_was_sent() -> None:
    assert as_curl(asked("GET", "/\xe9 $(id)"), URL) == f"curl --request GET {URL}/%E9%20%24%28id%29"


@pytest.mark.cg(unknown_headings="off", unmet_faults="off")
def test_what_a_copy_is_not_is_said(cg: FakeCustomerGauge) -> None:
    cg.faults.add(Fault(endpoint="token", status=500))  # type: ignore[arg-type]
    body = {"client_id": cg.client_id, "client_secret": cg.client_secret, "x": "x" * BODY_LIMIT}
    httpx.post(f"{cg.url}/oauth2/token", data=body)

    remarks = as_curl(last(cg), URL).splitlines()[:3]
    assert remarks == [
        "# The journal kept only the first 65,536 bytes of the body.",
        "# It met a planned fault: answer.",
        "# Put a secret in the place of each [redacted].",
    ]
    assert as_python(last(cg)).splitlines()[:3] == remarks


def test_a_test_in_python_passes(cg: FakeCustomerGauge, cg_client: Client) -> None:
    cg_client.put_record("contact", RECORD)
    entry = last(cg)
    cg.reset()

    function(as_python(entry))(cg, cg_client)
    assert record_of(last(cg)) == record_of(entry) == ("contact", RECORD)
    assert "import" not in as_python(entry)


@pytest.mark.cg(unknown_headings="off")
def test_a_test_in_python_expects_the_same_loss(cg: FakeCustomerGauge, cg_client: Client) -> None:
    cg_client.put_record("contact", {"Emial": "joe@example.com", "Phone": "1"})
    source = as_python(last(cg))
    cg.reset()

    function(source)(cg, cg_client)
    assert [loss.notice.heading for loss in cg.lost] == ["Emial"]
    assert '\n@pytest.mark.cg(unknown_headings="off")' in source


def test_a_test_in_python_expects_the_same_refusal(cg: FakeCustomerGauge, cg_client: Client) -> None:
    with pytest.raises(CustomerGaugeError):
        cg_client.put_record("contact", {"First Name": "Joe"})
    entry = last(cg)
    cg.reset()

    function(as_python(entry))(cg, cg_client)
    assert last(cg).response.status == entry.response.status == 422


def test_any_other_request_is_asked_by_httpx(cg: FakeCustomerGauge) -> None:
    source = as_python(asked("PUT", "/records/", b'{"configuration": 1}', "a=b", accept="application/json"))

    function(source)(cg)
    with pytest.raises(AssertionError):
        function(source.replace("== 401", "== 200"))(cg)


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
