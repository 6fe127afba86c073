"""`cgmock serve --tls`: what its certificates are good for, how long they are kept, and who reads their keys."""

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cgclient import Client
from cgmock.cli import cgmock
from cgmock.core.routing import VENDOR_HOSTS
from cgmock.servers.tls import THIS_MACHINE, Certificates, _write_first, certificates
from cgmock.stores.base import Collection
from tests.integration.servers.conftest import CONTROL_TOKEN, Secured

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = 24 * 3600


def made(folder: Path, days: float = 0) -> Certificates:
    """The certificates that a folder has some days later."""
    return certificates(folder, NOW.timestamp() + days * DAY)


@pytest.mark.parametrize("host", [*VENDOR_HOSTS, *THIS_MACHINE])
def test_a_client_that_trusts_the_authority_trusts_each_host(tmp_path: Path, host: str) -> None:
    kept = made(tmp_path)

    assert trusts(kept.authority, kept.server, host)


def test_no_other_host_is_trusted(tmp_path: Path) -> None:
    kept = made(tmp_path)

    assert not trusts(kept.authority, kept.server, "cvm.eu.customergauge.com")


def test_the_authority_cannot_vouch_for_anybody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cgmock.servers.tls.VENDOR_HOSTS", ("example.com",))

    kept = made(tmp_path)

    assert not trusts(kept.authority, kept.server, "example.com")


def trusts(authority: Path, server: Path, host: str) -> bool:
    """Whether a client that trusts an authority, by the strictest rules, takes a certificate for a host's."""
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    serving, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=authority)
    serving.load_cert_chain(server)
    asking.verify_flags |= ssl.VERIFY_X509_STRICT
    client = asking.wrap_bio(here, there, server_hostname=host)
    answering = serving.wrap_bio(there, here, server_side=True)
    for each in (client, answering):
        with suppress(ssl.SSLWantReadError):
            each.do_handshake()
    try:
        client.do_handshake()
    except ssl.SSLCertVerificationError:
        return False
    return True


def test_a_valid_authority_stays_and_the_server_s_certificate_is_new(tmp_path: Path) -> None:
    first = made(tmp_path)
    authority, server = first.authority.read_bytes(), first.server.read_bytes()

    again = made(tmp_path, days=5 * 365 - 1)

    assert again == first
    assert again.authority.read_bytes() == authority
    assert again.server.read_bytes() != server


def test_a_certificate_ends_with_its_authority(tmp_path: Path) -> None:
    kept = made(tmp_path, days=0)
    made(tmp_path, days=5 * 365 - 1)

    server = x509.load_pem_x509_certificate(kept.server.read_bytes())

    assert server.not_valid_after_utc == NOW + timedelta(days=5 * 365)


def test_an_authority_that_has_expired_is_made_anew_and_it_is_said(tmp_path: Path) -> None:
    first = made(tmp_path).authority.read_bytes()

    again = made(tmp_path, days=5 * 365)

    assert again.renewed == "was valid until 2031-11-23 only"
    assert again.authority.read_bytes() != first
    assert made(tmp_path, days=5 * 365).renewed is None


def test_an_authority_that_is_broken_is_made_anew_and_it_is_said(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "authority.pem").write_bytes(broken)

    kept = made(tmp_path)

    assert kept.renewed == "could not be read"
    assert trusts(kept.authority, kept.server, "localhost")


@pytest.fixture(params=["empty", "other_key", "other_kind", "cut"])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    """What is no authority."""
    folder = tmp_path / "other"
    made(folder)
    whole = (folder / "authority.pem").read_bytes()
    public = (folder / "ca.pem").read_bytes()
    rsa_key = rsa.generate_private_key(65537, 1024)  # noqa: S505  (nobody uses it)
    kinds = {
        "empty": b"",
        "other_key": whole.replace(public, made(tmp_path / "third").authority.read_bytes()),
        "other_kind": rsa_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + public,
        "cut": whole[:-100],
    }
    return kinds[request.param]


def test_what_clients_trust_is_mended_where_somebody_changed_it(tmp_path: Path) -> None:
    kept = made(tmp_path)
    kept.authority.write_text("")

    assert made(tmp_path).renewed is None
    assert trusts(kept.authority, kept.server, "localhost")


