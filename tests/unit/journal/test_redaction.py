"""A secret, of any characters, in any place and any encoding of a request, is in no view of the journal."""

import base64
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings, strategies as st

from cgmock.core.messages import Request, Response
from cgmock.core.routing import Endpoint
from cgmock.core.tenant import ConnectedApp
from cgmock.faults import Fault
from cgmock.journal.journal import BODY_LIMIT
from cgmock.journal.redaction import REDACTED, SHORTEST_KNOWN, Redactor
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from cgmock.web.serializers import serialize_full_entry
from tests.acme import ACME, FORM, JSON
from tests.adapters import TOKENS

_MARKS = frozenset("!#$%&*<>@\\^`{|}~'\"")


def is_distinctive(text: str) -> bool:
    """Whether a text is unlike any word of a request."""
    return len(set(text.strip())) >= 5 and not (text.isascii() and _MARKS.isdisjoint(text))


SECRETS = st.binary(min_size=10, max_size=20).map(bytes.hex) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=6, max_size=24
).filter(lambda text: len(text.strip()) >= SHORTEST_KNOWN and is_distinctive(text))
"""Secrets that no innocent text contains by chance, and that are long enough after PHP has trimmed them."""


def in_json(secret: str) -> bytes:
    """A string of JSON in ASCII, without its quotes."""
    return json.dumps(secret).encode()[1:-1]


def in_escapes(secret: str) -> bytes:
    """Every character as an escape of JSON, its digits in upper case."""
    units = secret.encode("utf-16-be")
    return b"".join(b"\\u%02X%02X" % pair for pair in zip(units[::2], units[1::2], strict=True))


def percent(secret: bytes) -> bytes:
    """Every byte percent-encoded, in lower case."""
    return b"".join(b"%%%02x" % each for each in secret)


def in_latin_1(secret: str) -> bytes:
    """The bytes in Latin-1, if it has the characters."""
    return secret.encode("latin-1", "ignore") if max(secret) <= "\xff" else secret.encode()


ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "nothing": str.encode,
    "JSON": in_json,
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False).encode()[1:-1],
    "JSON with escaped slashes": lambda secret: in_json(secret).replace(b"/", b"\\/"),
    "JSON in upper case": in_escapes,
    "JSON in lower case": lambda secret: in_escapes(secret).lower(),
    "JSON in a string of JSON": lambda secret: in_json(in_json(secret).decode()),
    "plus signs": lambda secret: quote_plus(secret).encode(),
    "percent signs": lambda secret: quote(secret, safe="").encode(),
    "all percent signs": lambda secret: percent(secret.encode()),
    "percent signs, twice": lambda secret: quote(quote(secret, safe=""), safe="").encode(),
    "JSON in percent signs": lambda secret: quote(in_json(secret), safe="").encode(),
    "Latin-1": in_latin_1,
    "Latin-1 in percent signs": lambda secret: percent(in_latin_1(secret)),
    "base64": lambda secret: base64.b64encode(secret.encode()),
    "base64 for URLs": lambda secret: base64.urlsafe_b64encode(secret.encode()),
    "base64 of Latin-1": lambda secret: base64.b64encode(in_latin_1(secret)),
    "base64 with a name": lambda secret: base64.b64encode(f"acme-crm:{secret}".encode()),
    "base64 in percent signs": lambda secret: quote(
        base64.b64encode(f"ab:{secret}x".encode()), safe=""
    ).encode(),
}


def put(body: bytes, content_type: str = JSON, path: str = "/hooks/contacts", query: str = "") -> Request:
    """A request to the webhook, with the right password."""
    authorization = "Basic " + base64.b64encode(b"acme-hook:right-password").decode()
    headers = {"authorization": authorization, "content-type": content_type}
    return Request("PUT", path, query, headers, body, len(body))


def with_header(name: str, value: bytes) -> Request:
    """A request with a header."""
    request = put(b'{"Email": "joe@example.com"}')
    return request._replace(headers={**request.headers, name: value.decode("latin-1")})


def multipart(name: bytes, value: bytes) -> Request:
    """A form in parts."""
    body = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n--x--\r\n' % (name, value)
    return put(body, "multipart/form-data; boundary=x")._replace(method="POST")


