"""The only door of the core: host, path and method find the endpoint that decides."""

import math
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from cgmock.core.authorization import bearer
from cgmock.core.behaviours import UNSERVED, Behaviour
from cgmock.core.endpoints import records, responses, token, webhooks
from cgmock.core.laravel import responses as laravel
from cgmock.core.laravel.request import effective_method, is_incomplete, too_large
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import CountRequest, Fate, Notice, Outcome, RateWindow, View
from cgmock.core.tenant import NoAcceptHeader, Policies, Region, Tenant, TrailingSlash

WINDOW = 60
"""Seconds that a rate window lasts."""

_Answer = Callable[[View, Tenant, Request], Outcome]

VENDOR_DOMAIN = "customergauge.com"
_VENDOR_HOST = re.compile(r"(auth|imports\.api|api|hooks)\.(eu|us|au)\.customergauge\.com")
_HOOK_PATH = re.compile(r"/hooks/[^/]+")


class Endpoint(StrEnum):
    """The endpoint of a request.

    Attributes:
        TOKEN: `POST /oauth2/token`.
        KEYS: `GET /.well-known/jwks.json`, the keys that tokens are signed with.
        RECORDS: `PUT /records/`.
        RESPONSES: `GET /v7/rest/sync/responses`.
        WEBHOOK: `PUT /hooks/ID`.
    """

    TOKEN = "token"  # noqa: S105  (a name)
    KEYS = "keys"
    RECORDS = "records"
    RESPONSES = "responses"
    WEBHOOK = "webhook"


EndpointName = Literal["token", "keys", "records", "responses", "webhook"]
"""The name of an `Endpoint`."""

_PATHS: Mapping[str, Mapping[str, Endpoint]] = MappingProxyType(
    {
        "auth": {"/oauth2/token": Endpoint.TOKEN, "/.well-known/jwks.json": Endpoint.KEYS},
        "imports.api": {"/records": Endpoint.RECORDS},
        "api": {"/v7/rest/sync/responses": Endpoint.RESPONSES},
        "hooks": {},
    }
)
VENDOR_HOSTS = tuple(f"{service}.{region}.{VENDOR_DOMAIN}" for region in Region for service in _PATHS)
_ALL_PATHS = {path: endpoint for paths in _PATHS.values() for path, endpoint in paths.items()}
_METHODS: Mapping[Endpoint, tuple[str, ...]] = MappingProxyType(
    {Endpoint.RECORDS: ("PUT",), Endpoint.WEBHOOK: ("PUT",), Endpoint.RESPONSES: ("GET", "HEAD")}
)


class Credential(NamedTuple):
    """The part of a request that identifies its tenant: a client ID, a webhook ID or an access token.

    The client ID is that of a token request, or of the claims of a valid token. Without any, no tenant is meant.
    """

    client_id: str | None = None
    webhook: str | None = None
    token: str | None = None


class _Place(NamedTuple):
    """Where a request went: `endpoint` None when there is no such path, `region` None on a host of our own."""

    endpoint: Endpoint | None
    region: Region | None


def credential(request: Request) -> Credential:
    """Return the credential of a request, unchecked."""
    match _place(request.host, request.path).endpoint:
        case Endpoint.TOKEN:
            return Credential(client_id=token.credentials(request).client_id)
        case Endpoint.WEBHOOK:
            return Credential(webhook=webhooks.webhook_id(request.path))
        case _:
            return Credential(token=bearer(request))


def endpoint_of(request: Request) -> Endpoint | None:
    """What a request is for; None when there is no such path on its host."""
    return _place(request.host, request.path).endpoint


def decide(view: View, request: Request, now: float) -> Outcome:
    """Decide what a request is answered with and what it changes; `now` in Unix seconds on the tenant's clock."""
    outcome = _decide(view, request, now)
    if request.method == "HEAD":
        return outcome._replace(response=outcome.response._replace(body=b""))
    return outcome


def _decide(view: View, request: Request, now: float) -> Outcome:
    place = _place(request.host, request.path)
    if is_incomplete(request):
        return _plain(Response(400), Behaviour.BODY_INCOMPLETE)
    if place.endpoint is Endpoint.TOKEN:
        return token.issue_token(_in_region(view, place.region), request, now)
    if place.endpoint is Endpoint.KEYS:
        return token.publish_keys(view, request)
    policies = view.tenant.policies if view.tenant else view.policies
    outcome = _decide_api(view, request, now, place, policies)
    plain = policies.no_accept_header is NoAcceptHeader.JSON or outcome.response.status < 400
    if plain or laravel.expects_json(request):
        return outcome
    behaviours = (*outcome.behaviours, Behaviour.ERRORS_AS_HTML)
    return outcome._replace(response=laravel.as_page(outcome.response), behaviours=behaviours)


