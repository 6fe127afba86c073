"""The only door of the core: host, path and method find the endpoint that decides."""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import laravel, oauth, records
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import CountRequest, Outcome, RateWindow, View
from cgmock.core.reading import effective_method, too_large
from cgmock.core.tenant import NoAcceptHeader, Policies, Region, Tenant, TrailingSlash

WINDOW = 60
"""Seconds that a rate window lasts."""

_TOKEN, _KEYS, _RECORDS = "/oauth2/token", "/.well-known/jwks.json", "/records"
_SERVICES: Mapping[str, frozenset[str]] = MappingProxyType(
    {"auth": frozenset({_TOKEN, _KEYS}), "imports.api": frozenset({_RECORDS})}
)
_VENDOR_HOST = re.compile(r"(auth|imports\.api|api|hooks)\.(eu|us|au)\.customergauge\.com")


class Credential(NamedTuple):
    """The client id of a token request, or the token of any other one."""

    client_id: str | None
    token: str | None


class _Place(NamedTuple):
    """Where a request went: `endpoint` None when there is no such path, `region` None on a host of our own."""

    endpoint: str | None
    region: Region | None
    is_auth: bool


def credential(request: Request) -> Credential:
    """The credential that tells whose request it is; nothing is checked yet."""
    if _canonical(request.path) == _TOKEN:
        return Credential(oauth.credentials(request).client_id, None)
    return Credential(None, oauth.bearer(request))


def decide(view: View, request: Request, now: float) -> Outcome:
    """Decide what a request is answered with and what it changes; `now` in Unix seconds on the tenant's clock."""
    outcome = _decide(view, request, now)
    if request.method == "HEAD":
        return outcome._replace(response=outcome.response._replace(body=b""))
    return outcome


def _decide(view: View, request: Request, now: float) -> Outcome:
    place = _place(request)
    if place.endpoint == _TOKEN:
        return oauth.issue_token(_in_region(view, place.region), request, now)
    if place.endpoint == _KEYS:
        return oauth.publish_keys(view, request)
    policies = view.tenant.policies if view.tenant else Policies()
    outcome = _decide_imports(view, request, now, place, policies)
    plain = policies.no_accept_header is NoAcceptHeader.JSON or outcome.response.status < 400
    if plain or laravel.expects_json(request):
        return outcome
    behaviours = (*outcome.behaviours, Behaviour.ERRORS_AS_HTML)
    return outcome._replace(response=laravel.as_page(outcome.response), behaviours=behaviours)


def _decide_imports(view: View, request: Request, now: float, place: _Place, policies: Policies) -> Outcome:
    """Decide in Laravel's order: size, path, method, token, rate, input."""
    misdirected = _misdirected(request, place, policies)
    if misdirected is not None:
        return misdirected
    refused = oauth.refuse_token(view, place.region, now)
    if refused is not None or view.tenant is None:
        return refused or _plain(laravel.unauthenticated(), Behaviour.UNAUTHENTICATED)
    if policies.rate_limit is not None:
        return _throttled(view, view.tenant, request, now, policies.rate_limit)
    return records.put_record(view, view.tenant, request)


def _misdirected(request: Request, place: _Place, policies: Policies) -> Outcome | None:
    """The answer to a request that no route takes, whoever sends it."""
    if too_large(request):
        return _plain(laravel.too_large(), Behaviour.BODY_TOO_LARGE)
    method = effective_method(request)
    if method is None:
        return _plain(laravel.bad_override(), Behaviour.OVERRIDE_INVALID)
    slash_missing = policies.trailing_slash is TrailingSlash.REQUIRED and not request.path.endswith("/")
    if place.endpoint is None or slash_missing:
        return _plain(laravel.not_found(request.path, policies.dialect), Behaviour.PATH_UNKNOWN)
    if method == "OPTIONS":
        return _plain(laravel.options(["PUT"]), Behaviour.OPTIONS)
    if method != "PUT":
        refusal = laravel.method_not_allowed(method, request.path, ["PUT"], policies.dialect)
        return _plain(refusal, Behaviour.METHOD_WRONG)
    return None


def _throttled(view: View, tenant: Tenant, request: Request, now: float, limit: int) -> Outcome:
    """Decide as usual and count the request, or answer 429 once the window is used up."""
    window = view.data.rate_window()
    if now >= window.started + WINDOW or now < window.started:
        window = RateWindow(now, 0)
    if window.used >= limit:
        reset = window.started + WINDOW
        refusal = laravel.too_many_attempts(limit, math.ceil(reset - now), math.ceil(reset))
        return _plain(refusal, Behaviour.RATE_LIMITED)
    outcome = records.put_record(view, tenant, request)
    left = (("X-RateLimit-Limit", str(limit)), ("X-RateLimit-Remaining", str(limit - window.used - 1)))
    response = outcome.response._replace(headers=(*outcome.response.headers, *left))
    return outcome._replace(response=response, changes=(*outcome.changes, CountRequest(window.started)))


def _place(request: Request) -> _Place:
    path = _canonical(request.path)
    host = _VENDOR_HOST.fullmatch(request.host)
    if host is None:
        return _Place(path if path in _ENDPOINTS else None, None, is_auth=False)
    service, region = host[1], Region(host[2])
    return _Place(path if path in _SERVICES.get(service, ()) else None, region, is_auth=service == "auth")


def _canonical(path: str) -> str:
    return path.rstrip("/") or "/"


def _in_region(view: View, region: Region | None) -> View:
    """The view of a token service, which knows only the clients of its own region."""
    foreign = region is not None and view.tenant is not None and view.tenant.region is not region
    return view._replace(tenant=None) if foreign else view


def _plain(response: Response, behaviour: Behaviour) -> Outcome:
    return Outcome(response, behaviours=(behaviour,))


_ENDPOINTS = frozenset(path for paths in _SERVICES.values() for path in paths)
