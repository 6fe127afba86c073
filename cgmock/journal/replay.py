"""A request of a journal in other forms, to be sent again: as curl, as a test in Python, as an interaction file.

A copy is the same request, or says in a comment what it cannot repeat.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pprint import pformat
from typing import TypedDict
from urllib.parse import quote

from cgmock.core.behaviours import Behaviour, weakest
from cgmock.core.endpoints.webhooks import webhook_id
from cgmock.core.laravel.request import is_json, read_input
from cgmock.core.routing import VENDOR_DOMAIN, Endpoint, endpoint_of
from cgmock.journal.journal import BODY_LIMIT, Entry
from cgmock.journal.redaction import COMPRESSED, REDACTED

_OF_THE_CONNECTION = frozenset(
    {"content-length", "host", "connection", "accept-encoding", "transfer-encoding"}
)
_OF_CURL = ("user-agent", "accept")
_OF_CURL_WITH_A_BODY = ("content-type", "expect")
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\xa0-\U0010ffff]")
_NOT_IN_A_URL = re.compile(r"[^!\"$-~]")
_MARK_OF_A_TEST = re.compile(r"-[0-9a-f]{8}\Z")
_CLIENT_ID = re.compile(rb"(?<![^&])client_id=([^&]*)")
_PLAIN = (str, int, float, bool, type(None))


class Copies(TypedDict):
    """A request in each of the forms."""

    curl: str
    python: str
    interaction: str


def copies(entry: Entry, tenant: str, url: str) -> Copies:
    """Return all of them by name.

    Args:
        entry: The entry of a journal.
        tenant: The tenant that the journal belongs to, or an empty string.
        url: The URL of the fake, without a trailing slash.
    """
    return {
        "curl": as_curl(entry, url),
        "python": as_python(entry, tenant),
        "interaction": as_interaction(entry, tenant),
    }


def record_of(entry: Entry) -> tuple[str, Mapping[str, object]] | None:
    """The reference and the record that a request for the records endpoint has, as it was sent; None without them."""
    sent = read_input(entry.request).raw
    reference, record = sent.get("configuration"), sent.get("record")
    if (
        endpoint_of(entry.request) is Endpoint.RECORDS
        and isinstance(reference, str)
        and isinstance(record, dict)
    ):
        return reference, {str(heading): value for heading, value in record.items()}
    return None


def as_curl(entry: Entry, url: str) -> str:
    """Return a command line for a POSIX shell. Redacted headers become variables."""
    request, is_head = entry.request, entry.request.method == "HEAD"
    remarks = [*_remarks(entry), *_remarks_of_curl(entry)]
    body = b"" if is_head else request.body
    method = "--head" if is_head else f"--request {shlex.quote(request.method)}"
    options = [f"curl --globoff --path-as-is {method} {_word(url.encode() + _target(entry))}"]
    options += [f"--header {each}" for each in _headers_of_curl(entry)]
    text = _printable(body)
    if body:
        options.append("--data-binary @-" if text is None else f"--data-raw {shlex.quote(text)}")
    input_ = f"printf {_octal(body)} |\n  " if text is None else ""
    return "".join(f"# {each}\n" for each in remarks) + input_ + " \\\n  ".join(options)


def as_python(entry: Entry, tenant: str) -> str:
    """Return a test with the fixtures of the pytest plugin. It passes as long as the fake answers as it did."""
    reason = _hindrance(entry)
    written = None if reason else _plain_record(entry, tenant)
    marks = [f"@pytest.mark.skip(reason={reason!r})"] if reason else []
    if entry.losses and not reason:
        marks.append('@pytest.mark.cg(unknown_headings="off")  # it loses headings in silence')
    lines = _request_in_python(entry, tenant) if written is None else _record_in_python(entry, *written)
    test = "\n".join([*marks, *lines])
    imports = [line for name, line in _IMPORTS if name in test]
    remarks = [f"# {each}" for each in (*_remarks(entry), *_remarks_of_python(entry, tenant, written))]
    return "\n".join([*remarks, *imports, *(["", ""] if imports else []), test]) + "\n"


_IMPORTS = (
    ("quote_plus(", "from urllib.parse import quote_plus\n"),
    ("httpx.", "import httpx"),
    ("pytest.", "import pytest"),
    ("(CustomerGaugeError)", "\nfrom cgclient import CustomerGaugeError"),
)


def as_interaction(entry: Entry, tenant: str) -> str:
    """A file as those of `fixtures/interactions`, for programs in any language."""
    request, behaviours = entry.request, entry.behaviours
    bears = endpoint_of(request) in {Endpoint.RECORDS, Endpoint.RESPONSES}
    sent = {
        "method": request.method,
        "path": request.path,
        **({"query": request.query} if request.query else {}),
        "headers": {
            name: _BEARER if bears and value == REDACTED else value for name, value in _headers(entry)
        },
        "body": _body(entry),
    }
    interaction = {
        "description": f"request {entry.number} of a journal",
        "given": tenant,
        "request": sent,
        "response": {"status": entry.response.status, "body": entry.response.body.decode(errors="replace")},
        "evidence": weakest(behaviours) if behaviours else None,
        "behaviours": [each.id for each in behaviours],
        "notices": {each.heading: each.fate for each in entry.notices if each.heading is not None},
    }
    return json.dumps(interaction, indent=2, ensure_ascii=False) + "\n"


_BEARER = "Bearer $TOKEN"


def _record_in_python(entry: Entry, reference: str, record: Mapping[str, object]) -> Iterator[str]:
    """A test that writes a record by the client."""
    status, values = entry.response.status, read_input(entry.request).values["record"]
    put = f"cg_client.put_record({reference!r}, record)"
    yield f"def test_request_{entry.number}(cg, cg_client):"
    yield _assignment("record", dict(record))
    if values != record:
        yield _assignment("trimmed", values)
    yield ""
    if status != 200:
        yield "    with pytest.raises(CustomerGaugeError):"
    yield f"    {put}" if status == 200 else f"        {put}"
    yield ""
    expected = "record" if values == record else "trimmed"
    yield f"    cg.expect({expected}, configuration={reference!r}, status={status})"


def _request_in_python(entry: Entry, tenant: str) -> Iterator[str]:
    """A test that sends the same bytes by httpx, with the names and the secrets of its own tenant."""
    request, credential = entry.request, _credential(entry, tenant)
    headers = {
        name: value if value.isascii() else _bytes(value)
        for name, value in _headers(entry)
        if name != "authorization" or not credential
    }
    target, body = repr(_target(entry)), repr(request.body)
    yield f"def test_request_{entry.number}(cg):"
    yield _assignment("headers", headers)
    if credential == "bearer":
        yield from _BEARER_IN_PYTHON
    if tenant and endpoint_of(request) is Endpoint.WEBHOOK:
        name = webhook_id(request.path)
        bare = _MARK_OF_A_TEST.sub("", name)
        yield "    hooks = cg.tenant.webhooks.values()"
        yield f"    hook = next(each for each in hooks if each.id.rpartition('-')[0] == {bare!r})"
        target += f".replace({quote(name, safe='').encode()!r}, hook.id.encode())"
    if tenant and endpoint_of(request) is Endpoint.TOKEN:
        target += _of_the_own_app(entry, _bytes(request.query))
        body += _of_the_own_app(entry, request.body)
        if _OWN_SECRET in target + body:
            yield "    secret = quote_plus(cg.client_secret).encode()"
    yield f"""\
    target = {target}
    body = {body}

    request = httpx.Request(
        {request.method.upper()!r}, cg.url, headers=headers, content=body, extensions={{"target": target}}
    )
    with httpx.Client() as client:
        answer = client.send(request{_AUTH.get(credential, "")})

    assert answer.status_code == {entry.response.status}"""


def _of_the_own_app(entry: Entry, parameters: bytes) -> str:
    """Return code that puts the app of the test tenant into the parameters of a token request."""
    given = _CLIENT_ID.search(parameters)
    own = f".replace({given[0]!r}, b'client_id=' + cg.client_id.encode())" if given else ""
    return own + (_OWN_SECRET if REDACTED.encode() in parameters and _is_issued(entry) else "")


_BEARER_IN_PYTHON = (
    '    app = {"client_id": cg.client_id, "client_secret": cg.client_secret}',
    '    granted = httpx.post(f"{cg.url}/oauth2/token", data={"grant_type": "client_credentials", **app})',
    """    headers["authorization"] = f"Bearer {granted.json()['access_token']}\"""",
)
_OWN_SECRET = f".replace({REDACTED.encode()!r}, secret)"
_AUTH = {
    "app": ", auth=(cg.client_id, cg.client_secret)",
    "wrong app": f", auth=(cg.client_id, {REDACTED!r})",
    "webhook": ", auth=(hook.username, hook.password)",
}


