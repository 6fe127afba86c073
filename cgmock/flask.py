"""The vendor's endpoints as a Flask blueprint, for any Flask application."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import Headers
from werkzeug.routing import BaseConverter, Map

from cgmock.faults import Answer
from cgmock.mock_api import MockAPI
from cgmock.wsgi import apply_fault, headers, read_request, status_line

__all__ = ["blueprint"]


def blueprint(mock: MockAPI, name: str = "cgmock", *, exclude: str = "") -> Blueprint:
    """Return a blueprint that serves the vendor's endpoints.

    The blueprint takes every path and every HTTP method that no other route of the application takes. Register it
    without a `url_prefix` to use the vendor's own paths, or with one to keep your paths apart. A request that reaches
    the blueprint gets the same response as from `cgmock serve`.

    The application answers some requests before they reach the blueprint:

    - Its own routes come first. A path of theirs with another method goes to the blueprint.
    - `before_request` and `after_request` hooks apply. A hook must not read the body of a request to the blueprint.
    - Error handlers do not apply, except for 400 responses of Flask itself: an invalid Host header, `TRUSTED_HOSTS`.
    - Flask matches the `url_prefix`, and answers 404 to paths that only resemble it.
    - `SERVER_NAME`, `subdomain_matching` and `host_matching` restrict the hosts. Other hosts get a 404 of Flask.
    - `MAX_CONTENT_LENGTH` does not apply. The vendor's own limit does.
    - A WebSocket handshake gets a 400 of Flask.

    The path is read from `RAW_URI` or `REQUEST_URI`, because servers change it in `PATH_INFO`. granian leaves
    `PATH_INFO` unchanged. The server of Flask (`flask run`) merges the slashes at the start of a path before any
    application can see them: `//records/` is `/records/` there.

    Faults that break the connection need a server that lends its socket, as `flask run` and `cgmock serve --server
    werkzeug` do. Other servers receive a `BrokenConnectionError`.

    Args:
        mock: The fake that answers.
        name: Name of the blueprint. Each blueprint of an application needs a different one.
        exclude: Path, relative to the `url_prefix`, below which the blueprint takes nothing, so that Flask answers
            unknown paths and wrong methods there. By default, nothing is excluded.

    Example:
        >>> from cgmock import MockAPI, load_seed
        >>> from flask import Flask
        >>> app = Flask("example")
        >>> app.register_blueprint(blueprint(MockAPI(load_seed())), url_prefix="/customergauge")
        >>> app.test_client().get("/customergauge/records/").status
        '405 Method Not Allowed'
    """
    endpoints = Blueprint(name, __name__)

    @endpoints.record
    def register(state: BlueprintSetupState) -> None:
        segments = (state.url_prefix or "").rstrip("/").count("/")

        def vendor(**_: object) -> Response:
            environ = request.environ
            received = read_request(environ)
            path = _without_prefix(received.path, environ.get("SCRIPT_NAME", ""), segments)
            return _VendorResponse(mock.answer(received._replace(path=path)))

        state.app.url_map.converters["cgmock_path"] = _AnyPath
        state.add_url_rule(
            f"/<cgmock_path({exclude.strip('/')!r}):path>",
            "vendor",
            vendor,
            methods=["PUT"],
            merge_slashes=False,
            provide_automatic_options=False,
        )
        (rule,) = state.app.url_map.iter_rules(f"{state.name_prefix}.{state.name}.vendor".lstrip("."))
        rule.methods = None  # any method, which no argument of Flask can express

    return endpoints


class _AnyPath(BaseConverter):
    """Matches what no other rule matches: also slashes at the start, line breaks and nothing."""

    part_isolating = False
    weight = 1_000

    def __init__(self, map: Map, exclude: str = "") -> None:  # noqa: A002  (werkzeug's name)
        super().__init__(map)
        excluded = rf"(?!{re.escape(exclude)}(?:/|\Z))" if exclude else ""
        self.regex = rf"{excluded}[\s\S]*"


class _VendorResponse(Response):
    """A response to which Flask adds nothing. A fault applies when it is sent, after the hooks of the application."""

    default_mimetype = None

    def __init__(self, answer: Answer) -> None:
        response = answer.response
        super().__init__(response.body, status_line(response.status), headers(response))
        self._answer = answer

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:  # noqa: ARG002  (werkzeug's own)
        """Return the headers unchanged. werkzeug would remove some and rewrite others."""
        return self.headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Apply the fault, if any, and send the response."""
        apply_fault(environ, self._answer)
        return super().__call__(environ, start_response)


def _without_prefix(path: str, script_name: str, segments: int) -> str:
    """Return the part of a path that belongs to the vendor: `//records/` of `/prefix//records/`."""
    path = path.removeprefix(script_name)
    return "/" + "/".join(path.lstrip("/").split("/")[segments:]) if segments else path
