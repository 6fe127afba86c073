"""A mock over HTTP for a test: werkzeug in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from werkzeug.serving import WSGIRequestHandler, make_server

from cgmock.mock_api import MockAPI
from cgmock.web import create_app

_POLL_SECONDS = 0.01


class LiveServer(NamedTuple):
    """A mock that is served: `url` without a trailing slash."""

    url: str
    mock: MockAPI


@contextmanager
def live_server(mock: MockAPI, host: str = "127.0.0.1", port: int = 0) -> Iterator[LiveServer]:
    """Serve a mock from a thread of this process, for as long as the context lasts."""
    server = make_server(host, port, create_app(mock), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=partial(server.serve_forever, _POLL_SECONDS), name="cgmock", daemon=True)
    thread.start()
    try:
        yield LiveServer(f"http://{host}:{server.port}", mock)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    """The journal keeps the requests; standard error stays the test's own."""

    def log(self, *_: object) -> None:
        """Say nothing."""

    def run_wsgi(self) -> None:
        """Answer, but not a request with two lengths, of which werkzeug takes the last (RFC 9112, section 6.3)."""
        if len(set(self.headers.get_all("Content-Length", []))) > 1:
            self.send_error(400)
        else:
            super().run_wsgi()
