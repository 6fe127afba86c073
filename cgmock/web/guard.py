"""Who may use the control API: this machine, and whoever has the token; never another site's page in a browser."""

import ipaddress
import secrets
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden


def guard(token: str | None) -> None:
    """Let a request pass, or raise Forbidden; whether the fake is healthy may be asked by anybody."""
    if request.path.endswith("/health"):
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin.partition("://")[2].lower() != request.host.lower()
    if foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("A page of another site may not use the control API.")
    if token is not None and secrets.compare_digest(_bearer(), token.encode()):
        return
    # A caller without an address is one of this machine: a test client, or a Unix socket.
    if not _is_loopback(request.remote_addr or "localhost") or not _is_loopback(
        urlsplit(f"//{request.host}").hostname or ""
    ):
        raise Forbidden(
            "The control API answers on this machine alone: ask 127.0.0.1, or start the fake with --control-token "
            "and send it as a Bearer token."
        )


def _bearer() -> bytes:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").encode()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
