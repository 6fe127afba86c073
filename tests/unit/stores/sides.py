"""Fakes side by side, each before a store of another kind, and what is to be seen of them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random

from cgmock.core.messages import Request
from cgmock.faults import Answer
from cgmock.journal.journal import Entry
from cgmock.mock_api import MockAPI, NoAppError
from cgmock.stores.base import (
    CheckpointError,
    Collection,
    NameTakenError,
    NoTenantError,
    Row,
    TenantJournal,
    TooManyError,
)
from cgmock.stores.memory import MemoryStore
from cgmock.stores.sql import Database, SqlStore
from cgmock.tokens import Tokens
from tests.acme import NOW
from tests.databases import KEY

REFUSALS = (CheckpointError, NoAppError, NoTenantError, NameTakenError, TooManyError, ValueError)
MAX_RECORDS, MAX_JOURNAL = 3, 4
_PAGE = 2
TOKENS = Tokens(KEY)
"""To read a key takes longer than all that a step of the machine does."""


class Time:
    """The time of the machine, which all sides share."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Side:
    """Workers before one store, of which any answers. Ids of requests and tokens are its own: here they are numbers."""

    def __init__(self, start: Callable[[], Sequence[MockAPI]]) -> None:
        self._start = start
        self._chance = Random(0)  # noqa: S311  (no secret)
        self._ids: dict[str, str] = {}
        self.tokens: list[str] = ["nobody's"]
        self.reopen()

    def reopen(self) -> None:
        """What a restart is."""
        self._workers = self._start()
        for each in self._workers:
            each.tokens = TOKENS

    @property
    def mock(self) -> MockAPI:
        """One of the workers."""
        return self._chance.choice(self._workers)

    def ask(self, request: Request, token: int | None = None) -> object:
        """Send a request with a token, and tell all that it led to."""
        if token is not None:
            authorization = f"Bearer {self.tokens[token]}"
            request = request._replace(headers={**request.headers, "authorization": authorization})
        answer, entry = self.mock.process(request)
        self._ids[entry.request.id] = f"request {len(self._ids)}"
        return self._opened(answer), self.shown(entry)

    def attempt(self, name: str, configuration: str, record: dict[str, object]) -> object:
        """Import a record without a client."""
        entry = self.mock.try_record(name, configuration, record)
        self._ids[entry.request.id] = f"request {len(self._ids)}"
        return self.shown(entry)

    def look(self, name: str) -> object:
        """All that is to be seen of a tenant."""
        mock = self.mock
        hosted, faults = mock.store.hosted(name), self.mock.store.hosted(name).faults
        return {
            "tenants": (hosted.tenant, hosted.seed),
            "clock": (hosted.clock.now(), hosted.clock.is_frozen),
            "faults": (faults.unmet, faults.met),
            "checkpoints": [(each, kept.saved_at) for each, kept in hosted.checkpoints.items()],
            "journal": self.journal(hosted.journal),
            "rows": {each: [*self._rows(name, each)] for each in Collection},
        }

    def look_around(self) -> object:
        """All that is to be seen of what is no tenant's."""
        mock = self.mock
        return mock.store.tenants(), self.journal(mock.store.unclaimed)

    def journal(self, journal: TenantJournal) -> object:
        """All that is to be seen of a journal."""
        entries = [self.shown(entry) for entry in journal.after(0)]
        later = [entry.number for entry in journal.after(journal.newest - 1)]
        return entries, later, journal.dropped, journal.newest, journal.wait(0, 0)

    def redact(self, text: str) -> str:
        """A text without the secrets of the tenants that are there."""
        mock = self.mock
        mock.store.tenants()
        return mock.redact(text)

    def shown(self, entry: Entry) -> object:
        """An entry, the id of its request as a number."""
        return entry._replace(request=entry.request._replace(id=self._ids[entry.request.id]))

    def _rows(self, name: str, collection: Collection) -> Iterator[object]:
        after: int | None = 0
        while after is not None:
            rows, after, dropped = self.mock.store.page(name, collection, limit=_PAGE, after=after)
            yield [self._shown_row(row) for row in rows], after, dropped

    def _shown_row(self, row: Row) -> Row:
        return {**row, "request": self._ids[str(row["request"])]}

    def _opened(self, answer: Answer) -> Answer:
        """The answer, its token as a number."""
        if b'"access_token"' not in answer.response.body:
            return answer
        content = json.loads(answer.response.body)
        self.tokens.append(content["access_token"])
        body = json.dumps({**content, "access_token": len(self.tokens)}).encode()
        return answer._replace(response=answer.response._replace(body=body))


class Databases:
    """Databases that are opened again and again, and closed at last."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open: list[Database] = []

    def workers(self, clock: Callable[[], float]) -> Sequence[MockAPI]:
        """Two workers, started anew."""
        self.close()
        self._open = [Database(self._url) for _ in range(2)]
        limits = {"max_records": MAX_RECORDS, "max_journal": MAX_JOURNAL}
        return [MockAPI(store=SqlStore(each, clock=clock, **limits)) for each in self._open]

    def close(self) -> None:
        """Close the connections."""
        for each in self._open:
            each.close()


def in_memory(clock: Callable[[], float]) -> Sequence[MockAPI]:
    """The worker that the others are compared with."""
    return [MockAPI(store=MemoryStore(max_records=MAX_RECORDS, max_journal=MAX_JOURNAL, clock=clock))]


@contextmanager
def refusals(seen: list[object]) -> Iterator[None]:
    """Take note of a refusal."""
    try:
        yield
    except REFUSALS as refusal:
        seen.append((type(refusal), str(refusal)))


def differences(told: object, expected: object, way: str = "") -> Iterator[str]:
    """Where what was told is not what was expected, and what stands there."""
    if isinstance(told, Mapping) and isinstance(expected, Mapping) and told.keys() == expected.keys():
        for name in told:
            yield from differences(told[name], expected[name], f"{way}/{name}")
    elif isinstance(told, list | tuple) and isinstance(expected, list | tuple) and len(told) == len(expected):
        for number, pair in enumerate(zip(told, expected, strict=True)):
            yield from differences(*pair, f"{way}/{number}")
    elif told != expected:
        yield f"{way}: {told!r} is not {expected!r}"
