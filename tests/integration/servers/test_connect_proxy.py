"""Programs that have the vendor's hosts written in come to the fake, by a proxy that leads nowhere else."""

import os
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from _pytest.mark import ParameterSet
from click.testing import CliRunner

from cgmock.cli import cgmock
from cgmock.core.routing import VENDOR_HOSTS, Endpoint
from cgmock.faults import Effect, Fault
from cgmock.faults.connection import reset_on_close
from cgmock.servers.connect_proxy import Limits, Proxy, listening
from cgmock.stores.base import Collection
from tests.integration.servers.conftest import Secured
from tests.integration.test_recipes import recipe

AUTH, IMPORTS = "https://auth.eu.customergauge.com", "https://imports.api.eu.customergauge.com"
APP = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
CONNECT = f"CONNECT {VENDOR_HOSTS[0]}:443 HTTP/1.1\r\n\r\n".encode()
REFUSAL = "This proxy leads to the fake alone: it takes CONNECT, to a host of CustomerGauge at port 443.\n"
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"
PATIENT = Limits(connections=2, head=60, silence=60)
NODE = subprocess.run("node --version || true", shell=True, capture_output=True, text=True, check=True).stdout  # noqa: S602, S607

WITH_HTTPX = f"""
import httpx

app = {{"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}}
token = httpx.post("{AUTH}/oauth2/token", data=app).json()["access_token"]
headers = {{"Authorization": f"Bearer {{token}}", "Accept": "application/json"}}
record = {{"configuration": "contact", "record": {{"Email": "joe@example.com"}}}}
httpx.put("{IMPORTS}/records/", json=record, headers=headers).raise_for_status()
"""


def spoken(program: str, text: str, *marks: pytest.MarkDecorator) -> ParameterSet:
    """A program of a language, if this machine has it; the vendor's URLs are written in."""
    missing = pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")
    return pytest.param(program, text, marks=[missing, *marks], id=program)


def hard_coded(name: str, before: str, after: str, quote: str = "") -> str:
    """A recipe of the README with the vendor's URLs in the place of what it takes from the environment."""
    text = recipe(name).replace(f"{before}CG_AUTH_URL{after}", f"{quote}{AUTH}")
    return text.replace(f"{before}CG_IMPORTS_URL{after}", f"{quote}{IMPORTS}")


OLD_NODE = pytest.mark.skipif(
    not NODE >= "v24", reason="before Node 24 its fetch takes no proxy from the environment"
)
WITH_REQUESTS = re.sub(r"os.environ.get\(.*?, (.*)\)", r"\1", recipe("Code with `requests`"))
ALSO = {
    "node": "export NODE_USE_ENV_PROXY=1\n",
    "java": """
rm -f trust && keytool -importcert -noprompt -alias cgmock -file "$SSL_CERT_FILE" -keystore trust -storepass changeit 2> /dev/null
export JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=trust -Djavax.net.ssl.trustStorePassword=changeit -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${HTTPS_PROXY##*:}"
""",
}
"""What a language wants beside the variables of `cgmock env`."""


