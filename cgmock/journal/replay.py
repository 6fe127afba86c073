"""A request of a journal in other forms, to be sent again: as curl, as a test in Python, as an interaction file."""

import json
import shlex
from collections.abc import Iterator, Mapping
from pprint import pformat
from urllib.parse import quote

from cgmock.core.behaviours import weakest
from cgmock.core.laravel.request import read_input
from cgmock.core.routing import Endpoint, endpoint_of
from cgmock.journal.journal import BODY_LIMIT, Entry
from cgmock.journal.redaction import REDACTED

_OF_THE_CONNECTION = frozenset(
    {"content-length", "host", "connection", "accept-encoding", "transfer-encoding"}
)


def copies(entry: Entry, tenant: str, url: str) -> Mapping[str, str]:
    """All of them by name; `url` is that of the fake, without a trailing slash."""
    return {
        "curl": as_curl(entry, url),
        "python": as_python(entry),
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
    """A command line for a shell; what was taken out of the request stands in variables."""
    request = entry.request
    lines = [f"curl --request {shlex.quote(request.method)} {shlex.quote(url + _target(entry))}"]
    lines += [f"--header {_quoted(name, value)}" for name, value in _headers(entry)]
    if request.body:
        lines.append(f"--data-raw {shlex.quote(_body(entry))}")
    return "".join(f"# {each}\n" for each in _remarks(entry)) + " \\\n  ".join(lines)


def as_python(entry: Entry) -> str:
    """A test with the fixtures of the pytest plugin, which passes as long as the fake answers as it did."""
    written = record_of(entry)
    lines = [f"# {each}" for each in _remarks(entry)]
    if written is None:
        return "\n".join([*lines, *_asked_by_httpx(entry)]) + "\n"
    reference, record = written
    status, what = entry.response.status, _literal(dict(record))
    refused = status != 200
    lines += ["import pytest", ""] if refused or entry.losses else []
    lines += ["from cgclient import CustomerGaugeError", ""] if refused else []
    lines += (
        ["", '@pytest.mark.cg(unknown_headings="off")  # it loses headings in silence']
        if entry.losses
        else [""]
    )
    lines += [f"def test_request_{entry.number}(cg, cg_client):", f"    record = {what}", ""]
    put = f"cg_client.put_record({reference!r}, record)"
    lines += ["    with pytest.raises(CustomerGaugeError):", f"        {put}"] if refused else [f"    {put}"]
    lines += ["", f"    cg.expect(record, configuration={reference!r}, status={status})"]
    return "\n".join(lines).lstrip("\n") + "\n"


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


def _asked_by_httpx(entry: Entry) -> Iterator[str]:
    request = entry.request
    yield "import httpx"
    yield ""
    yield ""
    yield f"def test_request_{entry.number}(cg):"
    yield f"    headers = {_literal(dict(_headers(entry)))}"
    yield f"    body = {_body(entry)!r}"
    yield ""
    yield f"    path = {_target(entry)!r}"
    yield f"    answer = httpx.request({request.method!r}, cg.url + path, headers=headers, content=body.encode())"
    yield ""
    yield f"    assert answer.status_code == {entry.response.status}"


def _target(entry: Entry) -> str:
    """The path and the query as they stand in a URL."""
    query = f"?{entry.request.query}" if entry.request.query else ""
    return quote(entry.request.path, encoding="latin-1") + query


def _remarks(entry: Entry) -> Iterator[str]:
    """What a copy is not."""
    if entry.is_cut:
        yield f"The journal kept only the first {BODY_LIMIT:,} bytes of the body."
    if entry.fault:
        yield f"It met a planned fault: {entry.fault}."
    if REDACTED in _body(entry) or REDACTED in entry.request.query:
        yield f"Put a secret in the place of each {REDACTED}."


def _headers(entry: Entry) -> Iterator[tuple[str, str]]:
    for name, value in entry.request.headers.items():
        if name not in _OF_THE_CONNECTION and value:
            yield name, value


def _quoted(name: str, value: str) -> str:
    """A header for a shell."""
    if value != REDACTED:
        return shlex.quote(f"{name}: {value}")
    return f'"{name}: $CG_{name.upper().replace("-", "_")}"'


def _body(entry: Entry) -> str:
    return entry.request.body.decode(errors="replace")


def _literal(value: object) -> str:
    """A value as a program writes it, indented as in a function."""
    return pformat(value, sort_dicts=False, width=100).replace("\n", "\n    " + " " * len("record = "))
