"""What the Authorization header of a request says."""

import base64
from typing import NamedTuple

from cgmock.core.messages import Request


class Basic(NamedTuple):
    """Credentials of a Basic header (RFC 7617); both None when they cannot be read."""

    username: str | None
    password: str | None


def bearer(request: Request) -> str | None:
    """The token of a request, as Laravel 8 finds it: behind the last `Bearer `, in that case, up to a comma."""
    _, found, token = request.headers.get("authorization", "").rpartition("Bearer ")
    return token.partition(",")[0] if found else None


def reason_without_claims(request: Request) -> str:
    """Return why no token of this fake is in a request."""
    if not request.headers.get("authorization"):
        return "the request has no Authorization header"
    token = bearer(request)
    if token is None:
        return "the Authorization header must have the scheme Bearer, spelled in this way"
    if token.count(".") != 2:
        return "the token is malformed: it is not a JSON Web Token"
    return "the token was not issued by this fake, or its tenant was removed"


def basic(request: Request) -> Basic | None:
    """The Basic credentials of a request, None when it has no Basic header."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError:
        return Basic(None, None)
    username, _, password = decoded.partition(":")
    return Basic(username, password)
