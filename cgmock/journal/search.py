"""What one looks for in a journal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase

from cgmock.core.outcome import Fate
from cgmock.journal.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Entries that are all of this; what is None is not asked for.

    `path` may have wildcards (`/hooks/*`); `notice` is the fate that some heading had, `heading` the heading of some
    notice (with both, of the same one); `since` is in Unix seconds; `text` stands in the query, a body, a header or a
    notice, whatever its case; `request` is the id of a request, which each row has of the one that wrote it.
    """

    path: str | None = None
    status: int | None = None
    notice: Fate | None = None
    heading: str | None = None
    since: int | None = None
    text: str | None = None
    request: str | None = None

    @property
    def query(self) -> dict[str, str | int]:
        """What asks for it in the query string of the control API."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in asked.items() if value is not None}

    def among(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries that are found."""
        return filter(self.finds, entries)

    def finds(self, entry: Entry) -> bool:
        """Whether an entry is all that is asked for."""
        return (
            (self.path is None or fnmatchcase(entry.request.path, self.path))
            and self.status in {None, entry.response.status}
            and self.request in {None, entry.request.id}
            and (self.since is None or entry.time >= self.since)
            and ((self.notice is None and self.heading is None) or self._has_notice(entry))
            and (self.text is None or self.text.casefold() in _all_text(entry).casefold())
        )

    def _has_notice(self, entry: Entry) -> bool:
        return any(
            self.notice in {None, notice.fate} and self.heading in {None, notice.heading}
            for notice in entry.notices
        )


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
