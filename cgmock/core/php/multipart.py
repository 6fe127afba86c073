"""How PHP 8 reads a form that came as multipart/form-data: its fields; what has a file name is passed over.

It does not follow RFC 7578, nor any other: lines may end in a line feed alone, a value ends at the first thing that
begins like the boundary, and the first half of a damaged form is read all the same.
"""

import re
from collections.abc import Iterator
from itertools import islice

from cgmock.core.php import values as php
from cgmock.core.php.values import PhpArray

_BUFFER = 5120
"""Bytes that PHP holds; a longer line is taken for several."""

_MAX_BOUNDARY = _BUFFER - len("\r\n--")
"""Bytes of a boundary; a form with a longer one is not read."""

_MAX_PARTS = php.MAX_INPUT_VARS + 20
"""Parts that are read, those with a file among them."""

_SPACES = " \t\n\v\f\r"
_WORD = r"""((?:"(?:\\"|[^"])*+"?|'(?:\\'|[^'])*+'?|[^STOP"'])*+)STOP*"""
_PARAMETER = re.compile(_WORD.replace("STOP", ";") + rf"[{_SPACES}]*")
_KEY = re.compile(_WORD.replace("STOP", "=") + rf"[{_SPACES}]*")
_VALUES = {
    '"': re.compile(r'"((?:\\[\\"]|[^"])*)'),
    "'": re.compile(r"'((?:\\[\\']|[^'])*)"),
    "": re.compile(rf"([^{_SPACES}]*)"),
}
_ESCAPES = {quote: re.compile(rf"\\([\\{quote}])") for quote in _VALUES}


class _Lines:
    """The lines of a form, one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def next(self) -> bytes | None:
        """The next line up to its first NUL, or None when no line is left: a last one that nothing ends is lost."""
        begin, limit = self._at, self._at + _BUFFER
        end = self._body.find(b"\n", begin, limit)
        if end < 0 and limit > len(self._body):
            return None
        self._at = limit if end < 0 else end + 1
        line = self._body[begin : limit if end < 0 else end]
        return (line if end < 0 else line.removesuffix(b"\r")).partition(b"\0")[0]

    def go_behind(self, boundary: bytes) -> bool:
        """Pass over all lines up to a boundary; False when there is none."""
        while (line := self.next()) is not None:
            if line == boundary:
                return True
        return False

    def until(self, delimiter: bytes) -> bytes:
        """All up to a delimiter, or to what the body ends with and may be the begin of one."""
        begin = self._at
        end = self._body.find(delimiter, begin)
        if end < 0:
            newline = self._body.rfind(b"\n", begin)
            is_begin = newline >= 0 and delimiter.startswith(self._body[newline : newline + len(delimiter)])
            end = newline if is_begin else len(self._body)
        self._at = end
        value = self._body[begin:end]
        return value.removesuffix(b"\r") if end < len(self._body) else value


def parse_multipart(body: bytes, content_type: str) -> PhpArray:
    """The fields of a multipart form."""
    boundary = _boundary(content_type)
    if boundary is None or len(boundary) > _MAX_BOUNDARY:
        return {}
    return php.fields(islice(_parts(body, b"--" + boundary), php.MAX_INPUT_VARS))


def _boundary(content_type: str) -> bytes | None:
    at = content_type.find("boundary")
    if at < 0:
        at = content_type.lower().find("boundary")
    _, equals, value = content_type[at if at >= 0 else len(content_type) :].partition("=")
    quoted, end, _ = value[1:].partition('"')
    if not equals or (value.startswith('"') and not end):
        return None
    boundary = quoted if value.startswith('"') else re.split("[,;]", value, maxsplit=1)[0]
    return boundary.encode("latin-1", "replace")


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, str, str]]:
    """Name, separator and value of each part that is a field."""
    lines = _Lines(body)
    parts = 0
    while lines.go_behind(boundary):
        disposition = _disposition(lines)
        if disposition is None:
            continue
        parts += 1
        parameters = dict(_parameters(disposition))
        name, filename = parameters.get("name"), parameters.get("filename")
        if parts > _MAX_PARTS or (name is None and filename is None):
            return
        value = "" if filename == "" else lines.until(b"\n" + boundary).decode("utf-8", "surrogateescape")
        if name is not None and filename is None:
            yield name, "=", value


def _disposition(lines: _Lines) -> str | None:
    """The first header of that name; a line without a colon continues the header before."""
    headers: list[tuple[str, list[str]]] = []
    while line := lines.next():
        text = line.decode("utf-8", "surrogateescape")
        key, colon, value = text.partition(":")
        if colon and text[0] not in _SPACES:
            headers.append((key.lower(), [value]))
        elif headers:
            headers[-1][1].append(text)
    return next(("".join(pieces) for key, pieces in headers if key == "content-disposition"), None)


def _parameters(disposition: str) -> Iterator[tuple[str, str]]:
    """Key and value of each parameter; quotes hide a semicolon or an equals sign."""
    for parameter in _PARAMETER.finditer(disposition.lstrip(_SPACES)):
        key = _KEY.match(parameter[1])
        if key and "=" in parameter[1]:
            yield key[1].lower(), _unquoted(parameter[1][key.end() :])


def _unquoted(value: str) -> str:
    quote = value[:1] if value[:1] in _VALUES else ""
    match = _VALUES[quote].match(value)
    return _ESCAPES[quote].sub(r"\1", match[1]) if match else ""
