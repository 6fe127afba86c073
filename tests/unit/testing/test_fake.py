"""The operations of a fake in a test: the same in this process and through the control API."""

import inspect
import json
import math
import re
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from cgmock import seeds
from cgmock.clock import Clock, ClockControl
from cgmock.control.local import LocalControl
from cgmock.control.protocol import Control
from cgmock.control.remote import ControlError, RemoteClock, RemoteControl, RemoteFaults
from cgmock.core.messages import Request, Response
from cgmock.core.routing import Endpoint
from cgmock.core.tenant import BadValue, RepeatResponse
from cgmock.faults import Fault, FaultControl, FaultPlan
from cgmock.journal.expectations import MAX_LINES, Expectation
from cgmock.journal.search import SearchTerms
from cgmock.mock_api import MockAPI
from cgmock.seeds.tenant_tables import Part, PartError, put
from cgmock.servers.threaded import live_server
from cgmock.stores.sql.hosted import SqlClock, SqlFaults
from cgmock.testing.fake import FakeCustomerGauge, Server, distinct, environment
from tests.acme import ACME, NOW, tenant
from tests.paths import FIXTURES

HOSTED = replace(ACME, webhooks={"contacts": ACME.webhooks["contacts"]})


@pytest.fixture(params=["local", "remote"])
def control(request: pytest.FixtureRequest) -> Iterator[Control]:
    """A mock of this process, or one behind its control API."""
    mock = MockAPI(clock=lambda: NOW)
    if request.param == "local":
        yield LocalControl(mock)
        return
    with live_server(mock) as server:
        control = RemoteControl(server.url)
        control.check()
        yield control
        control.close()


@pytest.fixture
def fake(control: Control) -> Iterator[FakeCustomerGauge]:
    """A fresh tenant of it."""
    with Server(control, "http://127.0.0.1:1").fresh(HOSTED) as fake:
        yield fake


def send(fake: FakeCustomerGauge, record: Mapping[str, object], configuration: str = "contact") -> Response:
    """Send a record to a fake, as a client would."""
    return send_with(fake, token(fake), record, configuration)


def token(fake: FakeCustomerGauge) -> str:
    """Return a new access token."""
    form = {
        "grant_type": "client_credentials",
        "client_id": fake.client_id,
        "client_secret": fake.client_secret,
    }
    answer = ask(fake, httpx.Request("POST", "http://x/oauth2/token", data=form))
    return str(json.loads(answer.body)["access_token"])


def send_with(
    fake: FakeCustomerGauge, bearer: str, record: Mapping[str, object], configuration: str = "contact"
) -> Response:
    """Send a record with an access token."""
    body = {"configuration": configuration, "record": record}
    headers = {"Authorization": f"Bearer {bearer}"}
    return ask(fake, httpx.Request("PUT", "http://x/records/", json=body, headers=headers))


def ask(fake: FakeCustomerGauge, request: httpx.Request) -> Response:
    """The answer of the mock behind a fake."""
    if isinstance(fake.control, LocalControl):
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.content
        return fake.control.mock.handle(
            Request(request.method, request.url.path, "", headers, body, len(body))
        )
    assert isinstance(fake.control, RemoteControl)
    url = f"{fake.control.url}{request.url.path}"
    answer = httpx.request(request.method, url, content=request.content, headers=request.headers)
    return Response(answer.status_code, (), answer.content)


def test_a_fresh_tenant_is_one_that_nobody_else_has(control: Control) -> None:
    server = Server(control, "http://127.0.0.1:1")

    with server.fresh(HOSTED) as first, server.fresh(HOSTED) as second:
        assert first.tenant.name != second.tenant.name
        assert first.client_id != second.client_id
        assert first.tenant.webhooks.keys() & second.tenant.webhooks.keys() == set()
        assert first.tenant.configurations == second.tenant.configurations == ACME.configurations

    with server.fresh(replace(HOSTED, name="x")) as third:
        assert third.journal == []


