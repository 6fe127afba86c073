"""The rails: nothing passes them that was not allowed, and all that was written is told."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from cgmock.contract.conversation import Conversation
from cgmock.contract.session import Session
from cgmock.live.rails import CHECK, NUMBER, Guard, KeptBackError, Rails, Tickets, Written
from cgmock.live.target import Target
from tests.unit.contract.fakes import ACME

LIVE = Target.live(ACME, {"CG_CLIENT_ID": "acme-crm", "CG_CLIENT_SECRET": "live-secret"})
RECORDS = "https://imports.api.us.customergauge.com/records/"
RECORD = {"configuration": "responses", "record": {"E-mail": "joe@example.com"}}


class Wire(httpx.BaseTransport):
    """Keeps what got as far as this."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer 200."""
        self.requests.append(request)
        return httpx.Response(200)


def send(rails: Rails, request: httpx.Request, target: Target = LIVE) -> int:
    """How many requests got through."""
    wire = Wire()
    request.extensions = {CHECK: "records.accepted", NUMBER: 7}
    with httpx.Client(transport=Guard(wire, target, rails)) as client:
        client.send(request)
    return len(wire.requests)


def test_a_host_that_nobody_has_allowed_gets_nothing() -> None:
    with pytest.raises(KeptBackError, match=r"the host api\.us\.customergauge\.com is not allowed"):
        send(
            Rails(hosts=LIVE.hosts - {"api.us.customergauge.com"}), httpx.Request("GET", f"{LIVE.api_url}/x")
        )


@pytest.mark.parametrize("prefix", ["--", "--cg-"])
def test_messages_name_the_options_of_the_program(prefix: str, tmp_path: Path) -> None:
    Tickets.issue(tmp_path / "tickets", 0)
    rails = Rails(prefix=prefix, budget=Tickets(tmp_path / "tickets"), allow_invitations=True)
    put = httpx.Request("PUT", RECORDS, json=RECORD)

    with pytest.raises(KeptBackError, match=f": {prefix}allow-host imports"):
        send(rails, put)
    with pytest.raises(KeptBackError, match=f"used up: raise {prefix}live-write-budget$"):
        send(rails._replace(hosts=LIVE.hosts), put)


def test_pytest_has_no_option_for_invitations() -> None:
    with pytest.raises(KeptBackError, match=r"it would send real mail$"):
        send(
            Rails(hosts=LIVE.hosts, prefix="--cg-"),
            httpx.Request("PUT", RECORDS, json={"configuration": "survey", "record": {}}),
        )


def test_this_machine_needs_no_leave() -> None:
    target = Target.at("http://127.0.0.1:1", ACME)

    assert send(Rails(), httpx.Request("PUT", "http://127.0.0.1:1/records/", json=RECORD), target) == 1


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", f"{LIVE.api_url}/v7/rest/sync/responses"),
        httpx.Request("OPTIONS", RECORDS),
        httpx.Request("POST", f"{LIVE.auth_url}/oauth2/token?grant_type=x"),
    ],
    ids=lambda each: each.method,
)
def test_what_only_reads_costs_no_ticket(request_: httpx.Request, tmp_path: Path) -> None:
    rails = Rails(LIVE.hosts, Tickets.issue(tmp_path / "tickets", 0))

    assert send(rails, request_) == 1


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
def test_one_write_more_than_the_budget_never_leaves(method: str, tmp_path: Path) -> None:
    rails = Rails(LIVE.hosts, Tickets.issue(tmp_path / "tickets", 2))

    assert [send(rails, httpx.Request(method, RECORDS, json=RECORD)) for _ in range(2)] == [1, 1]
    with pytest.raises(KeptBackError, match="the write budget is used up"):
        send(rails, httpx.Request(method, RECORDS, json=RECORD))


def test_many_at_once_take_no_more_tickets_than_there_are(tmp_path: Path) -> None:
    folder = tmp_path / "tickets"
    Tickets.issue(folder, 100)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: Tickets(folder).take(), range(400)))

    assert taken.count(True) == 100


