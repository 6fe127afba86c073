"""Requests, from plain to hostile, for comparing answers with a real Laravel."""

import json
import string
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock.core.messages import Request

METHODS = ("PUT", "POST", "GET", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND")
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

# fmt: off
PATHS = (
    "/records/", "/records", "/records//", "//records", "/records/x", "/Records", "/records ", "/", "/record\xe9",
    "/records.", "/records;x", "/records?", "/records\n", "/./records", "/records/.", "/nowhere", "/nowhere/../records",
)
_CONTENT_TYPES = (
    f"{JSON}; charset=utf-8", "application/vnd.api+json", "text/json", "/json", "APPLICATION/JSON", "application/js",
    f"{FORM}; charset=UTF-8", f"{FORM} ,x", f"{FORM}X", f"{FORM}; a=/json", f"{FORM}\tx", FORM.title(), FORM.upper(),
    "text/plain", "x", "",
)
_OVERRIDES = ("PUT", "put", "PATCH", "GET", "OPTIONS", "POST", "FOO", "p-ut", "PUT PUT", "0", "", "1", "\xdf", "HEAD")

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

_MULTIPART = (
    "multipart/form-data; boundary=x", 'multipart/form-data; boundary="x"', "Multipart/Form-Data;BOUNDARY=x;y",
    "multipart/form-data; boundary=x, y", "multipart/form-data, boundary=x", "multipart/form-data; boundary=x y",
    "multipart/form-data", "multipart/form-data; boundary", "multipart/form-data; boundary=", "multipart/form-data;=x",
    'multipart/form-data; boundary="x', "multipart/form-data; a=/json; boundary=x", "multipart/form-dat; boundary=x",
    "multipart/form-data\t; boundary=x", "multipart/form-data; boundary = x", "multipart/form-data;xboundary=1;boundary=x",
)
_PART_NAMES = (
    "configuration", "record[Email]", "record[Account Name]", "record", "_method", "a.b", "a[", "a[]", "", " a", "\0", "é",
)
_DISPOSITIONS = (
    'Content-Disposition: form-data; name="{}"', 'Content-Disposition: form-data; name="{}"', "content-disposition:;name={}",
    "Content-Disposition: form-data; name='{}'", 'Content-Disposition: form-data; a="; name=b"; NAME = x; name="{}"',
    'Content-Disposition: form-data; name="x"; name="{}"', 'Content-Disposition: form-data; name="\\"{}\\\\"',
    'Content-Disposition: form-data;\r\n name="{}"', "Content-Disposition: form-data\r\nContent-Type: text/plain; name={}",
    'X: y\r\nContent-Disposition: form-data; name="{}"', 'Content-Disposition: form-data; name=="{}" x',
    'Content-Disposition: form-data; filename=f; name="file[{}]"', 'Content-Disposition: x; name="{}',
    'Content-Disposition : form-data; name="{}"', 'Content-Disposition: form-data; name="{}"\r\nContent-Disposition: x',
)
_PART_VALUES = (
    "PUT", "x", "", " x ", "\r\n", "\n", "\r", "\n--", "\r\n--y", "\n--xx\n", "\0", "é", "a=b&c", "x" * 5118, "x" * 5119 + "\r",
)
_LINE_ENDS = ("\r\n", "\r\n", "\r\n", "\n", "\r", "")
_MULTIPART_BITS = (
    "--x", "--x--", "\r\n", "\n", "\r", "\r\n\r\n", "--", "x", "\0", "Content-Disposition: form-data; name=a", ": ", '"',
    "x" * 5120,
)

_ACCEPT_BITS = (
    "application/json", "application/json", "text/html", "*/*", "*", "application/*", "application/vnd.api+json", "/json",
    "APPLICATION/JSON", "x", "", ",", ", ", ";", "; ", "=", " = ", ";q=0", ";q=0.5", "; q=0.5", ";Q=.9", ";q=1.5", ";q=-1",
    ";q=1e1", ";q=x", ";q", ";q=", ';q="0.7"', ";q=0.3x", ";q= 0.2", ";q=0.1;q=0.8", ";level=1", '"', "\\", '\\"', '"a,b"',
    " ", "\t", "\xa0", "\xe9", "\x85", "0", "7",
)
_AUTHORIZATION_BITS = (
    "Bearer ", "Bearer", "bearer ", "Basic ", "BEARER ", "a.b.c", "x", ",", ", ", " ", "\t", "=", "\xe9", "eDp5", "Digest ",
)

_HEADINGS = (
    "Email", "NPS Score", "Acct. Name", "job level", "First_Name", "é", "Émile Zola", "İstanbul", "ΣΑΣ", "ß", "ẞ", "Q1",
    "1st", "a\tb", "a\u2003b", "a\u180eb", "a\x1cb", "a\x85b", "\xa0", ":max", ":attribute", ":Attribute", ":min", "{0}",
    "{attribute}", "%s", "\\1", "$1", "A/B", "日本", "\U0001f600", "record.x", "..", "a-b", "(x)", "I", "K", "\n",
)

_NUMBERS = (
    "0", "1", "-0", "+0", "-1", "+5", "10", "1000", "1001", "007", "1.0", "1.", ".5", "-.5", "1e3", "1E3", "1e", "1e-1", "1e400",
    "0x1", "0b1", "1_0", "1,0", " 5", "5 ", "\t5", "5\n", "5\v", "\f5", "5\0", "- 5", "--5", "", " ", "x", "true", "null", "١٢", "\uff11",
    "²", "é" * 999, "x" * 1000, "x" * 1001, "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "-9223372036854775809", "9" * 400, "INF", "NAN", "\xa05",
)
_QUERY_NUMBERS = (*_NUMBERS, "%ff", "%e9ab", "%f0%9f", "%c3%a9" * 5, "%f8" * 3, "%c1" * 2, "%00", "%2B5")
# fmt: on


def requests(methods: tuple[str, ...] = METHODS) -> SearchStrategy[Request]:
    """Requests with any of these methods; a body usually has the content type that it says."""
    typed = st.one_of(
        st.tuples(st.just(JSON), json_bodies()),
        st.tuples(st.just(FORM), form_bodies()),
        st.tuples(st.sampled_from(_MULTIPART), multipart_bodies()),
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


def multipart_bodies() -> SearchStrategy[bytes]:
    """Multipart forms with the boundary x: well-formed ones, ones with too many fields, and whatever looks like one."""
    ends = st.sampled_from(_LINE_ENDS)
    names, values = st.sampled_from(_PART_NAMES), st.sampled_from(_PART_VALUES)
    dispositions = st.builds(str.format, st.sampled_from(_DISPOSITIONS), names)
    parts = st.builds("{}--x{}{}{}{}{}".format, ends, ends, dispositions, ends, ends, values)
    field = '\r\n--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}'
    well_formed = st.lists(st.builds(field.format, names, values), max_size=5).map("".join)
    padded = st.builds(_padded, st.just(field.format("a[]", "1")), st.integers(990, 1010), well_formed)
    pieces = st.lists(st.one_of(parts, parts, _soup(_MULTIPART_BITS, 3)), max_size=5).map("".join)
    ending = st.sampled_from(["\r\n--x--\r\n", "\r\n--x--", "\n--x", "\r\n", "\r", ""])
    return st.builds("{}{}".format, st.one_of(well_formed, pieces, pieces, padded), ending).map(str.encode)


def plain_requests() -> SearchStrategy[Request]:
    """Requests with little but headers, by which a client says what it wants and who it is."""
    accepted = st.one_of(st.sampled_from(["", "*/*", "*", JSON]), _soup(_ACCEPT_BITS, 8)).map(_header)
    pjax = st.sampled_from(["true", "1", "0", "", "false", "0.0"])
    headers = st.fixed_dictionaries(
        {"accept": accepted},
        optional={
            "x-requested-with": st.sampled_from([*["XMLHttpRequest"] * 4, "xmlhttprequest", "x", ""]),
            "x-pjax": pjax,
            "authorization": st.one_of(_soup(_AUTHORIZATION_BITS, 5), _tokens()).map(_header),
        },
    )
    sent = st.sampled_from(
        [("PUT", "/records/"), ("GET", "/records"), ("POST", "/x"), ("OPTIONS", "/records")]
    )
    return st.builds(lambda line, headers: Request(line[0], line[1], headers=headers), sent, headers)


def _tokens() -> SearchStrategy[str]:
    words = st.sampled_from(["a.b.c", "x", "", ","])
    return st.lists(st.builds("{}{}{}".format, st.sampled_from(["Bearer ", "Basic "]), words, words)).map(
        "".join
    )


def headings() -> SearchStrategy[str]:
    """Headings, from plain to odd; without what Laravel takes for a wildcard, or for the value."""
    texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*\\"), max_size=6)
    mixed = st.lists(st.one_of(st.sampled_from(_HEADINGS), texts, st.just(" ")), min_size=1, max_size=4)
    return mixed.map("".join)


def numbers() -> SearchStrategy[object]:
    """What JSON can have in the place of an integer."""
    texts = st.one_of(st.sampled_from(_NUMBERS), st.text(st.sampled_from("0159+-.eE \t\n"), max_size=5))
    scalars = st.one_of(
        texts,
        texts,
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
    )
    return st.one_of(scalars, scalars, st.integers(-10, 1100), st.lists(scalars, max_size=3))


def responses_queries() -> SearchStrategy[str]:
    """Query strings for a page of responses."""
    names = st.sampled_from(["per_page", "cursor", "per_page[]", "cursor[a]", "per.page", "x"])
    fields = st.builds("{}={}".format, names, st.sampled_from(_QUERY_NUMBERS))
    return st.lists(fields, max_size=4).map("&".join).map(_in_request_line)


def _header(value: str) -> str:
    return value.strip(" \t")


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
