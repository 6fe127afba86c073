"""The limits of one exchange: whatever a server sends, a call ends, and reads a limited number of bytes."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

from cgclient import (
    AmbiguousWriteError,
    AuthenticationError,
    Client,
    CustomerGaugeError,
    TransportError,
    UnexpectedResponseError,
)
from cgclient.client import SAME
from cgclient.http import Timeout
from cgclient.limits import Deadline
from tests.unit.cgclient.fakes import FakeService

MIB = 1024 * 1024
CALLS: Mapping[str, Callable[[Client], object]] = {
    "record": lambda client: client.put_record("contact", {"Email": "joe@example.com"}),
    "webhook": lambda client: client.put_webhook("hook", {}, username="user", password="pass"),
    "responses": lambda client: list(client.responses()),
}
TOO_LARGE: Mapping[str, type[CustomerGaugeError]] = {
    "record": AmbiguousWriteError,
    "webhook": AmbiguousWriteError,
    "responses": UnexpectedResponseError,
}
LATE = {**TOO_LARGE, "responses": TransportError}


class Sent:
    """A body in chunks, how many of them were read, and whether all were."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.read = 0
        self.ended = False

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.read += 1
            yield chunk
        self.ended = True


def _endless() -> Iterator[bytes]:
    while True:
        yield b"x" * MIB


def _in_pieces(packed: bytes) -> Iterator[bytes]:
    return (packed[start : start + 4096] for start in range(0, len(packed), 4096))


GZIP_BOMB = gzip.compress(b"x" * 64 * MIB, 1)
DEFLATE_BOMB = zlib.compress(b"x" * 64 * MIB, 1)
BODIES: Mapping[str, tuple[Callable[[], Iterator[bytes]], str]] = {
    "endless": (_endless, ""),
    "gzip": (lambda: _in_pieces(GZIP_BOMB), "gzip"),
    "deflate": (lambda: _in_pieces(DEFLATE_BOMB), "deflate"),
}


def _answer(chunks: Sent, encoding: str = "") -> httpx.Response:
    headers = {"Content-Encoding": encoding} if encoding else {}
    return httpx.Response(200, headers=headers, content=iter(chunks))


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("call", CALLS)
def test_an_answer_is_read_up_to_the_limit(call: str, body: str) -> None:
    chunks, encoding = BODIES[body]
    sent = Sent(chunks())

    with pytest.raises(TOO_LARGE[call], match="more than 32 MiB"):
        CALLS[call](FakeService(_answer(sent, encoding)).client())

    assert not sent.ended


@pytest.mark.parametrize("body", BODIES)
def test_an_answer_of_the_token_service_is_read_up_to_the_limit(body: str) -> None:
    chunks, encoding = BODIES[body]
    sent = Sent(chunks())
    client = FakeService(tokens=(_answer(sent, encoding),)).client()

    with pytest.raises(AuthenticationError, match="without a token"):
        CALLS["record"](client)

    assert not sent.ended


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate, gzip", "x"])
@pytest.mark.parametrize("call", CALLS)
def test_an_encoding_that_was_not_asked_for_is_not_decoded(call: str, encoding: str) -> None:
    sent = Sent(iter([b"x"]))

    with pytest.raises(LATE[call], match="DecodingError"):
        CALLS[call](FakeService(_answer(sent, encoding)).client())

    assert sent.read == 0


def test_a_page_in_gzip_is_read() -> None:
    packed = gzip.compress(b'{"data": [], "cursor": {}}')

    assert CALLS["responses"](FakeService(_answer(Sent(iter([packed])), "GZIP ")).client()) == []


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [(SAME, 100), (7.0, 7), (httpx.Timeout(1.0), 4), (httpx.Timeout(1, read=20), 23), (2, 2)],
)
@pytest.mark.parametrize("call", CALLS)
def test_an_exchange_ends_when_its_total_is_over(call: str, timeout: Timeout, seconds: int) -> None:
    service = FakeService()
    client = service.client(timeout=timeout)
    client.put_record("contact", {"A": "b"})  # so that the token is there
    began = service.now

    def drip() -> Iterator[bytes]:
        while True:
            service.now += 0.5
            yield b" "

    service.answers = [_answer(Sent(drip()))]

    with pytest.raises(LATE[call], match="ReadTimeout"):
        CALLS[call](client)

    assert service.now - began == seconds


@pytest.mark.parametrize("timeout", [None, httpx.Timeout(1, read=None)])
def test_an_exchange_without_a_time_out_has_no_total(timeout: Timeout) -> None:
    service = FakeService()
    client = service.client(timeout=timeout)

    def slow() -> Iterator[bytes]:
        for _ in range(9):
            service.now += 1e6
            yield b" "

    service.answers = [_answer(Sent(slow()))]

    client.put_record("contact", {"A": "b"})


class Stream:
    """A connection of httpcore, which notes the time-outs it is given."""

    def __init__(self) -> None:
        self.reads: list[float | None] = []
        self.writes: list[tuple[int, float | None]] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read a byte."""
        self.reads.append(timeout)
        return b"x"[:max_bytes]

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write."""
        self.writes.append((len(buffer), timeout))


@pytest.fixture
def now() -> list[float]:
    """The time, as a list of one number."""
    return [0.0]


@pytest.mark.parametrize("event", ["connection.connect_tcp.complete", "http_proxy.start_tls.complete"])
def test_reads_and_writes_of_a_connection_get_the_time_that_is_left(event: str, now: list[float]) -> None:
    stream: Any = Stream()
    deadline = Deadline(lambda: now[0], TimeoutError)
    deadline.trace(event, {"return_value": stream})

    stream.read(9, 30.0)
    deadline.at = 10.0
    stream.read(9, 30.0)
    stream.read(9, timeout=3.0)
    now[0] = 9.0
    stream.read(9, 3.0)
    stream.write(b"x" * 5000, 30.0)
    stream.read(9)
    now[0] = 10.0

    assert stream.reads == [30.0, 10.0, 3.0, 1.0, 1.0]
    assert stream.writes == [(4096, 1.0), (904, 1.0)]
    with pytest.raises(TimeoutError, match="longer than the total"):
        stream.read(9, 30.0)
    with pytest.raises(TimeoutError, match="longer than the total"):
        stream.write(b"x", 30.0)


@pytest.mark.parametrize("event", ["connection.connect_tcp.started", "http11.send_request_body.complete"])
def test_other_events_change_nothing(event: str, now: list[float]) -> None:
    deadline = Deadline(lambda: now[0], TimeoutError)

    deadline.trace(event, {})
