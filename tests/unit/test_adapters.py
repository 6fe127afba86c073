"""One WSGI callable or server in this process."""

from collections.abc import Callable
from io import BytesIO

import httpx
import pytest
from werkzeug.test import Client as WSGIClient

from cgmock import seeds
from cgmock.core.laravel.request import POST_MAX_SIZE
from cgmock.faults import Fault
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.web import create_app
from cgmock.wsgi import VendorEndpoints
from tests.acme import FORM
from tests.integration.servers.test_adapters import GRANT


def test_the_live_server_answers_a_real_client() -> None:
    with live_server(MockAPI(seeds.demo())) as server:
        answer = httpx.post(f"{server.url}/oauth2/token", content=GRANT, headers={"Content-Type": FORM})

    assert answer.json()["token_type"] == "Bearer"


def started(status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
    """A server that expects no token to be good."""
    assert status == "401 Unauthorized"
    return bytes


@pytest.mark.parametrize("announced", [{}, {"CONTENT_LENGTH": ""}], ids=str)
def test_a_body_without_a_length_is_no_body(announced: dict[str, str]) -> None:
    mock = MockAPI()
    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/records/", "wsgi.input": None, **announced}

    VendorEndpoints(mock)(environ, started)

    assert [entry.request.length for entry in mock.store.unclaimed.after(0)] == [0]


@pytest.mark.parametrize("size", [0, 5, POST_MAX_SIZE, POST_MAX_SIZE + 1])
def test_a_body_that_ends_by_itself_is_read_to_its_end(size: int) -> None:
    mock = MockAPI()
    stream = BytesIO(b"x" * size)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/x",
        "wsgi.input": stream,
        "wsgi.input_terminated": True,
    }

    VendorEndpoints(mock)(environ, lambda *_: bytes)

    assert stream.read() == b""
    assert [entry.request.length for entry in mock.store.unclaimed.after(0)] == [size]


def test_an_announced_body_over_the_limit_that_breaks_off_is_too_large_all_the_same() -> None:
    mock = MockAPI()
    environ = {
        "REQUEST_METHOD": "PUT",
        "PATH_INFO": "/records/",
        "CONTENT_LENGTH": str(POST_MAX_SIZE + 9),
        "wsgi.input": BytesIO(b"x"),
    }

    VendorEndpoints(mock)(environ, lambda *_: bytes)

    assert [entry.response.status for entry in mock.store.unclaimed.after(0)] == [413]


@pytest.mark.parametrize(("status", "line"), [(404, "404 Not Found"), (539, "539 Unknown")])
def test_a_planned_fault_may_have_any_status(status: int, line: str) -> None:
    mock = MockAPI(seeds.demo())
    mock.store.hosted("demo").faults.add(Fault(status=status))

    answer = WSGIClient(VendorEndpoints(mock)).put("/hooks/demo-hook")

    assert answer.status == line


def test_the_environment_of_the_server_is_no_part_of_a_request() -> None:
    mock = MockAPI()
    client = WSGIClient(VendorEndpoints(mock))

    client.open("/records/", method="PUT", environ_overrides={"HTTP_PROXY": "http://user:pass@proxy"})

    (entry,) = mock.store.unclaimed.after(0)
    assert "proxy" not in entry.request.headers


def test_our_paths_on_a_vendor_host_are_the_vendor_s() -> None:
    client = create_app(MockAPI()).test_client()

    assert client.get("/_cgmock/health").status_code == 200
    assert client.get("/_cgmock/health", headers={"Host": "auth.eu.customergauge.com"}).status_code == 404
    assert client.get("/_cgmockery").status_code == 404
