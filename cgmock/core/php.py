"""How PHP 8 reads text: form bodies, JSON, and what it takes for blanks.

A PHP array is a dictionary here: it keeps its order, and a key that looks like an integer is one.
"""

import json
import re
from typing import TypeAlias, Union
from urllib.parse import unquote_to_bytes

PhpArray: TypeAlias = dict[int | str, "PhpValue"]
PhpValue: TypeAlias = Union[bool, int, float, str, PhpArray, None]  # noqa: UP007  (a recursive alias)

MAX_INPUT_VARS = 1000
"""Fields of a form that are read; the rest is cut off in silence."""

MAX_NESTING = 64
"""Brackets that the name of a form field may have; a field with more is dropped."""

MAX_DEPTH = 512
"""Levels that a JSON document may have; a deeper one is unreadable."""

BLANKS = " \t\n\r\0\x0b"
"""What PHP's trim takes away."""

_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_INTEGER_KEY = re.compile(r"0|-?[1-9][0-9]{0,18}")
_LITERALS = re.compile(r'"(?:[^"\\]|\\.)*"|true|false|null', re.IGNORECASE)
_BAD_IN_NAME = str.maketrans(" .[", "___")
_APPENDING = frozenset(["", *" \t\n\r\x0b\x0c"])


class _UnreadableError(ValueError):
    """JSON that PHP refuses and Python would take."""


def parse_str(text: bytes) -> PhpArray:
    """The fields of a form, as PHP's parse_str reads them; bytes that are not UTF-8 become surrogate escapes."""
    fields: PhpArray = {}
    sent = [pair for pair in text.partition(b"\0")[0].split(b"&") if pair]
    for pair in sent[:MAX_INPUT_VARS]:
        name, _, value = pair.partition(b"=")
        _register(fields, _decoded(name).partition("\0")[0].lstrip(" "), _decoded(value))
    return fields


def json_decode(body: bytes) -> PhpValue:
    """A JSON document, as PHP's json_decode reads it; None when it is unreadable."""
    try:
        text = body.decode()
        value = _from_python(_load(text), 1)
        if "\\u" in text:
            _refuse_lone_surrogates(value)
    except (ValueError, RecursionError):
        return None
    return value


def to_array(value: PhpValue) -> PhpArray:
    """PHP's cast to an array: a scalar is its only element."""
    if isinstance(value, dict):
        return value
    return {} if value is None else {0: value}


def array_key(key: str) -> int | str:
    """A key as a PHP array holds it."""
    if _INTEGER_KEY.fullmatch(key) and _INT_MIN <= int(key) <= _INT_MAX:
        return int(key)
    return key


def text(value: PhpValue) -> str:
    """A scalar as text; booleans as a database driver writes them, 1 and 0."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        shown = f"{value:.14G}"
        mantissa, exponent, power = shown.partition("E")
        return f"{mantissa}.0E{power}" if exponent and "." not in mantissa else shown
    return str(value)


def _decoded(part: bytes) -> str:
    return unquote_to_bytes(part.replace(b"+", b" ")).decode("utf-8", "surrogateescape")


def _register(fields: PhpArray, name: str, value: str) -> None:
    """Put a value where the brackets of its name say."""
    keys = _keys(name)
    if not keys or len(keys) > MAX_NESTING + 1:
        return
    place = fields
    for key in keys[:-1]:
        index = _index(place, key)
        inner = place.get(index)
        if not isinstance(inner, dict):
            inner = place[index] = {}
        place = inner
    place[_index(place, keys[-1])] = value


def _keys(name: str) -> list[str | None]:
    """`a.b[c][]` is `a_b`, `c` and None, which appends. Text after a bracket ends the name, as does an open one."""
    base, bracket, rest = name.partition("[")
    if not base:
        return []
    if bracket and "]" not in rest:
        return [name.translate(_BAD_IN_NAME)]
    keys: list[str | None] = [base.translate(_BAD_IN_NAME)]
    while bracket and "]" in rest:
        key, _, rest = rest.partition("]")
        keys.append(None if key in _APPENDING else key)
        bracket, rest = rest[:1], rest[1:]
        if bracket != "[":
            break
    return keys


def _index(place: PhpArray, key: str | None) -> int | str:
    if key is not None:
        return array_key(key)
    return max((each for each in place if isinstance(each, int)), default=-1) + 1


def _load(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        # PHP takes TRUE, False and nUll as well.
        plain = _LITERALS.sub(lambda match: match[0] if match[0][0] == '"' else match[0].lower(), text)
        if plain == text:
            raise
        return _DECODER.decode(plain)


def _from_python(value: object, depth: int) -> PhpValue:
    if isinstance(value, dict):
        _refuse_depth(depth)
        return {array_key(key): _from_python(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        _refuse_depth(depth)
        return {index: _from_python(each, depth + 1) for index, each in enumerate(value)}
    return value  # type: ignore[return-value]


def _refuse_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _UnreadableError


def _refuse_lone_surrogates(value: PhpValue) -> None:
    json.dumps(value, ensure_ascii=False).encode()


def _integer(digits: str) -> int | float:
    if digits == "-0":
        return -0.0
    if len(digits) > len(str(_INT_MIN)):
        return float(digits)
    number = int(digits)
    return number if _INT_MIN <= number <= _INT_MAX else float(digits)


def _refuse_constant(name: str) -> float:
    raise _UnreadableError(name)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse_constant)