def _decide_api(view: View, request: Request, now: float, place: _Place, policies: Policies) -> Outcome:
    """Decide in Laravel's order: size, path, method, credential, rate, input."""
    misdirected = _misdirected(request, place, policies)
    if misdirected is not None:
        return misdirected
    if place.endpoint is Endpoint.WEBHOOK:
        tenant = _in_region(view, place.region).tenant
        return (
            webhooks.put_webhook(view, tenant, request) if tenant else webhooks.no_webhook(request, policies)
        )
    refused = token.refuse_token(view, request, place.region, now)
    if refused is not None or view.tenant is None:
        return refused or _plain(laravel.unauthenticated(), Behaviour.UNAUTHENTICATED)
    answer = records.put_record if place.endpoint is Endpoint.RECORDS else responses.get_responses
    if policies.rate_limit is not None:
        return _throttled(view, view.tenant, request, now, answer)
    return answer(view, view.tenant, request)


def _misdirected(request: Request, place: _Place, policies: Policies) -> Outcome | None:
    """The answer to a request that no route takes, whoever sends it."""
    if too_large(request):
        return _plain(laravel.too_large(), Behaviour.BODY_TOO_LARGE)
    method = effective_method(request)
    if method is None:
        return _plain(laravel.bad_override(), Behaviour.OVERRIDE_INVALID)
    slash_missing = (
        policies.trailing_slash is TrailingSlash.REQUIRED
        and place.endpoint is Endpoint.RECORDS
        and not request.path.endswith("/")
    )
    if place.endpoint is None or slash_missing:
        refusal = laravel.not_found(request.path, policies.dialect)
        return _plain(refusal, Behaviour.PATH_UNKNOWN)._replace(notices=_unserved(request))
    allowed = _METHODS[place.endpoint]
    if method in allowed:
        return None
    if method == "OPTIONS":
        return _plain(laravel.options(allowed), Behaviour.OPTIONS)
    refusal = laravel.method_not_allowed(method, request.path, allowed, policies.dialect)
    return _plain(refusal, Behaviour.METHOD_WRONG)


def _unserved(request: Request) -> tuple[Notice, ...]:
    """The notice of a path that the vendor documents and the fake does not serve."""
    article = UNSERVED.get(request.path.rstrip("/"))
    if article is None:
        return ()
    reason = f"the fake does not serve {request.path}, which the vendor documents ({article})"
    return (Notice(None, Fate.STORED, Behaviour.PATH_UNKNOWN, reason=reason),)


def _throttled(view: View, tenant: Tenant, request: Request, now: float, answer: _Answer) -> Outcome:
    """Decide as usual and count the request, or answer 429 once the window is used up."""
    limit = tenant.policies.rate_limit or 0
    window = view.data.rate_window()
    if now >= window.started + WINDOW or now < window.started:
        window = RateWindow(now)
    if window.used >= limit:
        reset = window.started + WINDOW
        refusal = laravel.too_many_attempts(limit, math.ceil(reset - now), math.ceil(reset))
        return _plain(refusal, Behaviour.RATE_LIMITED)
    outcome = answer(view, tenant, request)
    left = (("X-RateLimit-Limit", str(limit)), ("X-RateLimit-Remaining", str(limit - window.used - 1)))
    response = outcome.response._replace(headers=(*outcome.response.headers, *left))
    return outcome._replace(response=response, changes=(*outcome.changes, CountRequest(window.started)))


@lru_cache(maxsize=256)
def _place(host: str, path: str) -> _Place:
    path = path.rstrip("/")
    vendor = _VENDOR_HOST.fullmatch(host)
    if vendor is None:
        return _Place(Endpoint.WEBHOOK if _HOOK_PATH.fullmatch(path) else _ALL_PATHS.get(path), None)
    service, region = vendor[1], Region(vendor[2])
    called = service == "hooks" and _HOOK_PATH.fullmatch(f"/hooks{path}")
    return _Place(Endpoint.WEBHOOK if called else _PATHS[service].get(path), region)


def _in_region(view: View, region: Region | None) -> View:
    """The view of a service that knows only the tenants of its own region."""
    foreign = region is not None and view.tenant is not None and view.tenant.region is not region
    return view._replace(tenant=None) if foreign else view


def _plain(response: Response, behaviour: Behaviour) -> Outcome:
    return Outcome(response, behaviours=(behaviour,))