def _credential(entry: Entry, tenant: str) -> str:
    """Which credential of the test's own tenant a request needs, empty if none."""
    if not tenant or "authorization" not in entry.request.headers:
        return ""
    match endpoint_of(entry.request):
        case Endpoint.TOKEN:
            if _is_issued(entry) and "secret=" in f"{entry.request.query}&{_body(entry)}":
                return ""
            return "wrong app" if Behaviour.TOKEN_CLIENT in entry.behaviours else "app"
        case Endpoint.WEBHOOK:
            return "" if entry.response.status == 401 else "webhook"
        case _:
            return "" if entry.response.status == 401 else "bearer"


def _is_issued(entry: Entry) -> bool:
    return Behaviour.TOKEN_ISSUED in entry.behaviours


def _plain_record(entry: Entry, tenant: str) -> tuple[str, Mapping[str, object]] | None:
    """The reference and the record of a request that the client would send much like that; None for any other."""
    request, written = entry.request, record_of(entry)
    if written is None or request.method != "PUT" or not is_json(request) or request.query or not tenant:
        return None
    is_plain = read_input(request).raw.keys() == {"configuration", "record"} and all(
        isinstance(value, _PLAIN) for value in written[1].values()
    )
    is_usual = entry.response.status in {200, 422} and VENDOR_DOMAIN not in request.host
    return written if is_plain and is_usual else None