def test_the_environment_points_at_the_fake(fake: FakeCustomerGauge, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    assert fake.environment == {
        "CG_CLIENT_ID": fake.client_id,
        "CG_CLIENT_SECRET": "acme-secret",
        "CG_REGION": "eu",
        "CG_AUTH_URL": "http://127.0.0.1:1",
        "CG_IMPORTS_URL": "http://127.0.0.1:1",
        "CG_API_URL": "http://127.0.0.1:1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def test_the_environment_of_a_fake_on_another_machine_has_no_hosts_without_a_proxy() -> None:
    assert "NO_PROXY" not in environment(HOSTED, "http://fake.invalid:8787")


def test_the_journal_has_what_was_asked_and_answered(fake: FakeCustomerGauge) -> None:
    send(fake, {"Email": "joe@example.com", "Frist Name": "Joe"})

    token, put = fake.journal
    assert (token.number, token.request.path, token.response.status) == (1, "/oauth2/token", 200)
    assert (put.request.method, put.time, [notice.fate for notice in put.notices]) == (
        "PUT",
        NOW,
        ["stored", "unmapped"],
    )
    assert [str(lost) for lost in fake.lost] == [
        "Frist Name: the configuration does not know it; did you mean First Name?"
    ]


@pytest.mark.parametrize(
    ("record", "lost"),
    [
        ({"Email": "joe@example.com", "First Name": " "}, []),
        ({"Email": " joe@example.com "}, []),
        (
            {"Email": "joe@example.com", "Job Level": "X"},
            ["Email: the record failed", "Job Level: Job Level must be A, B, C or U"],
        ),
    ],
)
def test_what_is_not_stored_is_lost_unless_it_was_empty(
    fake: FakeCustomerGauge, record: dict[str, object], lost: list[str]
) -> None:
    send(fake, record)

    assert [str(each) for each in fake.lost] == lost


def test_a_response_that_is_not_recorded_again_is_lost(control: Control) -> None:
    policies = replace(HOSTED.policies, repeat_response=RepeatResponse.IGNORED)
    with Server(control, "http://127.0.0.1:1").fresh(replace(HOSTED, policies=policies)) as fake:
        for _ in range(2):
            send(fake, {"Email": "joe@example.com", "NPS Score": 9}, "external_response")

        assert [str(each) for each in fake.lost] == [
            "a record: the same response was sent before: not recorded again"
        ]


def test_what_is_refused_aloud_is_not_lost_in_silence(fake: FakeCustomerGauge) -> None:
    assert send(fake, {"First Name": "Joe"}).status == 422
    assert fake.lost == []


def test_the_data_is_all_that_was_written(fake: FakeCustomerGauge) -> None:
    send(fake, {"Email": "joe@example.com", "Account Name": "ACME"})

    assert [row["email"] for row in fake.data("contacts")] == ["joe@example.com"]
    assert [(row["account_name"], row["created_at"]) for row in fake.data("accounts")] == [("ACME", NOW)]
    with pytest.raises(ValueError, match=r"^unknown collection `contact`; did you mean `contacts`\?$"):
        fake.data("contact")


def test_the_clock_is_frozen_moved_and_reset(fake: FakeCustomerGauge) -> None:
    fake.clock.advance(60)
    moved = fake.clock.now()
    fake.clock.freeze(5.0)
    frozen = fake.clock.now()
    fake.clock.freeze()
    still = fake.clock.now()
    fake.clock.reset()

    assert (moved, frozen, still, fake.clock.now()) == (NOW + 60, 5.0, 5.0, NOW)


def test_a_clock_takes_aware_datetimes_and_timedeltas(fake: FakeCustomerGauge) -> None:
    fake.clock.freeze(datetime(2026, 1, 31, 13, tzinfo=timezone(timedelta(hours=1))))
    frozen = fake.clock.now()
    fake.clock.advance(timedelta(days=1, milliseconds=250))

    assert frozen == datetime(2026, 1, 31, 12, tzinfo=UTC).timestamp()
    assert (fake.clock.now() - frozen, fake.clock.is_frozen) == (86_400.25, True)
    fake.clock.reset()
    assert (fake.clock.now(), fake.clock.is_frozen) == (NOW, False)


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (
            datetime(2026, 1, 31, 12),  # noqa: DTZ001
            "2026-01-31 12:00:00 has no time zone; pass an aware datetime, such as "
            "datetime(2026, 1, 31, tzinfo=UTC).",
        ),
        (datetime(1969, 12, 31, tzinfo=UTC), "The time of a clock must be from 1970 to the year 3000."),
        (-1.0, "The time of a clock must be from 1970 to the year 3000."),
        (math.nan, "The time of a clock must be from 1970 to the year 3000."),
    ],
)
def test_a_clock_refuses_a_time_that_it_cannot_have(
    fake: FakeCustomerGauge, at: float | datetime, sentence: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        fake.clock.freeze(at)

    assert not fake.clock.is_frozen


def test_faults_are_planned_met_and_cleared(fake: FakeCustomerGauge) -> None:
    fault = Fault(endpoint=Endpoint.RECORDS, status=503, headers=(("Retry-After", "5"),), body="{}")
    fake.faults.add(fault, Fault(times=2, endpoint=Endpoint.RESPONSES))

    answer = send(fake, {"Email": "joe@example.com"})

    assert (answer.status, answer.body) == (503, b"{}")
    assert fake.faults.met == ((fault, 1),)
    assert fake.faults.unmet == ((Fault(times=2, endpoint=Endpoint.RESPONSES), 2),)
    fake.faults.clear()
    assert not fake.faults.unmet
    fake.faults.add(Fault())
    assert list(fake.faults.unmet) == [(Fault(), 1)]


def test_lists_are_lists_in_this_process_and_remotely(fake: FakeCustomerGauge) -> None:
    send(fake, {"Email": "joe@example.com", "Frist Name": "Joe"})
    name, control = fake.tenant.name, fake.control

    lists: list[object] = [fake.journal, fake.lost, fake.find(status=200), fake.data("contacts")]
    lists += [fake.near_misses({"record": {"Email": "jane@example.com"}}), control.tenants()]
    lists += [control.unclaimed(), control.checkpoints(name), control.part(name, Part.POLICIES)]

    assert {type(each) for each in lists} == {list}


def test_data_returns_all_rows_of_a_large_collection() -> None:
    with Server(LocalControl(MockAPI()), "http://127.0.0.1:1").fresh(HOSTED) as fake:
        bearer = token(fake)
        for number in range(1001):
            send_with(fake, bearer, {"Email": f"joe{number}@example.com"})

        assert len(fake.data("contacts")) == 1001


def test_a_reset_leaves_what_the_seed_says(fake: FakeCustomerGauge) -> None:
    send(fake, {"Email": "joe@example.com"})

    fake.reset()

    assert not fake.journal
    assert not fake.data("contacts")


def test_a_tenant_is_changed_while_it_is_served(fake: FakeCustomerGauge) -> None:
    fake.put("touchpoints", "Web/Shop")
    fake.put("policies", "bad_value", "422")
    fake.put("configurations", "new", {"data_type": "contact", "headings": {"Mail": "email"}})
    answer = send(fake, {"Mail": "joe"}, "new")

    parts = {part: fake.control.part(fake.tenant.name, part) for part in Part}
    assert answer.status == 422
    assert {"name": "Web/Shop"} in parts[Part.TOUCHPOINTS]
    assert {"name": "bad_value", "value": "422"} in parts[Part.POLICIES]
    assert parts[Part.CONNECTED_APPS] == [{"client_id": fake.client_id, "scopes": ["imports/write"]}]
    assert "Web/Shop" in fake.tenant.touchpoints
    fake.delete("touchpoints", "Web/Shop")
    fake.delete("policies", "bad_value")
    fake.delete("configurations", "new")
    assert (fake.tenant.touchpoints, fake.tenant.policies) == (HOSTED.touchpoints, HOSTED.policies)
    with pytest.raises(
        ValueError, match=r"^unknown part `apps`; valid names: connected_apps, .*, policies\.$"
    ):
        fake.put("apps", "x")
    with pytest.raises((PartError, ControlError)):
        fake.put("webhooks", "x")


def test_a_touchpoint_has_no_value() -> None:
    with pytest.raises(PartError, match="A touchpoint is a name, and has no value"):
        put(HOSTED, Part.TOUCHPOINTS, "Web", "x")


@pytest.mark.parametrize(("part", "known"), [("policies", "bad_value"), ("touchpoints", "none")])
def test_what_is_not_there_cannot_be_removed(control: Control, part: str, known: str) -> None:
    with Server(control, "http://127.0.0.1:1").fresh(replace(HOSTED, touchpoints=frozenset())) as fake:
        start = f"There is no nope in {part} of {fake.tenant.name}; there are: "
        with pytest.raises((LookupError, ControlError)) as raised:
            fake.delete(part, "nope")

    assert not isinstance(raised.value, KeyError)
    assert str(raised.value).startswith(start)
    assert known in str(raised.value).removeprefix(start)


def test_a_tenant_is_described_anew_and_a_reset_goes_back(fake: FakeCustomerGauge) -> None:
    before = fake.tenant

    fake.replace(replace(before, touchpoints=frozenset({"Web"})))

    (shown,) = (each for each in fake.control.tenants() if each["name"] == before.name)
    assert (shown["touchpoints"], fake.tenant.touchpoints) == (["Web"], frozenset({"Web"}))
    assert shown["connected_apps"] == [{"client_id": fake.client_id, "scopes": ["imports/write"]}]
    fake.reset()
    assert fake.tenant == before


def test_a_checkpoint_is_kept_and_restored(fake: FakeCustomerGauge) -> None:
    name = fake.tenant.name
    send(fake, {"Email": "joe@example.com"})
    fake.save("one")
    send(fake, {"Email": "jane@example.com"})
    fake.put("touchpoints", "Web")

    fake.restore("one")

    assert [row["email"] for row in fake.data("contacts")] == ["joe@example.com"]
    assert "Web" not in fake.tenant.touchpoints
    assert list(fake.control.checkpoints(name)) == ["one"]
    fake.control.forget(name, "one")
    assert list(fake.control.checkpoints(name)) == []


def test_a_checkpoint_that_was_saved_elsewhere_is_restored(fake: FakeCustomerGauge) -> None:
    name, before = fake.tenant.name, fake.tenant
    fake.control.save(name, "elsewhere")
    fake.put("touchpoints", "Web/Shop")
    fake.delete("connected_apps", fake.client_id)

    fake.restore("elsewhere")

    assert fake.tenant == before


def test_a_restored_tenant_has_no_secret_that_the_control_api_hides(fake: FakeCustomerGauge) -> None:
    name = fake.tenant.name
    fake.control.put_part(name, Part.CONNECTED_APPS, "more", {"client_secret": "unknown-secret"})
    fake.control.save(name, "elsewhere")

    fake.restore("elsewhere")

    apps = {each.client_id: each.client_secret for each in fake.tenant.connected_apps}
    assert apps == {fake.client_id: fake.client_secret, "more": "[redacted]"}


def test_a_search_ignores_fractions_of_a_second(fake: FakeCustomerGauge) -> None:
    fake.clock.freeze(NOW)
    send(fake, {"Email": "joe@example.com"})

    for since, found in [(NOW - 1, 2), (NOW + 0.5, 2), (NOW + 1.5, 0)]:
        assert (len(fake.find(since=since)), fake.count(since=since)) == (found, found)


def test_the_journal_is_searched(fake: FakeCustomerGauge) -> None:
    send(fake, {"Email": "joe@example.com", "Frist Name": "Joe"})

    (entry,) = fake.find(notice="unmapped", path="/records/")

    assert entry.number == 2
    assert fake.count(status=200) == 2
    assert fake.count(text="nothing") == 0
    with pytest.raises(ValueError, match=r"^unknown fate `unmaped`; did you mean `unmapped`\?$"):
        fake.find(notice="unmaped")  # type: ignore[arg-type]
    assert fake.control.unclaimed() == []


def test_what_is_expected_is_verified_in_order(fake: FakeCustomerGauge) -> None:
    joe, jane = {"record": {"Email": "joe@example.com"}}, Expectation(record={"Email": "jane@example.com"})
    send(fake, {"Email": "joe@example.com"})
    send(fake, {"Email": "jane@example.com"})

    fake.expect_in_order(joe, jane)

    assert fake.verify(joe, {"times": 2}).holds
    with pytest.raises(AssertionError, match=r"joe@example.com after entry 4, and the last one is entry 2\."):
        fake.expect_in_order(jane, joe)
    assert [miss.entry.number for miss in fake.near_misses(jane)] == [2]


def test_what_was_sent_is_expected(fake: FakeCustomerGauge) -> None:
    send(fake, {"Email": "joe@example.com"})

    fake.expect({"Email": "joe@example.com"}, configuration="contact", status=200, times=1)
    fake.expect(endpoint="token")
    with pytest.raises(AssertionError, match=r"^Expected 2 records, and there was 1\.$"):
        fake.expect(times=2)
    with pytest.raises(ValueError, match=r"^unknown endpoint `tokens`; did you mean `token`\?$"):
        fake.expect(endpoint="tokens")  # type: ignore[arg-type]


@pytest.mark.timeout(20)
def test_waiting_ends_while_a_test_freezes_the_time(
    fake: FakeCustomerGauge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def frozen() -> float:
        return 1.0

    originals = {id(time.monotonic), id(time.perf_counter)}
    ours = [module for name, module in sys.modules.items() if name.startswith(("cgmock", "time"))]
    for module in ours:
        for name, value in vars(module).copy().items():
            if id(value) in originals:  # freezegun finds them in this way
                monkeypatch.setattr(module, name, frozen)

    with pytest.raises(AssertionError, match=r"Waited for 0.05 seconds"):
        fake.wait_for(timeout=0.05)


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        (None, "the request has no Authorization header"),
        ("bearer a.b.c", "the Authorization header must have the scheme Bearer, spelled in this way"),
        ("Basic YTpi", "the Authorization header must have the scheme Bearer, spelled in this way"),
        ("Bearer abc", "the token is malformed: it is not a JSON Web Token"),
        ("Bearer a.b.c", "the token was not issued by this fake, or its tenant was removed"),
    ],
)
def test_a_request_that_matches_no_tenant_is_explained(
    fake: FakeCustomerGauge, authorization: str | None, reason: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    ask(fake, httpx.Request("PUT", "http://x/records/", json={}, headers=headers))

    with pytest.raises(AssertionError) as caught:
        fake.expect({"Email": "joe@example.com"})

    assert str(caught.value).splitlines()[1:] == [
        f"These requests match no tenant. The client ID of this one is {fake.client_id}:",
        "  PUT /records/ 401",
        f"      failed: {reason}",
    ]
    assert [entry.response.status for entry in fake.unmatched] == [401]


def test_an_unknown_client_id_and_a_wrong_secret_are_explained(fake: FakeCustomerGauge) -> None:
    for client_id in ("absent", fake.client_id):
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "wrong"}
        ask(fake, httpx.Request("POST", "http://x/oauth2/token", data=form))

    with pytest.raises(AssertionError, match="no connected app of this host has the client ID absent"):
        fake.expect_in_order({"endpoint": "records"})

    (entry,) = fake.journal
    assert [notice.reason for notice in entry.notices] == ["the client secret is wrong"]


