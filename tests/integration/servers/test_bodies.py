"""Bodies that come slowly, in pieces, or not at all, through real sockets and both servers."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server

GRANT = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"
HEALTH = b"GET /_cgmock/health HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CUT = b"configuration=contact&record[Email]=joe@exa"
WHOLE = b"configuration=contact&record[Email]=joe@example.com"


class Server(NamedTuple):
    """A fake behind one of the servers, and a token of its tenant."""

    url: str
    token: str

    def put(self, headers: bytes) -> bytes:
        """The head of a PUT of a form."""
        form = b"Content-Type: application/x-www-form-urlencoded\r\n"
        bearer = b"Authorization: Bearer %s\r\n" % self.token.encode()
        return b"PUT /records/ HTTP/1.1\r\nHost: x\r\n" + form + bearer + headers + b"\r\n"

    def contacts(self) -> list[str]:
        """The emails of all contacts."""
        answer = httpx.get(f"{self.url}/_cgmock/v1/tenants/demo/contacts?limit=1000")
        return [contact["email"] for contact in answer.json()["data"]]


class Answer(NamedTuple):
    """A status, and that of the next request on the same connection: None when the server has closed it."""

    status: int
    next_status: int | None


@pytest.fixture(params=["granian", "werkzeug"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A fake behind each server."""
    if request.param == "granian":
        yield _known(request.getfixturevalue("served"))
    else:
        with live_server(MockAPI(seeds.demo())) as live:
            yield _known(live.url)


def test_a_body_that_comes_slowly_is_waited_for(server: Server) -> None:
    body = _record("slow@example.com")

    answer = ask(server, server.put(_length(body)), *(bytes([byte]) for byte in body))

    assert answer.status == 200
    assert "slow@example.com" in server.contacts()


def test_chunks_that_come_slowly_are_waited_for(server: Server) -> None:
    body = _record("chunks@example.com")
    chunks = [_chunk(body[start : start + 5]) for start in range(0, len(body), 5)]

    answer = ask(server, server.put(CHUNKED), *chunks, _chunk(b""))

    assert answer.status == 200
    assert "chunks@example.com" in server.contacts()


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(server: Server) -> None:
    body = _record("patient@example.com")

    with _connected(server) as connection:
        connection.sendall(server.put(_length(body) + b"Expect: 100-continue\r\n"))
        told = connection.recv(25)
        connection.sendall(body)
        answer = connection.recv(12, socket.MSG_WAITALL)

    assert told == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer == b"HTTP/1.1 200"
    assert "patient@example.com" in server.contacts()


@pytest.mark.parametrize(("announced", "status"), [(500, 400), (8_000_000, 400), (9_000_000, 413)])
def test_of_a_body_that_breaks_off_nothing_is_taken(server: Server, announced: int, status: int) -> None:
    before = server.contacts()

    with _connected(server) as connection:
        connection.sendall(server.put(b"Content-Length: %d\r\n" % announced) + CUT)
        connection.shutdown(socket.SHUT_WR)
        answered = _status(connection)

    assert answered == status
    assert server.contacts() == before


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: %d\r\nContent-Length: %d\r\n" % (len(CUT), len(WHOLE)),
        b"Content-Length: %d\r\nContent-Length: %d\r\n" % (len(WHOLE), len(CUT)),
        b"Content-Length: %d, %d\r\n" % (len(CUT), len(WHOLE)),
        b"Content-Length: -1\r\n",
        b"Content-Length: +%d\r\n" % len(WHOLE),
        b"Content-Length: x\r\n",
        b"Content-Length: %s\r\n" % (b"9" * 5000),
    ],
    ids=["short one first", "long one first", "list", "negative", "signed", "word", "endless"],
)
def test_a_length_that_is_none_is_400_and_nothing_is_taken(server: Server, lengths: bytes) -> None:
    before = server.contacts()

    answer = ask(server, server.put(lengths) + WHOLE)

    assert answer == Answer(400, None)
    assert server.contacts() == before


def test_the_same_length_twice_is_one(server: Server) -> None:
    body = _record("twice@example.com")

    answer = ask(server, server.put(_length(body) * 2) + body)

    assert answer.status == 200
    assert "twice@example.com" in server.contacts()


def test_chunks_count_for_more_than_a_length(server: Server) -> None:
    body = _record("both@example.com")

    answer = ask(server, server.put(b"Content-Length: 45\r\n" + CHUNKED) + _chunk(body) + _chunk(b""))

    assert answer.status == 200
    assert "both@example.com" in server.contacts()


@pytest.mark.parametrize(
    "chunk", [b"zz\r\nabc\r\n", b"-5\r\nabc\r\n", b"3\r\nabcdef\r\n"], ids=["word", "negative", "too long"]
)
def test_a_first_chunk_that_cannot_be_read_takes_nothing(server: Server, chunk: bytes) -> None:
    before = server.contacts()

    answer = ask(server, server.put(CHUNKED) + chunk + _chunk(b""))

    assert answer in {Answer(400, None), Answer(422, None)}
    assert server.contacts() == before


@pytest.mark.parametrize("rest", [b"", b"zz\r\n", b"5\r\nmple"], ids=["no more", "no size", "too short"])
def test_of_chunks_that_break_off_the_server_of_a_test_takes_nothing(rest: bytes) -> None:
    with live_server(MockAPI(seeds.demo())) as live, _connected(_known(live.url)) as connection:
        known = _known(live.url)
        connection.sendall(known.put(CHUNKED) + _chunk(CUT) + rest)
        connection.shutdown(socket.SHUT_WR)
        status = _status(connection)
        contacts = known.contacts()

    assert (status, contacts) == (400, [])


@pytest.mark.parametrize(("size", "status"), [(2_000_000, 401), (9_000_000, 413)])
def test_without_a_token_a_long_body_is_read_to_its_end_and_refused(
    server: Server, size: int, status: int
) -> None:
    head = b"PUT /records/ HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"

    answer = ask(server, head + b"Content-Length: %d\r\n\r\n" % size, b"x" * size)

    assert answer.status == status
    assert answer.next_status in {200, None}


def test_granian_goes_on_with_the_connection_after_each_answer(served: str) -> None:
    server = _known(served)
    body = _record("next@example.com")
    requests = [
        server.put(_length(body)) + body,
        server.put(CHUNKED) + _chunk(body) + _chunk(b""),
        server.put(_length(b"{") + b"Accept: application/json\r\n") + b"{",
        b"PUT /records/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000,
        b"PUT /records/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000,
        b"PUT /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000,
    ]

    answers = [ask(server, request) for request in requests]

    assert answers == [Answer(status, 200) for status in (200, 200, 422, 401, 413, 404)]


def ask(server: Server, *pieces: bytes) -> Answer:
    """Send the pieces of a request one after the other, and then a second request."""
    with _connected(server) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.001)
        response = _response(connection)
        try:
            if not response.will_close:
                connection.sendall(HEALTH)
            return Answer(response.status, _status(connection))
        except ConnectionError:
            return Answer(response.status, None)


def _connected(server: Server) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=60)


def _status(connection: socket.socket) -> int:
    return _response(connection).status


def _response(connection: socket.socket) -> http.client.HTTPResponse:
    """The next answer, which is read to its end."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    response.read()
    return response


def _known(url: str) -> Server:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx.post(f"{url}/oauth2/token", content=GRANT, headers=form)
    return Server(url, json.loads(answer.content)["access_token"])


def _record(email: str) -> bytes:
    return f"configuration=contact&record[Email]={email}".encode()


def _length(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n" % len(body)


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)
