"""The rails: what keeps a request back, and the list of what was written."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import httpx

from cgmock.core.catalog import INVITING
from cgmock.core.laravel.request import read_input
from cgmock.core.messages import Request
from cgmock.journal.redaction import Redactor
from cgmock.live.results import NotRunError
from cgmock.live.target import Target, is_this_machine

CHECK, NUMBER = "cgmock.check", "cgmock.number"
"""Extensions of a request: the id of the check that sends it, and which one of its requests it is."""

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_SHOWN = 2000


class KeptBackError(NotRunError):
    """A request that must not leave."""


class Budget(Protocol):
    """How much may be written."""

    def take(self) -> bool:
        """Whether one more write may leave; it counts from now on."""


class Unlimited:
    """No budget: for a target on this machine."""

    def take(self) -> bool:
        """Always."""
        return True


class Tickets:
    """So many writes and no more, over all processes that share a folder: each write takes a file out of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def issue(cls, folder: Path, number: int) -> "Tickets":
        """Put that many tickets into a new folder."""
        folder.mkdir()
        for each in range(number):
            (folder / str(each)).touch()
        return cls(folder)

    def take(self) -> bool:
        """Of two processes that want the same file, one fails to remove it, and tries the next."""
        for ticket in self._folder.iterdir():
            try:
                ticket.unlink()
            except FileNotFoundError:
                continue
            return True
        return False


class Written:
    """A file of JSON Lines with every write: one line before it leaves, and one when it was answered."""

    def __init__(self, path: Path, run: str) -> None:
        self._path = path
        self._run = run

    def sending(self, request: httpx.Request, redactor: Redactor) -> None:
        """Note a write that is about to leave."""
        self._append({**self._write(request), "state": "sending", **shown(request, redactor)})

    def answered(self, request: httpx.Request, status: int) -> None:
        """Note what a write was answered with."""
        self._append({**self._write(request), "state": "answered", "status": status})

    def _write(self, request: httpx.Request) -> Mapping[str, object]:
        check, number = request.extensions[CHECK], request.extensions[NUMBER]
        return {"run": self._run, "behaviour": check, "write": f"{check}/{number}"}

    def _append(self, line: Mapping[str, object]) -> None:
        with self._path.open("ab", buffering=0) as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


class Rails(NamedTuple):
    """What may leave: to which other hosts, how many writes, and whether they may send invitations.

    Messages name the options that begin with `prefix`. Only the commands have one for invitations.
    """

    hosts: frozenset[str] = frozenset()
    budget: Budget = Unlimited()
    allow_invitations: bool = False
    written: Written | None = None
    prefix: str = "--"


class Guard(httpx.BaseTransport):
    """A transport that lets a request through to another one, or raises KeptBackError."""

    def __init__(self, inner: httpx.BaseTransport, target: Target, rails: Rails) -> None:
        self._inner = inner
        self._target = target
        self._rails = rails
        self._redactor = Redactor([*target.tenant.secrets, target.client_secret])

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check, send, and note a write before it leaves as well as after it was answered."""
        host = request.url.host
        if not is_this_machine(host) and host not in self._rails.hosts:
            raise KeptBackError(f"the host {host} is not allowed: {self._rails.prefix}allow-host {host}")
        if not is_write(request, self._target):
            return self._inner.handle_request(request)
        if not self._rails.allow_invitations and _may_invite(request, self._target):
            allowing = ": --allow-invitations" if self._rails.prefix == "--" else ""
            raise KeptBackError(f"it would send real mail{allowing}")
        if not self._rails.budget.take():
            raise KeptBackError(f"the write budget is used up: raise {self._rails.prefix}live-write-budget")
        written = self._rails.written
        if written is not None:
            written.sending(request, self._redactor)
        response = self._inner.handle_request(request)
        if written is not None:
            written.answered(request, response.status_code)
        return response

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


def is_write(request: httpx.Request, target: Target) -> bool:
    """Whether a request may change data: any that does not read, but for those for a token."""
    token_url = httpx.URL(f"{target.auth_url}/oauth2/token")
    return request.method not in _READS and request.url.copy_with(query=None) != token_url


def shown(request: httpx.Request, redactor: Redactor) -> Mapping[str, object]:
    """A request as it may be printed: without secrets, a long body cut."""
    content = request.read()
    url = request.url
    message = Request(
        request.method,
        str(url.copy_with(query=None)),
        url.query.decode("ascii"),
        {name.lower(): value for name, value in request.headers.items()},
        content,
    )
    clean = redactor.request(message)
    body = clean.body[:_SHOWN].decode("utf-8", "replace")
    if len(clean.body) > _SHOWN:
        body += f"… ({len(content)} bytes)"
    return {
        "method": clean.method,
        "url": clean.path + (f"?{clean.query}" if clean.query else ""),
        "headers": clean.headers,
        "body": body,
    }


def _may_invite(request: httpx.Request, target: Target) -> bool:
    """Whether the configuration that a write names, or that of its webhook, sends surveys."""
    headers = {"content-type": request.headers.get("content-type", "")}
    query = request.url.query.decode("ascii")
    sent = read_input(Request(request.method, "", query, headers, request.read())).values
    named = [str(sent.get("configuration"))]
    place = request.url.path.rstrip("/").rpartition("/")[2]
    named += [hook.configuration for hook in target.tenant.webhooks.values() if hook.id == place]
    configurations = target.tenant.configurations
    return any(each in configurations and configurations[each].data_type in INVITING for each in named)