def test_the_reason_of_a_refused_token_is_in_the_journal(fake: FakeCustomerGauge) -> None:
    fake.clock.freeze(1_800_000_000)
    bearer = token(fake)
    headers = {"Authorization": f"Bearer {bearer}", "Host": "imports.api.us.customergauge.com"}
    ask(fake, httpx.Request("PUT", "https://imports.api.us.customergauge.com/records/", headers=headers))
    fake.clock.advance(3600)
    send_with(fake, bearer, {"Email": "joe@example.com"})

    assert [notice.reason for entry in fake.journal for notice in entry.notices] == [
        "the token is one of the region eu",
        "the token expired at 2027-01-15 09:00:00 UTC",
    ]


def test_a_request_of_an_earlier_test_is_not_shown() -> None:
    now = [NOW]
    server = Server(LocalControl(MockAPI(clock=lambda: now[0])), "http://127.0.0.1:1")
    with server.fresh(HOSTED) as earlier:
        ask(earlier, httpx.Request("PUT", "http://x/records/", json={}))
        assert len(earlier.unmatched) == 1
    now[0] += 1
    with server.fresh(HOSTED) as later:
        assert later.unmatched == []


def test_unmatched_requests_are_shown_if_there_is_room(fake: FakeCustomerGauge) -> None:
    for _ in range(30):
        ask(fake, httpx.Request("PUT", "http://x/records/", json={}))
    send(fake, {"Email": "joe@example.com"})

    with pytest.raises(AssertionError) as caught:
        fake.expect({"Email": "jim@example.com"})
    with pytest.raises(AssertionError) as crowded:
        fake.expect({f"Q{number}": "x" for number in range(50)})

    assert len(str(caught.value).splitlines()) <= MAX_LINES
    assert "match no tenant" in str(caught.value)
    assert len(str(crowded.value).splitlines()) <= MAX_LINES
    assert "match no tenant" not in str(crowded.value)