PLACES: Mapping[str, Callable[[bytes], Request]] = {
    "a value of JSON": lambda it: put(b'{"Email": "joe@example.com", "First Name": "%s"}' % it),
    "a name of JSON": lambda it: put(b'{"Email": "joe@example.com", "%s": "x"}' % it),
    "a value of a record": lambda it: put(b'{"configuration": "contact", "record": {"Email": "%s"}}' % it, path="/records/"),
    "a configuration": lambda it: put(b'{"configuration": "%s", "record": {}}' % it, path="/records/"),
    "a value of a form": lambda it: put(b"Email=joe%%40example.com&First+Name=%s&a=b" % it, FORM),
    "a name of a form": lambda it: put(b"Email=joe%%40example.com&%s=1" % it, FORM),
    "a record in a form": lambda it: put(b"configuration=contact&record[%s]=%s" % (it, it), FORM, "/records/"),
    "a token request": lambda it: put(b"client_id=acme-crm&client_secret=%s" % it, FORM, "/oauth2/token")._replace(method="POST"),
    "a body of text": lambda it: put(b"this is " + it, "text/plain"),
    "a part of a form": lambda it: multipart(b"Email", it),
    "a name of a part": lambda it: multipart(it, b"x"),
    "a value of a query": lambda it: put(b"{}", query=f"a=b&Email={it.decode('latin-1')}"),
    "a name of a query": lambda it: put(b"{}", query=f"a=b&{it.decode('latin-1')}=c"),
    "a query": lambda it: put(b"{}", query=it.decode("latin-1")),
    "a header": lambda it: with_header("x-note", b"see " + it),
    "the override header": lambda it: with_header("x-http-method-override", it),
    "the header Accept": lambda it: with_header("accept", it),
    "the header Content-Type": lambda it: with_header("content-type", b"text/plain; charset=" + it),
    "a Basic header": lambda it: with_header("authorization", b"Basic " + it),
    "a bearer header": lambda it: with_header("authorization", b"Bearer " + it),
    "a Basic header by another name": lambda it: with_header("x-forwarded", b"Basic " + it),
    "a cookie": lambda it: with_header("cookie", b"session=" + it),
    "the name of a header": lambda it: with_header(it.decode("latin-1"), b"x"),
    "the path": lambda it: put(b"", path=f"/records/{it.decode('latin-1')}/x"),
    "the method": lambda it: put(b"")._replace(method=it.decode("latin-1")),
}  # fmt: skip


@pytest.fixture(scope="module")
def mock() -> MockAPI:
    """A mock without tenants."""
    mock = MockAPI()
    mock.tokens = TOKENS
    return mock


@pytest.fixture(scope="module")
def control(mock: MockAPI) -> FlaskClient:
    """The control API."""
    return create_app(mock).test_client()


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(secret=SECRETS)
@settings(max_examples=4)
def test_no_view_of_the_journal_shows_a_secret(
    mock: MockAPI, control: FlaskClient, encoding: str, secret: str
) -> None:
    check_views(mock, control, encoding, secret)


