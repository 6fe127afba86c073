"""Records in files: what is wrong with one is a sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn


class InputError(Exception):
    """The input cannot be sent; its text is a sentence that says where and why."""


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Add the name of the file to an OSError without one, which reading and writing raise."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def json_object(content: bytes, shown: str) -> dict[str, object]:
    """The one JSON object of some bytes in UTF-8; `shown` is what they are called. Raises InputError."""
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_single, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise InputError(f"{shown} is not UTF-8: byte {error.start} is wrong.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{shown} is not JSON: {error}.") from None
    if not isinstance(found, dict):
        raise InputError(f"{shown} must hold one JSON object of headings and values.")
    return found


def _single(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for heading, value in pairs:
        if heading in found:
            raise InputError(
                f"The heading {heading!r} is there twice; CustomerGauge would keep only the last one."
            )
        found[heading] = value
    return found


def _refuse(constant: str) -> NoReturn:
    raise InputError(f"{constant} is no number that can be sent.")