@pytest.mark.parametrize("method", ["expect", "wait_for"])
def test_a_misspelt_keyword_of_an_expectation_is_no_expectation(fake: FakeCustomerGauge, method: str) -> None:
    with pytest.raises(TypeError, match="tmies"):
        getattr(fake, method)(endpoint="token", tmies=0)


@pytest.mark.parametrize("remote", [False, True])
def test_an_expectation_that_does_not_hold_says_what_the_journal_has_no_more(*, remote: bool) -> None:
    mock = MockAPI(max_journal=1)
    with live_server(mock) as server:
        control: Control = RemoteControl(server.url) if remote else LocalControl(mock)
        with Server(control, server.url).fresh(HOSTED) as fake:
            send(fake, {"Email": "joe@example.com", "Frist Name": "Joe"})
            send(fake, {"Email": "jane@example.com"})

            assert fake.dropped == (2, 0)
            assert [lost.entry.number for lost in fake.lost] == [2]
            with pytest.raises(AssertionError, match=r"\nThe journal has dropped 2 older entries, which"):
                fake.expect(endpoint="token", times=2)


def send_late(fake: FakeCustomerGauge, record: dict[str, object]) -> None:
    """Send a record while another thread waits for it, in all likelihood."""
    time.sleep(0.05)
    send(fake, record)


