"""GET Responses (/v7/rest/sync/responses): how a page is asked for, and what it holds."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from cgclient.answers import Answer
from cgclient.errors import UnexpectedResponseError

Response = Mapping[str, object]
"""A recorded response with the technical names of its fields, as CustomerGauge shows it."""


class Period(NamedTuple):
    """Days, from the first to the last; `field` is one of the dates of a response, `date_survey_response` for example."""

    field: str
    start: date
    end: date


class Page(NamedTuple):
    """Some responses, and where to go on; None at the end."""

    rows: Sequence[Response]
    next: int | str | None


def query(per_page: int, cursor: int | str, period: Period | None, expand: Sequence[str]) -> str:
    """The query of a page."""
    pairs = [("per_page", str(per_page)), ("cursor", str(cursor))]
    if period is not None:
        pairs += [
            ("period[field]", period.field),
            ("period[start]", f"{period.start:%Y-%m-%d}"),
            ("period[end]", f"{period.end:%Y-%m-%d}"),
        ]
    return urlencode([*pairs, *(("with[]", name) for name in expand)])


def read(answer: Answer, cursor: int | str) -> Page:
    """The page that was asked for with a cursor; the one after the last is empty. Raises UnexpectedResponseError."""
    said = answer.json_object
    rows, following = said.get("data"), said.get("cursor")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _unexpected(f"of {answer.size} has no list of responses")
    if not rows:
        return Page((), None)
    after = following.get("next") if isinstance(following, dict) else None
    if not isinstance(after, int | str) or after == cursor:
        raise _unexpected("does not tell where to go on")
    return Page(rows, after)


def _unexpected(what: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(
        f"The answer {what}, which the API does not document; check the region and the URL.", status=200
    )
