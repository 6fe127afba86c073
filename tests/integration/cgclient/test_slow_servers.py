"""A server that sends or takes a byte now and then: every call ends soon after its total time."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import httpx2
import pytest

from cgclient import AmbiguousWriteError, Client, Retries, TransportError
from cgmock.clock import Clock
from cgmock.servers.tls import certificates
from tests.integration.cgclient.servers import Handler, dripping

SECONDS = 0.3
PATIENT = 15.0
"""Seconds after which a test has failed; a busy machine may take its time."""

GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\0"
DRIPS: Mapping[str, tuple[bytes, bytes]] = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
    "interim responses": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
    "chunk size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "gzip header": (GZIP, b"n"),
}


def _client(url: str, http: httpx.Client | httpx2.Client | None = None) -> Client:
    return Client(
        "id",
        "secret",
        auth_url=url,
        imports_url=url,
        api_url=url,
        http=http,
        timeout=SECONDS,
        retries=Retries(attempts=1),
    )


def _put(client: Client) -> None:
    client.put_record("contact", {"Email": "joe@example.com"})


def _read(client: Client) -> None:
    list(client.responses())


@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
@pytest.mark.parametrize(
    ("call", "only", "error"),
    [(_put, b"POST", TransportError), (_put, b"PUT", AmbiguousWriteError), (_read, b"GET", TransportError)],
    ids=["token", "record", "responses"],
)
def test_a_call_ends_when_its_total_is_over(
    drip: tuple[bytes, bytes], call: Callable[[Client], None], only: bytes, error: type[Exception]
) -> None:
    with dripping(drip, only) as url, _client(url) as client:
        began = time.monotonic()
        with pytest.raises(error, match="ReadTimeout"):
            call(client)

        assert time.monotonic() - began < PATIENT


@pytest.mark.parametrize("kind", [httpx.Client, httpx2.Client], ids=["httpx", "httpx2"])
def test_it_ends_with_a_client_of_the_user_as_well(kind: type[httpx.Client] | type[httpx2.Client]) -> None:
    with dripping(DRIPS["header"], b"PUT") as url, kind() as http, _client(url, http) as client:
        began = time.monotonic()
        with pytest.raises(AmbiguousWriteError, match="ReadTimeout"):
            _put(client)

        assert time.monotonic() - began < PATIENT


def test_it_ends_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certificates(tmp_path, Clock().now())
    monkeypatch.setenv("SSL_CERT_FILE", str(files.authority))
    with dripping(DRIPS["header"], b"PUT", files.server) as url, _client(url) as client:
        began = time.monotonic()
        with pytest.raises(AmbiguousWriteError, match="ReadTimeout"):
            _put(client)

        assert time.monotonic() - began < PATIENT


def test_it_ends_when_the_server_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Handler, "handle", lambda self: self.server.ended.wait(60))
    with dripping((b"", b""), b"") as url, _client(url) as client:
        began = time.monotonic()
        with pytest.raises(AmbiguousWriteError, match="WriteTimeout"):
            client.put_webhook("hook", {"Comment": "x" * 2**25}, username="u", password="p")

        assert time.monotonic() - began < PATIENT