def test_what_will_be_sent_is_waited_for(fake: FakeCustomerGauge) -> None:
    with ThreadPoolExecutor(1) as sender:
        sent = sender.submit(send_late, fake, {"Email": "joe@example.com"})
        fake.wait_for({"Email": "joe@example.com"}, timeout=250)
        sent.result()

    with pytest.raises(AssertionError, match=r"there was 1\.\nWaited for 0\.01 seconds\."):
        fake.wait_for({"Email": "joe@example.com"}, times=2, timeout=0.01)


@pytest.mark.parametrize("reference", ["two_tenants", "policies", "misplaced_field"])
def test_the_table_of_a_tenant_is_what_it_is_read_from(reference: str) -> None:
    file = FIXTURES / "tenants" / f"{reference}.toml"

    for each in (*seeds.load(file), *seeds.demo(), tenant(bad_value=BadValue.STORED, rate_limit=5)):
        assert seeds.tenant(json.loads(json.dumps(seeds.table(replace(each, webhooks={}))))) == replace(
            each, webhooks={}
        )
    (demo,) = seeds.demo()
    assert seeds.tenant(seeds.table(demo)) == demo


def test_a_tenant_without_a_name_is_named_in_the_mistake() -> None:
    with pytest.raises(seeds.SeedError, match=r"^name: is missing\.$"):
        seeds.tenant({})