def test_a_write_that_waits_for_the_rate_limit_costs_another_ticket(tmp_path: Path) -> None:
    arrived: list[httpx.Request] = []
    waited: list[float] = []

    def limited(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"access_token": "a-token"})
        arrived.append(request)
        return httpx.Response(429, headers={"Retry-After": "300"})

    rails = Rails(LIVE.hosts, Tickets.issue(tmp_path / "tickets", 1))
    session = Session(LIVE, Guard(httpx.MockTransport(limited), LIVE, rails), "abcd1234", sleep=waited.append)
    conversation = Conversation("records.accepted", session)

    with pytest.raises(KeptBackError, match="the write budget is used up"):
        conversation.send(conversation.message(b"{}"))
    assert (len(arrived), waited) == (1, [61.0])


def test_a_ticket_that_another_process_has_just_taken_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = Tickets.issue(tmp_path / "tickets", 1)
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter([folder / "taken", folder / "0"]))

    assert tickets.take()
    assert not tickets.take()


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("PUT", RECORDS, json={"configuration": "survey", "record": {"Contact Reference": "1"}}),
        httpx.Request(
            "PUT", RECORDS, json={"configuration": " multi-object ", "record": {"Email": "j@x.io"}}
        ),
        httpx.Request("PUT", RECORDS, data={"configuration": "survey", "record[Contact Reference]": "1"}),
        httpx.Request("PUT", f"{RECORDS}?configuration=survey", json={"record": {"Contact Reference": "1"}}),
        httpx.Request("PUT", "https://hooks.us.customergauge.com/inviting/", json={"Contact Reference": "1"}),
    ],
    ids=["JSON", "blanks", "form", "query", "webhook"],
)
def test_no_invitation_is_sent_unless_it_is_allowed(request_: httpx.Request) -> None:
    hook = ACME.webhooks["acme-shop"]
    inviting = replace(hook, id="inviting", configuration="survey")
    target = replace(LIVE, tenant=replace(ACME, webhooks={"inviting": inviting}))

    with pytest.raises(KeptBackError, match="it would send real mail"):
        send(Rails(target.hosts), request_, target)
    assert send(Rails(target.hosts, allow_invitations=True), request_, target) == 1


def lines(file: Path) -> list[Mapping[str, object]]:
    """The lines of a file of JSON Lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_write_is_told_before_it_leaves_and_when_it_was_answered(tmp_path: Path) -> None:
    file = tmp_path / "written.jsonl"
    rails = Rails(LIVE.hosts, written=Written(file, "abcd1234"))
    headers = {"Authorization": "Bearer a-token", "X-Note": "live-secret"}

    send(rails, httpx.Request("PUT", RECORDS, json=RECORD, headers=headers))
    send(rails, httpx.Request("GET", RECORDS))

    write = {"run": "abcd1234", "behaviour": "records.accepted", "write": "records.accepted/7"}
    before, after = lines(file)
    assert after == {**write, "state": "answered", "status": 200}
    assert before == {
        **write,
        "state": "sending",
        "method": "PUT",
        "url": RECORDS,
        "headers": {
            "host": "imports.api.us.customergauge.com",
            "content-length": "67",
            "content-type": "application/json",
            "authorization": "[redacted]",
            "x-note": "[redacted]",
        },
        "body": '{"configuration":"responses","record":{"E-mail":"joe@example.com"}}',
    }


def test_a_write_that_got_no_answer_is_told_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "written.jsonl"
    guard = Guard(httpx.MockTransport(interrupt), LIVE, Rails(LIVE.hosts, written=Written(file, "abcd1234")))
    request = httpx.Request("PUT", RECORDS, json=RECORD, extensions={CHECK: "records.accepted", NUMBER: 7})

    with httpx.Client(transport=guard) as client, pytest.raises(KeyboardInterrupt):
        client.send(request)

    assert [line["state"] for line in lines(file)] == ["sending"]


def interrupt(_: httpx.Request) -> httpx.Response:
    """Be interrupted while the answer is waited for."""
    raise KeyboardInterrupt


def test_of_a_long_body_only_the_beginning_is_told(tmp_path: Path) -> None:
    file = tmp_path / "written.jsonl"

    send(
        Rails(LIVE.hosts, written=Written(file, "abcd1234")),
        httpx.Request("PUT", RECORDS, content=b"x" * 5000),
    )

    body = str(lines(file)[0]["body"])
    assert body.startswith("xxx")
    assert body.endswith("x… (5000 bytes)")
    assert len(body) == 2014
