"""POST /oauth2/token as Amazon Cognito answers it, and whose token a request carries."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from cgmock.core.authorization import basic, reason_without_claims
from cgmock.core.behaviours import Behaviour
from cgmock.core.laravel import responses as laravel
from cgmock.core.messages import Headers, Request, Response
from cgmock.core.outcome import Claims, Fate, Notice, Outcome, View
from cgmock.core.tenant import ConnectedApp, Policies, Region, Tenant, TokenContentType, TokenErrors

LIFETIME = 3600
"""Seconds that a token lives (5000846993)."""

_JSON: Headers = (("Content-Type", "application/json"),)
_ERROR: Headers = (("Content-Type", "application/json;charset=UTF-8"),)
_FORM = "application/x-www-form-urlencoded"
_OTHER_FLOWS = {"authorization_code": "code", "refresh_token": "refresh_token"}
"""Grant types that a connected app cannot use, and the parameter that each requires."""

_JSON_CLIENT = re.compile(r'"client_id"\s*:\s*"([^"\\]+)"')
_CONTENT_TYPE_HEADERS: Headers = (
    ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-XSS-Protection", "1; mode=block"),
    ("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains"),
)
_AWS_REGIONS = {Region.EU: "eu-west-1", Region.US: "us-east-1", Region.AU: "ap-southeast-2"}


class Credentials(NamedTuple):
    """What a token request says of its client, and whether any of it stands in the query string."""

    client_id: str | None
    client_secret: str | None
    in_query: bool = False


class _Parameters(NamedTuple):
    form: dict[str, str]
    query: dict[str, str]

    def get(self, name: str) -> str | None:
        return self.form.get(name) or self.query.get(name) or None


def credentials(request: Request) -> Credentials:
    """The client's credentials: from a Basic header, else from the body, else from the query string."""
    header = basic(request)
    if header is not None:
        return Credentials(header.username, header.password)
    parameters = _parameters(request)
    in_query = any(name in parameters.query for name in ("client_id", "client_secret"))
    return Credentials(parameters.get("client_id"), parameters.get("client_secret"), in_query)


