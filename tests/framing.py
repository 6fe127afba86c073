"""Requests of the oracle, in any framing, through every adapter."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import product
from typing import NamedTuple
from urllib.parse import quote

import httpx
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock import seeds
from cgmock.core.messages import Request
from cgmock.core.routing import VENDOR_HOSTS
from cgmock.httpx import httpx_transport
from cgmock.respx import mock_router
from cgmock.servers.threaded import live_server, serving
from tests.acme import FORM, basic
from tests.adapters import Answer, ListeningMock, comparable, exchanged, of_httpx, token_of
from tests.flask_applications import rooted
from tests.oracle.requests import PATHS, plain_requests, requests, responses_queries
from tests.processes import serving as granian

OWN_HOST = "127.0.0.1"
HOSTS = (OWN_HOST, *VENDOR_HOSTS)
ROUTES = tuple(
    f"{slashes}{path}{end}"
    for path in (
        "oauth2/token",
        ".well-known/jwks.json",
        "records",
        "v7/rest/sync/responses",
        "hooks/demo-hook",
        "demo-hook",
    )
    for slashes in ("/", "//", "///")
    for end in ("", "/", "//")
)
"""Every path of the vendor, with more slashes than it has."""

_GRANT = Request(
    "POST",
    "/oauth2/token",
    headers={"host": VENDOR_HOSTS[0], "content-type": FORM, "authorization": ""},
    body=b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret",
)
RECORD = Request(
    "PUT",
    "/records/",
    headers={"host": OWN_HOST, "content-type": "application/json", "authorization": "Bearer {token}"},
    body=b'{"configuration":"contact","record":{"Email":"a@b.c"}}',
)
_NOT_SENT = str.maketrans({'"': "%22", "<": "%3C", ">": "%3E"})


class Framing(NamedTuple):
    """A way to send a body: in chunks of `size` bytes, or, if `size` is 0, with its length."""

    size: int = 0
    extension: bytes = b""
    trailers: bytes = b""

    def __call__(self, body: bytes) -> tuple[str, bytes]:
        """Return the header of a body, and the bytes to send."""
        if not self.size:
            return f"Content-Length: {len(body)}", body
        pieces = [body[start : start + self.size] for start in range(0, len(body), self.size)]
        chunks = [b"%x%s\r\n%s\r\n" % (len(piece), self.extension, piece) for piece in pieces]
        return (
            "Transfer-Encoding: chunked",
            b"".join([*chunks, b"0", self.extension, b"\r\n", self.trailers, b"\r\n"]),
        )


class Sending(NamedTuple):
    """A request and its framing. `{token}` in its Authorization header stands for a token of the adapter."""

    request: Request
    framing: Framing = Framing()


Adapter = Callable[[Request, Framing], Answer]


class Adapters:
    """The adapters by name, each with a token."""

    def __init__(self, named: Mapping[str, Adapter]) -> None:
        self._named = named
        self._tokens = {name: token_of(adapter(_GRANT, Framing())) for name, adapter in named.items()}

    def answers(self, sending: Sending) -> dict[str, Answer]:
        """Send a request through every adapter that has its host, and return the answers."""
        return {
            name: _without_keys(comparable(adapter(_authorized(sending.request, token), sending.framing)))
            for (name, adapter), token in zip(self._named.items(), self._tokens.values(), strict=True)
            if name != "respx" or sending.request.headers["host"] != OWN_HOST
        }


@contextmanager
def every_adapter() -> Iterator[Adapters]:
    """Yield every adapter, each with a demo of its own."""
    with ExitStack() as stack:
        mocks = [ListeningMock(*seeds.demo()) for _ in range(4)]
        (line,) = stack.enter_context(granian())
        client = stack.enter_context(httpx.Client(transport=httpx_transport(mocks[2])))
        routed = stack.enter_context(httpx.Client(verify=False))  # noqa: S501  (no connection is made)

        def in_router(request: Request, _: Framing) -> Answer:
            with mock_router(mocks[3]):
                return _by_httpx(routed, "https", request)

        yield Adapters(
            {
                "granian": _over_socket(line.split()[-1]),
                "werkzeug": _over_socket(stack.enter_context(live_server(mocks[0])).url),
                "blueprint": _over_socket(stack.enter_context(serving(rooted(mocks[1])))),
                "httpx": lambda request, _: _by_httpx(client, "http", request),
                "respx": in_router,
            }
        )


def sendings() -> SearchStrategy[Sending]:
    """Requests of the oracle to all routes and hosts, with all framings."""
    authorizations = st.sampled_from(
        ["Bearer {token}", "Bearer {token}", basic("demo-user", "demo-password"), ""]
    )
    framings = st.builds(
        Framing,
        st.sampled_from([0, 0, 1, 7, 4000]),
        st.sampled_from([b"", b";a=b", b' ; x="y"']),
        st.sampled_from([b"", b"X-Trailer: 1\r\n", b"X: 1\r\nY: 2\r\n"]),
    )
    targets = st.one_of(
        st.tuples(st.sampled_from(PATHS), st.none()), st.tuples(st.sampled_from(ROUTES), responses_queries())
    )
    return st.builds(
        _sending,
        st.one_of(requests(), requests(), plain_requests()),
        st.one_of(st.none(), targets),
        st.sampled_from(HOSTS),
        authorizations,
        framings,
    )


def routing_table() -> Iterator[Sending]:
    """Yield a record for each path: by several methods to the fake's own host, and by PUT to each host of a region."""
    paths = (*ROUTES, *PATHS)
    for method, path, host in (
        *product(("PUT", "POST", "GET"), paths, (OWN_HOST,)),
        *product(("PUT",), paths, VENDOR_HOSTS[:4]),
    ):
        yield Sending(RECORD._replace(method=method, path=path, headers={**RECORD.headers, "host": host}))


def _sending(
    request: Request,
    target: tuple[str, str | None] | None,
    host: str,
    authorization: str,
    framing: Framing,
) -> Sending:
    path, query = target or (request.path, None)
    headers = {"authorization": authorization, **_ascii(request.headers), "host": host}
    text = request.query if query is None else query
    return Sending(request._replace(path=path, query=text.translate(_NOT_SENT), headers=headers), framing)


def _ascii(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers without the ones that granian drops."""
    return {name: value for name, value in headers.items() if value.isascii()}


def _authorized(request: Request, token: str) -> Request:
    authorization = request.headers["authorization"].replace("{token}", token)
    return request._replace(headers={**request.headers, "authorization": authorization})


def _without_keys(answer: Answer) -> Answer:
    """Return an answer without the public keys, which differ between mocks."""
    return answer._replace(headers={}, body=b"") if answer.body.startswith(b'{"keys"') else answer


def _target(request: Request) -> str:
    return quote(request.path, encoding="latin-1") + (f"?{request.query}" if request.query else "")


def _over_socket(base: str) -> Adapter:
    def door(request: Request, framing: Framing) -> Answer:
        length, body = framing(request.body)
        lines = [f"{request.method} {_target(request)} HTTP/1.1", length, "Connection: close"]
        lines += [f"{name}: {value}" for name, value in request.headers.items()]
        return exchanged(base, request.method, "\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    return door


def _by_httpx(client: httpx.Client, scheme: str, request: Request) -> Answer:
    """Send a request by httpx, which would remove dot segments from a URL, but not from the target of a request."""
    url = f"{scheme}://{request.headers['host']}"
    extensions = {"target": _target(request).encode("latin-1")}
    sent = httpx.Request(
        request.method, url, headers=request.headers, content=request.body, extensions=extensions
    )
    return of_httpx(client.send(sent))
