"""Flask applications with the vendor's endpoints, and requests with targets that a server or Flask may rewrite."""

from itertools import product
from typing import NamedTuple
from wsgiref.types import WSGIApplication

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from cgmock import seeds
from cgmock.flask import blueprint
from cgmock.mock_api import MockAPI
from tests.acme import FORM
from tests.adapters import Answer, comparable, over_socket, token_of

OWN_HOST = "localhost"
_GRANT = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"
_RECORD = b'{"configuration":"contact","record":{"Email":"a@b.c"}}'
_METHODS = ("PUT", "POST", "GET", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "PROPFIND", "put", "X!")
_TARGETS = (
    "/",
    "//",
    "/records",
    "/records/",
    "//records/",
    "///records//",
    "/records/?a=%FF??",
    "/%72ecords/",
    "/records%2F",
    "/records/%0A",
    "/caf%C3%A9",
    "/caf%E9",
    "/caf\xe9",
    "/x/../records/",
    "/.well-known/jwks.json",
    "//.well-known/jwks.json",
    "/oauth2/token",
    "//oauth2/token",
    "/v7/rest/sync/responses?per_page=2",
    "//v7/rest/sync/responses",
    "/hooks/demo-hook",
    "//hooks/demo-hook",
    "/hooks/",
    "/static/x",
    "/_cgmockery",
    "//_cgmock/health",
    "*",
)
_HOSTS = tuple(f"{name}.eu.customergauge.com" for name in ("auth", "imports.api", "api", "hooks"))
_HOST_TARGETS = ("/records/", "//records/", "/demo-hook", "/_cgmock", "/_cgmock/health", "/_cgmock/nowhere")


class Case(NamedTuple):
    """A request."""

    method: str
    target: str
    host: str = OWN_HOST


CASES = (
    *(Case(method, target) for method, target in product(_METHODS, _TARGETS)),
    *(Case("PUT", target, host) for target, host in product(_HOST_TARGETS, _HOSTS)),
)


def rooted(mock: MockAPI) -> WSGIApplication:
    """Return an application with the blueprint at its root."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(mock))
    return app


def prefixed(mock: MockAPI) -> WSGIApplication:
    """Return an application with the blueprint below `/gauge`."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(mock), url_prefix="/gauge/")
    return app


def mounted(mock: MockAPI) -> WSGIApplication:
    """Return an application with the blueprint below `/gauge`, itself mounted below `/customer`."""
    return DispatcherMiddleware(Flask(__name__, static_folder=None), {"/customer": prefixed(mock)})


def served_by_granian() -> WSGIApplication:
    """Return an application for a server that imports it."""
    return mounted(MockAPI(seeds.demo()))


def token(url: str) -> str:
    """Return a token of a served demo."""
    headers = {"Content-Type": FORM}
    return token_of(over_socket(url, "POST", "/oauth2/token", OWN_HOST, headers=headers, body=_GRANT))


def answer(url: str, case: Case, token: str) -> Answer:
    """Send a record by a request, and return the answer. The URL of the server may have a path."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "*/*"}
    return comparable(over_socket(url, *case, headers=headers, body=_RECORD))