@pytest.mark.parametrize(
    ("program", "text"),
    [
        spoken("bash", hard_coded("The shell", "$", "")),
        spoken("node", hard_coded("Node", "${", "}"), OLD_NODE),
        spoken("java", hard_coded("Java", 'env.get("', '") + "', '"')),
        pytest.param(sys.executable, WITH_HTTPX, id="httpx"),
        pytest.param(
            sys.executable, f"{WITH_REQUESTS}\nput({{'Email': 'joe@example.com'}})\n", id="requests"
        ),
    ],
)
def test_an_untouched_program_writes_a_record_by_the_vendor_s_urls(
    secured: Secured, tmp_path: Path, program: str, text: str
) -> None:
    file = tmp_path / {"node": "put.mjs", "java": "Put.java"}.get(program, "put")
    file.write_text(text, encoding="utf-8")
    printed = (
        CliRunner().invoke(cgmock, ["env", "--proxy", secured.proxy, "--ca", str(secured.authority)]).output
    )
    (tmp_path / "env").write_text(printed + ALSO.get(program, ""), encoding="utf-8")
    secured.control.reset("demo")

    done = subprocess.run(  # noqa: S603  (our own programs)
        ["bash", "-c", '. ./env && exec "$@"', "-", program, str(file)],  # noqa: S607
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    token, record = secured.control.entries("demo")
    assert (token.request.host, token.response.status) == ("auth.eu.customergauge.com", 200)
    assert (record.request.host, record.response.status) == ("imports.api.eu.customergauge.com", 200)
    assert [row["email"] for row in secured.control.rows("demo", Collection.CONTACTS)] == ["joe@example.com"]


class _Fake:
    """Something that listens as the fake would, and keeps the connection that it got."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = ("127.0.0.1", int(self.listener.getsockname()[1]))

    def accepted(self) -> socket.socket:
        """The next connection."""
        self.listener.settimeout(5)
        connection, _ = self.listener.accept()
        connection.settimeout(5)
        return connection


@pytest.fixture
def fake() -> Iterator[_Fake]:
    """A fake whose side of a tunnel the test plays."""
    made = _Fake()
    yield made
    made.listener.close()


def reset(connection: socket.socket) -> None:
    """Close a connection with a RST."""
    reset_on_close(connection)
    connection.close()


@contextmanager
def proxied(fake: _Fake, limits: Limits = PATIENT) -> Iterator[tuple[str, int]]:
    """The address of a proxy to a fake."""
    listener = listening(0)
    proxy = Proxy(listener, fake.address, limits)
    try:
        yield listener.getsockname()
    finally:
        proxy.stop()
        listener.close()


def said(address: tuple[str, int], request: bytes) -> bytes:
    """All that the proxy answers until it closes."""
    with socket.create_connection(address, timeout=60) as caller:
        caller.sendall(request)
        return b"".join(iter(lambda: caller.recv(4096), b""))


@contextmanager
def tunnel(address: tuple[str, int], fake: _Fake) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a tunnel: the caller's and the fake's."""
    with socket.create_connection(address, timeout=60) as caller:
        caller.sendall(CONNECT)
        with fake.accepted() as end:
            assert caller.recv(4096) == OPENED
            yield caller, end


@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT example.com:443 HTTP/1.1",
        "CONNECT auth.eu.customergauge.com:80 HTTP/1.1",
        "CONNECT auth.eu.customergauge.com.example.com:443 HTTP/1.1",
        "CONNECT x@auth.eu.customergauge.com:443 HTTP/1.1",
        "CONNECT auth.eu.customergauge.com HTTP/1.1",
        "CONNECT 127.0.0.1:22 HTTP/1.1",
        "CONNECT \xff:443 HTTP/1.1",
        "GET http://auth.eu.customergauge.com/ HTTP/1.1",
        "GET / HTTP/1.1",
        "\x16\x03\x01",
    ],
)
def test_any_other_place_is_refused_with_one_sentence(fake: _Fake, request_line: str) -> None:
    with proxied(fake) as address:
        head, _, body = said(address, f"{request_line}\r\n\r\n".encode("latin-1")).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert body.decode() == REFUSAL
    assert not select.select([fake.listener], [], [], 0)[0]


@pytest.mark.parametrize("host", [*(f"{host}:443" for host in VENDOR_HOSTS), "AUTH.EU.CustomerGauge.com:443"])
def test_each_host_of_the_vendor_is_the_fake(fake: _Fake, host: str) -> None:
    with proxied(fake) as address, socket.create_connection(address, timeout=60) as caller:
        caller.sendall(f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        with fake.accepted() as end:
            end.sendall(b"hello")
            end.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: caller.recv(4096), b""))

    assert answer == OPENED + b"hello"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_name_of_this_machine_is_the_fake_at_its_own_port(fake: _Fake, host: str) -> None:
    with proxied(fake) as address, socket.create_connection(address, timeout=60) as caller:
        caller.sendall(f"CONNECT {host}:{fake.address[1]} HTTP/1.1\r\n\r\n".encode())
        with fake.accepted():
            opened = caller.recv(4096)

    assert opened == OPENED