def _hindrance(entry: Entry) -> str:
    """Return why the fake of a test cannot answer a copy in the same way, or an empty text if it can."""
    if entry.fault:
        return f"it met a planned fault: {entry.fault}"
    if entry.is_cut or entry.request.body == COMPRESSED or _is_without_body(entry):
        return "the journal does not have the whole body"
    return "it met the rate limit" if entry.response.status == 429 else ""


def _is_without_body(entry: Entry) -> bool:
    broke_off = Behaviour.BODY_INCOMPLETE in entry.behaviours
    return broke_off or (not entry.request.body and entry.request.length > 0)


def _target(entry: Entry) -> bytes:
    """The path and the query as they stand in a request line."""
    query = f"?{entry.request.query}" if entry.request.query else ""
    path = quote(_bytes(entry.request.path))
    path = f"/%2F{path[2:]}" if path.startswith("//") else path  # some servers take what follows for a host
    return path.encode() + _bytes(query)


def _remarks(entry: Entry) -> Iterator[str]:
    """Return the parts of a request that no copy can repeat."""
    if entry.is_cut:
        yield f"The journal kept only the first {BODY_LIMIT:,} bytes of the body."
    elif _is_without_body(entry):
        yield f"The journal does not have all {entry.request.length:,} bytes of the body."
    if entry.request.body == COMPRESSED:
        yield "The journal does not keep compressed bodies."
    if entry.fault:
        yield f"It met a planned fault: {entry.fault}."
    if _NOT_IN_A_URL.search(entry.request.query):
        yield "The query holds characters that clients encode or refuse."


