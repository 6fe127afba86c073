"""The live service in a test's hands: a client on the rails, and nothing that can be looked into."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from cgclient import Client
from cgmock.core.tenant import Tenant
from cgmock.live.rails import Guard, Rails, Tickets
from cgmock.live.target import Target

_TICKETS = "CGMOCK_LIVE_TICKETS"
"""The variable by which the processes of a session find their common budget."""


@contextmanager
def budget(writes: int, environ: dict[str, str] | os._Environ[str] = os.environ) -> Iterator[None]:
    """Allow that many writes to this process and those that it starts, as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="cgmock-") as folder:
        tickets = Path(folder, "tickets")
        Tickets.issue(tickets, writes)
        environ[_TICKETS] = str(tickets)
        try:
            yield
        finally:
            del environ[_TICKETS]


def client(
    tenant: Tenant,
    hosts: tuple[str, ...],
    environ: Mapping[str, str] = os.environ,
    network: httpx.BaseTransport | None = None,
    *,
    prefix: str = "--",
) -> Client:
    """A client of the live service, with the credentials of the environment, that writes no more than the budget.

    Messages name options that begin with `prefix`. Raises TargetError for credentials that are missing. What the rails keep back raises KeptBackError.
    """
    target = Target.live(tenant, environ)
    rails = Rails(hosts=frozenset(hosts), budget=Tickets(Path(environ[_TICKETS])), prefix=prefix)
    return Client(
        target.client_id,
        target.client_secret,
        tenant.region,
        auth_url=target.auth_url,
        imports_url=target.imports_url,
        api_url=target.api_url,
        webhooks_url=target.hooks_url,
        transport=Guard(network or httpx.HTTPTransport(), target, rails),
    )
