"""Requests, from plain to hostile, for comparing answers with a real Laravel."""

import json
import string
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock.core.messages import Request

METHODS = ("PUT", "POST", "GET", "PATCH", "DELETE", "OPTIONS", "HEAD")
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

# fmt: off
PATHS = (
    "/records/", "/records", "/records//", "//records", "/records/x", "/Records", "/records ", "/", "/record\xe9",
)
_CONTENT_TYPES = (
    f"{JSON}; charset=utf-8", "application/vnd.api+json", "text/json", "/json", "APPLICATION/JSON", "application/js",
    f"{FORM}; charset=UTF-8", f"{FORM} ,x", f"{FORM}X", f"{FORM}; a=/json", f"{FORM}\tx", FORM.title(), FORM.upper(),
    "text/plain", "multipart/form-data; boundary=x", "x", "",
)
_OVERRIDES = ("PUT", "put", "PATCH", "GET", "OPTIONS", "POST", "FOO", "p-ut", "PUT PUT", "0", "", "1", "\xdf")

_FORM_NAMES = (
    "configuration", "record", "_method", "a", "b", "a.b", "c d", "+x", "%20y", ".", "0", "-5", "05", "", "%00",
)
_FORM_KEYS = (
    "[Email]", "[Account+Name]", "%5BNPS%20Score%5D", "[Acct.+Name]", "[Q [1]]", "[]", "[ ]", "[%09]", "[%00]", "[0]",
    "[5]", "[-3]", "[05]", "[9223372036854775807]", "[a][b]", "[]]x", "[a", "[", "]", "[x]" * 40, "[__Host-]",
)
_FORM_VALUES = (
    "x", "", "PUT", "put", "+x+", "%20", "%0a%0dz%0b", "%00", "a=b", "+5562", "%c2%a0", "%2B", "%26", "%3D", "0", "null",
    "%", "%4", "%zz", "%ff", "%ED%A0%80", "caf%C3%A9", ";", "#", '"quoted"', "<>", "[]", ".",
)
_FORM_BITS = (
    *_FORM_NAMES, *_FORM_KEYS, *_FORM_VALUES, "=", "&", "&&", "=&", "\0", "%3d", "%00",
    "__Host-x=1", "..Host-x", "..Secure-",
)

_JSON_NAMES = (
    "configuration", "record", "_method", "Email", "a", "b", "", "0", "1", "-5", "-0", "05", " a ", "\0", "é",
)
_JSON_WORDS = (
    "0", "-0", "-1", "1.0", "-0.0", "1e5", "1E-7", "0.1", "1e400", "-1e400", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890",
    "true", "false", "null", "[]", "{}", '""', '"x"', '" x\\n"', '"put"', '"\xa0"', '"\\/"',
    '"\\u0000"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\\\ud800"',
)
_JSON_BITS = (
    "{", "}", "[", "]", ":", ",", '"', "\\", " ", "\t", "\n", "\r", "\0", "\x0b", "\x0c", "\xa0", "\ufeff", "\x7f",
    "'", "//", "\\x",
)
_NOT_JSON = (
    "TRUE", "Null", "NaN", "-Infinity", "-", "+1", ".5", "1.", "01", "1e", "'x'", '"\\ud800"', '"\\udc00"', '"\t"',
)
# fmt: on


def requests(methods: tuple[str, ...] = METHODS) -> SearchStrategy[Request]:
    """Requests with any of these methods; a body usually has the content type that it says."""
    typed = st.one_of(
        st.tuples(st.just(JSON), json_bodies()),
        st.tuples(st.just(FORM), form_bodies()),
        st.tuples(st.sampled_from(_CONTENT_TYPES), st.one_of(json_bodies(), form_bodies(), st.binary())),
    )
    return st.builds(
        _request, st.sampled_from(methods), st.sampled_from(PATHS), queries(), typed, _optional(_OVERRIDES)
    )


def queries() -> SearchStrategy[str]:
    """Query strings as a request line can carry them."""
    return st.one_of(st.just(""), _fields(), _soup(_FORM_BITS, 8)).map(_in_request_line)