def _remarks_of_curl(entry: Entry) -> Iterator[str]:
    request = entry.request
    if request.method == "HEAD" and request.body:
        yield "curl cannot send a body with HEAD."
    if not request.path.startswith("/"):
        yield "curl cannot send a path without a slash."
    for name, value in _headers(entry):
        if value == REDACTED:
            shown = name.encode("unicode_escape").decode()
            yield f"Set {_variable(name)} to the value of the header {shown}."
    if _has_redacted_parts(entry):
        yield f"Put a secret in the place of each {REDACTED}."


def _remarks_of_python(entry: Entry, tenant: str, written: object) -> Iterator[str]:
    if written is not None:
        yield "The client has its own headers, and its own way to write JSON."
        return
    if entry.request.method != entry.request.method.upper():
        yield "httpx sends the method in upper case."
    if "authorization" in entry.request.headers and _credential(entry, tenant) in {"", "wrong app"}:
        yield "The credential in the header authorization is not repeated."
    names = [name for name, value in _headers(entry) if value == REDACTED and name != "authorization"]
    if names or (_has_redacted_parts(entry) and not (tenant and _is_issued(entry))):
        yield f"Put a secret in the place of each {REDACTED}."


def _has_redacted_parts(entry: Entry) -> bool:
    request = entry.request
    values = [value for value in request.headers.values() if value != REDACTED]
    parts = (
        request.method,
        request.path,
        request.query,
        request.body.decode("latin-1"),
        *request.headers,
        *values,
    )
    return any("redacted" in part for part in parts)


def _headers(entry: Entry) -> Iterator[tuple[str, str]]:
    """The headers that do not belong to the connection. The host does if it is the fake's own."""
    for name, value in entry.request.headers.items():
        is_absent = name == "content-type" and not value
        if name not in _OF_THE_CONNECTION and not is_absent:
            yield name, value
    if entry.request.host.endswith(VENDOR_DOMAIN):
        yield "host", entry.request.headers["host"]


def _headers_of_curl(entry: Entry) -> Iterator[str]:
    """The headers as words of a shell, and those that curl must not add."""
    given = dict(_headers(entry))
    for name, value in given.items():
        if value == REDACTED:
            yield f'{_word(_bytes(f"{name}: "))}"{_variable(name)}"'
        else:
            yield _word(_bytes(f"{name}: {value}" if value else f"{name};"))
    for name in (*_OF_CURL, *(_OF_CURL_WITH_A_BODY if entry.request.body else ())):
        if name not in given:
            yield f"'{name}:'"


def _variable(name: str) -> str:
    return f"$CG_{re.sub('[^A-Z0-9]', '_', name.upper())}"


def _bytes(text: str) -> bytes:
    """The bytes of a part of the head, which has a character for each."""
    return text.encode("latin-1", "replace")


def _word(content: bytes) -> str:
    """Bytes as a word of a shell."""
    text = _printable(content)
    return f'"$(printf {_octal(content)})"' if text is None else shlex.quote(text)


def _printable(content: bytes) -> str | None:
    """Bytes as text that a terminal shows, and can be pasted; None if they are none."""
    try:
        text = content.decode()
    except ValueError:
        return None
    return None if _UNPRINTABLE.search(text) else text


def _octal(content: bytes) -> str:
    """Bytes for printf."""
    shown = (chr(each) if chr(each).isalnum() and each < 128 else f"\\{each:03o}" for each in content)
    return f"'{''.join(shown)}'"


def _body(entry: Entry) -> str:
    return entry.request.body.decode(errors="replace")


def _assignment(name: str, value: object) -> str:
    """A line of a function, and those that the value needs."""
    indented = pformat(value, sort_dicts=False, width=100).replace("\n", "\n    " + " " * len(f"{name} = "))
    return f"    {name} = {indented}"
