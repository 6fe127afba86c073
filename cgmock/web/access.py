"""Who may use the control API: this machine, and whoever has the token; never another site's page in a browser."""

import ipaddress
import secrets
from functools import lru_cache
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

from cgmock.wsgi import CONTROL

PAGE = "/page"
"""The files of the inspector are below this."""


def check_access(token: str | None) -> None:
    """Raise Forbidden unless a request may use the control API. The health check is open to all.

    Where there is a token, so may the page that asks for it; a blank token is none.
    """
    if request.path == f"{CONTROL}/health":
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin.partition("://")[2].lower() != request.host.lower()
    if foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("A page of another site may not use the control API.")
    token, sent = (token or "").strip(), _bearer()
    if token and (_is_of_the_page(request.path) or secrets.compare_digest(sent, token.encode())):
        return
    # A caller without an address is one of this machine: a test client, or a Unix socket.
    if not _is_loopback(request.remote_addr or "localhost") or not _names_loopback(request.host):
        if token and sent:
            raise Forbidden("The control token is not the one that the fake was started with.")
        raise Forbidden(
            "The control API answers on this machine alone: ask 127.0.0.1, or start the fake with --control-token "
            "and send it as a Bearer token."
        )


def _is_of_the_page(path: str) -> bool:
    return path == f"{CONTROL}/" or path.startswith(f"{CONTROL}{PAGE}/")


def _bearer() -> bytes:
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    return sent.strip().encode() if scheme.lower() == "bearer" else b""


@lru_cache(maxsize=64)
def _names_loopback(host: str) -> bool:
    """Whether a Host header, with or without a port, names this machine."""
    return _is_loopback(urlsplit(f"//{host}").hostname or "")


@lru_cache(maxsize=64)
def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    # A server that listens on :: sees a caller of IPv4 so.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
