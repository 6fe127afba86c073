"""Requests of every kind, sent over a connection, and what curl and Python send when they run a copy."""

import http.client
import os
import re
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlsplit

from hypothesis import strategies as st

from cgclient import Client
from cgmock.control.local import LocalControl
from cgmock.core.tenant import Tenant
from cgmock.journal.journal import Entry
from cgmock.journal.replay import as_curl, as_python
from cgmock.servers.threaded import LiveServer
from cgmock.testing.fake import FakeCustomerGauge, Server
from tests.acme import FORM, JSON

OF_THE_CONNECTION = {"content-length", "host", "connection", "accept-encoding", "transfer-encoding"}
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class Sent(NamedTuple):
    """A request: `credential` says which one it carries, the target and the body are as on the wire."""

    method: str
    target: str
    headers: Mapping[str, bytes]
    body: bytes
    credential: str


def texts(alphabet: str, most: int = 12) -> st.SearchStrategy[str]:
    """Short texts."""
    return st.text(alphabet, max_size=most)


SEGMENTS = st.sampled_from(["..", ".", "", "a[1-3]", "{b,c}", "%41", "%2e%2e", "%C3%A9", "%ff", "%00", "%20", "%25", "$HOME", "`id`", "'", '"', "~", "@x", "a:b", "%2F", "a;b", "!x"])  # fmt: skip
PATHS = st.sampled_from(["/records/", "/records", "//records/", "/hooks/HOOK", "/oauth2/token", "/v7/rest/sync/responses", "/.well-known/jwks.json"]) | st.lists(SEGMENTS, max_size=4).map(lambda parts: f"/{'/'.join(parts)}")  # fmt: skip
QUERIES = (
    st.just("")
    | texts(PRINTABLE.replace("#", ""), 20)
    | st.sampled_from(["a[b]=1&c={1,2}", "x=%41+b&y=%zz", "per_page=1"])
)
VALUES = st.sampled_from([b"*/*", b"", b"x;y=\"z\"", b"caf\xe9", "café ключ".encode(), b"$HOME `id` 'x' \\", b"@/etc/hostname", b"a, b"]) | texts(PRINTABLE).map(str.encode)  # fmt: skip
NAMES = st.sampled_from(["accept", "user-agent", "x-note", "x-http-method-override", "cookie", "content-type", "x-api-key", "accept-language", "referer", "x-token`id`", "x-$home-token'"])  # fmt: skip
RECORDS = st.sampled_from([
    b'{"configuration": "contact", "record": {"Email": "joe@example.com", "First Name": " J\\u00f6 "}}',
    '{"configuration":"contact","record":{"Email":"jö@example.com","Phone":12}}'.encode(),
    b'{"configuration": "contact", "record": {"Emial": "joe@example.com", "Phone": "1"}}',
    b'{"configuration": "contact", "record": {"First Name": ""}}',
    b'{"configuration": "contact", "record": {"Email": "joe@example.com"}, "more": [1]}',
    b"configuration=contact&record[Email]=joe%40example.com",
    b'{"Email": "joe@example.com", "Nickname": "J"}',
    b"client_id=CLIENT&client_secret=SECRET&grant_type=client_credentials",
    b"client_id=CLIENT&client_secret=wrong-secret&grant_type=client_credentials",
])  # fmt: skip
BODIES = st.just(b"") | RECORDS | st.binary(max_size=30) | texts(PRINTABLE + " \n\t\r\x1b\x7f\x85é").map(str.encode) | st.sampled_from([b"@/etc/hostname", b"a\r\nb\n", b"'", b"\\", b"%s", b"x" * 5000])  # fmt: skip
REQUESTS = st.builds(
    Sent,
    st.sampled_from(
        ["GET", "PUT", "PUT", "PUT", "POST", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "put", "BREW"]
    ),
    st.builds(lambda path, query: f"{path}?{query}" if query else path, PATHS, QUERIES),
    st.dictionaries(NAMES, VALUES, max_size=4),
    BODIES,
    st.sampled_from(["", "bearer", "bearer", "app", "webhook", "wrong"]),
)
USUAL = st.builds(
    Sent,
    st.sampled_from(["PUT", "POST"]),
    st.sampled_from(["/records/", "/hooks/HOOK", "/oauth2/token", "/hooks/HOOK?Email=a%40b", "/oauth2/token?client_id=CLIENT&client_secret=SECRET"]),
    st.sampled_from([{"content-type": JSON.encode()}, {"content-type": FORM.encode()}]),
    RECORDS,
    st.sampled_from(["bearer", "app", "webhook", ""]),
)  # fmt: skip
"""Requests that are mostly accepted."""


class World:
    """A mock over HTTP, with a fresh tenant for each request."""

    def __init__(self, server: LiveServer, tenant: Tenant) -> None:
        self.server, self.mock = server, server.mock
        self.fakes = Server(LocalControl(server.mock), server.url)
        self.tenant = tenant


