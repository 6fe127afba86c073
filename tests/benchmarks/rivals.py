"""What is compared with `cgmock serve`, each set to answer the vendor's sample with 200 and an empty body."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import npm
from tests.benchmarks.measure import NotHereError
from tests.benchmarks.servers import JSON_HEADERS, Put, Server, ask, at_once, authorized

OPENAPI: dict[str, object] = {
    "openapi": "3.0.3",
    "info": {"title": "Records", "version": "1"},
    "paths": {
        "/records/": {
            "put": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["configuration", "record"],
                                "properties": {
                                    "configuration": {"type": "string"},
                                    "record": {"type": "object"},
                                },
                            }
                        }
                    },
                },
                "responses": {"200": {"description": "Accepted."}},
            }
        }
    },
}
"""Less than our own document, and so the quicker one for Prism."""

ENVIRONMENT: dict[str, object] = {
    "uuid": "records",
    "name": "Records",
    "hostname": "127.0.0.1",
    "routes": [
        {
            "uuid": "record",
            "type": "http",
            "method": "put",
            "endpoint": "records/",
            "responses": [{"uuid": "accepted", "statusCode": 200, "body": "", "default": True}],
        }
    ],
}
STUB: dict[str, object] = {"request": {"method": "PUT", "urlPath": "/records/"}, "response": {"status": 200}}


def same_server() -> Iterator[Server]:
    """Applications on the server that `cgmock serve` has."""
    yield _granian("bare WSGI hello", "reads the body", "hello")
    yield _granian("Flask view", "reads the JSON, as one writes a stub by hand", "flask_stub")
    yield _granian("cgmock behind a Flask view", "the same as cgmock", "flask_view")


def tools(folder: Path) -> Iterator[Server]:
    """Servers for tests; what they read is written into a folder."""
    yield _by_npm("Prism", "checks the body by a schema of OpenAPI", lambda: _prism(folder))
    yield _by_npm("Mockoon", "finds the route", lambda: _mockoon(folder))
    yield wiremock(folder)
    yield _pytest_httpserver()
    yield moto()


def wiremock(folder: Path) -> Server:
    """WireMock with a stub below a folder; it keeps all requests, as it does by itself."""
    return _by_npm("WireMock", "matches a stub, keeps a journal", lambda: _wiremock(folder))


def moto() -> Server:
    """S3 of moto: what it does nearest to taking a record is to take an object."""
    command = (str(Path(sys.executable).with_name("moto_server")), "-p", "{port}")
    return Server("moto", "stores an object of S3", command, _with_bucket)


def _granian(name: str, does: str, target: str) -> Server:
    """An application of `hello.py`, served with the settings of `cgmock serve`."""
    options = ("--interface", "wsgi", "--http", "1", "--blocking-threads", "4", "--no-log")
    factory = () if target == "hello" else ("--factory",)
    served = (*options, *factory, "--port", "{port}", f"tests.benchmarks.hello:{target}")
    return Server(name, does, (sys.executable, "-m", "granian", *served), authorized)


def _pytest_httpserver() -> Server:
    """The server of pytest-httpserver outside a test, with one expectation that always holds."""
    command = (sys.executable, "-m", "tests.benchmarks.expecting", "{port}")
    return Server("pytest-httpserver", "matches an expectation, keeps a log", command, at_once)


def _with_bucket(port: int) -> Put:
    signed = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request"
    ask(port, "PUT", "/bucket", "", {"Authorization": signed})
    return Put("/bucket/record", {**JSON_HEADERS, "Authorization": signed})


def _by_npm(name: str, does: str, command: Callable[[], tuple[str, ...]]) -> Server:
    try:
        return Server(name, does, command(), at_once)
    except NotHereError as error:
        return Server(name, does, (), at_once, str(error))


def _prism(folder: Path) -> tuple[str, ...]:
    program = str(npm.modules() / "@stoplight" / "prism-cli" / "dist" / "index.js")
    options = ("--host", "127.0.0.1", "--port", "{port}", "--verboseLevel", "silent")
    return ("node", program, "mock", *options, _written(folder / "openapi.json", OPENAPI))


def _mockoon(folder: Path) -> tuple[str, ...]:
    program = str(npm.modules() / "@mockoon" / "cli" / "bin" / "run.js")
    options = ("--port", "{port}", "--repair", "--disable-log-to-file")
    return ("node", program, "start", "--data", _written(folder / "environment.json", ENVIRONMENT), *options)


def _wiremock(folder: Path) -> tuple[str, ...]:
    if shutil.which("java") is None:
        raise NotHereError("java is not here; install Java 11 or later.")
    (jar,) = (npm.modules() / "wiremock" / "build").glob("*.jar")
    _written(folder / "mappings" / "record.json", STUB)
    options = ("--bind-address", "127.0.0.1", "--port", "{port}", "--root-dir", str(folder))
    return ("java", "-jar", str(jar), *options, "--disable-banner")


def _written(path: Path, content: dict[str, object]) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)
