"""What is fuzzed: HTTP messages, so that an input can be read, and each is sent to one of several tenants."""

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from cgmock.core.messages import Request
from cgmock.core.outcome import RateWindow, Values, View
from cgmock.core.tenant import (
    BadValue,
    Dialect,
    EmptyOnUpdate,
    HeadingCase,
    NoAcceptHeader,
    Refusal,
    Region,
    RepeatResponse,
    TokenContentType,
    TokenErrors,
    TrailingSlash,
    UnknownConfiguration,
    UnknownTouchpoint,
    WebhookKeys,
    WebhookQueryNames,
    YesNo,
)
from tests.acme import APP, FORM, JSON, NOW, FakeData, basic, tenant, view
from tests.paths import FIXTURES

_LOUD = tenant(
    unknown_configuration=UnknownConfiguration.NOT_FOUND,
    unknown_touchpoint=UnknownTouchpoint.UNPROCESSABLE,
    bad_value=BadValue.UNPROCESSABLE,
    heading_case=HeadingCase.INSENSITIVE,
    dialect=Dialect.LARAVEL10,
    multi_object_requires_account=YesNo.YES,
    external_response_requires_dates=YesNo.YES,
    token_errors=TokenErrors.RFC,
    token_content_type=TokenContentType.INVALID_REQUEST,
    webhook_keys=WebhookKeys.HEADINGS,
    rate_limit=2,
)
_LENIENT = tenant(
    unknown_configuration=UnknownConfiguration.DROPPED,
    missing_required_field=Refusal.ACCEPTED_AND_FAILED,
    unknown_touchpoint=UnknownTouchpoint.DROPPED,
    bad_value=BadValue.STORED,
    repeat_response=RepeatResponse.IGNORED,
    empty_on_update=EmptyOnUpdate.CLEARS,
    no_accept_header=NoAcceptHeader.LARAVEL_REDIRECT,
    trailing_slash=TrailingSlash.REQUIRED,
    dialect=Dialect.LARAVEL9,
    webhook_query_names=WebhookQueryNames.DROPPED,
)
_JOE: Values = {"email": "joe@example.com", "first_name": "Joe", "account_name": "ACME"}
_SENT: Values = {
    "email": "joe@example.com",
    "nps": 9,
    "segment:A": "x",
    "segment:A.b": "y",
    "sent_date": None,
}
_KNOWN = FakeData([_JOE], {"Acme Ltd": "ACME"}, [_JOE, _SENT], RateWindow(NOW - 5, 1))

VIEWS: tuple[View, ...] = (
    view(),
    view(_LOUD, _KNOWN),
    view(_LENIENT, _KNOWN),
    view(replace(_LOUD, region=Region.US), replace(_KNOWN, window=RateWindow(NOW - 5, 2))),
    view(_LENIENT)._replace(claims=None),
    view(None)._replace(claims=None),
)
"""The tenants that are asked, by the digit that an input begins with."""

_DIGITS = frozenset(str(number) for number in range(len(VIEWS)))

_FORM, _JSON = f"content-type: {FORM}", f"content-type: {JSON}"
_BASIC, _HOOK = (
    f"authorization: {basic(*each)}"
    for each in ((APP.client_id, APP.client_secret), ("acme-hook", "acme-password"))
)
_AUTH_HOST, _HOOK_HOST = "host: auth.eu.customergauge.com", "host: hooks.eu.customergauge.com"
_PERIOD = "period[field]=date_sent&period[start]=2023-01-01&period[end]=2023-12-31"
_OTHERS: tuple[tuple[str, list[str], bytes], ...] = (
    ("POST /oauth2/token", [_FORM, _BASIC, _AUTH_HOST], b"grant_type=client_credentials&scope=imports/write"),
    ("GET /.well-known/jwks.json", [], b""),
    (
        "POST /records/",
        ["content-type: multipart/form-data; boundary=x", "x-http-method-override: PUT"],
        b'--x\r\nContent-Disposition: form-data; name="record[Email]"\r\n\r\na@b.c\r\n--x--\r\n',
    ),
    ("PUT /records/", [_JSON, "content-length: 8388609"], b""),
    ("PUT /hooks/contacts", [_JSON, _HOOK], b'{"Email":"joe@example.com","First Name":"Joe"}'),
    ("PUT /responses?Email=joe@example.com&NPS_Score=9", [_FORM, _HOOK, _HOOK_HOST], b""),
    (f"GET /v7/rest/sync/responses?per_page=2&cursor=0&with[]=tags&{_PERIOD}", [_JSON], b""),
    ("GET /v7/rest/sync/responses", ["accept: application/json", "host: api.us.customergauge.com"], b""),
)

