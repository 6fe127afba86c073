"""Bodies of PUT /records/: one record in the many ways in which JSON and forms can be written."""

import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Literal, NamedTuple
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from cgmock.core.php import values as php
from cgmock.core.tenant import Configuration
from cgmock.strategies.invalid import Content
from cgmock.strategies.plans import plan_of, records_of

Encoding = Literal["json", "form"]


class Payload(NamedTuple):
    """A body with its content type, and the record that it says."""

    body: bytes
    content_type: str
    record: Mapping[str, Content]


Encoder = Callable[[str, Mapping[str, Content]], Payload]
"""Writes a record for the configuration of a reference."""


def payloads(
    configuration: Configuration, *, encoding: Encoding = "json", touchpoints: Collection[str] = ()
) -> SearchStrategy[Payload]:
    """Bodies with a valid record, as `records` has them; in a form only headings that a form can carry."""
    if encoding not in _ENCODERS:
        raise InvalidArgument(f"encoding={encoding!r} must be 'json' or 'form'")
    if configuration.reference != php.trim(configuration.reference) or not configuration.reference:
        raise InvalidArgument(f"No request can name the reference {configuration.reference!r}")
    plan = plan_of(configuration, touchpoints, as_form=encoding == "form")
    return st.builds(_payload, encoders(encoding), st.just(configuration.reference), records_of(plan))


def encoders(encoding: Encoding) -> SearchStrategy[Encoder]:
    """Ways to write a record."""
    return st.sampled_from(_ENCODERS[encoding])


def json_body(content: object, *, ascii_only: bool = True, indent: int | None = None) -> bytes:
    """A JSON document."""
    return json.dumps(content, ensure_ascii=ascii_only, indent=indent).encode()


def _payload(encoder: Encoder, reference: str, record: Mapping[str, Content]) -> Payload:
    return encoder(reference, record)


def _as_json(
    reference: str, record: Mapping[str, Content], *, content_type: str, indent: int | None, ascii_only: bool
) -> Payload:
    content = {"configuration": reference, "record": record}
    if indent is not None:
        content = dict(reversed(content.items()))
    return Payload(json_body(content, ascii_only=ascii_only, indent=indent), content_type, record)


def _as_form(
    reference: str,
    record: Mapping[str, Content],
    *,
    content_type: str,
    quoted: Callable[[str], str],
    brackets: tuple[str, str],
) -> Payload:
    opening, closing = brackets
    fields = [f"configuration={quoted(reference)}"]
    for heading, content in record.items():
        members = _members(content)
        fields += [
            f"record{opening}{quoted(heading)}{closing}{inner}={quoted(text)}"
            for inner, text in members.items()
        ]
    return Payload("&".join(fields).encode(), content_type, record)


def _members(content: Content) -> Mapping[str, str]:
    """The texts of a value by what stands behind the brackets of its heading."""
    if isinstance(content, list):
        return {f"[{index}]": text for index, text in enumerate(content)}
    if isinstance(content, dict):
        return {f"[{key}]": text for key, text in content.items()}
    return {"": "" if content is None else php.text(content)}


FORM = "application/x-www-form-urlencoded"
_quote = partial(quote, safe="")
_ENCODERS: Mapping[Encoding, tuple[Encoder, ...]] = {
    "json": (
        partial(_as_json, content_type="application/json", indent=None, ascii_only=True),
        partial(_as_json, content_type="application/json; charset=utf-8", indent=None, ascii_only=False),
        partial(_as_json, content_type="application/vnd.api+json", indent=2, ascii_only=False),
    ),
    "form": (
        partial(_as_form, content_type=FORM, quoted=quote_plus, brackets=("[", "]")),
        partial(_as_form, content_type=FORM, quoted=_quote, brackets=("%5B", "%5D")),
        partial(_as_form, content_type=f"{FORM}; charset=UTF-8", quoted=_quote, brackets=("[", "%5d")),
    ),
}
