"""The control API, read only: health, tenants, their data and their journals, as JSON."""

from itertools import islice

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound, UnprocessableEntity

from cgmock.core.tenant import Tenant
from cgmock.evidence import claims
from cgmock.journal import Journal
from cgmock.mock_api import MockAPI
from cgmock.stores import Collection
from cgmock.web.shapes import entry_shape, row_shape, tenant_shape
from cgmock.wsgi import CONTROL

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000


def control_api(mock: MockAPI) -> Blueprint:
    """The blueprint that shows a mock; lists take `limit` (1 to 1000, default 100) and `cursor`, oldest first."""
    blueprint = Blueprint("control", __name__, url_prefix=CONTROL)

    @blueprint.get("/health")
    def health() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/v1/behaviours")
    def behaviours() -> Response:
        return jsonify(claims())

    @blueprint.get("/v1/tenants")
    def tenants() -> Response:
        return jsonify(data=[tenant_shape(each) for each in mock.store.tenants()])

    @blueprint.get("/v1/tenants/<name>")
    def tenant(name: str) -> Response:
        return jsonify(tenant_shape(_found(mock, name)))

    @blueprint.get("/v1/tenants/<name>/<any(accounts, contacts, responses, invitations, activities):kind>")
    def rows(name: str, kind: str) -> Response:
        limit, cursor = _paging()
        page = mock.store.page(_found(mock, name).name, Collection(kind), limit=limit, after=cursor)
        data = [row_shape(row) for row in page.rows]
        return jsonify(data=data, next_cursor=page.next_cursor, dropped=page.dropped)

    @blueprint.get("/v1/tenants/<name>/journal")
    def journal(name: str) -> Response:
        return _entries(mock.journals[_found(mock, name).name])

    @blueprint.get("/v1/unclaimed")
    def unclaimed() -> Response:
        return _entries(mock.unclaimed)

    blueprint.register_error_handler(HTTPException, _sentence)
    return blueprint


def _found(mock: MockAPI, name: str) -> Tenant:
    tenant = mock.store.tenant(name)
    if tenant is None:
        known = ", ".join(each.name for each in mock.store.tenants()) or "none"
        raise NotFound(f"There is no tenant {name}; there are: {known}.")
    return tenant


def _entries(journal: Journal) -> Response:
    limit, cursor = _paging()
    entries = tuple(islice(journal.after(cursor), limit + 1))
    shown = entries[:limit]
    return jsonify(
        data=[entry_shape(entry) for entry in shown],
        next_cursor=shown[-1].number if len(entries) > limit else None,
        dropped=journal.dropped,
    )


def _paging() -> tuple[int, int]:
    return _number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), _number("cursor", 0, 0, 2**63 - 1)


def _number(name: str, default: int, low: int, high: int) -> int:
    given = request.args.get(name, str(default))
    if given.isascii() and given.isdecimal() and len(given) < len(str(2**63)) and low <= int(given) <= high:
        return int(given)
    raise UnprocessableEntity(f"{name} must be an integer from {low} to {high}.")


def _sentence(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500
