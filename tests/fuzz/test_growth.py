"""What takes long grows with a square or worse, and shows in a quarter of a mebibyte."""

import tracemalloc

import pytest

from cgmock.core.messages import Request
from cgmock.core.tenant import NoAcceptHeader
from cgmock.redaction import Redactor
from tests.acme import FORM, JSON, basic, put, tenant, view
from tests.fuzz.invariants import broken

SIZE = 256 * 1024
REDIRECTING = view(tenant(no_accept_header=NoAcceptHeader.LARAVEL_REDIRECT))


def much(piece: bytes) -> bytes:
    """A piece over and over."""
    return piece * (SIZE // len(piece))


def record(inside: bytes) -> bytes:
    """A contact's record with this in it."""
    return b'{"configuration":"contact","record":{"Email":"joe@example.com",' + inside + b"}}"


FORMS = {
    "empty fields": much(b"&"),
    "empty fields behind an encoded separator": b"%26=1&" + much(b"&"),
    "fields without a value": much(b"a&"),
    "closed brackets": b"a" + much(b"[x]"),
    "open brackets": b"a" + much(b"["),
    "closing brackets": b"a[" + much(b"]"),
    "long key behind many": b"a" + b"[x]" * 63 + b"[" + much(b"y") + b"]",
    "appended values": much(b"a[]=1&"),
    "nested appended values": much(b"a" + b"[]" * 60 + b"=1&"),
    "dots": much(b"."),
    "percent signs": much(b"%"),
    "encoded bytes": much(b"%ff"),
    "long headings": b"configuration=contact&"
    + b"".join(b"record[h%d%s]=1&" % (n, b"x" * 250) for n in range(990)),
    "blanks": b"configuration=contact&record[Email]=" + much(b" "),
}
DOCUMENTS = {
    "open lists": much(b"["),
    "open objects": much(b'{"a":'),
    "deep lists": b"[" + much(b"[" * 500 + b"]" * 500 + b",") + b"0]",
    "digits": b'{"a":' + much(b"9") + b"}",
    "decimals": b'{"a":0.' + much(b"9") + b"}",
    "exponent": b'{"a":1e' + much(b"9") + b"}",
    "escapes": b'"' + much(b"\\u00e9") + b'"',
    "surrogate pairs": b'"' + much(b"\\ud83d\\ude00") + b'"',
    "names without values": b"{" + much(b'"1"      '),
    "open strings": much(b'"1'),
    "one name": b"{" + much(b'"a":1,') + b'"a":1}',
    "headings of nobody": b'{"configuration":"none","record":[' + much(b"1,") + b"1]}",
    "headings by number": b'{"configuration":"contact","record":[' + much(b"1,") + b"1]}",
    "empty values": b'{"configuration":"contact","record":[' + much(b'" ",') + b"1]}",
    "headings": record(b",".join(b'"h%x":1' % number for number in range(SIZE // 10))),
    "long heading": record(b'"' + much(b"x") + b'":1'),
    "long value": record(b'"Phone":"' + much(b"1") + b'"'),
    "long list": record(b'"Phone":[' + much(b"{},") + b"{}]"),
}


DISPOSITION = b"--x\r\nContent-Disposition: form-data; "
PARTS = {
    "boundaries": much(b"--x\r\n"),
    "almost boundaries": DISPOSITION + b"name=a\r\n\r\n" + much(b"\r\n--"),
    "parts": much(DISPOSITION + b"name=a\r\n\r\n1\r\n"),
    "parts without a name": much(b"--x\r\na: b\r\n\r\n1\r\n"),
    "headers": b"--x\r\n" + much(b"a: b\r\n"),
    "continued header": DISPOSITION + much(b"\r\n a=b;"),
    "escaped quotes": DISPOSITION + b'name="' + much(b'\\"'),
    "open quotes": DISPOSITION + much(b"\r\n \"';"),
    "equals signs": DISPOSITION + much(b"\r\n =="),
    "line feeds": DISPOSITION + b"name=a\r\n\r\n" + much(b"\n"),
    "one line": much(b"x"),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_long_form_is_read_in_time(body: bytes) -> None:
    put_, posted = put(body, FORM), put(body, FORM, method="POST", query=body.decode("latin-1"))

    assert broken(view(), put_) == []
    assert broken(view(), posted) == []


@pytest.mark.parametrize("body", PARTS.values(), ids=PARTS)
def test_a_long_multipart_form_is_read_in_time(body: bytes) -> None:
    assert broken(view(), put(body, "multipart/form-data; boundary=x", method="POST")) == []


@pytest.mark.parametrize("body", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_long_document_is_read_in_time(body: bytes) -> None:
    assert broken(view(), put(body)) == []


@pytest.mark.parametrize("piece", [b"boundary", b"boundary=", b'boundary="', b";", b"x"], ids=repr)
def test_a_long_boundary_is_looked_for_in_time(piece: bytes) -> None:
    body = b"--x\r\n" * 1000 + b"--" + much(piece) + b"\r\n"
    content_type = "multipart/form-data; boundary=" + much(piece).decode()

    assert broken(view(), put(body, content_type, method="POST")) == []


@pytest.mark.parametrize("piece", [b"a&", b"a=1&", b"&", b"%", b"%26", b"+", b"grant_type=x&"], ids=repr)
def test_a_long_token_request_is_read_in_time(piece: bytes) -> None:
    request = Request("POST", "/oauth2/token", "", {"content-type": FORM}, much(piece), SIZE)

    assert broken(view(), request) == []


@pytest.mark.parametrize(
    "piece", [b"a", b",", b";", b" ", b", ", b"a/b;q=0.1,", b";q=1.1", b"@", b"a.", b"QUFB", b"-"]
)
@pytest.mark.parametrize(
    "name", ["accept", "authorization", "content-type", "host", "x-http-method-override", "x-requested-with"]
)
def test_a_long_header_is_read_in_time(name: str, piece: bytes) -> None:
    text = much(piece).decode()
    value = f"Basic {text}" if name == "authorization" else text

    for path in ("/records", "/oauth2/token", "/hooks/contacts"):
        assert broken(REDIRECTING, Request("POST", path, "", {"content-type": JSON, name: value})) == []


@pytest.mark.parametrize("path", ["/" * SIZE, "/" + "a" * SIZE, "/hooks/" + "a" * SIZE, "\0" * SIZE])
def test_a_long_path_is_read_in_time(path: str) -> None:
    headers = {"authorization": basic("acme-hook", "acme-password"), "content-type": FORM}

    assert broken(view(), Request("PUT", path, "", headers)) == []


@pytest.mark.parametrize(
    "query", ["with[]=tags&", "period[start]=2023-01-01&", "cursor=1&", "per_page=" + "9" * 500 + "&"]
)
def test_a_long_query_string_is_read_in_time(query: str) -> None:
    request = Request("GET", "/v7/rest/sync/responses", query * (SIZE // len(query)))

    assert broken(view(), request) == []


def test_a_long_secret_is_hidden_within_a_few_times_its_memory() -> None:
    request = put(b'{"password":"' + much(b"x") + b'"}')

    tracemalloc.start()
    hidden = Redactor([]).request(request)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert hidden.body == b'{"password":"[redacted]"}'
    assert peak < 10 * SIZE
