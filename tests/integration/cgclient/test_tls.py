"""A client that uses TLS with a server that does not, and the reverse: the message mentions TLS."""

from collections.abc import Iterator

import pytest

from cgclient import Client, Retries, TransportError
from cgmock import seeds
from cgmock.clock import Clock
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.servers.tls import Certificates, certificates
from tests.integration.cgclient.servers import dripping


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of this machine."""
    return certificates(tmp_path_factory.mktemp("tls"), Clock().now())


@pytest.fixture
def plain() -> Iterator[str]:
    """The URL of a fake without TLS."""
    with live_server(MockAPI(seeds.demo())) as server:
        yield server.url


@pytest.fixture
def with_tls(made: Certificates) -> Iterator[str]:
    """The URL of a server with TLS."""
    with dripping((b"", b""), b"", made.server) as url:
        yield url


def _message(url: str) -> str:
    with (
        Client("id", "secret", auth_url=url, imports_url=url, retries=Retries(attempts=1)) as client,
        pytest.raises(TransportError) as caught,
    ):
        client.put_record("contact", {"Email": "joe@example.com"})
    return str(caught.value)


def test_https_to_a_server_without_tls(plain: str) -> None:
    message = _message(plain.replace("http:", "https:"))

    assert "TLS failed; if the server does not use TLS, the URL must begin with http://" in message


def test_http_to_a_server_with_tls(with_tls: str) -> None:
    message = _message(with_tls.replace("https:", "http:"))

    assert "if the server uses TLS, the URL must begin with https://" in message


def test_a_certificate_that_is_not_trusted(with_tls: str) -> None:
    message = _message(with_tls)

    assert "TLS, unable to get local issuer certificate; set SSL_CERT_FILE" in message
