"""Answers that are prepared for faults: those of Amazon API Gateway, in case one stands before the API, and of Laravel.

The gateway's status codes are Amazon's documented ones (supported-gateway-response-types, limits,
http-api-troubleshooting-jwt); that a gateway stands there is assumed, and so are some of its texts.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from cgmock.core.laravel import responses as laravel
from cgmock.core.messages import Response
from cgmock.core.spelling import unknown
from cgmock.faults.fault import Fault, FaultError

PreparedName = Literal[
    "gateway_timeout",
    "gateway_crash",
    "gateway_no_route",
    "gateway_unauthorized",
    "gateway_token_expired",
    "gateway_forbidden",
    "gateway_throttled",
    "gateway_quota",
    "gateway_too_long",
    "http_api_timeout",
    "http_api_crash",
    "http_api_no_route",
    "http_api_unauthorized",
    "html",
    "server_error",
    "unauthenticated",
]
"""The name of a prepared response."""

_P = ParamSpec("_P")
_T = TypeVar("_T")

_JSON = (("Content-Type", "application/json"),)
_UNAUTHORIZED = (
    *_JSON,
    ("www-authenticate", 'Bearer scope="" error="invalid_token" error_description="the token has expired"'),
)


def _gateway(status: int, message: str, error: str) -> Response:
    """What a REST API of the gateway answers; the header names the kind of it."""
    return Response(status, (*_JSON, ("x-amzn-ErrorType", error)), json.dumps({"message": message}).encode())


def _http_api(status: int, message: str, headers: tuple[tuple[str, str], ...] = _JSON) -> Response:
    """What an HTTP API of the gateway answers."""
    return Response(status, headers, json.dumps({"message": message}).encode())


PREPARED: Mapping[PreparedName, Response] = MappingProxyType(
    {
        "gateway_timeout": _gateway(504, "Endpoint request timed out", "InternalServerErrorException"),
        "gateway_crash": _gateway(502, "Internal server error", "InternalServerErrorException"),
        "gateway_no_route": _gateway(
            403, "Missing Authentication Token", "MissingAuthenticationTokenException"
        ),
        "gateway_unauthorized": _gateway(401, "Unauthorized", "UnauthorizedException"),
        "gateway_token_expired": _gateway(401, "The incoming token has expired", "ExpiredTokenException"),
        "gateway_forbidden": _gateway(403, "Forbidden", "ForbiddenException"),
        "gateway_throttled": _gateway(429, "Too Many Requests", "TooManyRequestsException"),
        "gateway_quota": _gateway(429, "Limit Exceeded", "LimitExceededException"),
        "gateway_too_long": _gateway(413, "Request Too Long", "RequestTooLargeException"),
        "http_api_timeout": _http_api(503, "Service Unavailable"),
        "http_api_crash": _http_api(500, "Internal Server Error"),
        "http_api_no_route": _http_api(404, "Not Found"),
        "http_api_unauthorized": _http_api(401, "Unauthorized", _UNAUTHORIZED),
        "html": Response(
            502,
            (("Content-Type", "text/html"),),
            b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
            b"<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n",
        ),
        "server_error": Response(500, _JSON, b'{\n    "message": "Server Error"\n}'),
        "unauthenticated": laravel.unauthenticated(),
    }
)
"""Status, headers and body by name; `unauthenticated`, once, is a 401 of a token that is good."""


def _with_arguments_of(
    called: Callable[_P, _T],  # noqa: ARG001  (for type checkers)
) -> Callable[[Callable[..., _T]], Callable[Concatenate[PreparedName, _P], _T]]:
    """Give a function a name, then the arguments of another function, for type checkers."""
    return lambda function: function


@_with_arguments_of(Fault)
def prepared(name: PreparedName, **others: Any) -> Fault:
    """Return a fault with the response of an API gateway, a proxy or Laravel.

    Args:
        name: Name of the response, for example "gateway_timeout". The README lists all names.
        **others: Other arguments of `Fault`. They replace those of the prepared response.

    Raises:
        ValueError: There is no such response, or an argument is invalid.

    Example:
        >>> fault = prepared("gateway_timeout", endpoint="records", times=2)
    """
    if name not in PREPARED:
        raise FaultError(unknown("prepared response", name, PREPARED))
    status, headers, body = PREPARED[name]
    return Fault(**{"status": status, "headers": headers, "body": body.decode(), **others})
