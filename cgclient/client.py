"""The client: one record at a time, as the imports API takes it."""

import logging
import math
import os
import time
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.metadata import version
from typing import Literal, Self

import httpx

from cgclient.answers import failure_of
from cgclient.auth import ClientCredentials
from cgclient.errors import ConfigurationError, TransportError
from cgclient.regions import Region

Encoding = Literal["json", "form"]
Record = Mapping[str, object]
"""Headings and values; a form takes text, numbers, booleans (sent as 1 and 0) and None (sent empty)."""

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

_LOG = logging.getLogger("cgclient")
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Client:
    """Writes records to one CustomerGauge system; safe to share between threads.

    `auth_url` and `imports_url` are the bases of other hosts, a fake's for example; `transport` is any transport of
    httpx. Raises ConfigurationError for an unknown region or empty credentials.
    """

    def __init__(  # noqa: PLR0913  (the last four have good defaults)
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
        if not client_id or not client_secret:
            raise ConfigurationError(
                "A client id and a client secret are needed: those of your connected app."
            )
        hosts = _region(region)
        token_url = f"{(auth_url or hosts.auth_url).rstrip('/')}/oauth2/token"
        self._records_url = f"{(imports_url or hosts.imports_url).rstrip('/')}/records/"
        self._http = httpx.Client(
            auth=ClientCredentials(token_url, client_id, client_secret, clock),
            headers={"Accept": "application/json", "User-Agent": f"cgclient/{version('cgmock')}"},
            follow_redirects=False,
            timeout=timeout,
            transport=transport,
        )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """A client from CG_CLIENT_ID, CG_CLIENT_SECRET, CG_REGION (eu), CG_AUTH_URL and CG_IMPORTS_URL."""
        missing = [name for name in ("CG_CLIENT_ID", "CG_CLIENT_SECRET") if not environ.get(name)]
        if missing:
            raise ConfigurationError(f"Set {' and '.join(missing)} in the environment.")
        return cls(
            environ["CG_CLIENT_ID"],
            environ["CG_CLIENT_SECRET"],
            environ.get("CG_REGION") or "eu",
            auth_url=environ.get("CG_AUTH_URL"),
            imports_url=environ.get("CG_IMPORTS_URL"),
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
        started = time.perf_counter()
        try:
            response = self._http.send(request)
        except httpx.TransportError as error:
            raise _unanswered(error, request) from error
        milliseconds = (time.perf_counter() - started) * 1000
        _LOG.debug("PUT %s %d in %.0f ms", request.url.host, response.status_code, milliseconds)
        failure = failure_of(response)
        if failure is not None:
            raise failure

    def _request(self, configuration: str, record: Record, encoding: Encoding) -> httpx.Request:
        match encoding:
            case "json":
                _refuse_numbers_without_json(record)
                content = {"configuration": configuration, "record": record}
                return self._http.build_request("PUT", self._records_url, json=content)
            case "form":
                fields = {f"record[{_heading(name)}]": _field(name, value) for name, value in record.items()}
                content = {"configuration": configuration, **fields}
                return self._http.build_request("PUT", self._records_url, data=content)
        raise ValueError(f"The encoding must be json or form, not {encoding!r}.")


def _region(name: str) -> Region:
    try:
        return Region(name)
    except ValueError:
        near = get_close_matches(str(name).strip(" .").lower(), Region, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigurationError(f"The region must be eu, us or au, not {name!r}{hint}") from None


def _heading(name: str) -> str:
    if "[" in name or "]" in name:
        raise ValueError(
            f"The heading {name!r} cannot be sent as a form, which gives brackets a meaning: use JSON."
        )
    return name


def _field(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case float() if not math.isfinite(value):
            raise ValueError(f"The value of {name!r} is no number that can be sent.")
        case str() | int() | float():
            return str(value)
        case _:
            kind = type(value).__name__
            raise ValueError(
                f"The value of {name!r} is a {kind}; a form takes text, numbers, booleans and None."
            )


def _refuse_numbers_without_json(record: Record) -> None:
    for name, value in record.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"The value of {name!r} is no number that can be sent.")


def _unanswered(error: httpx.TransportError, request: httpx.Request) -> TransportError:
    """Whether anything can have arrived depends on which request failed, and when."""
    never = isinstance(error, _NEVER_SENT) or error.request.url != request.url
    outcome = (
        "Nothing was written" if never else "The record may have been written: look before you send it again"
    )
    message = f"{error.request.url.host} did not answer ({type(error).__name__}). {outcome}."
    return TransportError(message, may_have_been_written=not never)