@given(secret=SECRETS)
@settings(max_examples=10)
def test_no_view_of_a_planned_fault_shows_a_secret(mock: MockAPI, control: FlaskClient, secret: str) -> None:
    mock.store.add(replace(ACME, connected_apps=(ConnectedApp(client_id="acme-crm", client_secret=secret),)))
    header = "".join(each for each in secret if " " <= each <= "~")
    try:
        mock.store.hosted("acme").faults.add(
            Fault(body=secret, headers=(("X-Note", header),), endpoint=Endpoint.WEBHOOK)
        )
        mock.handle(put(b"{}"))
        shown = dict(views(mock, control))
    finally:
        mock.store.remove("acme")

    assert {name: leaks(text, secret) for name, text in shown.items() if leaks(text, secret)} == {}


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        ('{"client_secret": "wr\\"o\\\\", "a": 1}', '{"client_secret": "[redacted]", "a": 1}'),
        ('{"client\\u005Fsecret": "wr\\u006fng\\"x"}', '{"client\\u005Fsecret": "[redacted]"}'),
        ('{"CLIENT_SECRET" :\n"wrong"}', '{"CLIENT_SECRET" :\n"[redacted]"}'),
        ('{"Client Secret": "wrong"}', '{"Client Secret": "[redacted]"}'),
        ('{"password": 12345, "a": [2, null]}', '{"password": "[redacted]", "a": [2, null]}'),
        ('[{"password": 1.5}]', '[{"password": "[redacted]"}]'),
        ('{"data": "{\\"password\\": \\"wrong\\"}"}', '{"data": "{\\"password\\": \\"[redacted]\\"}"}'),
        ('{"client_secret": "cut', '{"client_secret": "[redacted]'),
        ('{"client_secret": ""}', '{"client_secret": ""}'),
        ('{"Comment": "my password: none"}', '{"Comment": "my password: none"}'),
        ("client_secret=wrong&a=1", "client_secret=[redacted]&a=1"),
        ("client_secret[]=wrong", "client_secret[]=[redacted]"),
        ("record[password]=wrong", "record[password]=[redacted]"),
        ("a%5Bclient.secret%5D=wr%26ng", "a%5Bclient.secret%5D=[redacted]"),
        ("+client+secret=wrong", "+client+secret=[redacted]"),
        ("%63lient%5Fs%65cret=wrong", "%63lient%5Fs%65cret=[redacted]"),
        ("data=%7B%22password%22%3A%22wrong%22%7D", "data=%7B%22password%22%3A%22[redacted]%22%7D"),
        ("url=http%3A%2F%2Fx%2F%3Fpassword%3Dwrong", "url=http%3A%2F%2Fx%2F%3Fpassword%3D[redacted]"),
        ("password_hint=none&passwords=x", "password_hint=none&passwords=x"),
        ("a=1&client_secret=&b=2", "a=1&client_secret=&b=2"),
    ],
)
def test_what_stands_where_a_secret_stands_is_redacted(body: str, hidden: str) -> None:
    request = Request("PUT", "/records/", body, {"content-type": FORM}, body.encode(), len(body))

    found = Redactor([]).request(request)

    assert found.body.decode() == hidden
    assert hidden.startswith(("{", "[")) or found.query == hidden


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        (b'{"a": 12345678, "b": [12345678, true]}', b'{"a": "[redacted]", "b": ["[redacted]", true]}'),
        (b'{"a": "12345678"}', b'{"a": "[redacted]"}'),
        (b'{"12345678": 1}', b'{"[redacted]": 1}'),
        (b'{"a": 12345678', b'{"a": [redacted]'),
        (b"[" * 3000 + b"12345678" + b"]" * 3000, b"[" * 3000 + b"[redacted]" + b"]" * 3000),
    ],
)
def test_a_body_of_json_is_still_json(body: bytes, hidden: bytes) -> None:
    assert Redactor(["12345678"]).request(put(body)).body == hidden


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        (b'{"client_secret": ["canary"], "a": 1}', b'{"client_secret": "[redacted]", "a": 1}'),
        (b'{"password": {"a": ["canary", {}]}, "b": []}', b'{"password": "[redacted]", "b": []}'),
        (b'{"client_secret": ["]", "canary"]}', b'{"client_secret": "[redacted]"}'),
        (b'{"client\\u005fsecret": ["canary"]}', b'{"client_secret": "[redacted]"}'),
        (
            b'{"a": "{\\"client_secret\\":[\\"canary\\"]}"}',
            b'{"a": "{\\"client_secret\\":[redacted]}"}',
        ),
        (b'{"client_secret": ["canary", "b', b'{"client_secret": [redacted]'),
        (b'{"client_secret": [{"password": ["canary"]}, "canary"]}', b'{"client_secret": "[redacted]"}'),
        (b'{"client_secret": [ ], "password": {}}', b'{"client_secret": [ ], "password": {}}'),
    ],
)
def test_a_list_or_an_object_in_the_place_of_a_secret_is_redacted(body: bytes, hidden: bytes) -> None:
    assert Redactor([]).request(Request("PUT", "/", body=body)).body == hidden


def test_a_secret_is_redacted_in_a_body_that_the_journal_cuts() -> None:
    def hidden(body: bytes) -> bytes:
        return Redactor(["known-secret"]).request(put(body)).body

    assert hidden(b"x" * 70_000 + b"known-secret" + b"x" * 100_000).find(b"known") < 0
    assert hidden(b"known-secret" * 20_000) == REDACTED.encode()
    assert len(hidden(b"x" * 1_000_000)) >= BODY_LIMIT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_secret_in_utf_16_is_redacted(encoding: str) -> None:
    body = '{"client_id": "ключ-канарейка"}'.encode(encoding)

    assert Redactor(["ключ-канарейка"]).request(put(body)).body == REDACTED.encode()
    assert Redactor(["another-one"]).request(put(body)).body == body


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("see ключ-канарейка.", "see [redacted]."),
        (r"b'\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87-канарейка'", "b'[redacted]'"),
        ("caf\udce9 ключ-канарейка", "caf\udce9 [redacted]"),
        ("\ud800 \udce9", "\ud800 \udce9"),
        (r"it\'s", r"it\'s"),
    ],
)
def test_a_text_is_redacted(text: str, hidden: str) -> None:
    assert Redactor(["ключ-канарейка"]).text(text) == hidden


