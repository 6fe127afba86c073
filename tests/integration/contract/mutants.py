"""Fakes that are wrong in one way each, as a colleague might write them, and the behaviours that they break."""

import base64
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from cgmock.core.messages import Request, Response
from tests.unit.contract.fakes import ACME, Change, Handler

_KNOWN = {heading for each in ACME.configurations.values() for heading in each.headings}


class Mutation(NamedTuple):
    """A mistake, and the ids of the checks of which one must fail first."""

    change: Change
    caught_by: tuple[str, ...]


def _is_record(request: Request) -> bool:
    return request.path.startswith("/records") and request.method == "PUT"


def _is_hook(request: Request) -> bool:
    return request.path.startswith("/hooks/")


def _is_read(request: Request) -> bool:
    return request.path.endswith("/responses")


def _is_token(request: Request) -> bool:
    return request.path == "/oauth2/token"


def _with_body(request: Request, content: object) -> Request:
    body = json.dumps(content).encode()
    return request._replace(body=body, length=len(body))


def _answering(where: Callable[[Request], bool], status: int, instead: Response) -> Change:
    """Another answer where a right fake has one status."""

    def change(handle: Handler, request: Request) -> Response:
        response = handle(request)
        return instead if where(request) and response.status == status else response

    return change


def _rewriting(where: Callable[[Request], bool], rewrite: Callable[[dict[str, object]], object]) -> Change:
    """Another JSON body where a right fake answers with a JSON object."""

    def change(handle: Handler, request: Request) -> Response:
        response = handle(request)
        if not where(request) or not response.body.lstrip().startswith(b"{"):
            return response
        return response._replace(body=json.dumps(rewrite(json.loads(response.body))).encode())

    return change


def _recording(rewrite: Callable[[Mapping[str, object]], Mapping[str, object]]) -> Change:
    """Another record than the one that was sent as JSON."""

    def change(handle: Handler, request: Request) -> Response:
        broken_off = request.length > len(request.body)
        if not _is_record(request) or broken_off or not request.body.startswith(b'{"configuration"'):
            return handle(request)
        try:
            body = json.loads(request.body)
        except ValueError:
            return handle(request)
        if isinstance(body.get("record"), dict):
            body["record"] = rewrite(body["record"])
        return handle(_with_body(request, body))

    return change


def _asking(rewrite: Callable[[Request], Request]) -> Change:
    """Another request than the one that was sent."""
    return lambda handle, request: handle(rewrite(request))


def _errors_as_list(content: dict[str, object]) -> object:
    return content | ({"errors": ["it is wrong"]} if "errors" in content else {})


def _first_error_only(content: dict[str, object]) -> object:
    errors = content.get("errors")
    return content | ({"errors": dict([*errors.items()][:1])} if isinstance(errors, dict) else {})


def _without(name: str) -> Callable[[dict[str, object]], object]:
    return lambda content: {key: value for key, value in content.items() if key != name}


def _with(name: str, value: object) -> Callable[[dict[str, object]], object]:
    return lambda content: content | ({name: value} if name in content else {})


def _rows(rewrite: Callable[[list[dict[str, object]]], list[dict[str, object]]]) -> Change:
    def renew(content: dict[str, object]) -> object:
        rows = content.get("data")
        return content | ({"data": rewrite(rows)} if isinstance(rows, list) else {})

    return _rewriting(_is_read, renew)


