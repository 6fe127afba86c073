"""Secrets never reach the journal: what they are sent in is known, so are those of the tenants, and tokens are seen."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_plus, unquote_to_bytes

from cgmock.core.messages import Headers, Request, Response
from cgmock.core.outcome import Notice, Outcome

REDACTED = "[redacted]"

COMPRESSED = b"[compressed]"
"""What is kept of a body that has to be unpacked before one can look into it; the API does not, either."""

SHORTEST_KNOWN = 6
"""Characters of a known secret that is looked for anywhere; a shorter one would be found in innocent text."""

_NAMES = ("client_secret", "access_token", "refresh_token", "api_token", "password")
_ANY_NAME = f"(?:{'|'.join(_NAMES)})"
_SECRET_HEADER = re.compile(r"authorization|cookie|secret|passw|token|api-?key")
_SECRET_PARAMETER = re.compile(rf"((?:^|[&?]){_ANY_NAME}=)[^&]*", re.IGNORECASE)
_SECRET_MEMBER = re.compile(rf'("{_ANY_NAME}"\s*:\s*")(?:[^"\\]++|\\.)*+', re.IGNORECASE)
_SECRET_PART = re.compile(
    rf'(\bname="?{_ANY_NAME}"?[^\r\n]{{0,200}}+\r?\n(?:[^\r\n]{{1,1000}}+\r?\n){{0,8}}+\r?\n)'
    r".*?(?=\r?\n--|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(?:u00([2-7][0-9a-fA-F])|/)")
_PERCENT = ord("%")  # a byte is found sooner by its number
_STRUCTURE = frozenset('"\\')  # unescaped, they would end a text of JSON
_DOTTED = re.compile(r"(?<![\w.-])[\w.-]++", re.ASCII)
_TOKEN_BEGINS = "eyJ"  # noqa: S105  (the beginning of each, which is an object in JSON)
_KINDS_OF_ANSWERS = 64


class Redactor:
    """Takes secrets out of messages: by the place they stand in, and by `known` values wherever they are.

    A known value of less than six characters is taken out only where a secret stands. Whatever looks like a JSON Web
    Token is a secret.
    """

    def __init__(self, known: Iterable[str]) -> None:
        long_enough = {each for each in known if len(each) >= SHORTEST_KNOWN}
        self._known = (*sorted(long_enough, key=len, reverse=True), _TOKEN_BEGINS)
        self._known_bytes = tuple(_bytewise(each.encode()) for each in self._known)
        self._response_headers = lru_cache(_KINDS_OF_ANSWERS)(self._open_headers)

    def request(self, request: Request) -> Request:
        """The request without its secrets."""
        headers = {
            name: REDACTED if _is_secret_header(name) else value for name, value in request.headers.items()
        }
        head = f"{request.path}\n" + "\n".join(headers.values())
        path, query = request.path, self._fields(request.query) if request.query else ""
        if _holds(head, self._known):
            path = self._text(path)
            headers = {name: self._text(value) for name, value in headers.items()}
        encoding = request.headers.get("content-encoding", "identity")
        body = COMPRESSED if request.body and encoding != "identity" else self._body(request.body)
        return Request(request.method, path, query, headers, body, request.length, request.id)

    def text(self, text: str) -> str:
        """A text without the secrets that are known, and without tokens."""
        return self._text(text)

    def outcome(self, outcome: Outcome) -> Outcome:
        """The outcome without the secrets of its answer and its notices, and without its changes."""
        response, _, notices, behaviours = outcome
        notices = tuple([self._notice(notice) if notice.reason else notice for notice in notices])
        return Outcome(self.response(response), (), notices, behaviours)

    def response(self, response: Response) -> Response:
        """The response without its secrets."""
        status, headers, body = response
        return Response(status, self._response_headers(headers), self._body(body) if body else body)

    def _open_headers(self, headers: Headers) -> Headers:
        return tuple(
            (name, REDACTED if _is_secret_header(name.lower()) else self._text(value))
            for name, value in headers
        )

    def _notice(self, notice: Notice) -> Notice:
        heading, fate, behaviour, field, reason, nearest = notice
        text = f"{heading}\n{reason}\n{nearest}"
        if not _holds(text, self._known):
            return notice
        return Notice(
            heading and self._text(heading),
            fate,
            behaviour,
            field=field,
            reason=self._text(reason),
            nearest=nearest and self._text(nearest),
        )

    def _body(self, body: bytes) -> bytes:
        if 0 in body:  # UTF-16, in which nobody looks for a secret
            redact = body.replace(b"\0", b"")
            return body if self._body(redact) == redact else REDACTED.encode()
        if not self._is_suspect(body):
            return body
        text = body.decode("utf-8", "surrogateescape")
        hidden, plain = self._fields(text), _ESCAPED.sub(_unescaped, text)
        if plain != text and (hidden_plain := self._fields(plain)) != plain:
            hidden = hidden_plain
        return hidden.encode("utf-8", "surrogateescape")

    def _is_suspect(self, body: bytes) -> bool:
        """Whether a body may hold a secret, even behind percent signs or the escapes of JSON."""
        if _holds(_bytewise(body), self._known_bytes):
            return True
        if _PERCENT in body:
            body = unquote_to_bytes(body.replace(b"+", b" "))
            if _holds(_bytewise(body), self._known_bytes):
                return True
        text = _bytewise(body.lower())
        named = "secret" in text or "token" in text or "password" in text
        return named or ("\\" in text and ("\\u" in text or "\\/" in text))

    def _fields(self, text: str) -> str:
        text = _SECRET_PARAMETER.sub(rf"\1{REDACTED}", text)
        text = _SECRET_PART.sub(rf"\1{REDACTED}", _SECRET_MEMBER.sub(rf"\1{REDACTED}", text))
        if "%" in text:
            text = "&".join([self._parameter(each) for each in text.split("&")])
        return self._text(text)

    def _parameter(self, parameter: str) -> str:
        """A parameter as it was sent, unless its decoded name is that of a secret or its decoded value has one."""
        name, equals, value = parameter.partition("=")
        if "%" not in parameter or not equals:
            return parameter
        if unquote_plus(name).lower() in _NAMES:
            return f"{name}={REDACTED}"
        plain_name, plain_value = unquote_plus(name), unquote_plus(value)
        hidden_name = name if self._text(plain_name) == plain_name else REDACTED
        return f"{hidden_name}={value if self._text(plain_value) == plain_value else REDACTED}"

    def _text(self, text: str) -> str:
        for each in self._known:
            if each in text:
                text = (
                    _DOTTED.sub(_without_token, text)
                    if each is _TOKEN_BEGINS
                    else text.replace(each, REDACTED)
                )
        return text


def _without_token(dotted: re.Match[str]) -> str:
    """Words with dots between them, but not from where a JSON Web Token begins."""
    text = dotted[0]
    begin = text.find(_TOKEN_BEGINS)
    return text if begin < 0 or text.count(".", begin) < 2 else text[:begin] + REDACTED


@lru_cache(maxsize=512)
def _is_secret_header(name: str) -> bool:
    """Whether a header, its name in lower case, is there to carry a secret."""
    return _SECRET_HEADER.search(name) is not None


def _bytewise(body: bytes) -> str:
    """A body with a character for each byte: Python looks into text twice as fast."""
    return body.decode("latin-1")


def _holds(text: str, secrets: Iterable[str]) -> bool:
    for each in secrets:  # noqa: SIM110  (a generator would cost more than the search)
        if each in text:
            return True
    return False


def _unescaped(escape: re.Match[str]) -> str:
    """What an escape of JSON stands for."""
    character = chr(int(escape[1], 16)) if escape[1] else "/"
    return escape[0] if character in _STRUCTURE else character
