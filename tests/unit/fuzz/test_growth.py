"""Requests that take long if the cost of a part grows with a square or worse.

The unit level counts calls of functions, which are the same in each run. The thorough level measures the time of the
processor, and so covers what happens inside a regular expression, too.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from cgmock.core.messages import Request
from cgmock.core.outcome import View
from cgmock.core.tenant import NoAcceptHeader
from cgmock.journal.redaction import Redactor
from tests.acme import FORM, JSON, basic, put, tenant, view
from tests.fuzz.invariants import broken
from tests.levels import by_level

Judge = Callable[[View, Request], list[str]]

KIB = 1024
REDIRECTING = view(tenant(no_accept_header=NoAcceptHeader.LARAVEL_REDIRECT))


def in_calls(view: View, request: Request) -> list[str]:
    """Return the promises that the answer breaks, if each call of a function takes a tenth of a microsecond.

    This allows a million calls, and a hundred for each byte: what is limited to 1,000 fields may grow with a square.
    """
    calls = count()
    sys.setprofile(lambda *_: next(calls))
    try:
        return broken(view, request, lambda: next(calls) / 1e7)
    finally:
        sys.setprofile(None)


# A busy machine may take four times as long.
in_time: Judge = partial(broken, clock=lambda: time.process_time() / 4)
sized = by_level("size, judge", unit=(32 * KIB, in_calls), thorough=(256 * KIB, in_time))


def repeated(size: int, piece: bytes) -> bytes:
    """Return so many bytes of a piece that is repeated."""
    return piece * (size // len(piece))


def record(inside: bytes) -> bytes:
    """Return a contact's record with this in it."""
    return b'{"configuration":"contact","record":{"Email":"joe@example.com",' + inside + b"}}"


def forms(size: int) -> dict[str, bytes]:
    """Return forms of about so many bytes."""
    much = partial(repeated, size)
    return {
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


def documents(size: int) -> dict[str, bytes]:
    """Return JSON documents of about so many bytes."""
    much = partial(repeated, size)
    return {
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
        "headings": record(b",".join(b'"h%x":1' % number for number in range(size // 10))),
        "long heading": record(b'"' + much(b"x") + b'":1'),
        "long value": record(b'"Phone":"' + much(b"1") + b'"'),
        "long list": record(b'"Phone":[' + much(b"{},") + b"{}]"),
    }


DISPOSITION = b"--x\r\nContent-Disposition: form-data; "


def parts(size: int) -> dict[str, bytes]:
    """Return multipart forms of about so many bytes."""
    much = partial(repeated, size)
    return {
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


def test_a_million_calls_for_a_small_request_break_a_promise() -> None:
    slow = view()._replace(sign=lambda _: str([abs(number) for number in range(600_000)])[:1])
    body = b"grant_type=client_credentials&client_id=acme-crm&client_secret=acme-secret"
    request = Request("POST", "/oauth2/token", "", {"content-type": FORM}, body, len(body))

    (promise,) = in_calls(slow, request)

    assert promise.startswith("It takes 0.12 s")


@sized
@pytest.mark.parametrize("name", forms(0))
def test_a_long_form_is_read_in_time(name: str, size: int, judge: Judge) -> None:
    body = forms(size)[name]
    put_, posted = put(body, FORM), put(body, FORM, method="POST", query=body.decode("latin-1"))

    assert judge(view(), put_) == []
    assert judge(view(), posted) == []


@sized
@pytest.mark.parametrize("name", parts(0))
def test_a_long_multipart_form_is_read_in_time(name: str, size: int, judge: Judge) -> None:
    body = parts(size)[name]

    assert judge(view(), put(body, "multipart/form-data; boundary=x", method="POST")) == []


@sized
@pytest.mark.parametrize("name", documents(0))
def test_a_long_document_is_read_in_time(name: str, size: int, judge: Judge) -> None:
    assert judge(view(), put(documents(size)[name])) == []


@sized
@pytest.mark.parametrize("piece", [b"boundary", b"boundary=", b'boundary="', b";", b"x"], ids=repr)
def test_a_long_boundary_is_looked_for_in_time(piece: bytes, size: int, judge: Judge) -> None:
    body = b"--x\r\n" * 1000 + b"--" + repeated(size, piece) + b"\r\n"
    content_type = "multipart/form-data; boundary=" + repeated(size, piece).decode()

    assert judge(view(), put(body, content_type, method="POST")) == []


@sized
@pytest.mark.parametrize("piece", [b"a&", b"a=1&", b"&", b"%", b"%26", b"+", b"grant_type=x&"], ids=repr)
def test_a_long_token_request_is_read_in_time(piece: bytes, size: int, judge: Judge) -> None:
    request = Request("POST", "/oauth2/token", "", {"content-type": FORM}, repeated(size, piece), size)

    assert judge(view(), request) == []


@sized
@pytest.mark.parametrize(
    "piece", [b"a", b",", b";", b" ", b", ", b"a/b;q=0.1,", b";q=1.1", b"@", b"a.", b"QUFB", b"-"]
)
@pytest.mark.parametrize(
    "name", ["accept", "authorization", "content-type", "host", "x-http-method-override", "x-requested-with"]
)
def test_a_long_header_is_read_in_time(name: str, piece: bytes, size: int, judge: Judge) -> None:
    text = repeated(size, piece).decode()
    value = f"Basic {text}" if name == "authorization" else text

    for path in ("/records", "/oauth2/token", "/hooks/contacts"):
        assert judge(REDIRECTING, Request("POST", path, "", {"content-type": JSON, name: value})) == []


@sized
@pytest.mark.parametrize(("start", "piece"), [("", "/"), ("/", "a"), ("/hooks/", "a"), ("", "\0")])
def test_a_long_path_is_read_in_time(start: str, piece: str, size: int, judge: Judge) -> None:
    headers = {"authorization": basic("acme-hook", "acme-password"), "content-type": FORM}

    assert judge(view(), Request("PUT", start + piece * size, "", headers)) == []


@sized
@pytest.mark.parametrize(
    "query", ["with[]=tags&", "period[start]=2023-01-01&", "cursor=1&", "per_page=" + "9" * 500 + "&"]
)
def test_a_long_query_string_is_read_in_time(query: str, size: int, judge: Judge) -> None:
    request = Request("GET", "/v7/rest/sync/responses", query * (size // len(query)))

    assert judge(view(), request) == []


def test_a_long_secret_is_hidden_within_a_few_times_its_memory() -> None:
    size = 256 * KIB
    request = put(b'{"password":"' + repeated(size, b"x") + b'"}')

    tracemalloc.start()
    hidden = Redactor([]).request(request)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert hidden.body == b"[redacted]"
    assert peak < 10 * size