def _latest_of_each(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return list({str(row["email"]): row for row in rows}.values())


def _storing_unmapped(record: Mapping[str, object]) -> Mapping[str, object]:
    stray = [value for heading, value in record.items() if heading not in _KNOWN]
    return {**record, "Comment": stray[0]} if stray and "Comment" in record else record


def _query(rewrite: Callable[[dict[str, str]], dict[str, str]]) -> Callable[[Request], Request]:
    return lambda request: request._replace(query=urlencode(rewrite(dict(parse_qsl(request.query)))))


def _cursor(by: int) -> Change:
    def move(query: dict[str, str]) -> dict[str, str]:
        return query | ({"cursor": str(int(query["cursor"]) + by)} if "cursor" in query else {})

    return lambda handle, request: handle(_query(move)(request) if _is_read(request) else request)


def _without_period(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if not name.startswith("period")}


def _any_case(request: Request) -> Request:
    value = request.headers.get("authorization", "")
    if value.startswith("bearer "):
        return request._replace(headers={**request.headers, "authorization": f"B{value[1:]}"})
    return request


def _here(request: Request) -> Request:
    return request._replace(headers={**request.headers, "host": "localhost"})


def _bad_request(handle: Handler, request: Request) -> Response:
    response = handle(request)
    broken = _is_record(request) and request.body[:1] == b"{" and not _is_json(request.body)
    return Response(400, (), b'{"message":"Bad Request"}') if broken else response


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _no_check_of_the_record(handle: Handler, request: Request) -> Response:
    response = handle(request)
    lacking = _is_record(request) and response.status == 422 and b'"record":["' in response.body
    return Response(200) if lacking else response


def _json_only(handle: Handler, request: Request) -> Response:
    form = _is_record(request) and "form" in request.content_type
    return Response(415) if form else handle(request)


def _query_wins(handle: Handler, request: Request) -> Response:
    if _is_record(request) and request.query and request.body.startswith(b"{"):
        body = {**json.loads(request.body), **dict(parse_qsl(request.query))}
        return handle(_with_body(request, body)._replace(query=""))
    return handle(request)


def _partial(handle: Handler, request: Request) -> Response:
    """Stores a record without its contact, under one of its own."""
    response = handle(request)
    if _is_record(request) and response.status == 422 and b"record." in response.body:
        body = json.loads(request.body)
        body["record"]["E-mail"] = "nobody@example.com"
        handle(_with_body(request, body))
    return response


def _open_hooks(handle: Handler, request: Request) -> Response:
    if not _is_hook(request):
        return handle(request)
    authorization = "Basic " + base64.b64encode(b"shop:acme-password").decode()
    return handle(request._replace(headers={**request.headers, "authorization": authorization}))


_WORDY = Response(401, (), b'{"error":"invalid_client","error_description":"wrong secret"}')

MUTANTS: Mapping[str, Mutation] = MappingProxyType(
    {
        "201 for 200": Mutation(_answering(_is_record, 200, Response(201)), ("records.accepted",)),
        "a body with the 200": Mutation(
            _answering(_is_record, 200, Response(200, (), b"{}")), ("records.accepted",)
        ),
        "400 for broken JSON": Mutation(_bad_request, ("records.unread-body",)),
        "errors as a list": Mutation(
            _rewriting(_is_record, _errors_as_list), ("records.required", "http.redirect")
        ),
        "only the first error": Mutation(
            _rewriting(_is_record, _first_error_only), ("records.required", "http.redirect")
        ),
        "a token without its lifetime": Mutation(
            _rewriting(_is_token, _without("expires_in")), ("token.shape",)
        ),
        "a lifetime as text": Mutation(_rewriting(_is_token, _with("expires_in", "3600")), ("token.shape",)),
        "a token of the type bearer": Mutation(
            _rewriting(_is_token, _with("token_type", "bearer")), ("token.shape",)
        ),
        "a body with the 405": Mutation(
            _answering(_is_token, 405, Response(405, (), b"no")), ("token.method", "token.content-type")
        ),
        "a wordy invalid_client": Mutation(
            _answering(lambda each: _is_token(each) and b"refresh" not in each.body, 400, _WORDY),
            ("token.invalid-request", "token.invalid-client"),
        ),
        "any token is good": Mutation(_answering(_is_record, 401, Response(200)), ("auth.unauthenticated",)),
        "403 for 401": Mutation(
            _answering(_is_record, 401, Response(403, (), b'{"message":"Forbidden"}')),
            ("auth.unauthenticated",),
        ),
        "bearer in any case": Mutation(_asking(_any_case), ("auth.unauthenticated",)),
        "one region": Mutation(_asking(_here), ("auth.region",)),
        "no 404": Mutation(
            _answering(lambda each: "cgmock" in each.path, 404, Response(200)), ("http.not-found",)
        ),
        "no Allow": Mutation(
            _answering(lambda each: each.method == "GET", 405, Response(405)), ("http.method-not-allowed",)
        ),
        "drops the first heading": Mutation(
            _recording(lambda record: dict([*record.items()][1:])),
            ("heading.stored", "records.required", "records.accepted"),
        ),
        "drops the last heading": Mutation(
            _recording(lambda record: dict([*record.items()][:-1])), ("heading.stored",)
        ),
        "stores an unmapped heading": Mutation(_recording(_storing_unmapped), ("heading.unmapped",)),
        "no 422 for a missing record": Mutation(
            _no_check_of_the_record, ("records.required", "http.redirect")
        ),
        "JSON alone": Mutation(_json_only, ("records.accepted",)),
        "the query wins": Mutation(_query_wins, ("records.required",)),
        "no query": Mutation(
            _asking(lambda each: each._replace(query="") if _is_record(each) else each), ("records.required",)
        ),
        "half a record": Mutation(_partial, ("record.required-field", "record.failed")),
        "updates responses": Mutation(_rows(_latest_of_each), ("import.response",)),
        "newest first": Mutation(_rows(lambda rows: rows[::-1]), ("import.response", "responses.listed")),
        "a cursor one too far": Mutation(
            _cursor(+1), ("heading.stored", "record.failed", "responses.listed")
        ),
        "a cursor one too near": Mutation(
            _cursor(-1), ("responses.listed", "responses.end", "record.failed")
        ),
        "no period": Mutation(
            _asking(lambda each: _query(_without_period)(each) if _is_read(each) else each),
            ("responses.period",),
        ),
        "scores as text": Mutation(
            _rows(lambda rows: [{**row, "nps": str(row["nps"])} for row in rows]),
            ("value.converted", "responses.shape"),
        ),
        "any page size": Mutation(
            _answering(_is_read, 422, Response(200, (), b'{"data":[],"cursor":{"next":0}}')),
            ("responses.invalid",),
        ),
        "open webhooks": Mutation(_open_hooks, ("webhook.unauthenticated",)),
        "webhooks that are never gone": Mutation(
            _answering(_is_hook, 404, Response(200)), ("webhook.not-found",)
        ),
    }
)
