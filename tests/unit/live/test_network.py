"""The one request that httpx cannot send: its body breaks off."""

import httpx
import pytest

from cgmock.live.network import Network
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from tests.unit.contract.fakes import ACME

ANNOUNCED = {"Content-Length": "9"}


def send(url: str, headers: dict[str, str]) -> httpx.Response:
    """The answer to a PUT of two bytes."""
    with httpx.Client(transport=Network()) as client:
        return client.send(httpx.Request("PUT", f"{url}/records/?a=b", headers=headers, content=b"{}"))


def test_a_body_that_is_shorter_than_announced_breaks_off() -> None:
    with live_server(MockAPI([ACME])) as server:
        whole = send(server.url, {"Accept": "application/json"})
        broken = send(server.url, ANNOUNCED)
        (_, entry) = server.mock.store.unclaimed.after(0)

    assert (whole.status_code, broken.status_code) == (401, 400)
    assert (entry.request.body, entry.request.length, entry.request.query) == (b"{}", 9, "a=b")


def test_without_an_answer_it_fails_as_httpx_does() -> None:
    with pytest.raises(httpx.ReadError):
        send("http://127.0.0.1:9", ANNOUNCED)
