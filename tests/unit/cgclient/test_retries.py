"""What is sent again: every fault in every phase, by a service that writes down what it wrote."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import httpx
import pytest

from cgclient import (
    AmbiguousWriteError,
    AuthenticationError,
    Client,
    CustomerGaugeError,
    RateLimitedError,
    Retries,
    ServerError,
    TransportError,
)
from cgmock import seeds
from cgmock.faults import Fault
from cgmock.faults.connection import reset_on_close
from cgmock.httpx import httpx_transport
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.stores.base import Collection
from tests.unit.cgclient.fakes import Answer, FakeService

RECORD = {"Email": "joe.doe@example.com", "NPS Score": 10}
LATER = {"Retry-After": "3"}

NOT_WRITTEN: Mapping[str, Answer] = {
    "401": httpx.Response(401),
    "429": httpx.Response(429),
    "429, later": httpx.Response(429, headers=LATER),
    "503, later": httpx.Response(503, headers=LATER),
    "refused": httpx.ConnectError("refused"),
    "connection takes too long": httpx.ConnectTimeout("late"),
    "no connection is free": httpx.PoolTimeout("late"),
    "proxy": httpx.ProxyError("no"),
}
UNKNOWN: Mapping[str, Answer] = {
    **{str(status): httpx.Response(status) for status in (500, 501, 502, 503, 504, 507, 599)},
    "read time-out": httpx.ReadTimeout("late"),
    "write time-out": httpx.WriteTimeout("late"),
    "reset": httpx.ReadError("reset"),
    "reset while sending": httpx.WriteError("reset"),
    "closed": httpx.RemoteProtocolError("closed"),
    "unreadable": httpx.DecodingError("not gzip"),
}
ANOTHER_SUCCESS: Mapping[str, Answer] = {
    "200 with a body": httpx.Response(200, text="<html>"),
    "201": httpx.Response(201),
    "204": httpx.Response(204),
}
REFUSED: Mapping[str, Answer] = {
    str(status): httpx.Response(status) for status in (302, 400, 403, 404, 405, 409, 413, 415, 422)
}


def written_then(fault: Answer, written: list[str]) -> Callable[[httpx.Request], httpx.Response]:
    """A service that writes a record, and fails before it can say so."""

    def answer(_: httpx.Request) -> httpx.Response:
        written.append("the record")
        if isinstance(fault, Exception):
            raise fault
        assert isinstance(fault, httpx.Response)
        return fault

    return answer


@pytest.mark.parametrize("fault", NOT_WRITTEN.values(), ids=NOT_WRITTEN)
@pytest.mark.parametrize("times", [1, 3])
def test_what_was_not_written_is_sent_again(fault: Answer, times: int) -> None:
    service = FakeService(*[fault] * times, httpx.Response(200))
    refusals = isinstance(fault, httpx.Response) and fault.status_code == 401

    if refusals and times > 1:
        with pytest.raises(AuthenticationError):
            service.client(retries=Retries()).put_record("contact", RECORD)
    else:
        service.client(retries=Retries()).put_record("contact", RECORD)

    assert len(service.records) == (2 if refusals else times + 1)
    assert len(service.pauses) == (0 if refusals else times)


@pytest.mark.parametrize("fault", UNKNOWN.values(), ids=UNKNOWN)
def test_what_may_have_been_written_is_sent_once(fault: Answer) -> None:
    written: list[str] = []
    service = FakeService(written_then(fault, written))

    with pytest.raises(AmbiguousWriteError, match=r"may have been written: look before") as caught:
        service.client(retries=Retries()).put_record("contact", RECORD)

    assert (len(service.records), len(written), service.pauses) == (1, 1, [])
    assert caught.value.may_have_been_written


@pytest.mark.parametrize("fault", UNKNOWN.values(), ids=UNKNOWN)
def test_what_may_have_been_written_is_sent_again_if_the_user_says_so(fault: Answer) -> None:
    written: list[str] = []
    service = FakeService(written_then(fault, written), httpx.Response(200))

    service.client(retries=Retries(), retry_ambiguous=True).put_record("contact", RECORD)

    assert (len(service.records), len(written)) == (2, 1)


@pytest.mark.parametrize("fault", ANOTHER_SUCCESS.values(), ids=ANOTHER_SUCCESS)
@pytest.mark.parametrize("retry_ambiguous", [False, True])
def test_another_success_is_ambiguous_and_would_come_again(fault: Answer, *, retry_ambiguous: bool) -> None:
    service = FakeService(fault)

    with pytest.raises(AmbiguousWriteError):
        service.client(retries=Retries(), retry_ambiguous=retry_ambiguous).put_record("contact", RECORD)

    assert len(service.records) == 1


@pytest.mark.parametrize("fault", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("retry_ambiguous", [False, True])
def test_what_was_refused_is_not_sent_again(fault: Answer, *, retry_ambiguous: bool) -> None:
    service = FakeService(fault)

    with pytest.raises(CustomerGaugeError) as caught:
        service.client(retries=Retries(), retry_ambiguous=retry_ambiguous).put_record("contact", RECORD)

    assert (len(service.records), caught.value.may_have_been_written) == (1, False)


TOKEN_COMES_LATER = {**NOT_WRITTEN, **UNKNOWN}
del TOKEN_COMES_LATER["401"]


@pytest.mark.parametrize("fault", TOKEN_COMES_LATER.values(), ids=TOKEN_COMES_LATER)
def test_a_token_is_asked_for_again(fault: Answer) -> None:
    service = FakeService(tokens=(fault, fault))

    service.client(retries=Retries()).put_record("contact", RECORD)

    assert (len(service.requests), len(service.records), len(service.pauses)) == (4, 1, 2)


NO_TOKEN = {**REFUSED, **ANOTHER_SUCCESS, "401": httpx.Response(401)}


@pytest.mark.parametrize("fault", NO_TOKEN.values(), ids=NO_TOKEN)
def test_a_token_that_is_refused_is_not_asked_for_again(fault: Answer) -> None:
    service = FakeService(tokens=(fault,))

    with pytest.raises(AuthenticationError):
        service.client(retries=Retries()).put_record("contact", RECORD)

    assert (len(service.requests), service.records) == (1, [])


@pytest.mark.parametrize("last", [httpx.Response(422), httpx.Response(429), httpx.ConnectError("no")])
def test_a_later_refusal_does_not_take_back_that_an_earlier_attempt_may_have_been_written(
    last: Answer,
) -> None:
    service = FakeService(httpx.Response(502), last)

    with pytest.raises(AmbiguousWriteError, match="an earlier one may have been written") as caught:
        service.client(retries=Retries(attempts=2), retry_ambiguous=True).put_record("contact", RECORD)

    assert isinstance(caught.value.__cause__, CustomerGaugeError)


@pytest.mark.parametrize("status", [401, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("endpoint", ["token", "records"])
@pytest.mark.parametrize("headers", [{}, LATER], ids=["", "later"])
def test_no_fault_of_the_mock_makes_two_responses_of_one(
    status: int, endpoint: str, headers: Mapping[str, str]
) -> None:
    mock = MockAPI(seeds.demo())
    fault = Fault(endpoint=endpoint, status=status, headers=headers, times=2)  # type: ignore[arg-type]
    mock.store.hosted("demo").faults.add(fault)
    client = Client("demo-client", "demo-secret", transport=httpx_transport(mock), sleep=lambda _: None)
    response = RECORD | {"Sent Date": "2026-11-23 12:00:00", "Survey Completed Date": "2026-11-24 12:00:00"}

    sent = False
    while not sent:  # as somebody who sends again what was not written
        with suppress(AmbiguousWriteError, AuthenticationError):
            client.put_record("53505294-0b20-2509-b15d-c8e377701d66", response)
            sent = True

    assert len(mock.store.page("demo", Collection.RESPONSES, limit=9, after=0).rows) == 1


def test_the_pauses_double_up_to_the_cap() -> None:
    service = FakeService(httpx.Response(429))
    retries = Retries(attempts=7, backoff=0.5, cap=4)

    with pytest.raises(RateLimitedError):
        service.client(retries=retries).put_record("contact", RECORD)

    assert service.pauses == [0.5, 1, 2, 4, 4, 4]


@pytest.mark.parametrize(("drawn", "pause"), [(0.0, 8.0), (0.5, 6.0), (1.0, 4.0)])
def test_a_random_part_of_up_to_a_half_is_left_out(drawn: float, pause: float) -> None:
    service = FakeService(httpx.Response(429), httpx.Response(200))

    service.client(retries=Retries(backoff=8), random=lambda: drawn).put_record("contact", RECORD)

    assert service.pauses == [pause]


NOON = {"Date": "Tue, 24 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Tue, 24 Nov 2026 12:00:30 GMT", **NOON}, 30),
        ({"Retry-After": "Tue, 24 Nov 2026 11:00:00 GMT", **NOON}, 0.5),
        ({"Retry-After": "0"}, 0.5),
        ({"Retry-After": "soon"}, 0.5),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_service_says_how_long_to_wait_at_least(
    headers: Mapping[str, str], pause: float, status: int
) -> None:
    service = FakeService(httpx.Response(status, headers=headers), httpx.Response(200))

    service.client(retries=Retries()).put_record("contact", RECORD)

    assert service.pauses == [pause]


def test_what_must_wait_longer_than_the_budget_is_told_at_once() -> None:
    service = FakeService(httpx.Response(503, headers={"Retry-After": "61"}))

    with pytest.raises(ServerError, match="try again later") as caught:
        service.client(retries=Retries(budget=60)).put_record("contact", RECORD)

    assert (caught.value.retry_after, service.pauses) == (61, [])


def test_the_budget_counts_from_the_call_with_all_that_was_sent() -> None:
    service = FakeService()

    def slow(_: httpx.Request) -> httpx.Response:
        service.now += 10
        return httpx.Response(429)

    service.answers = [slow]
    with pytest.raises(RateLimitedError):
        service.client(retries=Retries(attempts=99, budget=30, backoff=0)).put_record("contact", RECORD)

    assert (len(service.records), service.now) == (4, 40)


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"backoff": -1}, {"cap": float("nan")}, {"budget": -1}])
def test_retries_that_mean_nothing_are_refused(wrong: Mapping[str, int]) -> None:
    with pytest.raises(ValueError, match="attempts must be at least 1"):
        Retries(**wrong)


Behaviour = Callable[[socket.socket], None]


def reset(connection: socket.socket) -> None:
    """Break the connection off, as a process that is killed does."""
    reset_on_close(connection)


def close(connection: socket.socket) -> None:
    """Close the connection without an answer."""
    connection.shutdown(socket.SHUT_RDWR)


def silence(connection: socket.socket) -> None:
    """Say nothing until the other side has gone."""
    connection.recv(1)


def half(connection: socket.socket) -> None:
    """Break off in the answer."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")