def test_the_characters_of_a_head_need_not_be_bytes() -> None:
    request = Request("GET", "/ключ-канарейка", "a=ключ-канарейка", {"x": "ключ-канарейка"})

    found = Redactor(["ключ-канарейка"]).request(request)

    assert (found.path, found.query, found.headers["x"]) == ("/[redacted]", "a=[redacted]", REDACTED)


def test_the_headers_of_an_answer_are_redacted_by_name_and_value() -> None:
    headers = (("Set-Cookie", "a"), ("X-Known-Canary", "see known%2Dcanary"), ("Allow", "PUT"))

    assert Redactor(["known-canary"]).response(Response(200, headers)).headers == (
        ("Set-Cookie", REDACTED),
        ("X-[redacted]", "see [redacted]"),
        ("Allow", "PUT"),
    )


@pytest.mark.parametrize("known", [[], ["short"], ["a-known-secret", "anothér [one"]])
def test_an_ordinary_request_is_searched_and_not_taken_apart(
    known: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = '{"configuration": "12305294-0b20-4009-b95d-c8123301d66", "record": {"Name": "J\\u00f6 O\'Neill, 50%"}}'
    request = put(record.encode(), path="/oauth2/token", query="per_page=10&a=%20")
    redactor = Redactor(known)
    monkeypatch.delattr(Redactor, "_hidden")

    found = redactor.request(request)

    assert found == request._replace(headers={**request.headers, "authorization": REDACTED})


def check_views(mock: MockAPI, control: FlaskClient, encoding: str, secret: str) -> None:
    """Send a secret in every place, and look for it in every view."""
    hook = replace(ACME.webhooks["contacts"], password="right-password")
    apps = (ConnectedApp(client_id="acme-crm", client_secret=secret),)
    mock.store.unclaimed.clear()
    mock.store.add(replace(ACME, connected_apps=apps, webhooks={"contacts": hook}))
    encoded = ENCODINGS[encoding](secret)
    try:
        for request in PLACES.values():
            mock.handle(request(encoded))
        shown = dict(views(mock, control))
    finally:
        mock.store.remove("acme")

    assert {name: leaks(text, secret) for name, text in shown.items() if leaks(text, secret)} == {}


def views(mock: MockAPI, control: FlaskClient) -> Iterator[tuple[str, str]]:
    """Everything that shows requests: the entries, the control API, and the copies, which the inspector shows."""
    for name in ("v1/tenants/acme/journal", "v1/unclaimed"):
        page = control.get(f"/_cgmock/{name}?limit=1000")
        yield name, page.text
        yield f"{name}, decoded", "\n".join(texts(page.json))
    for name in ("contacts", "faults"):
        yield name, "\n".join(texts(control.get(f"/_cgmock/v1/tenants/acme/{name}").json))
    for entry in (*mock.store.hosted("acme").journal.after(0), *mock.store.unclaimed.after(0)):
        yield f"entry {entry.number}", repr(entry)
        shape = serialize_full_entry(entry, "acme", "http://127.0.0.1")
        yield f"copies {entry.number}", "\n".join(texts(shape))


def texts(document: object) -> Iterator[str]:
    """All strings of a JSON document."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for name, value in document.items():
            yield name
            yield from texts(value)
    elif isinstance(document, list):
        for value in document:
            yield from texts(value)


def leaks(text: str, secret: str) -> list[str]:
    """The ways in which a text shows a secret, decoded by other code than that under test."""
    bare = secret.strip(" \t\n\r\0\x0b")
    found = [name for name, encode in ENCODINGS.items() if encode(bare).decode("latin-1") in text]
    found += [name for name, encode in ENCODINGS.items() if encode(bare).decode(errors="replace") in text]
    unescaped = re.sub(
        r"(?:\\u[0-9a-fA-F]{4})+|\\[nrtbf\"\\/]",
        lambda escapes: (
            json.loads(f'"{escapes[0]}"').encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        ),
        text,
    )
    plain = {
        "unescaped": unescaped,
        "unquoted": unquote(text),
        "a form": unquote_plus(text),
        "HTML": html.unescape(text),
    }
    found += [name for name, each in plain.items() if bare in each]
    for run in re.findall(r"[A-Za-z0-9+/_-]{8,}={0,2}", text):
        packed = run.rstrip("=").replace("-", "+").replace("_", "/")
        decoded = base64.b64decode(
            packed[: len(packed) // 4 * 4] + packed[len(packed) // 4 * 4 :].ljust(4, "A")
        )
        found += ["base64"] if bare.encode() in decoded else []
    return found