def issue_token(view: View, request: Request, now: float) -> Outcome:
    """Decide a token request."""
    if request.method != "POST":
        return Outcome(Response(405, (("Allow", "POST"),)), behaviours=(Behaviour.TOKEN_METHOD,))
    client = credentials(request)
    notices = (_in_query(),) if client.in_query else ()
    if request.length and not _is_form(request):
        return _no_form(view.tenant.policies if view.tenant else view.policies, request, notices)
    refusal = _grant_refusal(request, client)
    if refusal is not None:
        return _refused(*refusal, notices)
    app = _authenticated(view.tenant, client)
    if app is None or view.tenant is None:
        reason = (
            "the client secret is wrong"
            if view.tenant
            else f"no connected app of this host has the client ID {client.client_id}"
        )
        notices = (*notices, _failed(Behaviour.TOKEN_CLIENT, reason))
        status = 401 if view.tenant and view.tenant.policies.token_errors is TokenErrors.RFC else 400
        return _refused("invalid_client", Behaviour.TOKEN_CLIENT, notices, status=status)
    scope = _granted_scope(app, _parameters(request).get("scope"))
    if not scope:
        return _refused("invalid_scope", Behaviour.TOKEN_SCOPE, notices)
    token = view.sign(_claims(view.tenant, app, scope, now, request.id))
    body = {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"}
    return Outcome(
        Response(200, _JSON, _encoded(body)), (), notices, (Behaviour.TOKEN_ISSUED, Behaviour.TOKEN_SHAPE)
    )


def publish_keys(view: View, request: Request) -> Outcome:
    """Answer a request for the key set."""
    if request.method not in {"GET", "HEAD"}:
        return Outcome(Response(405, (("Allow", "GET"),)), behaviours=(Behaviour.KEYS_METHOD,))
    return Outcome(Response(200, _JSON, view.keys().encode()), behaviours=(Behaviour.TOKEN_KEYS,))


def refuse_token(view: View, request: Request, region: Region | None, now: float) -> Outcome | None:
    """Return the 401 of a request without a valid token for this host, or None. Only the notice has the reason."""
    flaw = _token_flaw(view, request, region, now)
    if flaw is None:
        return None
    behaviour, reason = flaw
    return Outcome(laravel.unauthenticated(), (), (_failed(behaviour, reason),), (behaviour,))


def _token_flaw(
    view: View, request: Request, region: Region | None, now: float
) -> tuple[Behaviour, str] | None:
    if view.tenant is None or view.claims is None:
        return Behaviour.UNAUTHENTICATED, reason_without_claims(request)
    expires = int(view.claims["exp"])
    if now >= expires:
        return (
            Behaviour.TOKEN_EXPIRED,
            f"the token expired at {datetime.fromtimestamp(expires, UTC):%Y-%m-%d %H:%M:%S} UTC",
        )
    if region is not None and region is not view.tenant.region:
        return Behaviour.TOKEN_REGION, f"the token is one of the region {view.tenant.region}"
    return None


def _failed(behaviour: Behaviour, reason: str) -> Notice:
    return Notice(None, Fate.FAILED, behaviour, reason=reason)


def _grant_refusal(request: Request, client: Credentials) -> tuple[str, Behaviour] | None:
    parameters = _parameters(request)
    grant_type = parameters.get("grant_type")
    required = _OTHER_FLOWS.get(grant_type or "")
    if grant_type is None or not client.client_id or (required and not parameters.get(required)):
        return "invalid_request", Behaviour.TOKEN_REQUEST
    if required:
        return "unauthorized_client", Behaviour.TOKEN_FLOW
    if grant_type != "client_credentials":
        return "unsupported_grant_type", Behaviour.TOKEN_GRANT
    return None


def _authenticated(tenant: Tenant | None, client: Credentials) -> ConnectedApp | None:
    apps = tenant.connected_apps if tenant else ()
    given = (client.client_id, client.client_secret)
    return next((app for app in apps if (app.client_id, app.client_secret) == given), None)


def _granted_scope(app: ConnectedApp, asked: str | None) -> str:
    """The scopes of the app that are asked for, all of them when none is; empty when the app has none of those."""
    scopes = app.scopes if asked is None else [each for each in app.scopes if each in asked.split()]
    return " ".join(scopes)


def _claims(tenant: Tenant, app: ConnectedApp, scope: str, now: float, jti: str) -> Claims:
    issued = int(now)
    return {
        "sub": app.client_id,
        "token_use": "access",
        "scope": scope,
        "auth_time": issued,
        "iss": f"https://cognito-idp.{_AWS_REGIONS[tenant.region]}.amazonaws.com/cgmock_{tenant.name}",
        "exp": issued + LIFETIME,
        "iat": issued,
        "version": 2,
        "jti": jti,
        "client_id": app.client_id,
    }


def _parameters(request: Request) -> _Parameters:
    """The parameters of a request. Only the client ID is read from a body that is not a form by its Content-Type."""
    text = request.body.decode("latin-1")
    form = _pairs(text)
    if not _is_form(request):
        found = _JSON_CLIENT.search(text)
        form = {"client_id": found[1] if found else form.get("client_id", "")}
    return _Parameters(form, _pairs(request.query))


def _is_form(request: Request) -> bool:
    return request.content_type.partition(";")[0].strip().lower() == _FORM


def _no_form(policies: Policies, request: Request, notices: tuple[Notice, ...]) -> Outcome:
    """Return the answer to a body that is not a form by its Content-Type."""
    if policies.token_content_type is TokenContentType.INVALID_REQUEST:
        return _refused("invalid_request", Behaviour.TOKEN_CONTENT_TYPE, notices)
    headers = (
        *_CONTENT_TYPE_HEADERS,
        ("x-amz-cognito-request-id", _uuid(f"request:{request.id}")),
        (
            "Set-Cookie",
            f"XSRF-TOKEN={_uuid(f'cookie:{request.id}')}; Path=/; Secure; HttpOnly",
        ),
    )
    return Outcome(Response(405, headers), (), notices, (Behaviour.TOKEN_CONTENT_TYPE,))


def _uuid(name: str) -> str:
    """Return a UUID that depends on a name only."""
    digits = hashlib.sha256(name.encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], f"5{digits[13:16]}", f"8{digits[17:20]}", digits[20:32]))


def _pairs(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))


def _in_query() -> Notice:
    reason = "credentials in the query string end up in access logs: send them in the body"
    return Notice(None, Fate.STORED, Behaviour.TOKEN_QUERY, reason=reason)


def _refused(error: str, behaviour: Behaviour, notices: tuple[Notice, ...], *, status: int = 400) -> Outcome:
    headers = (*_ERROR, ("WWW-Authenticate", "Basic")) if status == 401 else _ERROR
    return Outcome(Response(status, headers, _encoded({"error": error})), (), notices, (behaviour,))


def _encoded(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
