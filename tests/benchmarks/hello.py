"""What granian serves beside cgmock: a bare WSGI hello, and two views of Flask."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request

from cgmock import seeds
from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI


def hello(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Read the body and say nothing."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "0")])
    return [b""]


def flask_stub() -> WSGIApplication:
    """What one writes by hand: a view that reads the JSON and says nothing."""
    app = Flask("stub")

    @app.put("/records/")
    def put_record() -> str:
        record = request.get_json()["record"]
        return "" if record else "no record"

    @app.post("/oauth2/token")
    def issue_token() -> str:
        return ""

    return app.wsgi_app


def flask_view() -> WSGIApplication:
    """The mock behind a view of Flask, as one would write it first."""
    mock = MockAPI(seeds.demo())
    app = Flask("view")

    @app.route("/<path:path>", methods=["PUT", "POST"])
    def view(path: str) -> Response:
        body = request.get_data()
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = request.query_string.decode("latin-1")
        answer = mock.handle(Request(request.method, f"/{path}", query, headers, body, len(body)))
        return Response(answer.body, answer.status, list(answer.headers))

    return app.wsgi_app
