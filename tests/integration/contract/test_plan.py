"""The plan: what a run would send, found without a socket, and the same as what it sends."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from cgmock.cli import cgmock
from cgmock.contract.checks import attempt
from cgmock.contract.local import mock_target, stand_in
from cgmock.contract.plan import as_text, plan
from cgmock.contract.session import Session
from cgmock.contract.suite import checks
from cgmock.journal.redaction import Redactor
from cgmock.live.network import Network
from cgmock.live.rails import CHECK, Guard, Rails, shown
from cgmock.live.results import Json
from cgmock.live.target import Target
from cgmock.servers.threaded import live_server
from tests.unit.contract.fakes import ACME, SEED

LIVE = {"CG_CLIENT_ID": "live-client", "CG_CLIENT_SECRET": "live-secret"}


class Tapped(httpx.BaseTransport):
    """The network, and what went over it."""

    def __init__(self, target: Target) -> None:
        self.requests: list[tuple[str, Json]] = []
        self._redactor = Redactor([*target.tenant.secrets, target.client_secret])
        self._wire = Network()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Note a request, and send it."""
        self.requests.append((request.extensions[CHECK], shown(request, self._redactor)))
        return self._wire.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()


@contextmanager
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Any use of a socket is told, and fails."""
    opened: list[str] = []

    def refuse(name: str) -> object:
        def fail(*_: object, **__: object) -> object:
            opened.append(name)
            raise OSError("no network here")

        return fail

    with monkeypatch.context() as patch:
        for name in ("socket", "create_connection", "getaddrinfo"):
            patch.setattr(socket, name, refuse(name))
        yield opened


def test_the_plan_is_what_is_sent() -> None:
    target = mock_target(ACME)
    mock = stand_in(target)
    mock.store.hosted("acme").clock.freeze()
    with live_server(mock) as server:
        served = mock_target(ACME, server.url)
        tapped = Tapped(served)
        session = Session(
            served,
            Guard(tapped, served, Rails(allow_invitations=True)),
            "abcd1234",
            sleep=mock.store.hosted("acme").clock.advance,
        )
        for check in checks():
            attempt(check, session)
        session.close()

    planned = plan(served, "abcd1234", allow_invitations=True)

    assert len(tapped.requests) > 300
    assert list(planned.requests) == tapped.requests


def test_the_spy_sees_what_would_go_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with no_sockets(monkeypatch) as opened, pytest.raises(httpx.ConnectError):
        httpx.get("http://127.0.0.1:9")

    assert opened


def test_the_plan_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    with no_sockets(monkeypatch) as opened:
        planned = plan(Target.live(ACME, LIVE), "abcd1234", allow_invitations=False)

    assert opened == []
    assert planned.writes > 100


def test_without_the_gate_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in LIVE.items():
        monkeypatch.setenv(name, value)

    with no_sockets(monkeypatch) as opened:
        result = CliRunner().invoke(cgmock, ["contract", "--target", "live", "--seed", str(SEED)])

    assert (result.exit_code, opened) == (2, [])


def test_the_plan_of_a_live_run_is_printed_without_secrets_and_needs_no_gate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in LIVE.items():
        monkeypatch.setenv(name, value)

    with no_sockets(monkeypatch) as opened:
        result = CliRunner().invoke(cgmock, ["contract", "--target", "live", "--seed", str(SEED), "--plan"])

    assert (result.exit_code, opened) == (0, [])
    lines = result.output.splitlines()
    assert lines[0] == "POST https://auth.us.customergauge.com/oauth2/token  (token.issued)"
    assert "  authorization: [redacted]" in lines
    assert any(
        line.startswith('  {"configuration": "responses", "record": {"E-mail": "cgmock+') for line in lines
    )
    assert "NOT RUN import.invitation: it would send real mail: --allow-invitations" in lines
    assert re.fullmatch(r"\d+ requests, \d+ of them writes; none was sent", lines[-1])
    for secret in ("live-secret", *ACME.secrets, "Bearer ey", "Basic "):
        assert secret not in result.output


def test_the_plan_names_the_body_of_a_form() -> None:
    lines = list(as_text(plan(mock_target(ACME), "abcd1234", allow_invitations=False)))

    assert any(
        line.startswith("  configuration=responses&record%5BE-mail%5D=cgmock%2Babcd1234") for line in lines
    )
