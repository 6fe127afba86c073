"""Requests for a token, good and bad, with the answer that each gets."""

import base64
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from cgmock.core.tenant import ConnectedApp
from cgmock.strategies.payloads import FORM
from cgmock.strategies.values import texts

_JSON = "application/json"
_GRANT = "client_credentials"
_UNKNOWN_SCOPE = "cgmock/unknown"


class TokenRequest(NamedTuple):
    """A POST to /oauth2/token; `error` is the OAuth code of its refusal (RFC 6749), None when it gets a token."""

    headers: Mapping[str, str]
    query: str
    body: bytes
    error: str | None = None


class _Place(StrEnum):
    """Where the credentials stand."""

    BODY = "body"
    HEADER = "header"
    QUERY = "query"


class _Change(NamedTuple):
    """What is other than in the simplest good request; a parameter that is None is left out."""

    parameters: Mapping[str, str | None]
    error: str | None = None


def token_requests(app: ConnectedApp) -> SearchStrategy[TokenRequest]:
    """Requests for a token of a connected app: credentials in the body, in a header, in the query string, or wrong."""
    changes = st.one_of(
        _scopes(app).map(_with_scope),
        st.sampled_from(_fixed_refusals(app)),
        texts().map(lambda text: _Change({"client_secret": app.client_secret + text}, "invalid_client")),
        texts().map(lambda text: _Change({"grant_type": f"x{text}"}, "unsupported_grant_type")),
    )
    return _requests(app, changes)


def granted_requests(app: ConnectedApp) -> SearchStrategy[TokenRequest]:
    """The good ones, for all scopes of the app."""
    return _requests(app, st.just(_Change({})))


def _requests(app: ConnectedApp, changes: SearchStrategy[_Change]) -> SearchStrategy[TokenRequest]:
    if not app.scopes:
        raise InvalidArgument(f"The connected app {app.client_id!r} has no scope, so that it gets no token")
    places = [place for place in _Place if place is not _Place.HEADER or ":" not in app.client_id]
    return st.builds(_request, st.just(app), st.sampled_from(places), changes)


def _scopes(app: ConnectedApp) -> SearchStrategy[Sequence[str]]:
    """Scopes of the app, at least one, and perhaps one that it does not have."""
    own = st.lists(st.sampled_from(app.scopes), min_size=1, unique=True)
    return st.builds(list.__add__, own, st.sampled_from([[], [_UNKNOWN_SCOPE]]))


def _with_scope(scopes: Sequence[str]) -> _Change:
    return _Change({"scope": " ".join(scopes)})


def _fixed_refusals(app: ConnectedApp) -> Sequence[_Change]:
    return [
        _Change({}),
        _Change({"client_id": f"{app.client_id}-unknown"}, "invalid_client"),
        _Change({"client_secret": None}, "invalid_client"),
        _Change({"client_id": None}, "invalid_request"),
        _Change({"grant_type": None}, "invalid_request"),
        _Change({"grant_type": ""}, "invalid_request"),
        _Change({"grant_type": "password"}, "unsupported_grant_type"),
        _Change({"grant_type": _GRANT.upper()}, "unsupported_grant_type"),
        _Change({"grant_type": "authorization_code"}, "invalid_request"),
        _Change({"grant_type": "authorization_code", "code": "x"}, "unauthorized_client"),
        _Change({"grant_type": "refresh_token"}, "invalid_request"),
        _Change({"grant_type": "refresh_token", "refresh_token": "x"}, "unauthorized_client"),
        _Change({"scope": _UNKNOWN_SCOPE}, "invalid_scope"),
    ]


def _request(app: ConnectedApp, place: _Place, change: _Change) -> TokenRequest:
    simplest = {"grant_type": _GRANT, "client_id": app.client_id, "client_secret": app.client_secret}
    changed: Mapping[str, str | None] = {**simplest, **change.parameters}
    given = {name: value for name, value in changed.items() if value is not None}
    headers = {"content-type": FORM, "accept": _JSON}
    if place is _Place.HEADER:
        client_id, secret = given.pop("client_id", ""), given.pop("client_secret", "")
        headers["authorization"] = basic(client_id, secret)
    if place is _Place.QUERY:
        return TokenRequest(headers, urlencode(given), b"", change.error)
    return TokenRequest(headers, "", urlencode(given).encode(), change.error)


def basic(username: str, password: str) -> str:
    """A Basic header (RFC 7617)."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"
