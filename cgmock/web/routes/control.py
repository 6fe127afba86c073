"""The control API: health, claims, tenants, their data and their journals, as JSON."""

from functools import partial

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from cgmock.behaviour_report import claims
from cgmock.mock_api import MockAPI
from cgmock.seeds.tenant_tables import shown
from cgmock.stores.base import Collection, NoTenantError, StoreError
from cgmock.web.access import check_access
from cgmock.web.params import DEFAULT_LIMIT, MAX_CURSOR, MAX_LIMIT, hosted, number
from cgmock.web.routes.journals import add_journals, add_overviews
from cgmock.web.routes.tenants import add_commands
from cgmock.web.serializers import serialize_row
from cgmock.wsgi import CONTROL


def control_api(mock: MockAPI, token: str | None = None) -> Blueprint:
    """The blueprint that shows and changes a mock, for this machine and for whoever has the token.

    Lists take `limit` (1 to 1000, default 100) and `cursor`, oldest first.
    """
    blueprint = Blueprint("control", __name__, url_prefix=CONTROL)
    blueprint.before_request(partial(check_access, token))
    add_commands(blueprint, mock)
    add_journals(blueprint, mock)
    add_overviews(blueprint, mock)

    @blueprint.get("/health")
    def health() -> Response:
        mock.store.unclaimed.newest  # noqa: B018  (asks the store, whatever it says)
        return jsonify(status="ok")

    @blueprint.get("/v1/behaviours")
    def behaviours() -> Response:
        return jsonify(claims())

    @blueprint.get("/v1/tenants")
    def tenants() -> Response:
        return jsonify(data=[shown(each) for each in mock.store.tenants()])

    @blueprint.get("/v1/tenants/<name>")
    def tenant(name: str) -> Response:
        return jsonify(shown(hosted(mock, name).tenant))

    @blueprint.get("/v1/tenants/<name>/<any(accounts, contacts, responses, invitations, activities):kind>")
    def rows(name: str, kind: str) -> Response:
        limit, cursor = number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), number("cursor", 0, 0, MAX_CURSOR)
        page = mock.store.page(hosted(mock, name).tenant.name, Collection(kind), limit=limit, after=cursor)
        data = [serialize_row(row, mock.redact) for row in page.rows]
        return jsonify(data=data, next_cursor=page.next_cursor, dropped=page.dropped)

    blueprint.app_errorhandler(HTTPException)(partial(_sentence, mock))
    blueprint.app_errorhandler(NoTenantError)(partial(_gone, mock))
    blueprint.app_errorhandler(StoreError)(_unavailable)
    return blueprint


def _gone(mock: MockAPI, error: NoTenantError) -> tuple[Response, int]:
    """What is answered where a tenant is removed while somebody asks for it."""
    return _sentence(mock, NotFound(f"There is no tenant {error.args[0]} any more."))


def _unavailable(error: StoreError) -> tuple[Response, int]:
    return jsonify(error=str(error)), 503


def _sentence(mock: MockAPI, error: HTTPException) -> tuple[Response, int]:
    sentence, headers = error.description, {}
    if error is request.routing_exception:
        sentence = f"There is nothing at {request.path}; {CONTROL}/openapi.json has all paths."
    if isinstance(error, MethodNotAllowed):
        allowed = headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        sentence = f"{request.path} takes {allowed}, not {request.method}."
    answer = jsonify(error=mock.redact(sentence or ""))
    answer.headers.update(headers)
    return answer, error.code or 500
