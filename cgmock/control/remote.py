"""Control of a remote mock, through its control API."""

import json
import math
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

import httpx

from cgmock import seeds
from cgmock.clock import ClockControl, in_seconds, unix_seconds
from cgmock.control.protocol import Control
from cgmock.control.serialization import deserialize_entry, from_iso
from cgmock.core.tenant import Tenant
from cgmock.faults import KEYS, Fault, FaultControl, from_table, table
from cgmock.journal.journal import Dropped, Entry
from cgmock.journal.redaction import without_userinfo
from cgmock.journal.search import EVERYTHING, Search
from cgmock.seeds.tenant_tables import Part
from cgmock.stores.base import Collection, Row

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
"""Hosts to connect to without a proxy, with or without NO_PROXY."""

_TENANTS = "/_cgmock/v1/tenants"
_PAGE = 1000
_LONGEST_WAIT = 60
_TIMEOUT = 10.0
_CHECK_SECONDS = 15.0
_MAX_ANSWER = 256 * 1024 * 1024
"""Bytes of an answer that are read: a page of the journal may have a thousand bodies."""
LEASE = 120
"""Seconds after which a tenant is removed that a process of tests left behind."""


class ControlError(Exception):
    """Raised when the control API refuses a request, or does not respond."""


class RemoteControl(Control):
    """Controls the mock that is served at `url`. Safe to use from many threads.

    A mock on another machine requires its control token. Each forked process opens its own connections. An invalid token or
    URL, a URL with a user name or a password, and variables of the environment that httpx cannot use raise ControlError.
    """

    def __init__(
        self, url: str, token: str | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        if token and not (token.isascii() and token.isprintable() and " " not in token):
            raise ControlError("The control token must be visible ASCII without blanks.")
        if without_userinfo(url) != url:
            raise ControlError(
                f"The URL {without_userinfo(url)} must not contain a user name or a password: tests and reports show URLs."
            )
        self.url = url
        self._token = token
        self._transport = transport
        self._clients = {os.getpid(): self._opened()}

    def close(self) -> None:
        """Close the connections of this process."""
        self._http.close()

    def check(self) -> None:
        """Check that a fake responds in time and accepts the token. Raises ControlError."""
        checked: Future[Any] = Future()

        def ask() -> None:
            try:
                checked.set_result(self.send("GET", "/_cgmock/v1/unclaimed", params={"limit": 1}))
            except ControlError as error:
                checked.set_exception(error)

        # The time-outs of httpx limit each read, so a server that sends a byte now and then is never late.
        threading.Thread(target=ask, daemon=True).start()
        try:
            page = checked.result(_CHECK_SECONDS)
        except TimeoutError:
            raise self._no_fake(f"no response was complete after {_CHECK_SECONDS:g} seconds") from None
        if not isinstance(page, dict) or not isinstance(page.get("data"), list):
            raise self._no_fake("the answer is not one of cgmock")

    def tenants(self) -> list[Mapping[str, Any]]:
        return list(self.send("GET", _TENANTS)["data"])

    def unclaimed(self) -> list[Entry]:
        return [deserialize_entry(each) for each in self._all("/_cgmock/v1/unclaimed")]

    def add(self, tenant: Tenant) -> None:
        self.send("POST", _TENANTS, json=seeds.table(tenant))

    def replace(self, tenant: Tenant) -> None:
        self.send("PUT", f"{_TENANTS}/{tenant.name}", json=seeds.table(tenant))

    def remove(self, name: str) -> None:
        self.send("DELETE", f"{_TENANTS}/{name}")

    def reset(self, name: str) -> None:
        self.send("POST", f"{_TENANTS}/{name}/reset")

    def part(self, name: str, part: Part) -> list[Any]:
        return list(self.send("GET", f"{_TENANTS}/{name}/{part}")["data"])

    def put_part(self, name: str, part: Part, key: str, value: Any) -> None:
        sent = {"value": value} if part is Part.POLICIES else value
        self.send("PUT", f"{_TENANTS}/{name}/{part}/{_quoted(key)}", json={} if sent is None else sent)

    def delete_part(self, name: str, part: Part, key: str) -> None:
        self.send("DELETE", f"{_TENANTS}/{name}/{part}/{_quoted(key)}")

    def checkpoints(self, name: str) -> list[str]:
        return [each["name"] for each in self.send("GET", f"{_TENANTS}/{name}/checkpoints")["data"]]

    def save(self, name: str, checkpoint: str) -> None:
        self.send("PUT", f"{_TENANTS}/{name}/checkpoints/{_quoted(checkpoint)}")

    def restore(self, name: str, checkpoint: str) -> None:
        self.send("POST", f"{_TENANTS}/{name}/checkpoints/{_quoted(checkpoint)}/restore")

    def forget(self, name: str, checkpoint: str) -> None:
        self.send("DELETE", f"{_TENANTS}/{name}/checkpoints/{_quoted(checkpoint)}")

    def entries(self, name: str, search: Search = EVERYTHING) -> list[Entry]:
        return [deserialize_entry(each) for each in self._all(f"{_TENANTS}/{name}/journal", search.query)]

    def count(self, name: str, search: Search) -> int:
        return int(self.send("GET", f"{_TENANTS}/{name}/journal/count", params=search.query)["count"])

    def dropped(self, name: str) -> Dropped:
        page = self.send("GET", f"{_TENANTS}/{name}/journal", params={"limit": 1})
        return Dropped(page["dropped"], page["dropped_losses"])

    def wait(self, name: str, after: int, timeout: float) -> bool:
        wait = min(_LONGEST_WAIT, math.floor(timeout))
        params = {"cursor": after, "wait": wait, "limit": 1}
        path = f"{_TENANTS}/{name}/journal"
        return bool(self.send("GET", path, params=params, timeout=_TIMEOUT + wait)["data"])

    def rows(self, name: str, collection: Collection) -> list[Row]:
        return [_row(each) for each in self._all(f"{_TENANTS}/{name}/{collection}")]

    def clock(self, name: str) -> ClockControl:
        return RemoteClock(self, f"{_TENANTS}/{name}/clock")

    def faults(self, name: str) -> FaultControl:
        return RemoteFaults(self, f"{_TENANTS}/{name}/faults")

    def send(self, method: str, path: str, **options: Any) -> Any:
        """Send a request and return the JSON of the response, or None if it is empty. Raises ControlError."""
        body = bytearray()
        try:
            with self._http.stream(method, path, **options) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > _MAX_ANSWER:
                        raise ControlError(f"The answer of {self.url} has more than 256 MiB: is it a fake?")
        except httpx.HTTPError as error:
            why = str(error).rstrip(".") or type(error).__name__
            raise self._no_fake(f"{why}{_tls(error)}") from error
        if not response.is_success:
            raise self._refusal(response.status_code, bytes(body))
        try:
            return json.loads(body) if body else None
        except (ValueError, RecursionError):
            raise self._no_fake("the answer is not JSON") from None

    def _refusal(self, status: int, body: bytes) -> ControlError:
        try:
            return ControlError(str(json.loads(body)["error"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return self._no_fake(f"the status of the answer is {status}")

    def _no_fake(self, reason: str) -> ControlError:
        return ControlError(f"No fake answers at {self.url}{_through(self.url)}: {reason}.")

    @property
    def _http(self) -> httpx.Client:
        """The client of this process: two processes with the same connections would read each other's answers."""
        process = os.getpid()
        if process not in self._clients:
            self._clients.setdefault(process, self._opened())
        return self._clients[process]

    def _opened(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            url = httpx.URL(self.url)
            url.host.encode("idna")
            if url.scheme in {"http", "https"} and url.host and 0 < (url.port or 1) < 65536:
                return httpx.Client(
                    base_url=url,
                    headers=headers,
                    timeout=_TIMEOUT,
                    transport=self._transport,
                    mounts={
                        f"all://[{host}]" if ":" in host else f"all://{host}": None for host in _THIS_MACHINE
                    },
                )
        except (httpx.InvalidURL, ImportError, OSError, ValueError):
            pass
        raise ControlError(
            "The URL of the fake is invalid, or a variable is: ALL_PROXY, HTTP_PROXY, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE."
        )

    def _all(self, path: str, query: Mapping[str, str | int] | None = None) -> list[Any]:
        found: list[Any] = []
        cursor: int | None = 0
        while cursor is not None:
            page = self.send("GET", path, params={"limit": _PAGE, "cursor": cursor, **(query or {})})
            found += page["data"]
            cursor = page["next_cursor"]
        return found


class LeasingControl(RemoteControl):
    """A control of tenants that are removed when this process ends, however it ends.

    Each tenant that is added has a lease of `lease` seconds, which a thread renews until the tenant is removed.
    """

    def __init__(
        self, url: str, token: str | None = None, *, lease: int = LEASE, pause: float = LEASE / 4
    ) -> None:
        super().__init__(url, token)
        self._lease = lease
        self._pause = pause
        self._leased: set[str] = set()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="cgmock leases", daemon=True)
        self._thread.start()

    def add(self, tenant: Tenant) -> None:
        self.send("POST", _TENANTS, params={"lease": self._lease}, json=seeds.table(tenant))
        self._leased.add(tenant.name)

    def remove(self, name: str) -> None:
        self._leased.discard(name)
        super().remove(name)

    def close(self) -> None:
        """End the thread, and close the connections."""
        self._closed.set()
        self._thread.join()
        super().close()

    def _renew(self) -> None:
        while not self._closed.wait(self._pause):
            for name in tuple(self._leased):
                with suppress(
                    ControlError
                ):  # the tenant was removed, or the fake does not respond for a while
                    self.send("PUT", f"{_TENANTS}/{name}/lease", json={"seconds": self._lease})


class RemoteClock(ClockControl):
    """The clock of a tenant of a remote mock."""

    def __init__(self, control: RemoteControl, path: str) -> None:
        self._control = control
        self._path = path

    @property
    def is_frozen(self) -> bool:
        return bool(self._control.send("GET", self._path)["frozen"])

    def now(self) -> float:
        return float(self._control.send("GET", self._path)["seconds"])

    def freeze(self, at: float | datetime | None = None) -> None:
        sent = {} if at is None else {"at": unix_seconds(at)}
        self._control.send("POST", f"{self._path}/freeze", json=sent)

    def advance(self, seconds: float | timedelta) -> None:
        self._control.send("POST", f"{self._path}/advance", json={"seconds": in_seconds(seconds)})

    def reset(self) -> None:
        self._control.send("POST", f"{self._path}/reset")


class RemoteFaults(FaultControl):
    """The planned faults of a tenant of a remote mock."""

    def __init__(self, control: RemoteControl, path: str) -> None:
        self._control = control
        self._path = path

    @property
    def unmet(self) -> Sequence[tuple[Fault, int]]:
        plan = self._control.send("GET", self._path)
        return tuple((_fault(each), each["left"]) for each in plan["unmet"])

    @property
    def met(self) -> Sequence[tuple[Fault, int]]:
        plan = self._control.send("GET", self._path)
        return tuple((_fault(each), each["met"]) for each in plan["met"])

    def add(self, *faults: Fault) -> None:
        for fault in faults:
            self._control.send("POST", self._path, json=table(fault))

    def clear(self) -> None:
        self._control.send("DELETE", self._path)


def _quoted(key: str) -> str:
    return quote(key, safe="")


def _through(url: str) -> str:
    """Name the proxy of the environment that httpx uses for a URL, if there is one."""
    read, proxies = httpx.URL(url), getproxies()
    proxy = proxies.get(read.scheme) or proxies.get("all")
    if not proxy or read.host in _THIS_MACHINE or proxy_bypass(read.host):
        return ""
    return f" through the proxy {without_userinfo(proxy)}"


def _tls(error: httpx.HTTPError) -> str:
    """Advice if TLS failed, or if one side uses TLS and the other may not."""
    match error:
        case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return "; set SSL_CERT_FILE to the file ca.pem that `cgmock serve --tls` made"
        case httpx.ConnectError() if "SSL" in str(error):
            return "; if the fake does not use TLS, its URL begins with http://"
        case httpx.RemoteProtocolError():
            return "; if the fake uses TLS, its URL begins with https://"
        case _:
            return ""


def _row(shown: Mapping[str, Any]) -> Row:
    return {
        **shown,
        "created_at": from_iso(shown["created_at"]),
        "updated_at": from_iso(shown["updated_at"]),
    }


def _fault(shown: Mapping[str, Any]) -> Fault:
    return from_table({name: value for name, value in shown.items() if name in KEYS})
