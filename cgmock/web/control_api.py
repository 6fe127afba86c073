"""The blueprint of the control API: every endpoint of the table as a route, and every error as JSON."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from cgmock import seeds
from cgmock.clock import ClockError
from cgmock.faults import FaultError
from cgmock.journal.expectations import ExpectationError
from cgmock.mock_api import MockAPI, NoAppError
from cgmock.seeds.tenant_tables import NoItemError, PartError
from cgmock.stores.base import CheckpointError, NameTakenError, NoTenantError, StoreError, TooManyError
from cgmock.web.access import check_access
from cgmock.web.endpoints import ENDPOINTS
from cgmock.web.openapi.control import Endpoint
from cgmock.web.params import EntryNumber, require_readable
from cgmock.wsgi import CONTROL, is_own

_STATUSES: Mapping[type[Exception], int] = {
    CheckpointError: 404,
    NoItemError: 404,
    NameTakenError: 409,
    TooManyError: 409,
    NoAppError: 409,
    ClockError: 422,
    ExpectationError: 422,
    FaultError: 422,
    PartError: 422,
    seeds.SeedError: 422,
    StoreError: 503,
}
"""The status of the response to a request that raises an error. The message is the text of the error."""


def control_api(mock: MockAPI, token: str | None = None) -> Blueprint:
    """Return the blueprint that shows and changes a mock. Other machines need the token."""
    blueprint = Blueprint("control", __name__, url_prefix=CONTROL)
    blueprint.record_once(lambda state: state.app.url_map.converters.update(entry=EntryNumber))
    blueprint.before_request(partial(check_access, token))
    blueprint.before_request(require_readable)
    blueprint.after_app_request(_without_sniffing)
    for each in ENDPOINTS:
        blueprint.add_url_rule(
            each.rule, each.operation_id, partial(_view, each, mock), methods=[each.method]
        )
    for error, status in _STATUSES.items():
        blueprint.app_errorhandler(error)(partial(_failed, mock, status))
    blueprint.app_errorhandler(NoTenantError)(partial(_gone, mock))
    blueprint.app_errorhandler(HTTPException)(partial(_refused, mock))
    return blueprint


def _view(endpoint: Endpoint, mock: MockAPI, **path: str | int) -> tuple[Response | str, int]:
    """Call the view of an endpoint with the parameters of the path and the query string."""
    content = endpoint.view(
        mock, **path, **endpoint.fixed, **{each.name: each.read() for each in endpoint.query}
    )
    if content is None:
        return "", 204
    content, status = content if isinstance(content, tuple) else (content, endpoint.statuses[0])
    return jsonify({"data": content} if isinstance(content, list) else content), status


def _without_sniffing(response: Response) -> Response:
    """Forbid browsers to guess another content type."""
    if is_own(request.environ):
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _failed(mock: MockAPI, status: int, error: Exception) -> tuple[Response, int]:
    return jsonify(error=mock.redact(str(error))), status


def _gone(mock: MockAPI, error: NoTenantError) -> tuple[Response, int]:
    """Return a 404 for a tenant that another request has removed in the meantime."""
    return jsonify(error=mock.redact(f"There is no tenant {error.args[0]} any more.")), 404


def _refused(mock: MockAPI, error: HTTPException) -> tuple[Response, int]:
    sentence, headers = error.description, {}
    if error is request.routing_exception:
        sentence = f"There is nothing at {request.path}; {CONTROL}/openapi.json has all paths."
    if isinstance(error, MethodNotAllowed):
        allowed = headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        sentence = f"{request.path} takes {allowed}, not {request.method}."
    answer = jsonify(error=mock.redact(sentence or ""))
    answer.headers.update(headers)
    return answer, error.code or 500
