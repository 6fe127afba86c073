"""The client: one record at a time, as the imports API takes it."""

import logging
import os
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Literal, Self

import httpx

from cgclient.answers import MAYBE_WRITTEN, failure_of
from cgclient.auth import ClientCredentials
from cgclient.bodies import Record, form_fields, json_body
from cgclient.errors import ConfigurationError, TransportError
from cgclient.regions import Region

Encoding = Literal["json", "form"]

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

_LOG = logging.getLogger("cgclient")
_STARTED = "cgclient.started"
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Client:
    """Writes records to one CustomerGauge system; safe to share between threads.

    `auth_url` and `imports_url` are the bases of other hosts, a fake's for example; `transport` is any transport of
    httpx. Raises ConfigurationError for an unknown region, unusable credentials or a URL that is no base. Each
    request is one debug line of the logger `cgclient`: method, host, path, status, time.
    """

    def __init__(  # noqa: PLR0913  (the last five have good defaults)
        self,
        client_id: str,
        client_secret: str,
        region: str = "eu",
        *,
        auth_url: str | None = None,
        imports_url: str | None = None,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        _check_credentials(client_id, client_secret)
        hosts = Region.named(region)
        token_url = f"{_base('auth_url', auth_url or hosts.auth_url)}/oauth2/token"
        self._records_url = f"{_base('imports_url', imports_url or hosts.imports_url)}/records/"
        self._http = httpx.Client(
            auth=ClientCredentials(token_url, client_id, client_secret, clock),
            headers={"Accept": "application/json", "User-Agent": f"cgclient/{version('cgmock')}"},
            event_hooks={"request": [_start], "response": [_log]},
            follow_redirects=False,
            timeout=timeout,
            transport=transport,
        )

    @classmethod
    def from_env(
        cls,
        environ: Mapping[str, str] = os.environ,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
    ) -> Self:
        """A client from CG_CLIENT_ID, CG_CLIENT_SECRET, CG_REGION (eu), CG_AUTH_URL and CG_IMPORTS_URL.

        A blank variable is an absent one.
        """
        said = {name: value.strip() for name, value in environ.items() if name.startswith("CG_")}
        missing = [name for name in ("CG_CLIENT_ID", "CG_CLIENT_SECRET") if not said.get(name)]
        if missing:
            raise ConfigurationError(f"Set {' and '.join(missing)} in the environment.")
        return cls(
            said["CG_CLIENT_ID"],
            said["CG_CLIENT_SECRET"],
            said.get("CG_REGION") or "eu",
            auth_url=said.get("CG_AUTH_URL"),
            imports_url=said.get("CG_IMPORTS_URL"),
            transport=transport,
            timeout=timeout,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._records_url!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def put_record(self, configuration: str, record: Record, encoding: Encoding = "json") -> None:
        """Write one record through the import configuration with this reference.

        Returns when CustomerGauge has accepted it, which does not mean that it kept every heading. Raises a
        CustomerGaugeError that says whether the write may have happened, and ValueError for a record that the
        encoding cannot carry; then nothing was sent.
        """
        request = self._request(configuration, record, encoding)
        try:
            response = self._http.send(request)
        except httpx.RequestError as error:
            raise _unanswered(error, request) from error
        failure = failure_of(response)
        if failure is not None:
            raise failure

    def _request(self, configuration: str, record: Record, encoding: Encoding) -> httpx.Request:
        match encoding:
            case "json":
                headers = {"Content-Type": "application/json"}
                content = json_body(configuration, record)
                return self._http.build_request("PUT", self._records_url, content=content, headers=headers)
            case "form":
                fields = form_fields(configuration, record)
                return self._http.build_request("PUT", self._records_url, data=fields)
        raise ValueError(f"The encoding must be json or form, not {encoding!r}.")


def _check_credentials(client_id: str, client_secret: str) -> None:
    if not client_id or not client_secret:
        raise ConfigurationError("A client id and a client secret are needed: those of your connected app.")
    if not (client_id + client_secret).isprintable():
        raise ConfigurationError(
            "The client id or the client secret holds a line break or the like: copy it again."
        )


def _base(name: str, url: str) -> str:
    """The URL without its last slash; one with a password is refused, since URLs are shown."""
    try:
        read = httpx.URL(url)
    except httpx.InvalidURL:
        read = httpx.URL()
    if read.scheme not in ("http", "https") or not read.host or read.userinfo or set(url) & set("?#"):
        raise ConfigurationError(
            f"{name} must read like https://host or http://host:port/path, with no more to it."
        )
    return url.rstrip("/")


def _start(request: httpx.Request) -> None:
    request.extensions[_STARTED] = time.perf_counter()


def _log(response: httpx.Response) -> None:
    request = response.request
    milliseconds = (time.perf_counter() - request.extensions[_STARTED]) * 1000
    url = request.url
    _LOG.debug("%s %s %s %d %.0f ms", request.method, url.host, url.path, response.status_code, milliseconds)


def _unanswered(error: httpx.RequestError, request: httpx.Request) -> TransportError:
    """Whether anything can have arrived depends on which request failed, and when."""
    never = isinstance(error, _NEVER_SENT) or error.request.url != request.url
    outcome = "Nothing was written; check region, URL and network." if never else MAYBE_WRITTEN
    message = f"No readable answer came from {error.request.url.host} ({type(error).__name__}). {outcome}"
    return TransportError(message, may_have_been_written=not never)