def nonsense(connection: socket.socket) -> None:
    """Speak another language."""
    connection.sendall(b"220 mail.example.com ESMTP\r\n")


def accept(connection: socket.socket) -> None:
    """Answer as CustomerGauge does."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class Port:
    """A port of this machine that takes requests, and then does what it is told, at last answering with 200."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)
        self.taken = 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        for behave in [*self.behaviours, accept]:
            connection, _ = self.listening.accept()
            with connection:
                taken = b""
                while not taken.endswith(b"}}"):
                    taken += connection.recv(65536)
                self.taken += 1
                behave(connection)
        self.listening.close()


@pytest.fixture
def tokens() -> Iterator[str]:
    """The URL of a token service."""
    with live_server(MockAPI(seeds.demo())) as server:
        yield server.url


@pytest.mark.parametrize("behave", [reset, close, silence, half, nonsense])
def test_a_connection_that_breaks_after_the_record_was_taken_is_ambiguous(
    tokens: str, behave: Behaviour
) -> None:
    port = Port(behave)
    client = Client(
        "demo-client", "demo-secret", auth_url=tokens, imports_url=port.url, sleep=lambda _: None, timeout=1
    )

    with client:
        with pytest.raises(AmbiguousWriteError):
            client.put_record("contact", RECORD)
        assert port.taken == 1

        client.with_options(retry_ambiguous=True).put_record("contact", RECORD)
        assert port.taken == 2


def test_a_port_that_nobody_listens_on_is_tried_again(tokens: str) -> None:
    pauses: list[float] = []
    client = Client(
        "demo-client", "demo-secret", auth_url=tokens, imports_url="http://127.0.0.1:1", sleep=pauses.append
    )

    with client, pytest.raises(TransportError, match="Nothing was written"):
        client.put_record("contact", RECORD)

    assert len(pauses) == 4
