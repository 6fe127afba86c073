"""How PHP 8 reads text: form bodies, JSON, and what it takes for blanks.

A PHP array is a dictionary here: it keeps its order, and a key that looks like an integer is one.
"""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeAlias, Union
from urllib.parse import unquote_to_bytes

from cgmock.core.php import deep_json

PhpArray: TypeAlias = dict[int | str, "PhpValue"]
PhpValue: TypeAlias = Union[bool, int, float, str, PhpArray, None]  # noqa: UP007  (a recursive alias)

MAX_INPUT_VARS = 1000
"""Fields of a form that are read; the rest is cut off in silence."""

MAX_NESTING = 64
"""Brackets that the name of a form field may have; one with more is dropped, and so is all that its base name has."""

MAX_DEPTH = 511
"""Arrays and objects that may enclose each other in a JSON document; a deeper one is unreadable."""

BLANKS = " \t\n\r\0\x0b"
"""What PHP's trim takes away."""

_JSON_BLANKS = " \t\n\r"
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_INTEGER_KEY = re.compile(r"0|-?[1-9][0-9]{0,18}")
_BAD_IN_NAME = str.maketrans(" .[", "___")
_COOKIE_PREFIXES = ("__Host-", "__Secure-")  # PHP keeps a name from being made into one of these
_INTEGER_NAME = re.compile(r'"-?[0-9]+"\s*:')
_ENCODED_SEPARATOR = re.compile(rb"%(?:26|3[dD])")
_APPENDING = frozenset(["", *" \t\n\r\x0b\x0c"])
_LONE_SURROGATE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]|(u[dD][89a-fA-F])|.)")


class _UnreadableError(ValueError):
    """JSON that PHP refuses and Python would take."""


def parse_str(text: bytes) -> PhpArray:
    """The fields of a query string or a form, as PHP's parse_str reads them.

    Bytes that are not UTF-8 become surrogate escapes.
    """
    sent = (pair for pair in _pairs(text.partition(b"\0")[0]) if any(pair))
    return fields(islice(sent, MAX_INPUT_VARS))


def parse_post(body: bytes) -> PhpArray:
    """The fields of a form that came by POST, for which PHP has other code.

    There a NUL ends nothing, empty fields count, and one field more than MAX_INPUT_VARS is read.
    """
    return fields(islice(_pairs(body), MAX_INPUT_VARS + 1))


def fields(pairs: Iterable[Iterable[str]]) -> PhpArray:
    """The fields of which name, separator and value are given."""
    read: PhpArray = {}
    for name, _, value in pairs:
        _register(read, name.partition("\0")[0].lstrip(" "), value)
    return read


def json_decode(body: bytes) -> PhpValue:
    """A JSON document, as PHP's json_decode reads it; None when it is unreadable."""
    try:
        text = body.decode()
        document = _json(text)
    except ValueError:
        return None
    if _is_plain(text):
        return document  # type: ignore[return-value]
    if "\\u" in text and any(escape[1] for escape in _LONE_SURROGATE.finditer(text)):
        return None
    return _from_python(document)


def trim(string: str) -> str:
    """A string without the blanks at its ends."""
    return string.strip(BLANKS)


def to_array(value: PhpValue) -> PhpArray:
    """PHP's cast to an array: a scalar is its only element."""
    if isinstance(value, dict):
        return value
    return {} if value is None else {0: value}


def array_key(key: str) -> int | str:
    """A key as a PHP array holds it."""
    if key[:1] in "-0123456789" and _INTEGER_KEY.fullmatch(key) and _INT_MIN <= int(key) <= _INT_MAX:
        return int(key)
    return key


def text(value: PhpValue) -> str:
    """A scalar as text; booleans as a database driver writes them, 1 and 0."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        mantissa, exponent, power = f"{value:.14G}".partition("E")
        if not exponent:
            return mantissa
        return f"{mantissa}{'' if '.' in mantissa else '.0'}E{int(power):+d}"
    return str(value)


def length(string: str) -> int:
    """The characters of a string, as PHP's mb_strlen counts them: the first byte of each tells how many it has."""
    if string.isascii():
        return len(string)
    sent = string.encode("utf-8", "surrogateescape")
    at = characters = 0
    while at < len(sent):
        at += 1 + (0xC2 <= sent[at] < 0xF8) + (0xE0 <= sent[at] < 0xF8) + (0xF0 <= sent[at] < 0xF8)
        characters += 1
    return characters


