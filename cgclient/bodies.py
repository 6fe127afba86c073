"""How a record is written down: as JSON, or as a form that PHP reads back into the same record.

Both refuse what they cannot carry with a ValueError that names the heading and never the value.
"""

import json
import math
from collections.abc import Mapping
from urllib.parse import urlencode

Record = Mapping[str, object]
"""Headings and values; a form takes text, numbers, booleans (sent as 1 and 0, as PHP does) and None (sent empty)."""


def json_body(configuration: str, record: Record) -> bytes:
    """The bytes of the JSON body."""
    body = _encoded({"configuration": configuration, "record": dict(record)})
    if body is None:
        raise _unencodable(record)
    return body


def form_body(configuration: str, record: Record) -> bytes:
    """The bytes of the form, by flat names such as `record[Email]`."""
    fields = {f"record[{_heading(heading)}]": _field(heading, value) for heading, value in record.items()}
    return urlencode({"configuration": _text("configuration", configuration), **fields}).encode()


def flat_body(record: Record) -> bytes:
    """The bytes of the JSON body of a webhook, which knows its configuration."""
    body = _encoded(dict(record))
    if body is None:
        raise _unencodable(record)
    return body


def _encoded(content: object) -> bytes | None:
    """None keeps the encoder's exceptions, which hold the values, out of the traceback."""
    try:
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        return None


def _unencodable(record: Record) -> ValueError:
    heading = next((each for each, value in record.items() if _encoded({each: value}) is None), None)
    what = "The configuration" if heading is None else f"The value of {heading!r}"
    return ValueError(
        f"{what} cannot be written as JSON: send well-formed text, a finite number, a boolean or None."
    )


def _heading(heading: str) -> str:
    if "[" in heading or "]" in heading:
        raise ValueError(
            f"The heading {heading!r} cannot be sent as a form, which gives brackets a meaning: use JSON."
        )
    if not heading.strip():
        raise ValueError(
            f"The heading {heading!r} cannot be sent as a form, which numbers a blank one: use JSON."
        )
    return _text(heading, heading)


def _field(heading: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case float() if not math.isfinite(value):
            raise ValueError(f"The value of {heading!r} is no number that can be sent.")
        case str() | int() | float():
            return _text(heading, str(value))
        case _:
            kind = type(value).__name__
            raise ValueError(
                f"The value of {heading!r} is a {kind}; a form takes text, numbers, booleans and None."
            )


def _text(heading: str, text: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError(f"The text of {heading!r} holds half a character (a lone surrogate): correct it.")
    return text
