"""Fakes for the state machine: an honest one, and such as have a bug."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import (
    AddAlias,
    Change,
    CountRequest,
    Data,
    Fate,
    Outcome,
    SaveContact,
)
from cgmock.core.routing import Credential
from cgmock.core.tenant import (
    BadValue,
    HeadingCase,
    Policies,
    Refusal,
    RepeatResponse,
    Tenant,
    TokenErrors,
)
from cgmock.mock_api import MockAPI
from cgmock.stores.base import Collection, Origin, Row, Transaction
from cgmock.stores.memory import MemoryStore
from cgmock.strategies import CustomerGaugeMachine
from cgmock.tokens import Tokens
from tests.acme import ACME, JSON, NOW, basic

TOKENS = Tokens()
Send = Callable[[Request], Response]


class Honest(CustomerGaugeMachine):
    """Runs against our mock; others change a part of it."""

    tenant: ClassVar[Tenant] = ACME
    policies: ClassVar[Policies] = Policies()

    def start(self) -> Send:
        """A mock of its own, that shares its key with the others: a new one takes a tenth of a second."""
        self.now = NOW
        self.store = self.build_store(replace(self.tenant, policies=self.policies))
        mock = MockAPI(store=self.store)
        mock.tokens = TOKENS
        return self.change(mock.handle)

    def time(self) -> float:
        """The time in Unix seconds."""
        return self.now

    def wait(self, seconds: int) -> bool:
        """The clock goes on."""
        self.now += seconds
        return True

    def rows(self, collection: Collection) -> Sequence[Row]:
        """What the store holds."""
        return self.store.page("acme", collection, limit=1000, after=0).rows

    def build_store(self, tenant: Tenant) -> MemoryStore:
        """Where data is kept."""
        return MemoryStore([tenant], clock=self.time)

    def change(self, send: Send) -> Send:
        """How requests are answered."""
        return send


class _Altering(MemoryStore, ABC):
    """A store that makes other changes than were decided."""

    @contextmanager
    def transaction(self, credential: Credential) -> Iterator["_AlteringTransaction"]:
        """Open a transaction that alters the outcome."""
        with super().transaction(credential) as tx:
            yield _AlteringTransaction(tx, self.altered)

    @abstractmethod
    def altered(self, data: Data, outcome: Outcome) -> Outcome:
        """What is done instead."""
        ...


class _AlteringTransaction:
    def __init__(self, tx: Transaction, alter: Callable[[Data, Outcome], Outcome]) -> None:
        self.tenant, self.faults, self.now, self.append = tx.tenant, tx.faults, tx.now, tx.append
        self._transact, self._alter = tx.decide_and_apply, alter

    def decide_and_apply(self, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Decide, and alter what was decided."""
        return self._transact(lambda data: self._alter(data, decide(data)), origin)


class _KeepingContacts(_Altering):
    def altered(self, data: Data, outcome: Outcome) -> Outcome:
        """Contacts that are there stay as they are."""
        changes = tuple(change for change in outcome.changes if not _updates_contact(data, change))
        return outcome._replace(changes=changes)


class _StoringAll(_Altering):
    def altered(self, data: Data, outcome: Outcome) -> Outcome:  # noqa: ARG002  (as all of them)
        """Unmapped headings are stored, too."""
        unmapped = {notice.heading: "x" for notice in outcome.notices if notice.fate is Fate.UNMAPPED}
        return outcome._replace(changes=tuple(_with_more(change, unmapped) for change in outcome.changes))


class NeverUpdatesContacts(Honest):
    """A contact stays as it was created."""

    def build_store(self, tenant: Tenant) -> MemoryStore:
        """A store that updates no contact."""
        return _KeepingContacts([tenant], clock=self.time)


class StoresUnmapped(Honest):
    """What the configuration does not know is stored under its heading."""

    def build_store(self, tenant: Tenant) -> MemoryStore:
        """A store that takes all."""
        return _StoringAll([tenant], clock=self.time)


