"""The vendor's endpoints in a Flask application, over sockets: the test client of Flask rewrites `//records/`."""

import doctest
import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask, Response, request
from werkzeug.test import Client

import cgmock.flask
from cgmock import seeds
from cgmock.core.laravel.request import POST_MAX_SIZE
from cgmock.faults import BrokenConnectionError, Effect, Fault
from cgmock.flask import blueprint
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import serving
from cgmock.web import create_app
from cgmock.wsgi import VendorEndpoints
from tests.adapters import ListeningMock
from tests.flask_applications import CASES, Case, answer, mounted, prefixed, rooted, token

Build = Callable[[MockAPI], WSGIApplication]


class Served(NamedTuple):
    """A mock, and the base URL at which it is served."""

    mock: ListeningMock
    url: str


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Served, ...]]:
    """A demo on a server for each application. The first is the WSGI adapter."""
    applications: tuple[tuple[Build, str], ...] = (
        (VendorEndpoints, ""),
        (create_app, ""),
        (rooted, ""),
        (prefixed, "/gauge"),
        (mounted, "/customer/gauge"),
    )
    with ExitStack() as stack:
        mocks = [ListeningMock(*seeds.demo()) for _ in applications]
        yield tuple(
            Served(mock, stack.enter_context(serving(build(mock))) + prefix)
            for mock, (build, prefix) in zip(mocks, applications, strict=True)
        )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_flask_applications_answer_like_the_wsgi_adapter(served: tuple[Served, ...], case: Case) -> None:
    bearer = token(served[0].url)

    answers = [answer(each.url, case, bearer) for each in served if _has_target(each, case)]
    requests = [each.mock.heard[-1] for each in served if _has_target(each, case)]

    assert answers == answers[:1] * len(answers)
    assert requests == requests[:1] * len(requests)
    assert requests[0].path.encode("latin-1") == unquote_to_bytes(
        case.target.partition("?")[0].encode("latin-1")
    )


def _has_target(each: Served, case: Case) -> bool:
    """Return whether a target can follow the prefix of an application."""
    return case.target.startswith("/") or each.url.count("/") == 2


def test_the_example_of_the_docstring_is_true() -> None:
    assert doctest.testmod(cgmock.flask) == (0, 5)


@pytest.mark.parametrize("target", ["/_cgmock/health", "/_cgmock/nowhere", "/_cgmock"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_the_control_api_is_the_same_with_and_without_the_fast_path(method: str, target: str) -> None:
    mock = MockAPI(seeds.demo())
    app = create_app(mock)

    with serving(app) as plain, serving(VendorEndpoints(mock, app.wsgi_app)) as fast:
        answers = [answer(url, Case(method, target), "") for url in (plain, fast)]

    assert answers[0] == answers[1]
    assert not list(mock.store.unclaimed.after(0))


@pytest.mark.parametrize("build", [VendorEndpoints, create_app, rooted])
@pytest.mark.parametrize("status", [204, 205, 304, 302, 539])
def test_a_planned_answer_has_the_headers_that_were_planned_and_no_other(build: Build, status: int) -> None:
    mock = MockAPI(seeds.demo())
    headers = (("Location", "elsewhere"), ("X-Twice", "1"), ("X-Twice", "2"), ("Content-Encoding", "none"))
    mock.store.hosted("demo").faults.add(Fault(status=status, headers=headers))

    response = Client(build(mock)).put("/hooks/demo-hook")

    assert response.status_code == status
    assert response.headers.to_wsgi_list() == [*headers, ("Content-Length", "0")]


@pytest.mark.parametrize("build", [VendorEndpoints, create_app, rooted])
def test_a_fault_ends_the_connection_after_the_hooks_and_not_as_an_error_of_the_application(
    build: Build,
) -> None:
    mock = MockAPI(seeds.demo())
    mock.store.hosted("demo").faults.add(Fault(effect=Effect.CLOSE))

    with pytest.raises(BrokenConnectionError):
        Client(build(mock)).put("/hooks/demo-hook")


@pytest.mark.parametrize("effect", [Effect.CLOSE, Effect.RESET, Effect.TRUNCATED])
def test_a_fault_breaks_the_connection_of_a_flask_application(effect: Effect) -> None:
    mock = MockAPI(seeds.demo())
    mock.store.hosted("demo").faults.add(Fault(effect=effect))

    with serving(prefixed(mock)) as url, pytest.raises((http.client.HTTPException, ConnectionError)):
        answer(f"{url}/gauge", Case("PUT", "/hooks/demo-hook"), "")


def test_routes_hooks_and_error_handlers_of_the_application_stay_its_own() -> None:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(MockAPI(seeds.demo()), exclude="/api"))
    app.register_blueprint(blueprint(MockAPI(seeds.demo()), "second"), url_prefix="/second")
    app.add_url_rule("/own/<path:rest>", "own", lambda rest: rest)
    app.add_url_rule("/api/users", "users", lambda: "users")
    app.errorhandler(404)(lambda _: ("handled", 404))
    app.before_request(lambda: Response("stopped") if "stop" in request.args else None)
    app.after_request(_marked)
    client = app.test_client()

    assert client.get("/own/a/b").text == "a/b"
    assert client.get("/records/?stop").text == "stopped"
    assert client.put("/records/").headers["X-Marked"] == "yes"
    assert client.get("/api/users").text == "users"
    assert client.put("/api/users").status_code == 405
    assert client.get("/api").text == "handled"
    assert [client.get(path).json for path in ("/nowhere", "/apiary", "/second/api")] == [{"message": ""}] * 3


def test_an_excluded_path_is_relative_to_the_prefix() -> None:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(MockAPI(seeds.demo()), exclude="/api"), url_prefix="/gauge")
    app.errorhandler(404)(lambda _: ("handled", 404))
    client = app.test_client()

    assert client.get("/gauge/api/x").text == "handled"
    assert client.get("/gauge/gauge/api/x").json == {"message": ""}


def test_a_route_for_all_paths_of_the_application_comes_before_the_blueprint() -> None:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(MockAPI(seeds.demo())))
    app.add_url_rule("/<path:rest>", "own", lambda rest: rest)
    client = app.test_client()

    assert client.get("/records/").text == "records/"
    assert client.put("/records/").status_code == 401


def test_a_path_that_only_resembles_the_prefix_is_404_and_not_redirected() -> None:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(MockAPI(seeds.demo())), url_prefix="/customer/gauge")
    client = app.test_client()

    assert client.put("/customer/gauge/records/").status_code == 401
    assert client.put("/customer//gauge/records/").status_code == 404


def _marked(response: Response) -> Response:
    response.headers["X-Marked"] = "yes"
    return response


def test_the_limit_of_a_body_is_the_vendor_s() -> None:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 10
    app.register_blueprint(blueprint(MockAPI(seeds.demo())))
    client = app.test_client()

    statuses = [client.put("/records/", data=b"x" * size).status_code for size in (11, POST_MAX_SIZE + 1)]

    assert statuses == [401, 413]
