"""A request, and what the doors answer it with."""

import asyncio
import http.client
import json
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from flask import Flask
from werkzeug.test import Client as WSGIClient

from cgmock import faults
from cgmock.core.messages import Request
from cgmock.core.tenant import Tenant
from cgmock.flask import blueprint
from cgmock.httpx import httpx_transport
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router
from cgmock.tokens import Tokens
from cgmock.web import create_app
from cgmock.wsgi import VendorEndpoints
from tests.acme import NOW

AUTH, IMPORTS, API, HOOKS = (
    f"https://{service}.eu.customergauge.com" for service in ("auth", "imports.api", "api", "hooks")
)
TOKENS = Tokens()
"""One key for every mock: making one takes a while."""

_NOT_COMPARED = frozenset({"connection", "date", "server", "set-cookie", "x-amz-cognito-request-id"})
"""Headers of a server, and headers with a value that is different for each request."""


class Sent(NamedTuple):
    """A request to a vendor's host."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


class Answer(NamedTuple):
    """An answer, its headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


Door = Callable[[Sent], Answer]
Way = Callable[[MockAPI], Door]


class ListeningMock(MockAPI):
    """A mock that remembers what its door made of a request."""

    def __init__(self, *tenants: Tenant) -> None:
        super().__init__(tenants, clock=lambda: NOW)
        self.tokens = TOKENS
        self.heard: list[Request] = []

    def answer(self, request: Request) -> faults.Answer:
        """Remember and answer."""
        self.heard.append(request)
        return super().answer(request)


def over_http(server: str, sent: Sent) -> Answer:
    """The answer of a server, which believes that it is the vendor's host."""
    host, target = _host_and_target(sent)
    connection = http.client.HTTPConnection(urlsplit(server).netloc)
    connection.request(sent.method, target, sent.body, {"Host": host, **sent.headers})
    response = connection.getresponse()
    answer = _answer(response.status, response.getheaders(), response.read())
    connection.close()
    return answer


def over_socket(
    base: str, method: str, target: str, host: str, *, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Write a request on a socket, with the target unchanged after the path of `base`, and return the answer."""
    parts = urlsplit(base)
    lines = [f"{method} {parts.path}{target} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [*(f"{name}: {value}" for name, value in headers.items()), "Connection: close", "", ""]
    return exchanged(base, method, "\r\n".join(lines).encode("latin-1") + body)


def exchanged(base: str, method: str, message: bytes) -> Answer:
    """Write a whole request on a new connection, and return the answer."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        connection.sendall(message)
        response = http.client.HTTPResponse(connection, method=method)
        with closing(response):
            response.begin()
            return _answer(response.status, response.getheaders(), response.read())


def wsgi(mock: MockAPI) -> Door:
    """The WSGI callable of the vendor's endpoints."""
    return lambda sent: _in_wsgi(WSGIClient(VendorEndpoints(mock)), sent)


def flask(mock: MockAPI) -> Door:
    """The Flask application that has our own paths as well."""
    return lambda sent: _in_wsgi(create_app(mock).test_client(), sent)


def in_another_application(mock: MockAPI) -> Door:
    """A Flask application that has the vendor's endpoints as a blueprint."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(mock))
    return lambda sent: _in_wsgi(app.test_client(), sent)


def transport(mock: MockAPI) -> Door:
    """A client of httpx with a transport."""

    def door(sent: Sent) -> Answer:
        with httpx.Client(transport=httpx_transport(mock)) as client:
            return of_httpx(client.request(sent.method, sent.url, headers=sent.headers, content=sent.body))

    return door


def async_transport(mock: MockAPI) -> Door:
    """An async client of httpx with a transport."""

    async def ask(sent: Sent) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx_transport(mock)) as client:
            return await client.request(sent.method, sent.url, headers=sent.headers, content=sent.body)

    return lambda sent: of_httpx(asyncio.run(ask(sent)))


def router(mock: MockAPI) -> Door:
    """A client of httpx that knows nothing of the fake, inside the router."""
    client = httpx.Client(verify=False)  # noqa: S501  (no connection is made)

    def door(sent: Sent) -> Answer:
        with mock_router(mock):
            return of_httpx(client.request(sent.method, sent.url, headers=sent.headers, content=sent.body))

    return door


def async_router(mock: MockAPI) -> Door:
    """An async client of httpx that knows nothing of the fake, inside the router."""
    client = httpx.AsyncClient(verify=False)  # noqa: S501  (no connection is made)

    async def ask(sent: Sent) -> httpx.Response:
        async with mock_router(mock):
            return await client.request(sent.method, sent.url, headers=sent.headers, content=sent.body)

    return lambda sent: of_httpx(asyncio.run(ask(sent)))


IN_PROCESS_ANY_HOST: tuple[Way, ...] = (
    wsgi,
    flask,
    in_another_application,
    transport,
    async_transport,
)
IN_PROCESS: tuple[Way, ...] = (*IN_PROCESS_ANY_HOST, router, async_router)


def of_httpx(response: httpx.Response) -> Answer:
    """An answer as httpx has it."""
    return _answer(response.status_code, response.headers.multi_items(), response.content)


def comparable(answer: Answer) -> Answer:
    """An answer without a token, which is never the same twice."""
    if b"access_token" not in answer.body:
        return answer
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Answer(answer.status, headers, b"a token")


def token_of(answer: Answer) -> str:
    """The token of an answer."""
    return str(json.loads(answer.body)["access_token"])


def _in_wsgi(client: WSGIClient, sent: Sent) -> Answer:
    host, target = _host_and_target(sent)
    response = client.open(
        target, method=sent.method, base_url=f"https://{host}", headers=sent.headers, data=sent.body
    )
    return _answer(response.status_code, response.headers.items(), response.get_data())


def _host_and_target(sent: Sent) -> tuple[str, str]:
    parts = urlsplit(sent.url)
    return parts.netloc, parts.path + (f"?{parts.query}" if parts.query else "")


def _answer(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
    named = {name.lower(): value for name, value in headers}
    return Answer(status, {name: value for name, value in named.items() if name not in _NOT_COMPARED}, body)
