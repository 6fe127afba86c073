"""Search in a journal."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import TypedDict

from cgmock.core.outcome import Fate, FateName
from cgmock.core.spelling import member
from cgmock.journal.journal import Entry


class SearchTerms(TypedDict, total=False):
    """The keyword arguments of Search."""

    path: str | None
    status: int | None
    notice: Fate | FateName | None
    heading: str | None
    since: float | None
    text: str | None
    request: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Conditions that journal entries must all meet. None means any.

    `path` may contain wildcards (`/hooks/*`). `notice` is the fate of a heading, and `heading` the heading of a notice;
    with both, one notice must have both. `since` is in Unix seconds, and its fraction is ignored. `text` occurs in the query, a body, a header or a
    notice, ignoring case. `request` is the ID of a request; each stored row has the ID of the request that wrote it.
    Raises ValueError for an unknown `notice`.
    """

    path: str | None = None
    status: int | None = None
    notice: Fate | FateName | None = None
    heading: str | None = None
    since: float | None = None
    text: str | None = None
    request: str | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown fate. Raises ValueError."""
        if self.notice is not None:
            member(Fate, "fate", self.notice)

    @property
    def query(self) -> dict[str, str | int]:
        """The search as parameters of the control API's query string."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        given = {name: value for name, value in asked.items() if value is not None}
        return given if self.since is None else {**given, "since": math.floor(self.since)}

    def among(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Return the entries that match, in their order."""
        return filter(self.finds, entries)

    def finds(self, entry: Entry) -> bool:
        """Return whether an entry matches."""
        return (
            (self.path is None or fnmatchcase(entry.request.path, self.path))
            and self.status in {None, entry.response.status}
            and self.request in {None, entry.request.id}
            and (self.since is None or entry.time >= math.floor(self.since))
            and ((self.notice is None and self.heading is None) or self._has_notice(entry))
            and (self.text is None or self.text.casefold() in _all_text(entry).casefold())
        )

    def _has_notice(self, entry: Entry) -> bool:
        return any(
            self.notice in {None, notice.fate} and self.heading in {None, notice.heading}
            for notice in entry.notices
        )


EVERYTHING = Search()
"""A search that all entries match."""


def _all_text(entry: Entry) -> str:
    request, response = entry.request, entry.response
    return "\n".join(
        [
            request.query,
            request.body.decode(errors="replace"),
            response.body.decode(errors="replace"),
            *(f"{name}: {value}" for name, value in (*request.headers.items(), *response.headers)),
            *(f"{notice.heading}: {notice.reason}" for notice in entry.notices),
        ]
    )