# fmt: off
_WORDS = tuple(word.encode("latin-1") for word in (
    "configuration", "record", "contact", "external_response", "survey", "activity", "multi_object", "account_alias",
    "Email", "Phone", "Account Name", "NPS Score", "Sent Date", "Touchpoint", "Contact Reference", "Alias", "Acme Ltd",
    "joe@example.com", "2023-05-10 11:34:56", "After Sales", "_method", "PUT", "POST", "HEAD", "/records/", "/records",
    "/oauth2/token", "/.well-known/jwks.json", "/hooks/", "/v7/rest/sync/responses", "per_page", "cursor", "period", "start", "with", "grant_type", "client_credentials", "refresh_token", "client_id",
    "client_secret", APP.client_id, APP.client_secret, FORM, JSON, "+json", "multipart/form-data; boundary=x", "--x", "\r\n", "Content-Disposition: form-data; name=", "filename=", "\r", "\n", "\n\n",
    "host: auth.eu.customergauge.com", "host: hooks.au.customergauge.com", "host: imports.api.us.customergauge.com:443", "authorization: Bearer ",
    "authorization: Basic ", "accept: ", "*/*", "text/html;q=0.5, ", "application/problem+json", "content-type: ",
    "x-http-method-override: ", "x-requested-with: XMLHttpRequest", "x-pjax: 1", "content-length: 8388609",
    "[", "]", "[]", "[x]", "=", "&", "&&", "+", "%", "%00", "%26", "%3D", "%5B", "%5D", "%ff", "%ED%A0%80", ";", ".", " ",
    "{", "}", "{}", ":", ",", '"', '":"', '","', "\\", "\\u0000", "\\ud800", "\\udc00", "\\u00e9", "null", "true", "0", "-",
    "1", "-0", "1.5", "1e5", "1e400", "9223372036854775807", "9223372036854775808", "NaN", "Infinity", "__Host-",
    "\0", "\t", "\x0b", "\xa0", "\xff", "\xef\xbb\xbf", "\xed\xa0\x80", "\xe2\x80\x8b", "\xd0\x95", "\xc3\x9f", "\xc4\xb0",
))
# fmt: on


def asked(sent: bytes) -> tuple[View, Request]:
    """The tenant that an input asks, and the request that it is; any bytes are one."""
    head, _, body = sent.partition(b"\n\n")
    first, *lines = head.decode("latin-1").split("\n")
    view_ = VIEWS[int(first[:1])] if first[:1] in _DIGITS else VIEWS[0]
    method, _, target = first[2:].partition(" ")
    path, _, query = target.partition("?")
    pairs = (line.partition(": ") for line in lines)
    headers = {name.lower(): value for name, _, value in pairs}
    announced = headers.pop("content-length", "")
    length = int(announced) if announced.isascii() and announced.isdecimal() and len(announced) < 19 else 0
    return view_, Request(method, path, query, headers, body, max(length, len(body)), "request-1")


def seeds() -> Iterator[bytes]:
    """Inputs to begin with: the interactions and the vectors of PHP, for each tenant."""
    for file in sorted((FIXTURES / "interactions").glob("*.json")):
        sent = json.loads(file.read_text(encoding="utf-8"))["request"]
        lines = [f"{name}: {value}" for name, value in sent["headers"].items()]
        yield from _for_each_tenant(f"{sent['method']} {sent['path']}", lines, sent["body"].encode())
    for function, content_type in (("parse_str", FORM), ("json_decode", JSON)):
        vectors = json.loads((FIXTURES / "php" / f"{function}.json").read_text(encoding="utf-8"))["vectors"]
        for vector in vectors:
            body = vector["sent"].encode("utf-8", "surrogateescape")
            yield _message("0 PUT /records/", [f"content-type: {content_type}"], body)
    for first, lines, body in _OTHERS:
        yield from _for_each_tenant(first, lines, body)


def mutated(sent: bytes, random: Random) -> bytes:
    """An input with a few changes: words put in, pieces repeated, moved, cut out or written over."""
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        start = random.randint(0, len(sent))
        end = min(len(sent), start + random.choice((0, 1, 2, 8, 64, 1024)))
        sent = sent[:start] + random.choice(_CHANGES)(sent[start:end], random) + sent[end:]
    return sent


def _insert(piece: bytes, random: Random) -> bytes:
    return random.choice(_WORDS) + piece


def _replace(_: bytes, random: Random) -> bytes:
    return random.choice(_WORDS)


def _cut(_: bytes, __: Random) -> bytes:
    return b""


def _repeat(piece: bytes, random: Random) -> bytes:
    return (piece or random.choice(_WORDS)) * random.choice((2, 3, 10, 65, 513, 1001))


def _noise(piece: bytes, random: Random) -> bytes:
    return random.randbytes(len(piece))


def _reverse(piece: bytes, _: Random) -> bytes:
    return piece[::-1]


_CHANGES = (_insert, _insert, _insert, _replace, _replace, _cut, _repeat, _noise, _reverse)


def _for_each_tenant(first: str, lines: list[str], body: bytes) -> Iterator[bytes]:
    for number in range(len(VIEWS)):
        yield _message(f"{number} {first}", lines, body)


def _message(first: str, lines: list[str], body: bytes) -> bytes:
    return "\n".join([first, *lines]).encode("latin-1") + b"\n\n" + body
