"""Planned failures as a client sees them: over TCP, and in this process by every door, the same way."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import httpx2
import pytest
from werkzeug.test import Client as WSGIClient

from cgmock.control.local import LocalControl
from cgmock.core.messages import Request
from cgmock.faults import (
    PREPARED,
    BrokenConnectionError,
    Effect,
    Fault,
    LogNormal,
    Uniform,
    prepared,
)
from cgmock.faults.prepared import PreparedName
from cgmock.httpx import httpx2_transport, httpx_transport
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router
from cgmock.servers.threaded import live_server
from cgmock.testing.fake import FakeCustomerGauge, Server
from cgmock.wsgi import VendorEndpoints
from tests.acme import ACME, NOW

HOSTED = replace(ACME, webhooks={"contacts": ACME.webhooks["contacts"]})
RECORD = {"Email": "joe@example.com"}
PATIENCE, LONG = 0.3, 30.0
"""Seconds that a client waits for the next byte: where it is to give up, and where it is not."""

DELAYS = (0.25, 4.0, 60.0)
"""Delays in seconds, tried in order: the machine may be too busy for the shorter ones."""

_TLS = ssl.create_default_context()
"""Made once: it takes a while, and no connection needs it."""

Send = Callable[[], httpx.Response]
Way = Callable[[FakeCustomerGauge, float], Send]

SEEN: dict[str, tuple[Fault, int | str]] = {
    "500": (Fault(), 500),
    "502": (Fault(status=502), 502),
    "503": (Fault(status=503, retry_after=5), 503),
    "504": (Fault(status=504), 504),
    "429": (Fault(status=429, retry_after=5, retry_after_date=True), 429),
    "a fixed delay": (Fault(effect=Effect.LATE, delay=0.01), 200),
    "a uniform delay": (Fault(effect=Effect.LATE, delay=Uniform(0.0, 0.02)), 200),
    "a log-normal delay": (Fault(effect=Effect.LATE, delay=LogNormal(0.01, 0.5)), 200),
    "a delay beyond the patience": (Fault(effect=Effect.LATE, delay=0.6), "ReadTimeout"),
    "done, and answered with a failure": (Fault(status=502, applied=True), 502),
    "reset": (Fault(effect=Effect.RESET), "ReadError"),
    "close": (Fault(effect=Effect.CLOSE), "RemoteProtocolError"),
    "done, and never answered": (Fault(effect=Effect.CLOSE, applied=True), "RemoteProtocolError"),
    "close beyond the patience": (Fault(effect=Effect.CLOSE, delay=0.6), "ReadTimeout"),
    "truncated": (Fault(effect=Effect.TRUNCATED, status=200, body="hello"), "RemoteProtocolError"),
    "truncated to nothing": (Fault(effect=Effect.TRUNCATED, applied=True), "RemoteProtocolError"),
    "malformed chunk": (Fault(effect=Effect.MALFORMED_CHUNK, body="hello"), "RemoteProtocolError"),
    "dribble": (Fault(effect=Effect.DRIBBLE, status=503, body="hello", delay=0.4), 503),
    "dribble beyond the patience": (Fault(effect=Effect.DRIBBLE, delay=6.0), "ReadTimeout"),
}
APPLIED = {name for name, (fault, _) in SEEN.items() if fault.is_applied}


def put(fake: FakeCustomerGauge, client: Any) -> Any:
    """Send a contact to the webhook of a fake."""
    (webhook,) = fake.tenant.webhooks.values()
    return client.put(f"/hooks/{webhook.id}", json=RECORD, auth=(webhook.username, webhook.password))


def over_tcp(fake: FakeCustomerGauge, patience: float = LONG) -> Send:
    """A client of httpx, on a socket."""
    return partial(_with, fake, lambda: httpx.Client(base_url=fake.url, timeout=patience, verify=_TLS))


def transport(fake: FakeCustomerGauge, patience: float = LONG) -> Send:
    """A client of httpx with a transport."""
    mock = _mock(fake)
    return partial(_with, fake, lambda: httpx.Client(**_at("x", patience), transport=httpx_transport(mock)))


def transport_of_httpx2(fake: FakeCustomerGauge, patience: float = LONG) -> Send:
    """A client of httpx2 with a transport."""
    mock = _mock(fake)
    return partial(_with, fake, lambda: httpx2.Client(**_at("x", patience), transport=httpx2_transport(mock)))


def router(fake: FakeCustomerGauge, patience: float = LONG) -> Send:
    """A client that knows nothing of the fake, inside the router."""

    def send() -> httpx.Response:
        with (
            mock_router(_mock(fake)),
            httpx.Client(**_at("hooks.eu.customergauge.com", patience), verify=_TLS) as client,
        ):
            (webhook,) = fake.tenant.webhooks.values()
            return client.put(f"/{webhook.id}", json=RECORD, auth=(webhook.username, webhook.password))

    return send


def async_transport(fake: FakeCustomerGauge, patience: float = LONG) -> Send:
    """An async client of httpx with a transport."""

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(**_at("x", patience), transport=httpx_transport(_mock(fake))) as client:
            return await put(fake, client)  # type: ignore[no-any-return]

    return lambda: asyncio.run(send())


def async_router(fake: FakeCustomerGauge, patience: float = LONG) -> Send:
    """An async client that knows nothing of the fake, inside the router."""

    async def send() -> httpx.Response:
        (webhook,) = fake.tenant.webhooks.values()
        async with (
            mock_router(_mock(fake)),
            httpx.AsyncClient(**_at("hooks.eu.customergauge.com", patience), verify=_TLS) as client,
        ):
            return await client.put(f"/{webhook.id}", json=RECORD, auth=(webhook.username, webhook.password))

    return lambda: asyncio.run(send())


IN_PROCESS = (transport, transport_of_httpx2, router, async_transport, async_router)


@pytest.fixture(scope="module")
def local() -> Iterator[Server]:
    """A server in this process."""
    with live_server(MockAPI(clock=lambda: NOW)) as server:
        yield Server(LocalControl(server.mock), server.url)


@pytest.mark.parametrize("name", SEEN)
def test_a_fault_is_seen_over_tcp_as_what_it_is(local: Server, name: str) -> None:
    with local.fresh(HOSTED) as fake:
        _is_seen(name, fake, over_tcp)


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("way", IN_PROCESS)
def test_a_fault_is_seen_in_this_process_as_it_is_over_tcp(local: Server, way: Way, name: str) -> None:
    with local.fresh(HOSTED) as fake:
        _is_seen(name, fake, way)


def _is_seen(name: str, fake: FakeCustomerGauge, way: Way) -> None:
    fault, expected = SEEN[name]
    fake.faults.add(fault)

    assert _outcome(way(fake, PATIENCE if expected == "ReadTimeout" else LONG)) == expected

    (entry,) = fake.journal
    assert (entry.fault, fake.faults.met, fake.faults.unmet) == (fault.effect, ((fault, 1),), ())
    assert len(fake.data("contacts")) == (name in APPLIED)
    assert _outcome(way(fake, LONG)) == 200


@pytest.mark.parametrize("name", PREPARED)
def test_a_prepared_answer_is_seen_as_it_is_prepared(local: Server, name: PreparedName) -> None:
    status, headers, body = PREPARED[name]

    with local.fresh(HOSTED) as fake:
        fake.faults.add(prepared(name))
        answer = over_tcp(fake)()

    assert (answer.status_code, answer.content) == (status, body)
    assert set(headers) <= {(key, value) for key, value in _as_written(answer)}


def test_a_truncated_answer_has_the_bytes_that_came(local: Server) -> None:
    with local.fresh(HOSTED) as fake, httpx.Client(base_url=fake.url) as client:
        fake.faults.add(Fault(effect=Effect.TRUNCATED, body="hello"))

        with pytest.raises(httpx.RemoteProtocolError) as over_tcp:
            put(fake, client)
        fake.faults.add(Fault(effect=Effect.TRUNCATED, body="hello"))
        with pytest.raises(httpx.RemoteProtocolError) as in_process:
            transport(fake)()

    assert str(over_tcp.value) == str(in_process.value)
    assert "(received 2 bytes, expected 6)" in str(in_process.value)


def test_a_mock_that_is_asked_directly_raises_what_no_response_can_say() -> None:
    mock = MockAPI([ACME])
    mock.store.hosted("acme").faults.add(Fault(effect=Effect.RESET), Fault(effect=Effect.RESET, delay=0.01))

    with pytest.raises(BrokenConnectionError, match="A planned fault broke the connection: reset"):
        mock.handle(Request("PUT", "/hooks/contacts"))
    with pytest.raises(BrokenConnectionError):
        WSGIClient(VendorEndpoints(mock)).put("/hooks/contacts")


def test_two_tenants_never_meet_each_other_s_faults(local: Server) -> None:
    rounds = 40

    def statuses(status: int) -> set[int | str]:
        with local.fresh(HOSTED) as fake:
            fake.faults.add(Fault(status=status, times=rounds))
            send = over_tcp(fake)
            return {_outcome(send) for _ in range(rounds)}

    with ThreadPoolExecutor(2) as tests:
        seen = list(tests.map(statuses, [503, 504]))

    assert seen == [{503}, {504}]


def test_a_delay_does_not_hold_up_others(local: Server) -> None:
    def is_held_up(delay: float) -> bool:
        with local.fresh(HOSTED) as slow, local.fresh(HOSTED) as quick, ThreadPoolExecutor(8) as callers:
            slow.faults.add(Fault(effect=Effect.LATE, delay=delay, times=8))
            delayed = [callers.submit(over_tcp(slow)) for _ in range(8)]
            slow.wait_for(endpoint="webhook", times=8, timeout=120)

            over_tcp(quick)()

            done = [each.done() for each in delayed]
            assert {each.result().status_code for each in delayed} == {200}
        return any(done)

    assert not all(map(is_held_up, DELAYS))


@pytest.mark.parametrize("way", [httpx_transport, None])
def test_a_delay_does_not_hold_up_the_loop_of_an_async_client(
    local: Server, way: Callable[[MockAPI], Any] | None
) -> None:
    async def ticks_meanwhile(fake: FakeCustomerGauge) -> int:
        url = "https://hooks.eu.customergauge.com"
        options = {"verify": _TLS} if way is None else {"transport": way(_mock(fake))}
        (webhook,) = fake.tenant.webhooks.values()
        async with mock_router(_mock(fake)), httpx.AsyncClient(base_url=url, **options) as client:
            sending = asyncio.create_task(
                client.put(f"/{webhook.id}", json=RECORD, auth=(webhook.username, webhook.password))
            )
            ticks = 0
            while not sending.done():
                await asyncio.sleep(0.01)
                ticks += 1
        assert sending.result().status_code == 200
        return ticks

    def is_held_up(delay: float) -> bool:
        with local.fresh(HOSTED) as fake:
            fake.faults.add(Fault(effect=Effect.LATE, delay=delay))
            return asyncio.run(ticks_meanwhile(fake)) < 3

    assert not all(map(is_held_up, DELAYS))


def _outcome(send: Send) -> int | str:
    """The status of the answer, else the name of the exception."""
    try:
        return send().status_code
    except (httpx.TransportError, httpx2.TransportError) as error:
        return type(error).__name__


def _as_written(answer: httpx.Response) -> Iterator[tuple[str, str]]:
    yield from ((name.decode(), value.decode()) for name, value in answer.headers.raw)


def _with(fake: FakeCustomerGauge, client: Callable[[], Any]) -> Any:
    with client() as made:
        return put(fake, made)


def _at(host: str, patience: float) -> dict[str, Any]:
    return {"base_url": f"https://{host}", "timeout": patience}


def _mock(fake: FakeCustomerGauge) -> MockAPI:
    assert isinstance(fake.control, LocalControl)
    return fake.control.mock
