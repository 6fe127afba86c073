"""What was asked and answered, as evidence: without secrets, and the same in every run of the same check."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, quote_plus, unquote_to_bytes

import httpx

from cgmock.journal.redaction import Redactor
from cgmock.live.results import Json

_FORM = "application/x-www-form-urlencoded"
_ASKED_HEADERS = ("accept", "content-type", "x-http-method-override")
_ANSWERED_HEADERS = ("allow", "content-type", "location", "www-authenticate")
_SHOWN = 400
_SCHEMES = frozenset({"Basic", "Bearer", "bearer"})
_TOKENS = frozenset({"access_token", "refresh_token", "id_token"})
_TOKEN = re.compile(r"\beyJ[\w.-]{20,}")
"""A JSON Web Token, also one that was cut to be shown."""

_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)


class Names(NamedTuple):
    """What stands for the parts that differ from run to run: for `whole` values, and for `parts` wherever they occur."""

    whole: Mapping[str, str]
    parts: Mapping[str, str]
    redactor: Redactor

    def tidied(self, content: Json) -> Json:
        """The same JSON object with the names in the place of what they stand for."""
        return _cut(changed(content, self.text))

    def text(self, text: str) -> str:
        """Return a text with the names in it, without tokens and secrets."""
        if text in self.whole:
            return self.whole[text]
        for part, name in self.parts.items():
            text = text.replace(part, name)
        return self.redactor.text(_TOKEN.sub("<token>", text))


def names(whole: Mapping[str, str], parts: Mapping[str, str], redactor: Redactor) -> Names:
    """Names for values; the longest parts are looked for first, also as a URL or JSON writes them.

    The redactor finds secrets in any other encoding.
    """
    forms = {
        form: name
        for value, name in parts.items()
        if value
        for form in (value, quote_plus(value), json.dumps(value)[1:-1])
    }
    return Names(whole, dict(sorted(forms.items(), key=lambda item: len(item[0]), reverse=True)), redactor)


def changed(content: Json, change: Callable[[str], str]) -> Json:
    """A JSON object with each of its texts changed; tokens are hidden."""
    return {
        change(name): "<token>" if name in _TOKENS and value else _changed(value, change)
        for name, value in content.items()
    }


def _cut(content: Json) -> Json:
    """Return the content with long plain texts cut, which must be redacted before."""
    return {
        name: _cut(each)
        if isinstance(each, dict)
        else f"{each[:_SHOWN]}… ({len(each)} characters)"
        if name == "text" and isinstance(each, str) and len(each) > _SHOWN
        else each
        for name, each in content.items()
    }


def _changed(value: object, change: Callable[[str], str]) -> object:
    match value:
        case str():
            return change(value)
        case Mapping():
            return changed(value, change)
        case list():
            return [_changed(each, change) for each in value]
        case _:
            return value


def asked(service: str, path: str, request: httpx.Request) -> Json:
    """A request as evidence; `path` is that of the service, whatever its base."""
    headers = {name: request.headers[name] for name in _ASKED_HEADERS if name in request.headers}
    scheme = request.headers.get("authorization", "").partition(" ")[0]
    query = {"query": _pairs(request.url.query)} if request.url.query else {}
    credential = {"authorization": f"{scheme} …"} if scheme in _SCHEMES else {}
    return {
        "method": request.method,
        "to": service,
        "path": path,
        **query,
        "headers": headers | credential,
        **_content(request.read(), request.headers.get("content-type", "")),
    }


def answered(response: httpx.Response) -> Json:
    """An answer as evidence: of its headers those that mean something, of a page only that it is one."""
    headers = {name: response.headers[name] for name in _ANSWERED_HEADERS if name in response.headers}
    content_type = (
        headers.pop("content-type", "") if not response.content else headers.get("content-type", "")
    )
    return {"status": response.status_code, "headers": headers, **_content(response.content, content_type)}


def without_ids(content: Json, known: Collection[str]) -> Json:
    """An answer without the ids that a service makes up; those that are `known` stay."""
    return changed(
        content, lambda text: _ID.sub(lambda found: found[0] if found[0] in known else "<id>", text)
    )


def _content(body: bytes, content_type: str) -> Json:
    if not body:
        return {}
    if "html" in content_type:
        return {"page": "<page>"}
    if content_type.startswith(_FORM) and not body.lstrip().startswith(b"{"):
        return {"form": _pairs(body)}
    try:
        return {"json": json.loads(body)}
    except (ValueError, RecursionError):
        return {"text": body.decode(_charset(body))}


def _charset(content: bytes) -> str:
    """Return UTF-8, or Latin-1 for other content: each byte stays what it is, so the redactor finds a secret."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _pairs(encoded: bytes) -> list[list[str]]:
    charset = _charset(unquote_to_bytes(encoded))
    pairs = parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, encoding=charset)
    return [list(pair) for pair in pairs]