def send(fake: FakeCustomerGauge, sent: Sent) -> dict[str, str]:
    """Send a request, byte for byte; the environment in which its copy for curl is run."""
    (hook,) = [each for each in fake.tenant.webhooks.values() if each.id.startswith("contacts")]
    headers = dict(sent.headers)
    match sent.credential:
        case "app":
            headers["authorization"] = basic(fake.client_id, fake.client_secret)
        case "webhook":
            headers["authorization"] = basic(hook.username, hook.password)
        case "bearer":
            headers["authorization"] = b"Bearer " + token(fake).encode()
        case "wrong":
            headers["authorization"] = b"Bearer wrong"
        case _:
            pass

    def filled(text: str) -> str:
        return (
            text.replace("HOOK", hook.id)
            .replace("CLIENT", fake.client_id)
            .replace("SECRET", quote_plus(fake.client_secret))
        )

    body = filled(sent.body.decode("latin-1")).encode("latin-1")
    connection = http.client.HTTPConnection(urlsplit(fake.url).netloc, timeout=20)
    connection.putrequest(sent.method, filled(sent.target), skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body:
        connection.putheader("content-length", str(len(body)))
    connection.endheaders(body or None)
    connection.getresponse().read()
    connection.close()
    return {
        f"CG_{re.sub('[^A-Z0-9]', '_', name.upper())}": value.decode("latin-1")
        for name, value in headers.items()
    }


def run_curl(command: str, environment: Mapping[str, str]) -> None:
    """Run a copy in a shell."""
    variables = {name: value for name, value in environment.items() if value}
    subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", command],
        env={"PATH": os.environ["PATH"], **variables},
        check=True,
        timeout=20,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def run_python(source: str, fake: FakeCustomerGauge) -> bool:
    """Run a copy as pytest does, unless it says that it is to be skipped."""
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102  (a copy is a program)
    test = next(each for name, each in namespace.items() if name.startswith("test_"))
    if any(mark.name == "skip" for mark in getattr(test, "pytestmark", [])):
        return False
    if "cg_client" in test.__code__.co_varnames:
        with Client.from_env(fake.environment) as client:
            test(fake, client)
    else:
        test(fake)
    return True


def comparable(entry: Entry, tenant: str, fake: FakeCustomerGauge) -> tuple[object, ...]:
    """What a copy has to repeat; names of tenants, which no two tests share, are as in the seed."""
    request = entry.request
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in OF_THE_CONNECTION and (value or name != "content-type")
    }
    mark = fake.tenant.name.rpartition("-")[2]

    def bare(text: str) -> str:
        return text.replace(f"-{mark}", "")

    return (
        request.method,
        bare(request.path),
        bare(request.query),
        headers,
        bare(request.body.decode("latin-1")),
        bool(tenant),
        entry.response.status,
        [notice._replace(reason="") for notice in entry.notices],
        entry.behaviours,
    )


def comments(copy: str) -> list[str]:
    """What a copy says that it cannot repeat."""
    return [line for line in copy.splitlines() if line.startswith("# ") and not line.startswith("# Set $CG_")]


def check_curl(world: World, sent: Sent) -> bool:
    """Run the copy for curl of a request; whether it is the same, as it must be if it does not say why not."""
    environment: dict[str, str] = {}
    with world.fakes.fresh(world.tenant) as fake:
        world.mock.store.unclaimed.clear()
        environment |= send(fake, sent)
        entry, tenant = newest(world, fake)
        copy = as_curl(entry, fake.url)
        run_curl(copy, environment)
        again, tenant_again = newest(world, fake)
        if comments(copy):
            return False
        assert again.request.id != entry.request.id
        expected, found = comparable(entry, tenant, fake), comparable(again, tenant_again, fake)
    assert found[:6] == expected[:6], copy
    return True


def check_python(world: World, sent: Sent) -> bool:
    """Run the copy for pytest of a request against another tenant; whether it is the same."""
    with world.fakes.fresh(world.tenant) as fake:
        world.mock.store.unclaimed.clear()
        send(fake, sent)
        entry, tenant = newest(world, fake)
        expected = comparable(entry, tenant, fake)
        copy = as_python(entry, tenant)
    with world.fakes.fresh(world.tenant) as other:
        world.mock.store.unclaimed.clear()
        if not run_python(copy, other) or comments(copy):
            return False
        again, tenant_again = newest(world, other)
        found = comparable(again, tenant_again, other)
    assert found == expected, copy
    return True


def newest(world: World, fake: FakeCustomerGauge) -> tuple[Entry, str]:
    """The newest entry, and the tenant that has it."""
    found = [
        *((entry, fake.tenant.name) for entry in fake.journal),
        *((entry, "") for entry in world.mock.store.unclaimed.after(0)),
    ]
    return max(found, key=lambda each: int(each[0].request.id.rpartition("-")[2]))


def basic(username: str, password: str) -> bytes:
    """A Basic header."""
    return b"Basic " + b64encode(f"{username}:{password}".encode())


def token(fake: FakeCustomerGauge) -> str:
    """A token of the tenant."""
    connection = http.client.HTTPConnection(urlsplit(fake.url).netloc, timeout=20)
    form = f"grant_type=client_credentials&client_id={quote_plus(fake.client_id)}&client_secret={quote_plus(fake.client_secret)}"
    connection.request("POST", "/oauth2/token", form, {"Content-Type": FORM})
    answer = connection.getresponse().read().decode()
    connection.close()
    found = re.search('"access_token":"([^"]+)"', answer)
    assert found is not None
    return found[1]