def form_bodies() -> SearchStrategy[bytes]:
    """Forms: well-formed ones, ones with too many fields, and whatever looks like one."""
    padding = st.sampled_from(["", "&", "a[]=1&", "a=&", "=&"])
    padded = st.builds(_padded, padding, st.integers(990, 1010), _fields())
    pieces = st.one_of(_soup(_FORM_BITS, 4).map(str.encode), st.binary(max_size=4))
    return st.one_of(
        _fields().map(str.encode),
        _soup(_FORM_BITS, 25).map(str.encode),
        st.lists(pieces, max_size=6).map(b"&".join),
        padded.map(str.encode),
    )


def json_bodies() -> SearchStrategy[bytes]:
    """JSON: documents, deep ones, damaged ones, and whatever looks like it."""
    words = st.sampled_from(_JSON_WORDS)
    values = st.recursive(words, _nested, max_leaves=12)
    record = st.builds('{{"configuration":{},"record":{}}}'.format, words, st.one_of(_objects(words), values))
    almost = _objects(st.sampled_from((*_JSON_WORDS, *_NOT_JSON)))
    levels = st.sampled_from([1, 2, 64, 510, 511, 512, 5000])
    deep = st.builds(_deep, levels, words, st.sampled_from(["[]", '{"a":}']))
    texts = st.one_of(values, record, deep).map(str.encode)
    odd = st.one_of(almost, _soup((*_JSON_WORDS, *_JSON_BITS), 10)).map(str.encode)
    return st.one_of(texts, texts, odd, st.builds(_damaged, texts, st.integers(0, 200), _damages()))


def _request(method: str, path: str, query: str, typed: tuple[str, bytes], override: str | None) -> Request:
    content_type, body = typed
    headers = {"content-type": content_type, "accept": JSON}
    if override is not None:
        headers["x-http-method-override"] = override
    return Request(method, path, query, headers, body, len(body))


def _optional(choices: tuple[str, ...]) -> SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(choices))


def _soup(bits: tuple[str, ...], size: int) -> SearchStrategy[str]:
    return st.lists(st.sampled_from(bits), max_size=size).map("".join)


def _fields() -> SearchStrategy[str]:
    keys = st.lists(st.sampled_from(_FORM_KEYS), max_size=3).map("".join)
    name = st.one_of(st.sampled_from(_FORM_NAMES), st.sampled_from(("configuration", "record")))
    field = st.builds("{}{}={}".format, name, keys, st.sampled_from(_FORM_VALUES))
    return st.lists(field, max_size=8).map("&".join)


def _padded(padding: str, times: int, fields: str) -> str:
    return padding * times + fields


def _in_request_line(query: str) -> str:
    return quote(query, safe=string.punctuation.replace("#", ""))


def _nested(values: SearchStrategy[str]) -> SearchStrategy[str]:
    arrays = st.builds("[{}{}]".format, _blanks(), st.lists(values, max_size=4).map(",".join))
    return st.one_of(_objects(values), _objects(values), arrays)


def _objects(values: SearchStrategy[str]) -> SearchStrategy[str]:
    names = st.sampled_from(_JSON_NAMES).map(json.dumps)
    entries = st.builds("{}{}:{}{}".format, names, _blanks(), _blanks(), values)
    return st.builds("{{{}{}}}".format, st.lists(entries, max_size=5).map(",".join), _blanks())


def _blanks() -> SearchStrategy[str]:
    return st.sampled_from(["", "", "", " ", "\n\t", "\r\n"])


def _deep(levels: int, value: str, around: str) -> str:
    return around[:-1] * levels + value + around[-1] * levels


def _damages() -> SearchStrategy[bytes]:
    bits = st.sampled_from(_JSON_BITS).map(str.encode)
    return st.one_of(bits, st.sampled_from([b"", b"\xff", b"\xed\xa0\x80", b"\xc0"]))


def _damaged(text: bytes, position: int, damage: bytes) -> bytes:
    at = position % (len(text) + 1)
    return text[:at] + damage + text[at:] if damage else text[:at]
