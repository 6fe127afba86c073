"""What an answer of the imports API means."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from cgclient.errors import (
    AuthenticationError,
    CustomerGaugeError,
    RateLimitedError,
    ServerError,
    UnexpectedResponseError,
    ValidationError,
)

MAYBE_WRITTEN = "The record may have been written: look before you send it again."

_SHOWN = 200
_ADVICE: Mapping[int, str] = {httpx.codes.REQUEST_ENTITY_TOO_LARGE: "send a smaller record"}


def failure_of(response: httpx.Response) -> CustomerGaugeError | None:
    """The error that an answer stands for, or None for the documented success: 200 with an empty body."""
    documented = response.status_code == httpx.codes.OK and not response.content.strip()
    return None if documented else _failure(response)


def json_object(response: httpx.Response) -> Mapping[str, object]:
    """The JSON object of a body, empty when it holds none."""
    try:
        content = response.json()
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait: from a number, or from a date against the answer's own Date; None when it does not say."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        seconds = float(value)
        return seconds if math.isfinite(seconds) else None
    until, now = _date(value), _date(response.headers.get("Date", ""))
    return None if until is None or now is None else max(0.0, (until - now).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _failure(response: httpx.Response) -> CustomerGaugeError:
    status = response.status_code
    if response.is_success:
        return _undocumented_success(response)
    if status == httpx.codes.UNPROCESSABLE_ENTITY:
        return _invalid(json_object(response))
    if status == httpx.codes.UNAUTHORIZED:
        message = "CustomerGauge refused a fresh token with 401. Nothing was written; check that region and URLs belong together."
        return AuthenticationError(message, status=status)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        message = "CustomerGauge answered 429: too many requests. Nothing was written; send the record later."
        return RateLimitedError(message, retry_after=retry_after(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return _server_error(response)
    advice = _ADVICE.get(status, "check the region and the URL")
    message = (
        f"CustomerGauge answered {status}, which the API does not document. Nothing was written; {advice}."
    )
    return UnexpectedResponseError(message, status=status)


def _undocumented_success(response: httpx.Response) -> UnexpectedResponseError:
    """A page of something else at this URL, or a success in other clothes: CustomerGauge's other APIs answer 201."""
    status, size = response.status_code, len(response.content)
    message = f"The answer, {status} with {size} bytes, is not the documented 200 with none. {MAYBE_WRITTEN}"
    return UnexpectedResponseError(message, status=status, may_have_been_written=True)


def _invalid(said: Mapping[str, object]) -> ValidationError:
    errors, message = said.get("errors"), said.get("message")
    found = {
        _cut(str(path)): tuple(_cut(str(text)) for text in (texts if isinstance(texts, list) else [texts]))
        for path, texts in (errors.items() if isinstance(errors, dict) else ())
    }
    summary = _cut(message) if isinstance(message, str) else ""
    reason = _cut(" ".join(_texts(found))) or summary or "it does not say why"
    sentence = f"CustomerGauge refused the record with 422: {reason.rstrip('.')}. Nothing was written; correct it and send it again."
    return ValidationError(sentence, found, summary)


def _texts(errors: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    return (text for texts in errors.values() for text in texts)


def _cut(text: str) -> str:
    """A text of the service on one short line: no line breaks, no control characters that a terminal would obey."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: 2 * _SHOWN]).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _server_error(response: httpx.Response) -> ServerError:
    """A 503 with Retry-After turned the request away at the door; after any other failure nobody knows."""
    status = response.status_code
    turned_away = status == httpx.codes.SERVICE_UNAVAILABLE and "Retry-After" in response.headers
    outcome = "Nothing was written; send the record later." if turned_away else MAYBE_WRITTEN
    return ServerError(
        f"CustomerGauge failed with {status}. {outcome}",
        status=status,
        may_have_been_written=not turned_away,
    )
