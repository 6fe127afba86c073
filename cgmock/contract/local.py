"""A mock of our own that stands in for a target: what its seed says, behind the same credentials, without a socket."""

import json
import secrets
from dataclasses import replace
from urllib.parse import urlencode

import httpx

from cgmock.contract.session import FORM
from cgmock.core.messages import Request
from cgmock.core.tenant import ConnectedApp, Tenant
from cgmock.live.target import Kind, Target
from cgmock.mock_api import MockAPI
from cgmock.wsgi import VendorEndpoints

_PLACE = "http://localhost"
_TWO_HOURS = 7200.0


def stand_in(target: Target) -> MockAPI:
    """A mock with the tenant of a target, which takes the target's credentials."""
    app = ConnectedApp(client_id=target.client_id, client_secret=target.client_secret)
    known = [each for each in target.tenant.connected_apps if each.client_id == app.client_id]
    own = replace(known[0], client_secret=app.client_secret) if known else app
    return MockAPI([replace(target.tenant, connected_apps=(own,))])


def in_process(mock: MockAPI) -> httpx.BaseTransport:
    """A transport to a mock of this process, by the door that is served: a body may break off here as well."""
    return httpx.WSGITransport(VendorEndpoints(mock))


def mock_target(tenant: Tenant, url: str = _PLACE) -> Target:
    """The target that a mock of a tenant is, with credentials of its own where the seed names none."""
    app = ConnectedApp(client_id="cgmock-contract", client_secret=secrets.token_hex(16))
    apps = tenant.connected_apps or (app,)
    return Target.at(url, replace(tenant, connected_apps=apps), kind=Kind.MOCK)


def with_expired_token(target: Target, mock: MockAPI) -> Target:
    """The same target with a token that the mock issued two hours ago."""
    fields = {"client_id": target.client_id, "client_secret": target.client_secret}
    body = urlencode({"grant_type": "client_credentials", **fields}).encode()
    clock = mock.store.hosted(target.tenant.name).clock
    clock.advance(-_TWO_HOURS)
    response = mock.handle(Request("POST", "/oauth2/token", "", {"content-type": FORM}, body, len(body)))
    clock.advance(_TWO_HOURS)
    return replace(target, expired_token=json.loads(response.body)["access_token"])
