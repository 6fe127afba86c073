import os
import socket
import threading
from functools import partial

import pytest
from werkzeug.test import Client

from cgmock.cli.serve import _announce, _build
from cgmock.mock_api import MockAPI
from cgmock.servers.granian import Address, _load, _reserved, _Server, _url
from tests.acme import ACME


def test_what_granian_loads_forgets_the_environment_and_tells_when_it_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"HTTP_PROXY": "http://user:pass@proxy", "PGPASSWORD": "secret"}
    monkeypatch.setattr(os, "environ", given)
    told: list[str] = []
    done = threading.Event()

    def ready(url: str) -> None:
        told.append(url)
        done.set()

    with _reserved("127.0.0.1", 0) as port, socket.socket() as listener:
        app = _load(partial(MockAPI, [ACME]), Address("0.0.0.0", port), ready)  # noqa: S104  (nothing is bound to it)
        environ = dict(os.environ)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert done.wait(120)

    assert Client(app).get("/_cgmock/health").get_json() == {"status": "ok"}
    assert Client(app).get("/records/").status_code == 405
    assert (environ, told) == ({"PGPASSWORD": "secret"}, [f"http://127.0.0.1:{port}"])


def test_a_port_that_is_asked_for_is_left_to_granian() -> None:
    with _reserved("127.0.0.1", 0) as free:
        pass

    with _reserved("127.0.0.1", free) as port, socket.socket() as other:
        other.bind(("127.0.0.1", port))

    assert port == free


def test_a_port_of_ipv6_stands_behind_brackets() -> None:
    assert _url(Address("::1", 80)) == "http://[::1]:80"


def test_a_fake_is_built_with_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    mock = _build((ACME,), 1, 1)

    _announce("http://127.0.0.1:1")

    assert mock.store.tenants() == (ACME,)
    assert capsys.readouterr().out == "A fake CustomerGauge answers at http://127.0.0.1:1\n"


@pytest.mark.parametrize("is_stopping", [False, True])
def test_a_signal_that_comes_while_a_process_is_replaced_is_heard(is_stopping: bool) -> None:  # noqa: FBT001
    server = _Server("cgmock")
    server.interrupt_signal = is_stopping

    server._respawn_workers([], None, None)  # noqa: SLF001  (granian's own)

    assert server.main_loop_interrupt.is_set() is is_stopping
