"""What an answer of CustomerGauge means."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple

from cgclient.errors import (
    AmbiguousWriteError,
    AuthenticationError,
    CustomerGaugeError,
    RateLimitedError,
    ServerError,
    UnexpectedResponseError,
    ValidationError,
)
from cgclient.limits import MAX_ANSWER

MAYBE_WRITTEN = "The record may have been written: look before you send it again."

_SHOWN = 200
_ADVICE: Mapping[int, str] = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "send a smaller record"}


class Answer(NamedTuple):
    """An answer, of whichever library; `headers` do not mind the case of a name.

    A body of more than MAX_ANSWER bytes is cut somewhere after them.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def size(self) -> str:
        """The size of the body, in words."""
        cut = len(self.body) > MAX_ANSWER
        return f"more than {MAX_ANSWER // 1024**2} MiB" if cut else f"{len(self.body)} bytes"

    @property
    def json_object(self) -> Mapping[str, object]:
        """The JSON object of the body, empty when it holds none."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait: from a number, or from a date against the answer's own Date; None when it does not say."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isascii() and value.isdecimal():
            seconds = float(value)
            return seconds if math.isfinite(seconds) else None
        until, now = _date(value), _date(self.headers.get("Date", ""))
        return None if until is None or now is None else max(0.0, (until - now).total_seconds())


def failure_of_write(answer: Answer) -> CustomerGaugeError | None:
    """The error that the answer to a record stands for; None for the documented success, 200 with an empty body."""
    if 200 <= answer.status < 300:
        return None if answer.status == HTTPStatus.OK and not answer.body.strip() else _undocumented(answer)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not _turned_away(answer):
        return AmbiguousWriteError(
            f"CustomerGauge failed with {answer.status}. {MAYBE_WRITTEN}", status=answer.status
        )
    return _refusal(answer)


def failure_of_read(answer: Answer) -> CustomerGaugeError | None:
    """The error that the answer to a question stands for; None for 200."""
    return None if answer.status == HTTPStatus.OK else _refusal(answer)


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _turned_away(answer: Answer) -> bool:
    """Whether a failure came before the record was taken: only a 503 with Retry-After says so."""
    return answer.status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in answer.headers


def _undocumented(answer: Answer) -> AmbiguousWriteError:
    """A page of something else at this URL, or a success in other clothes: CustomerGauge's other APIs answer 201."""
    what = f"The answer, {answer.status} with {answer.size}, is not the documented 200 with none."
    return AmbiguousWriteError(f"{what} {MAYBE_WRITTEN}", status=answer.status, temporary=False)


def _refusal(answer: Answer) -> CustomerGaugeError:
    """An answer after which nothing is written."""
    status = answer.status
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return _invalid(answer.json_object)
    if status == HTTPStatus.UNAUTHORIZED:
        message = "CustomerGauge refused the credentials with 401. Nothing was written; check that they, region and URLs belong together."
        return AuthenticationError(message, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        message = "CustomerGauge answered 429: too many requests. Nothing was written; try again later."
        return RateLimitedError(message, status=status, retry_after=answer.retry_after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        message = f"CustomerGauge failed with {status}. Nothing was written; try again later."
        return ServerError(message, status=status, retry_after=answer.retry_after)
    advice = _ADVICE.get(status, "check the region and the URL")
    message = (
        f"CustomerGauge answered {status}, which the API does not document. Nothing was written; {advice}."
    )
    return UnexpectedResponseError(message, status=status)


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
