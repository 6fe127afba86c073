"""The clients that cgmock itself has: for the control API of another fake, and for the targets of the suite."""

import os
from collections.abc import Iterator
from threading import Event
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from cgmock import seeds
from cgmock.contract import session
from cgmock.contract.local import mock_target
from cgmock.contract.session import Session
from cgmock.control import remote
from cgmock.control.remote import ControlError, RemoteControl
from cgmock.core.tenant import Tenant
from cgmock.live.results import CouldNotCheckError
from cgmock.live.target import Target, TargetError
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server, serving

MIB = 1024 * 1024
URLS = ["http://127.0.0.1:99999999", "http://127.0.0.1:-1", "http://[::1", "http://a..b", "http://xn--"]


@pytest.fixture
def tenant() -> Tenant:
    """A tenant."""
    return seeds.demo()[0]


def _endless(request: httpx.Request) -> httpx.Response:
    def chunks() -> Iterator[bytes]:
        while True:
            yield b" " * MIB

    return httpx.Response(200, content=chunks(), request=request)


def test_a_control_reads_a_limited_number_of_bytes() -> None:
    control = RemoteControl("http://fake", transport=httpx.MockTransport(_endless))

    with pytest.raises(ControlError, match="more than 256 MiB"):
        control.check()


@pytest.mark.parametrize("url", [*URLS, "", "http://", "127.0.0.1", "localhost:8787", "ftp://127.0.0.1"])
def test_a_control_refuses_a_url_that_cannot_be_used(url: str) -> None:
    with pytest.raises(ControlError, match="The URL of the fake is invalid"):
        RemoteControl(url)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALL_PROXY", "socks5://x"), ("ALL_PROXY", "x://x"), ("SSL_CERT_FILE", "/nonexistent")],
)
def test_a_control_refuses_variables_that_cannot_be_used(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ControlError, match=name):
        RemoteControl("http://127.0.0.1")


@pytest.mark.parametrize("body", [b"<html>", b"[" * 100_000, b"\xff"])
def test_a_control_needs_answers_in_json(body: bytes) -> None:
    control = RemoteControl(
        "http://fake", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    )

    with pytest.raises(ControlError, match="No fake answers at http://fake: the answer is not JSON"):
        control.check()


@pytest.mark.parametrize("body", [b"", b"5", b"[]", b"{}", b'{"data": 5}'])
def test_a_control_checks_that_cgmock_answers(body: bytes) -> None:
    control = RemoteControl(
        "http://fake", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    )

    with pytest.raises(ControlError, match="No fake answers at http://fake: the answer is not one of cgmock"):
        control.check()


def test_a_control_does_not_wait_for_a_server_that_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_CHECK_SECONDS", 0.2)
    stopped = Event()

    def dripping(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        while not stopped.wait(0.05):
            yield b" "

    with serving(dripping) as url:
        with pytest.raises(ControlError, match=r"no response was complete after 0\.2 seconds"):
            RemoteControl(url).check()
        stopped.set()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            httpx.ConnectError(
                "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get it"
            ),
            "unable to get it; set SSL_CERT_FILE to the file ca.pem that `cgmock serve --tls` made.",
        ),
        (
            httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number"),
            "wrong version number; if the fake does not use TLS, its URL begins with http://.",
        ),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            "a response; if the fake uses TLS, its URL begins with https://.",
        ),
        (httpx.ReadError("Broken."), ": Broken."),
        (httpx.ReadTimeout(""), ": ReadTimeout."),
    ],
)
def test_a_control_reports_why_no_fake_answers(error: httpx.HTTPError, said: str) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(ControlError) as raised:
        RemoteControl("http://fake", transport=httpx.MockTransport(fail)).check()

    assert str(raised.value).startswith("No fake answers at http://fake: ")
    assert str(raised.value).endswith(said)
    assert ".." not in str(raised.value)


@pytest.mark.parametrize(("timeout", "sent"), [(0.4, "0"), (2.9, "2"), (5, "5"), (100, "60")])
def test_a_control_waits_no_longer_than_its_time_out(timeout: float, sent: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["wait"])
        return httpx.Response(200, json={"data": []})

    control = RemoteControl("http://fake", transport=httpx.MockTransport(answer))

    assert not control.wait("acme", 0, timeout)
    assert asked == [sent]


def test_a_control_has_connections_of_its_own_after_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    with live_server(MockAPI(seeds.demo())) as server:
        control = RemoteControl(server.url)
        control.check()
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda: -1)
            control.check()
            control.close()
        control.check()
        control.close()


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER]"), "; if the fake does not use TLS"),
        (httpx.RemoteProtocolError("illegal request line"), "; if the fake uses TLS"),
        (httpx.ConnectError("Connection refused"), r"Connection refused\.$"),
    ],
)
def test_a_control_mentions_tls(error: httpx.HTTPError, advice: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(ControlError, match=advice):
        RemoteControl("http://fake", transport=httpx.MockTransport(answer)).check()


@pytest.mark.parametrize(
    ("exempt", "sentence"),
    [
        ("", "No fake answers at http://fake.invalid through the proxy http://127.0.0.1:1: "),
        ("fake.invalid", "No fake answers at http://fake.invalid: "),
    ],
)
def test_a_control_names_the_proxy_without_its_password(
    exempt: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("http_proxy", "http://joe:secret@127.0.0.1:1"), ("no_proxy", exempt)):
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.upper(), value)

    def refused(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused")

    with pytest.raises(ControlError) as caught:
        RemoteControl("http://fake.invalid", transport=httpx.MockTransport(refused)).check()

    assert str(caught.value).startswith(sentence)
    assert "secret" not in str(caught.value)


def test_a_session_reads_a_limited_number_of_bytes(tenant: Tenant) -> None:
    opened = Session(mock_target(tenant), httpx.MockTransport(_endless), "run")

    with pytest.raises(CouldNotCheckError, match=r"an answer of .* has more than 32 MiB"):
        _ = opened.token
    opened.close()


def test_a_session_ends_an_exchange_when_its_total_is_over(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_TOTAL", 0.0)
    opened = Session(mock_target(tenant), httpx.MockTransport(_endless), "run")

    with pytest.raises(httpx.ReadTimeout, match="longer than the total"):
        _ = opened.token
    opened.close()


def test_a_session_says_that_tls_failed(tenant: Tenant) -> None:
    with live_server(MockAPI([tenant])) as server:
        target = mock_target(tenant, server.url.replace("http:", "https:"))
        opened = Session(target, httpx.HTTPTransport(), "run")

        with pytest.raises(CouldNotCheckError, match="cannot be reached: TLS failed; if the server does not"):
            _ = opened.token
        opened.close()


@pytest.mark.parametrize("url", URLS)
def test_a_target_needs_a_url_that_can_be_used(url: str, tenant: Tenant) -> None:
    with pytest.raises(TargetError, match="The target must read like"):
        Target.at(url, tenant)