def test_the_proxy_is_for_this_machine_alone() -> None:
    with listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_what_is_said_after_the_end_of_the_caller_s_side_still_comes(fake: _Fake) -> None:
    with proxied(fake) as address, tunnel(address, fake) as (caller, end):
        caller.sendall(b"question")
        caller.shutdown(socket.SHUT_WR)
        asked = b"".join(iter(lambda: end.recv(4096), b""))
        end.sendall(b"answer")
        end.close()

        assert (asked, caller.recv(4096), caller.recv(4096)) == (b"question", b"answer", b"")


def test_a_caller_that_breaks_off_ends_the_connection_to_the_fake(fake: _Fake) -> None:
    with proxied(fake) as address, tunnel(address, fake) as (caller, end):
        reset(caller)

        assert end.recv(4096) == b""


def test_a_reset_of_the_fake_is_one_for_the_caller(fake: _Fake) -> None:
    with proxied(fake) as address, tunnel(address, fake) as (caller, end):
        reset(end)

        with pytest.raises(ConnectionResetError):
            caller.recv(4096)


def test_a_fake_that_is_not_there_ends_the_connection(fake: _Fake) -> None:
    fake.listener.close()

    with proxied(fake) as address:
        assert said(address, CONNECT) == b""


def test_who_does_not_say_what_it_wants_is_let_go(fake: _Fake) -> None:
    with proxied(fake, Limits(head=0.05)) as address:
        assert said(address, b"CONNECT ") == b""


def test_who_ends_before_it_says_what_it_wants_gets_no_answer(fake: _Fake) -> None:
    with proxied(fake) as address, socket.create_connection(address, timeout=60) as caller:
        caller.shutdown(socket.SHUT_WR)

        assert caller.recv(4096) == b""


def test_a_silent_tunnel_is_ended_on_both_sides(fake: _Fake) -> None:
    with proxied(fake, Limits(silence=0.05)) as address, tunnel(address, fake) as (caller, end):
        assert (end.recv(4096), caller.recv(4096)) == (b"", b"")


def test_a_request_without_an_end_is_refused(fake: _Fake) -> None:
    with proxied(fake) as address:
        answer = said(address, b"CONNECT " + b"x" * 17_000)

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert answer.endswith(b"\r\n\r\nA request to this proxy has 16 KiB at most.\n")


def test_there_are_so_many_connections_and_no_more(fake: _Fake) -> None:
    with proxied(fake) as address:
        with tunnel(address, fake), tunnel(address, fake):
            refused = said(address, CONNECT)
        answers = iter(lambda: said(address, b"GET / HTTP/1.1\r\n\r\n"), None)
        again = next(answer for answer in answers if b" 503 " not in answer)  # once a tunnel has ended

    assert refused.endswith(b"\r\n\r\nThis proxy has 2 connections, which is its limit.\n")
    assert again.startswith(b"HTTP/1.1 403")


def test_a_stopped_proxy_has_closed_its_tunnels(fake: _Fake) -> None:
    with ExitStack() as still:
        with proxied(fake) as address:
            caller, end = still.enter_context(tunnel(address, fake))

        assert (caller.recv(4096), end.recv(4096)) == (b"", b"")
        assert "cgmock proxy" not in {thread.name for thread in threading.enumerate()}
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=60)