def test_two_that_begin_at_once_have_one_authority(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as eight:
        kept = list(eight.map(lambda _: made(tmp_path), range(8)))

    assert {each.renewed for each in kept} == {None}
    assert trusts(kept[0].authority, kept[0].server, "localhost")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["authority.pem", "ca.pem", "server.pem"]


def test_who_comes_second_takes_the_authority_of_the_first(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_bytes(b"first")

    _write_first(file, b"second")

    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"first"]


def test_private_keys_are_their_owner_s_alone(tmp_path: Path) -> None:
    kept = made(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "authority.pem").chmod(0o644)
    made(tmp_path / "a" / "b")

    assert {file.name: file.stat().st_mode & 0o777 for file in kept.authority.parent.iterdir()} == {
        "authority.pem": 0o600,
        "server.pem": 0o600,
        "ca.pem": 0o644,
    }
    assert kept.authority.parent.stat().st_mode & 0o777 == 0o700
    assert b"PRIVATE" not in kept.authority.read_bytes()


def test_a_folder_that_cannot_be_had_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "file" / "tls"
    folder.parent.touch()

    done = CliRunner().invoke(cgmock, ["serve", "--port", "0", "--tls", "--tls-dir", str(folder)])

    assert (done.exit_code, done.output) == (
        2,
        f"Cannot keep certificates in {folder}: Not a directory. Choose another folder with --tls-dir.\n",
    )


def test_an_authority_that_is_another_one_now_is_told(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").touch()

    done = CliRunner().invoke(
        cgmock, ["serve", "--port", "0", "--host", "192.0.2.1", "--tls", "--tls-dir", str(tmp_path)]
    )

    told, *_ = done.stderr.splitlines()
    assert told == "The certificate authority could not be read; clients have to trust the new one."


def test_the_authority_is_kept_in_the_user_s_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")

    CliRunner().invoke(cgmock, ["serve", "--port", "0", "--host", "192.0.2.1", "--tls"])

    assert (tmp_path / "cgmock" / "tls" / "ca.pem").exists()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_writes_by_https_without_a_proxy(secured: Secured, version: ssl.TLSVersion) -> None:
    trust = secured.trust
    trust.minimum_version = trust.maximum_version = version
    secured.control.reset("demo")

    with (
        httpx.Client(verify=trust) as http,
        Client(
            "demo-client", "demo-secret", auth_url=secured.url, imports_url=secured.url, http=http
        ) as client,
    ):
        client.put_record("contact", {"Email": "joe@example.com"})

    assert [row["email"] for row in secured.control.rows("demo", Collection.CONTACTS)] == ["joe@example.com"]


def test_who_never_shakes_hands_keeps_nobody_waiting(secured: Secured) -> None:
    with socket.create_connection(address(secured), timeout=60), httpx.Client(verify=secured.trust) as http:
        assert http.get(f"{secured.url}/_cgmock/health").json() == {"status": "ok"}


def test_who_does_not_speak_tls_breaks_nothing(secured: Secured) -> None:
    with (
        socket.create_connection(address(secured), timeout=60) as caller,
        httpx.Client(verify=secured.trust) as http,
    ):
        caller.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with suppress(OSError):  # the server may have hung up at the first byte
            caller.shutdown(socket.SHUT_WR)
            b"".join(iter(lambda: caller.recv(4096), b""))

        assert http.get(f"{secured.url}/_cgmock/health").json() == {"status": "ok"}


def test_no_secret_of_the_server_is_shown(secured: Secured) -> None:
    token = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
    with httpx.Client(proxy=secured.proxy, verify=secured.trust, headers=token) as http:
        answers = [
            http.get(f"{secured.url}/_cgmock/v1/tenants"),
            http.get(f"{secured.url}/_cgmock/v1/none"),
            http.put(f"https://{VENDOR_HOSTS[0]}/records/"),
            http.get(f"http://{VENDOR_HOSTS[0]}/"),
            http.get(f"{secured.url}/_cgmock/v1/unclaimed"),
            http.get(f"{secured.url}/_cgmock/v1/tenants/demo/journal"),
        ]

    shown = "".join([secured.printed, *(f"{answer.headers}{answer.text}" for answer in answers)])
    keys = [secured.authority.with_name(name).read_text() for name in ("authority.pem", "server.pem")]
    secrets = [CONTROL_TOKEN, "PRIVATE KEY", *(key.splitlines()[1] for key in keys)]
    assert [answer.status_code for answer in answers] == [200, 404, 404, 403, 200, 200]
    assert [secret for secret in secrets if secret in shown] == []


def address(secured: Secured) -> tuple[str, int]:
    """Where a fake listens."""
    url = httpx.URL(secured.url)
    return url.host, url.port or 443
