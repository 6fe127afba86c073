"""The same request has the same answer through every door."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from werkzeug.test import Client as WSGIClient

from cgmock import seeds
from cgmock.core.reading import POST_MAX_SIZE
from cgmock.faults import Fault
from cgmock.live import live_server
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from cgmock.wsgi import VendorEndpoints

FORM = "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"
Answer = tuple[int, bytes, str | None]


def over_http(url: str, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    """The answer of a server."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request(method, target, body, headers)
    response = connection.getresponse()
    answer = response.status, response.read(), response.headers.get("Content-Type")
    connection.close()
    return answer


def in_process(client: WSGIClient, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    """The answer of a WSGI application."""
    response = client.open(target, method=method, headers=headers, data=body)
    return response.status_code, response.get_data(), response.headers.get("Content-Type")


BODIES = st.sampled_from(
    [
        GRANT.encode(),
        b"grant_type=client_credentials",
        b'{"configuration":"contact","record":{"Email":"a@b.c"}}',
        b'{"configuration":"contact"}',
        b"configuration=contact&record[Emial]=x",
        b"\xff\xfe{",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["PUT", "POST", "GET", "OPTIONS", "HEAD", "DELETE"]),
    target=st.sampled_from(
        ["/records/", "/records?configuration=contact", "/oauth2/token", "/x", "/caf%C3%A9"]
    ),
    content_type=st.sampled_from([FORM, "application/json", "text/plain"]),
    body=BODIES | st.binary(max_size=50),
    authorized=st.booleans(),
)
def test_every_door_gives_the_same_answer(
    served: str, method: str, target: str, content_type: str, body: bytes, *, authorized: bool
) -> None:
    mock = MockAPI(seeds.demo())
    app = create_app(mock)
    headers = {"Content-Type": content_type, "Accept": "application/json"}
    doors = [WSGIClient(VendorEndpoints(mock)), app.test_client()]
    tokens = [
        _token(in_process(door, "POST", "/oauth2/token", {"Content-Type": FORM}, GRANT.encode()))
        for door in doors
    ]
    tokens.append(_token(over_http(served, "POST", "/oauth2/token", {"Content-Type": FORM}, GRANT.encode())))
    sent = [{**headers, "Authorization": f"Bearer {token}"} if authorized else headers for token in tokens]

    wsgi, flask = (
        in_process(door, method, target, own, body) for door, own in zip(doors, sent, strict=False)
    )
    granian = over_http(served, method, target, sent[-1], body)

    assert _without_token(wsgi) == _without_token(flask) == _without_token(granian)


def _token(answer: Answer) -> str:
    return str(json.loads(answer[1])["access_token"])


def _without_token(answer: Answer) -> Answer:
    return (200, b"a token", answer[2]) if b"access_token" in answer[1] else answer


def test_the_live_server_answers_a_real_client() -> None:
    with live_server(MockAPI(seeds.demo())) as server:
        answer = httpx.post(f"{server.url}/oauth2/token", content=GRANT, headers={"Content-Type": FORM})

    assert answer.json()["token_type"] == "Bearer"


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_an_oversized_body_is_drained_and_answered_with_413(served: str, *, chunked: bool) -> None:
    body = b"x" * (POST_MAX_SIZE + 1)
    content = iter([body[: len(body) // 2], body[len(body) // 2 :]]) if chunked else body

    with httpx.Client(base_url=served) as client:
        big = client.put("/records/", content=content, headers={"Content-Type": FORM})
        after = client.get("/_cgmock/health")

    assert (big.status_code, big.json()) == (413, {"message": ""})
    assert after.json() == {"status": "ok"}


def test_a_chunked_record_is_read(served: str) -> None:
    with httpx.Client(base_url=served) as client:
        answer = client.post("/oauth2/token", content=iter([GRANT.encode()]), headers={"Content-Type": FORM})

    assert answer.status_code == 200


def started(status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
    """A server that expects no token to be good."""
    assert status == "401 Unauthorized"
    return bytes


@pytest.mark.parametrize("announced", [{}, {"CONTENT_LENGTH": ""}], ids=str)
def test_a_body_without_a_length_is_no_body(announced: dict[str, str]) -> None:
    mock = MockAPI()
    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/records/", "wsgi.input": None, **announced}

    VendorEndpoints(mock)(environ, started)

    assert [entry.request.length for entry in mock.unclaimed.after(0)] == [0]


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
    assert [entry.request.length for entry in mock.unclaimed.after(0)] == [size]


def test_an_announced_body_over_the_limit_that_breaks_off_is_too_large_all_the_same() -> None:
    mock = MockAPI()
    environ = {
        "REQUEST_METHOD": "PUT",
        "PATH_INFO": "/records/",
        "CONTENT_LENGTH": str(POST_MAX_SIZE + 9),
        "wsgi.input": BytesIO(b"x"),
    }

    VendorEndpoints(mock)(environ, lambda *_: bytes)

    assert [entry.response.status for entry in mock.unclaimed.after(0)] == [413]


@pytest.mark.parametrize(("status", "line"), [(404, "404 Not Found"), (539, "539 Unknown")])
def test_a_planned_fault_may_have_any_status(status: int, line: str) -> None:
    mock = MockAPI(seeds.demo())
    mock.hosted("demo").faults.add(Fault(status=status))

    answer = WSGIClient(VendorEndpoints(mock)).put("/hooks/demo-hook")

    assert answer.status == line


def test_the_environment_of_the_server_is_no_part_of_a_request() -> None:
    mock = MockAPI()
    client = WSGIClient(VendorEndpoints(mock))

    client.open("/records/", method="PUT", environ_overrides={"HTTP_PROXY": "http://user:pass@proxy"})

    (entry,) = mock.unclaimed.after(0)
    assert "proxy" not in entry.request.headers


def test_our_paths_on_a_vendor_host_are_the_vendor_s() -> None:
    client = create_app(MockAPI()).test_client()

    assert client.get("/_cgmock/health").status_code == 200
    assert client.get("/_cgmock/health", headers={"Host": "auth.eu.customergauge.com"}).status_code == 404
    assert client.get("/_cgmockery").status_code == 404


def test_a_port_that_is_taken_is_one_clear_sentence(served: str) -> None:
    port = served.rpartition(":")[2]
    command = [sys.executable, "-m", "cgmock", "serve", "--port", port]

    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))  # noqa: S603

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Cannot listen on 127.0.0.1 port {port}: ")
