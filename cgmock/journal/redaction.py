"""Redacts secrets in requests, responses and texts before the journal stores them.

A secret is found in the decoded form of a message, and the encoded characters that stand for it are replaced. The rest of
the message keeps the bytes that were sent.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from itertools import groupby
from typing import NamedTuple
from urllib.parse import unquote_plus

from cgmock.core.messages import Headers, Request, Response
from cgmock.core.outcome import Notice, Outcome

REDACTED = "[redacted]"

COMPRESSED = b"[compressed]"
"""Stored instead of a compressed body. The API does not decompress bodies either."""

SHORTEST_KNOWN = 6
"""Minimum length, in characters, of a known secret that is redacted anywhere. A shorter one would match innocent text."""

_INSPECTED = 128 * 1024
"""Bytes of a body that are searched: twice what the journal keeps."""

_LAYERS = 2
"""Encodings around a secret that are decoded, for example JSON in a form field, or double percent-encoding."""

_NAMES = ("client_secret", "access_token", "refresh_token", "api_token", "password")
_ANY_NAME = "|".join(_NAMES)
_SECRET_HEADER = re.compile(r"authorization|cookie|secret|passw|token|api-?key")

_FOLD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ +.-/", b"abcdefghijklmnopqrstuvwxyz_____")
"""Ignores case, and differences that encodings make: forms write spaces as `+`, PHP turns spaces and dots of names into
underscores, and there are two alphabets of base64."""

# These patterns match folded text, in which a space is an underscore.
_PARAMETER = re.compile(r"(?:^|(?<=[&?]))([^=&?]++)=")
_MEMBER = re.compile(
    rf'"(?:{_ANY_NAME})"[_\t\r\n]*+:[_\t\r\n]*+(?:"((?:[^"\\]++|\\.)++)|([^\s"{{}}\[\],]++)|([\[{{])(?![_\t\r\n]*+[\]}}]))',
    re.DOTALL,
)
_STEP = re.compile(r'"(?:[^"\\]++|\\.)*+"?+|[\[\]{}]', re.DOTALL)
"""A string of JSON, or the begin or end of a list or an object."""
_PART = re.compile(
    rf"(?<![a-z])name_*+=_*+[\"']?(?:{_ANY_NAME})\b[^\r\n]{{0,200}}+\r?\n(?:[^\r\n]{{1,1000}}+\r?\n){{0,8}}+\r?\n(.+?)(?=\r?\n__|\Z)",
    re.DOTALL,
)
_BRACKETS = re.compile(r"[\[\]]")
_DOTTED = re.compile(r"(?<![\w.-])[\w.-]++", re.ASCII)
_TOKEN_BEGINS = "eyJ"  # noqa: S105  (every JSON Web Token begins with it)
_REDACTED_NAME = "%5Bredacted%5D"
_TOKEN_SIGN = _TOKEN_BEGINS.lower()
_USERINFO = re.compile(r"\A(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://|).*@", re.DOTALL)
_HEADS = 512
_PROBE = 7
_COMMON = "qzxjkvw9876b5yg43pfmuhdc2l1_0:nirsaote"
"""From rare to common; all others are rarer still."""
_NOTHING = "(?!)"

Span = tuple[int, int]


def without_userinfo(url: str) -> str:
    """Return a URL, also an invalid one, without a user name and password: the form in which URLs are printed."""
    return _USERINFO.sub(r"\g<scheme>", url)


class _Layer(NamedTuple):
    """An encoding: the character that every escape begins with, the escapes, and the bytes that an escape stands for."""

    mark: str
    escapes: re.Pattern[str]
    plain: Callable[[re.Match[str]], str]

    def decoded(self, text: str) -> str:
        """Return the text without this encoding."""
        return self.escapes.sub(self.plain, text)

    def mapped(self, text: str) -> tuple[str, list[int], list[int]]:
        """The decoded text, with the begin and the end in the encoded text of each of its characters."""
        pieces, begins, ends, at = [], list[int](), list[int](), 0
        for escape in self.escapes.finditer(text):
            begin, end = escape.span()
            plain = self.plain(escape)
            pieces += [text[at:begin], plain]
            begins += [*range(at, begin), *[begin] * len(plain)]
            ends += [*range(at + 1, begin + 1), *[end] * len(plain)]
            at = end
        begins += range(at, len(text))
        ends += range(at + 1, len(text) + 1)
        return "".join([*pieces, text[at:]]), begins, ends


class Redactor:
    """Redacts what stands where secrets stand, JSON Web Tokens, and `known` secrets wherever they are.

    A known secret of less than six characters is redacted only where secrets stand.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {
            form: margin for each in known if len(each) >= SHORTEST_KNOWN for form, margin in _forms(each)
        }
        self._search = _any_of({_probe(form) for form in self._known}).search
        # Most clients send the same head again and again.
        self._names_of_headers = lru_cache(_HEADS)(self._secret_and_odd)
        self._is_suspect_text = lru_cache(_HEADS)(partial(_any_encoding, self._is_suspect))
        self._has_known_text = lru_cache(_HEADS)(partial(_any_encoding, self._holds_known))
        self._response_headers = lru_cache(_HEADS)(self._open_headers)

    def request(self, request: Request) -> Request:
        """Return the request without secrets."""
        method, path, query, headers, body, length, number = request
        secret, odd = self._names_of_headers(tuple(headers))
        headers = {**headers, **{name: REDACTED for name in secret if headers[name]}}
        for name in odd:
            headers[self.text(name)] = headers.pop(name)
        if self._has_known_text(f"{method} {path}"):
            method, path = self.text(method), self.text(path)
        if self._is_suspect_text("\n".join((query, *headers.values()))):
            query = self.text(query, is_form=True)
            headers = {name: self.text(value) for name, value in headers.items()}
        if body:
            is_packed = headers.get("content-encoding", "identity") != "identity"
            is_form = "urlencoded" in headers.get("content-type", "")
            body = COMPRESSED if is_packed else self._body(body, is_form=is_form)
        return Request(method, path, query, headers, body, length, number)

    def text(self, text: str, *, is_form: bool = False) -> str:
        """Return the text without secrets. Its characters may stand for themselves, or for bytes as in WSGI."""
        for encoding in _encodings(text):
            encoded = _encoded(text, encoding)
            if self._is_suspect(encoded):
                text = self._hidden(encoded, is_form=is_form).decode(encoding, "surrogateescape")
        return text

    def outcome(self, outcome: Outcome) -> Outcome:
        """Return the outcome without the secrets of its response and its notices, and without its changes."""
        response, _, notices, behaviours = outcome
        notices = tuple([self._notice(notice) if notice.reason else notice for notice in notices])
        return Outcome(self.response(response), (), notices, behaviours)

    def response(self, response: Response) -> Response:
        """Return the response without its secrets."""
        status, headers, body = response
        return Response(status, self._response_headers(headers), self._body(body) if body else body)

    def _open_headers(self, headers: Headers) -> Headers:
        return tuple(
            (self.text(name), REDACTED if _is_secret_header(name.lower()) else self.text(value))
            for name, value in headers
        )

    def _secret_and_odd(self, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """The headers that carry secrets, and those whose names hold known secrets."""
        secret = [name for name in names if _is_secret_header(name)]
        return secret, [name for name in names if self._has_known_text(name)]

    def _notice(self, notice: Notice) -> Notice:
        heading, _, _, _, reason, nearest = notice
        if not self._is_suspect(_encoded(f"{heading}\n{reason}\n{nearest}")):
            return notice
        return notice._replace(
            heading=heading and self.text(heading),
            reason=self.text(reason),
            nearest=nearest and self.text(nearest),
        )

    def _body(self, body: bytes, *, is_form: bool = False) -> bytes:
        if len(body) > _INSPECTED:
            hidden = self._body(body[:_INSPECTED], is_form=is_form)
            # Half a secret may stand at the end, so it must not be among what the journal keeps.
            return hidden if len(hidden) > _INSPECTED * 3 // 4 else REDACTED.encode()
        if 0 in body:
            return REDACTED.encode() if self._is_in_utf_16(body) else body
        if not self._is_suspect(body):
            return body
        hidden = self._hidden(body, is_form=is_form)
        return hidden if hidden == body else self._as_json(body, hidden)

    def _is_in_utf_16(self, body: bytes) -> bool:
        """Whether a body with NULs holds a secret, in UTF-16 or in any other way."""
        wide = [body.decode(encoding, "replace").encode() for encoding in ("utf-16-le", "utf-16-be")]
        return any(self._hidden(each) != each for each in (body, body.replace(b"\0", b""), *wide))

    def _as_json(self, body: bytes, hidden: bytes) -> bytes:
        """Return a redacted body that is JSON if the body is: a number may have been a secret."""
        if not body.lstrip().startswith((b"{", b"[")):
            return hidden
        with suppress(ValueError, RecursionError):
            document = json.loads(body)
            try:
                json.loads(hidden)
            except ValueError:
                return json.dumps(self._value(document)).encode()
        return hidden

    def _value(self, value: object) -> object:
        match value:
            case dict():
                return {
                    self.text(name): REDACTED if _folded(_encoded(name)) in _NAMES else self._value(each)
                    for name, each in value.items()
                }
            case list():
                return [self._value(each) for each in value]
            case _:
                text = str(value)
                hidden = self.text(text)
                return value if hidden == text else hidden

    def _is_suspect(self, message: bytes) -> bool:
        """Whether a message may hold a secret, perhaps behind escapes. Most do not: this is the fast path."""
        if self._has_sign(_folded(message)):
            return True
        if b"%" in message or b"\\" in message:
            return any(
                self._has_sign(_folded(_bytes(view))) for view in _views(message.decode("latin-1"), _LAYERS)
            )
        return False

    def _holds_known(self, message: bytes) -> bool:
        """The same for a part whose names may speak of secrets, such as the path of the token endpoint."""
        text = message.decode("latin-1")
        return any(self._has_known(_folded(_bytes(view))) for view in (text, *_views(text, _LAYERS)))

    def _has_sign(self, folded: str) -> bool:
        return "secret" in folded or "token" in folded or "password" in folded or self._has_known(folded)

    def _has_known(self, folded: str) -> bool:
        return _TOKEN_SIGN in folded or self._search(folded) is not None

    def _hidden(self, message: bytes, *, is_form: bool = False) -> bytes:
        text = message.decode("latin-1")
        pieces, at = list[str](), 0
        for begin, end in sorted(self._spans(text, _LAYERS)):
            if end <= max(begin, at):
                continue
            if begin > at or not pieces:
                is_name = is_form and _is_name(text, begin, end)
                pieces += [text[at:begin], _REDACTED_NAME if is_name else REDACTED]
            at = end
        return _bytes("".join([*pieces, text[at:]]))

    def _spans(self, text: str, layers: int) -> Iterator[Span]:
        """Yield the spans of secrets in a text, also in its decoded forms."""
        folded = _folded(_bytes(text))
        if self._search(folded):
            for form, margin in self._known.items():
                yield from _found(folded, form, margin)
        if _TOKEN_BEGINS in text:
            yield from _tokens(text)
        yield from _named(text, folded)
        for layer in _ENCODINGS if layers else ():
            if layer.mark in text:
                plain, begins, ends = layer.mapped(text)
                yield from _at_source(self._spans(plain, layers - 1), begins, ends)


def _forms(secret: str) -> Iterator[tuple[str, int]]:
    """The folded forms that a secret has in decoded text, each with the characters beside it that show a part of it."""
    plain = secret.strip()
    plain = plain if len(plain) >= SHORTEST_KNOWN else secret
    for encoded in (_encoded(plain, encoding) for encoding in _encodings(plain)):
        folded = _folded(encoded)
        yield folded, 0
        yield folded.replace("[", "_"), 0  # PHP, of a name in which no bracket closes
        for before in range(3):
            whole = base64.b64encode(bytes(before) + encoded)
            begin, end = -(-before * 8 // 6), (before + len(encoded)) * 8 // 6
            yield _folded(whole[begin:end]), 1


def _found(folded: str, form: str, margin: int) -> Iterator[Span]:
    at = folded.find(form)
    while at >= 0:
        end = at + len(form)
        before = margin and _is_base64(folded[at - 1 : at])
        yield at - before, end + (margin and _is_base64(folded[end : end + 1]))
        at = folded.find(form, end)


def _is_base64(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalnum())


def _tokens(text: str) -> Iterator[Span]:
    """JSON Web Tokens: words with dots between them, from where a token begins."""
    for dotted in _DOTTED.finditer(text):
        begin = text.find(_TOKEN_BEGINS, *dotted.span())
        if begin >= 0 and text.count(".", begin, dotted.end()) >= 2:
            yield begin, dotted.end()


def _named(text: str, folded: str) -> Iterator[Span]:
    """Yield the spans of the values that follow names of secrets."""
    if '"' in folded:
        yield from _members(folded)
    if "\\" in text:
        plain, begins, ends = _NAMES_IN_JSON.mapped(text)
        yield from _at_source(_members(_folded(_bytes(plain))), begins, ends)
    if "name" in folded and "\n" in folded:
        yield from (found.span(1) for found in _PART.finditer(folded))
    if "=" in folded:
        yield from _parameters(text, folded)


def _members(folded: str) -> Iterator[Span]:
    """The values of members of JSON objects with the names of secrets."""
    last = 0
    for found in _MEMBER.finditer(folded):
        begin, end = found.span(found.lastindex or 0)
        if begin >= last:  # no member of a list or an object that is a secret: the time would be quadratic
            last = _end_of_nested(folded, begin) if found[3] else end
            yield begin, last


def _end_of_nested(folded: str, begin: int) -> int:
    """The end of the list or the object that begins at a place: the end of the text if it is not closed."""
    depth = 0
    for step in _STEP.finditer(folded, begin):
        depth += (step[0] in "[{") - (step[0] in "]}")
        if not depth:
            return step.end()
    return len(folded)


def _parameters(text: str, folded: str) -> Iterator[Span]:
    """The values of parameters with the names of secrets."""
    for found in _PARAMETER.finditer(folded):
        name = found[1]
        if "%" in name:
            name = _folded(_encoded(unquote_plus(name)))
        if any(key.strip("_") in _NAMES for key in _BRACKETS.split(name)):
            end = text.find("&", found.end())
            yield found.end(), len(text) if end < 0 else end


def _is_name(text: str, begin: int, end: int) -> bool:
    """Whether a part of a form is in the name of a field."""
    field = text.rfind("&", 0, begin) + 1
    return "=" not in text[field:begin] and "=" in text[end:].partition("&")[0]


def _at_source(spans: Iterable[Span], begins: list[int], ends: list[int]) -> Iterator[Span]:
    """Spans of decoded text, as spans of the encoded text."""
    return ((begins[begin], ends[end - 1]) for begin, end in spans)


def _views(text: str, layers: int) -> Iterator[str]:
    """Yield the decoded forms of a text."""
    for layer in _ENCODINGS:
        if layer.mark in text:
            plain = layer.decoded(text)
            yield plain
            if layers > 1:
                yield from _views(plain, layers - 1)


def _unescaped(escape: re.Match[str]) -> str:
    """The bytes, in UTF-8, that an escape of JSON or of Python stands for."""
    return _character(escape[0])


def _unescaped_name(escape: re.Match[str]) -> str:
    """The same, except for what would end a string."""
    plain = _character(escape[0])
    return escape[0] if plain in _STRUCTURE else plain


@lru_cache(maxsize=4096)
def _character(escape: str) -> str:
    if escape[1] == "x":
        return chr(int(f"0{escape[1:]}", 0))
    if escape[1] == "'":
        return "'"
    return json.loads(f'"{escape}"').encode("utf-8", "surrogatepass").decode("latin-1")  # type: ignore[no-any-return]


def _unquoted(escape: re.Match[str]) -> str:
    return _OF_PERCENT[escape[0]]


def _is_secret_header(name: str) -> bool:
    """Whether a header, its name in lower case, carries a secret."""
    return _SECRET_HEADER.search(name) is not None


def _folded(message: bytes) -> str:
    """A message for comparisons, with a character for each byte: Python searches text twice as fast."""
    return message.translate(_FOLD).decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def _encodings(text: str) -> tuple[str, ...]:
    """The encodings in which the bytes of a text may be those of a secret."""
    return ("utf-8",) if text.isascii() or max(text) > "\xff" else ("utf-8", "latin-1")


def _any_encoding(holds: Callable[[bytes], bool], text: str) -> bool:
    return any(holds(_encoded(text, encoding)) for encoding in _encodings(text))


def _encoded(text: str, encoding: str = "utf-8") -> bytes:
    try:
        return text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(encoding, "surrogatepass")


def _probe(form: str) -> str:
    """The part of a form that is searched for: it begins with a rare character, so that a search rarely stops."""
    last = max(len(form) - _PROBE, 0)
    begin = min(range(last + 1), key=lambda at: _COMMON.find(form[at]))
    return form[begin : begin + _PROBE]


def _any_of(probes: Iterable[str]) -> re.Pattern[str]:
    """A pattern of all probes, grouped by their first characters: it takes half as long to search for."""
    groups = groupby(sorted(probes), key=lambda probe: probe[0])
    rests = {first: "|".join(re.escape(probe[1:]) for probe in group) for first, group in groups}
    return re.compile("|".join(f"{re.escape(first)}(?:{rest})" for first, rest in rests.items()) or _NOTHING)


_HEX = "0123456789abcdefABCDEF"
_OF_PERCENT = {f"%{high}{low}": chr(int(high + low, 16)) for high in _HEX for low in _HEX}
_STRUCTURE = frozenset('"\\')
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\"\\/bfnrt'])"
)
_ENCODINGS = (_Layer("%", re.compile("%[0-9a-fA-F]{2}"), _unquoted), _Layer("\\", _ESCAPE, _unescaped))
_NAMES_IN_JSON = _Layer("\\", _ESCAPE, _unescaped_name)