def test_a_distinct_tenant_is_another_one_each_time() -> None:
    assert distinct(ACME).name != distinct(ACME).name


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (httpx.Response(409, json={"error": "The name acme is another tenant's."}), "The name acme is"),
        (
            httpx.Response(502, text="<html>"),
            "No fake answers at http://fake: the status of the answer is 502.",
        ),
        (httpx.Response(500, json=[]), "No fake answers at http://fake: the status of the answer is 500."),
        (httpx.Response(302), "No fake answers at http://fake: the status of the answer is 302."),
    ],
)
def test_a_refusal_of_the_control_api_is_one_clear_sentence(answer: httpx.Response, sentence: str) -> None:
    control = RemoteControl("http://fake", transport=httpx.MockTransport(lambda _: answer))

    with pytest.raises(ControlError, match=sentence):
        control.add(ACME)


def test_a_fake_that_does_not_answer_is_one_clear_sentence() -> None:
    with pytest.raises(ControlError, match=r"No fake answers at http://127\.0\.0\.1:1: "):
        RemoteControl("http://127.0.0.1:1").check()


def test_the_token_of_the_control_api_is_sent() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization"))
        return httpx.Response(200, json={"data": []})

    RemoteControl("http://fake", "right", transport=httpx.MockTransport(answer)).check()
    RemoteControl("http://fake", transport=httpx.MockTransport(answer)).check()

    assert seen == ["Bearer right", None]