def test_the_proxy_leads_to_a_fault_as_it_is_planned(secured: Secured) -> None:
    faults = secured.control.faults("demo")
    faults.add(Fault(endpoint=Endpoint.RECORDS, status=503, retry_after=7))
    with httpx.Client(proxy=secured.proxy, verify=secured.trust) as http:
        token = http.post(f"{AUTH}/oauth2/token", data=APP).json()["access_token"]
        answer = http.put(f"{IMPORTS}/records/", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


@pytest.mark.parametrize("secured", ["werkzeug"], indirect=True)
@pytest.mark.parametrize("effect", [Effect.RESET, Effect.CLOSE, Effect.TRUNCATED])
def test_a_connection_is_broken_through_the_proxy_as_well(secured: Secured, effect: Effect) -> None:
    secured.control.faults("demo").add(Fault(endpoint=Endpoint.TOKEN, effect=effect))

    # Python's TLS takes a reset for an end, at times.
    with (
        httpx.Client(proxy=secured.proxy, verify=secured.trust) as http,
        pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)),
    ):
        http.post(f"{AUTH}/oauth2/token", data=APP)

    assert [entry.fault for entry in secured.control.entries("demo")][-1] == effect


def test_http_alone_is_refused(secured: Secured) -> None:
    with httpx.Client(proxy=secured.proxy) as http:
        answer = http.get(AUTH.replace("https", "http"))

    assert (answer.status_code, answer.text) == (403, REFUSAL)


def test_another_host_is_refused(secured: Secured) -> None:
    with (
        httpx.Client(proxy=secured.proxy) as http,
        pytest.raises(httpx.ProxyError, match="403 Forbidden"),
    ):
        http.get("https://example.com")


def test_a_proxy_needs_tls() -> None:
    done = CliRunner().invoke(cgmock, ["serve", "--port", "0", "--proxy"])

    assert (done.exit_code, done.output) == (2, "--proxy leads to https, so it needs --tls.\n")


def test_a_port_of_the_proxy_that_is_taken_is_one_sentence(fake: _Fake, tmp_path: Path) -> None:
    port = str(fake.address[1])
    options = ["--port", "0", "--tls", "--tls-dir", str(tmp_path), "--proxy", "--proxy-port", port]

    done = CliRunner().invoke(cgmock, ["serve", *options])

    assert done.exit_code == 2
    assert done.output.startswith(f"The proxy cannot listen on port {port}: Address already in use")
    assert done.output.endswith(". Choose another with --proxy-port.\n")


def test_env_adds_the_proxy_and_what_to_trust_and_leaves_the_hosts(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    plain = CliRunner().invoke(cgmock, ["env"]).output

    printed = (
        CliRunner().invoke(cgmock, ["env", "--proxy", "http://127.0.0.1:1", "--ca", str(authority)]).output
    )

    assert printed.startswith(plain)
    assert printed.removeprefix(plain).splitlines() == [
        "export HTTPS_PROXY=http://127.0.0.1:1",
        f"export SSL_CERT_FILE={authority}",
        f"export REQUESTS_CA_BUNDLE={authority}",
        f"export CURL_CA_BUNDLE={authority}",
        f"export NODE_EXTRA_CA_CERTS={authority}",
    ]


@pytest.mark.parametrize(
    "proxy", ["", "127.0.0.1:8788", "https://127.0.0.1:8788", "http://x", "http://x:1/y"]
)
def test_env_wants_the_url_of_a_proxy(proxy: str) -> None:
    done = CliRunner().invoke(cgmock, ["env", "--proxy", proxy])

    assert done.exit_code == 2
    assert done.output == (
        f"--proxy must be the URL that `cgmock serve --proxy` prints, as http://127.0.0.1:8788, not {proxy}.\n"
    )


def test_env_wants_a_file_to_trust(tmp_path: Path) -> None:
    done = CliRunner().invoke(cgmock, ["env", "--ca", str(tmp_path / "none.pem")])

    assert (done.exit_code, "does not exist" in done.output) == (2, True)
