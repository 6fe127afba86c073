"""What an answer of the imports API means."""

from collections.abc import Mapping
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

_SHOWN = 200


def failure_of(response: httpx.Response) -> CustomerGaugeError | None:
    """The error that an answer stands for, or None for the documented success: 200 with an empty body."""
    status = response.status_code
    if status == httpx.codes.OK:
        return None if not response.content.strip() else _not_empty()
    if status == httpx.codes.UNPROCESSABLE_ENTITY:
        return _invalid(response)
    if status == httpx.codes.UNAUTHORIZED:
        message = "CustomerGauge refused a fresh token with 401. Check that region and URLs belong together."
        return AuthenticationError(message, status=status)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        message = "CustomerGauge answered 429: too many requests. Nothing was written; send the record later."
        return RateLimitedError(message, retry_after=retry_after(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return _server_error(response)
    message = f"CustomerGauge answered {status}, which the API does not document. Nothing was written; check the URL."
    return UnexpectedResponseError(message, status=status)


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
        return float(value)
    until, now = _date(value), _date(response.headers.get("Date", ""))
    return None if until is None or now is None else max(0.0, (until - now).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _invalid(response: httpx.Response) -> ValidationError:
    errors = json_object(response).get("errors")
    found = {
        str(path): tuple(str(each) for each in messages) if isinstance(messages, list) else (str(messages),)
        for path, messages in (errors.items() if isinstance(errors, dict) else ())
    }
    texts = " ".join(message for messages in found.values() for message in messages)
    reason = texts[:_SHOWN] or "it does not say why."
    return ValidationError(f"CustomerGauge refused the record with 422: {reason} Nothing was written.", found)


def _server_error(response: httpx.Response) -> ServerError:
    """A 503 with Retry-After turned the request away at the door; after any other failure nobody knows."""
    status = response.status_code
    turned_away = status == httpx.codes.SERVICE_UNAVAILABLE and "Retry-After" in response.headers
    outcome = (
        "Nothing was written"
        if turned_away
        else "The record may have been written: look before you send it again"
    )
    return ServerError(
        f"CustomerGauge failed with {status}. {outcome}.",
        status=status,
        may_have_been_written=not turned_away,
    )


def _not_empty() -> UnexpectedResponseError:
    message = "The answer was a 200 with a body, which CustomerGauge never sends: something else answers at this URL."
    return UnexpectedResponseError(message, status=200, may_have_been_written=True)