@pytest.mark.parametrize(
    ("protocol", "implementation"),
    [
        (Control, LocalControl),
        (Control, RemoteControl),
        (ClockControl, Clock),
        (ClockControl, SqlClock),
        (ClockControl, RemoteClock),
        (FaultControl, FaultPlan),
        (FaultControl, SqlFaults),
        (FaultControl, RemoteFaults),
    ],
)
def test_a_protocol_documents_its_operations_once(protocol: type, implementation: type) -> None:
    documented = {name: each.__doc__ for name, each in vars(protocol).items() if name[0] != "_"}

    assert all(documented.values())
    for name, text in documented.items():
        member = getattr(implementation, name)
        assert member.__doc__ is None
        assert inspect.getdoc(member) == inspect.cleandoc(str(text))


@pytest.mark.parametrize("name", [name for name in vars(FakeCustomerGauge) if name[0] != "_"])
def test_each_operation_of_a_fake_is_documented_with_its_arguments(name: str) -> None:
    member = vars(FakeCustomerGauge)[name]
    text = inspect.getdoc(member) or ""
    assert text
    if isinstance(member, property):
        return
    arguments = [*inspect.signature(member).parameters][1:]
    told = [*SearchTerms.__annotations__] if name == "find" else arguments

    assert "Example:\n    >>> " in text
    assert ("Args:" in text) == bool(arguments)
    assert [each for each in told if f"    {each}: " not in text.replace("*", "")] == []


@pytest.mark.parametrize("name", ["replace", "put", "delete", "save", "restore"])
def test_each_change_documents_what_a_remote_fake_raises(name: str) -> None:
    assert "\n    ControlError: " in str(inspect.getdoc(getattr(FakeCustomerGauge, name)))