class AcceptsExpiredTokens(Honest):
    """Tokens live forever, for the clock stands still."""

    def wait(self, seconds: int) -> bool:  # noqa: ARG002  (it does not care)
        """Time passes for others."""
        return True


class TrimsHeadings(Honest):
    """Blanks around a heading do not matter."""

    def change(self, send: Send) -> Send:
        """Cut them off."""

        def trimming(request: Request) -> Response:
            if request.method != "PUT" or not request.content_type.startswith(JSON):
                return send(request)
            content = json.loads(request.body)
            record = content.get("record", {})
            trimmed = {heading.strip(): value for heading, value in record.items()}
            body = json.dumps({**content, "record": trimmed} if record else content).encode()
            return send(request._replace(body=body))

        return trimming


class DoublesRecords(Honest):
    """Each record is taken twice."""

    def change(self, send: Send) -> Send:
        """Take it once more."""

        def twice(request: Request) -> Response:
            send(request)
            return send(request)

        return twice


class TakesPlusForPlus(Honest):
    """A plus in a form is no blank."""

    def change(self, send: Send) -> Send:
        """Quote each plus."""
        return lambda request: send(
            request._replace(body=request.body.replace(b"+", b"%2B")) if _is_form(request) else request
        )


class AcceptsAnyPassword(Honest):
    """Webhooks are open to all."""

    def change(self, send: Send) -> Send:
        """Put the right password in."""

        def opened(request: Request) -> Response:
            headers = {**request.headers, "authorization": basic("acme-hook", "acme-password")}
            return send(request._replace(headers=headers) if request.path.startswith("/hooks/") else request)

        return opened


class ReadsBackNewestFirst(Honest):
    """Responses come in the wrong order."""

    def change(self, send: Send) -> Send:
        """Turn each page around."""

        def turned(request: Request) -> Response:
            answer = send(request)
            if request.method != "GET" or answer.status != 200:
                return answer
            content = json.loads(answer.body)
            return answer._replace(body=json.dumps({**content, "data": content["data"][::-1]}).encode())

        return turned


class AnswersWithBody(Honest):
    """A record that is taken is answered with JSON."""

    def change(self, send: Send) -> Send:
        """Say `{}` where nothing is said."""
        return lambda request: _filled(send(request))


class IgnoresCase(Honest):
    """The case of a heading does not matter."""

    policies = Policies(heading_case=HeadingCase.INSENSITIVE)


class StoresBadValues(Honest):
    """A bad value is stored as it is."""

    policies = Policies(bad_value=BadValue.STORED)


class RefusesInSilence(Honest):
    """A missing required field is answered with 200."""

    policies = Policies(missing_required_field=Refusal.ACCEPTED_AND_FAILED)


class IgnoresRepeatedResponses(Honest):
    """A response that was sent before is not recorded again."""

    policies = Policies(repeat_response=RepeatResponse.IGNORED)


class RefusesTokensAsTheRfcSays(Honest):
    """A wrong secret is answered with 401."""

    policies = Policies(token_errors=TokenErrors.RFC)


BUGS: tuple[type[Honest], ...] = (
    NeverUpdatesContacts,
    StoresUnmapped,
    AcceptsExpiredTokens,
    TrimsHeadings,
    DoublesRecords,
    TakesPlusForPlus,
    AcceptsAnyPassword,
    ReadsBackNewestFirst,
    AnswersWithBody,
    IgnoresCase,
    StoresBadValues,
    RefusesInSilence,
    IgnoresRepeatedResponses,
    RefusesTokensAsTheRfcSays,
)


def _updates_contact(data: Data, change: Change) -> bool:
    return isinstance(change, SaveContact) and data.contact(change.email, change.phone) is not None


def _with_more(change: Change, values: dict[str | None, str]) -> Change:
    others = (AddAlias, CountRequest)
    return change if isinstance(change, others) else change._replace(values={**change.values, **values})  # type: ignore[dict-item]


def _is_form(request: Request) -> bool:
    return request.method == "PUT" and "form" in request.content_type


def _filled(answer: Response) -> Response:
    return answer if answer.body else answer._replace(body=b"{}")