def _pairs(text: bytes) -> Iterable[Iterable[str]]:
    """Name, separator and value of each field."""
    if _ENCODED_SEPARATOR.search(text):
        return ([_decoded(part) for part in pair.partition(b"=")] for pair in text.split(b"&"))
    return (pair.partition("=") for pair in _decoded(text).split("&"))


def _decoded(part: bytes) -> str:
    return unquote_to_bytes(part.replace(b"+", b" ")).decode(errors="surrogateescape")


def _register(fields: PhpArray, name: str, value: str) -> None:
    """Put a value where the brackets of its name say; what follows the last closed bracket is ignored."""
    base, bracket, rest = name.partition("[")
    if not base:
        return
    first = base.replace(" ", "_").replace(".", "_")
    keys: list[str | None] = [first]
    while bracket == "[" and "]" in rest and len(keys) <= MAX_NESTING:
        key, _, rest = rest.partition("]")
        keys.append(None if key in _APPENDING else key)
        bracket, rest = rest[:1], rest[1:]
    too_deep = bracket == "[" and len(keys) > MAX_NESTING
    if bracket == "[" and len(keys) == 1:
        keys = [name.translate(_BAD_IN_NAME)]
    place = _place(fields, keys[:-1], name)
    if place is None:
        return
    if too_deep:
        fields.pop(array_key(first), None)
        return
    index = _index(place, keys[-1], name)
    if index is not None:
        place[index] = value


def _place(array: PhpArray, keys: Sequence[str | None], name: str) -> PhpArray | None:
    """The array that is below these keys, made where there is none or a scalar; None where nothing may be put."""
    for key in keys:
        index = _index(array, key, name)
        if index is None:
            return None
        inner = array.get(index)
        if not isinstance(inner, dict):
            inner = array[index] = {}
        array = inner
    return array


def _index(place: PhpArray, key: str | None, name: str) -> int | str | None:
    """The key, or for None the next free integer; None where nothing may be put."""
    if key is None:
        free = max((each for each in place if isinstance(each, int)), default=-1) + 1
        return free if free <= _INT_MAX else None
    if key.startswith(_COOKIE_PREFIXES) and not name.startswith(key.partition("-")[0] + "-"):
        return None
    return array_key(key)


def _json(text: str) -> object:
    text = text.strip(_JSON_BLANKS)
    try:
        document, end = _DECODER.raw_decode(text)
    except RecursionError:
        return deep_json.decode(text, _DECODER, MAX_DEPTH)
    if end < len(text):
        raise _UnreadableError
    return document


def _is_plain(text: str) -> bool:
    """Whether a JSON document, as Python reads it, is surely what PHP has: the usual case."""
    plain = "[" not in text and "\\" not in text and not _INTEGER_NAME.search(text)
    return plain and text.count("{") <= MAX_DEPTH


def _from_python(document: object) -> PhpValue:
    """PHP arrays in the place of Python's lists and dictionaries; None when they are nested too deep.

    It goes level by level, for PHP's arrays may be nested deeper than Python's calls.
    """
    root: dict[int | str, object] = {0: document}
    level = [root]
    for _ in range(MAX_DEPTH + 1):
        inner = []
        for array in level:
            for key, value in array.items():
                if isinstance(value, (dict, list)):
                    array[key] = entries = _entries(value)
                    inner.append(entries)
        if not inner:
            return root[0]  # type: ignore[return-value]
        level = inner
    return None


def _entries(value: dict[str, object] | list[object]) -> dict[int | str, object]:
    if isinstance(value, list):
        return dict(enumerate(value))
    return {array_key(key): each for key, each in value.items()}


def _integer(digits: str) -> int | float:
    # Python refuses to convert thousands of digits.
    number = int(digits) if len(digits) <= len(str(_INT_MIN)) else None
    return number if number is not None and _INT_MIN <= number <= _INT_MAX else float(digits)


def _refuse_constant(_: str) -> float:
    raise _UnreadableError


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse_constant)
