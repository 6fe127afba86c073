"""Secrets never reach the journal: what they are sent in is known, and so are those of the tenants."""

import re
from collections.abc import Iterable

from cgmock.core.messages import Headers, Request, Response

REDACTED = "[redacted]"

_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"})
_SECRET_PARAMETER = re.compile(
    r"((?:^|[&?])(?:client_secret|access_token|refresh_token|api_token|password)=)[^&]*", re.IGNORECASE
)
_SECRET_MEMBER = re.compile(
    r'("(?:client_secret|access_token|refresh_token|api_token|password)"\s*:\s*")(?:[^"\\]++|\\.)*+',
    re.IGNORECASE,
)


class Redactor:
    """Takes secrets out of messages: by the place they stand in, and by `known` values wherever they are."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(sorted({each for each in known if each}, key=len, reverse=True))
        self._known_bytes = tuple(each.encode() for each in self._known)

    def request(self, request: Request) -> Request:
        """The request without its secrets."""
        headers = {
            name: REDACTED if name in _SECRET_HEADERS else value for name, value in request.headers.items()
        }
        head = f"{request.path}\n{request.query}\n" + "\n".join(headers.values())
        path, query = request.path, self._fields(request.query) if request.query else ""
        if any(each in head for each in self._known):
            path = self._text(path)
            headers = {name: self._text(value) for name, value in headers.items()}
        body = self._body(request.body)
        return Request(request.method, path, query, headers, body, request.length, request.id)

    def response(self, response: Response) -> Response:
        """The response without its secrets."""
        if not response.body:
            return response
        headers: Headers = tuple(
            (name, REDACTED if name.lower() in _SECRET_HEADERS else value) for name, value in response.headers
        )
        return Response(response.status, headers, self._body(response.body))

    def _body(self, body: bytes) -> bytes:
        if b"secret" in body or b"token" in body or b"password" in body or self._known_in(body):
            return self._fields(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        return body

    def _known_in(self, body: bytes) -> bool:
        return any(each in body for each in self._known_bytes)

    def _fields(self, text: str) -> str:
        text = _SECRET_PARAMETER.sub(rf"\1{REDACTED}", text)
        return self._text(_SECRET_MEMBER.sub(rf"\1{REDACTED}", text))

    def _text(self, text: str) -> str:
        for each in self._known:
            text = text.replace(each, REDACTED)
        return text
