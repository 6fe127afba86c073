"""The control API: health, claims, tenants, their data and their journals, as JSON."""

import threading
from functools import partial
from itertools import islice

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, UnprocessableEntity

from cgmock.evidence import claims
from cgmock.journal import Journal
from cgmock.mock_api import MockAPI
from cgmock.stores import Collection
from cgmock.web.commands import add_commands, hosted
from cgmock.web.guard import guard
from cgmock.web.shapes import entry_shape, row_shape, tenant_shape
from cgmock.wsgi import CONTROL

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_CURSOR = 2**63 - 1
MAX_WAIT = 60
"""Seconds that a request for the journal may wait for an entry after its cursor."""
MAX_WAITING = 2
"""Requests for a journal that may wait at once, fewer than a server has threads; the next is answered at once."""

_DIGITS = len(str(MAX_CURSOR))


def control_api(mock: MockAPI, token: str | None = None) -> Blueprint:
    """The blueprint that shows and changes a mock, for this machine and for whoever has the token.

    Lists take `limit` (1 to 1000, default 100) and `cursor`, oldest first.
    """
    blueprint = Blueprint("control", __name__, url_prefix=CONTROL)
    waiting = threading.BoundedSemaphore(MAX_WAITING)
    blueprint.before_request(partial(guard, token))
    add_commands(blueprint, mock)

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
        return jsonify(tenant_shape(hosted(mock, name).tenant))

    @blueprint.get("/v1/tenants/<name>/<any(accounts, contacts, responses, invitations, activities):kind>")
    def rows(name: str, kind: str) -> Response:
        limit, cursor = _paging()
        page = mock.store.page(hosted(mock, name).tenant.name, Collection(kind), limit=limit, after=cursor)
        data = [row_shape(row) for row in page.rows]
        return jsonify(data=data, next_cursor=page.next_cursor, dropped=page.dropped)

    @blueprint.get("/v1/tenants/<name>/journal")
    def journal(name: str) -> Response:
        journal = hosted(mock, name).journal
        _wait(journal, waiting)
        return _entries(journal)

    @blueprint.get("/v1/unclaimed")
    def unclaimed() -> Response:
        return _entries(mock.unclaimed)

    blueprint.app_errorhandler(HTTPException)(_sentence)
    return blueprint


def _wait(journal: Journal, room: threading.Semaphore) -> None:
    """Wait as the request says, if there is room for one more that does."""
    cursor, seconds = _number("cursor", 0, 0, MAX_CURSOR), _number("wait", 0, 0, MAX_WAIT)
    if seconds and room.acquire(blocking=False):
        try:
            journal.wait(cursor, seconds)
        finally:
            room.release()


def _entries(journal: Journal) -> Response:
    limit, cursor = _paging()
    entries = tuple(islice(journal.after(cursor), limit + 1))
    shown, dropped = entries[:limit], journal.dropped
    return jsonify(
        data=[entry_shape(entry) for entry in shown],
        next_cursor=shown[-1].number if len(entries) > limit else None,
        dropped=dropped.entries,
        dropped_losses=dropped.losses,
    )


def _paging() -> tuple[int, int]:
    return _number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), _number("cursor", 0, 0, MAX_CURSOR)


def _number(name: str, default: int, low: int, high: int) -> int:
    given = request.args.get(name, str(default))
    if given.isascii() and given.isdecimal() and len(given) <= _DIGITS and low <= int(given) <= high:
        return int(given)
    raise UnprocessableEntity(f"{name} must be an integer from {low} to {high}.")


def _sentence(error: HTTPException) -> tuple[Response, int]:
    answer = jsonify(error=error.description)
    if error is request.routing_exception:
        answer = jsonify(error=f"There is nothing at {request.path}; {CONTROL}/openapi.json has all paths.")
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        answer = jsonify(error=f"{request.path} takes {allowed}, not {request.method}.")
        answer.headers["Allow"] = allowed
    return answer, error.code or 500
