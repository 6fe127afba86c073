"""The shell: finds the tenant of a request, applies planned faults, calls the core and appends to the journal."""

import itertools
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cgmock.core import routing
from cgmock.core.endpoints.token import LIFETIME
from cgmock.core.laravel import responses as laravel
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Claims, Data, Outcome, View
from cgmock.core.routing import Credential
from cgmock.core.tenant import Policies, Tenant
from cgmock.faults import (
    OF_THE_CONNECTION,
    OF_THE_TOKEN,
    WITHOUT_ANSWER,
    Answer,
    BrokenConnectionError,
    Effect,
    Fault,
)
from cgmock.journal.journal import Entry
from cgmock.journal.redaction import Redactor
from cgmock.stores.base import (
    MAX_JOURNAL,
    Origin,
    Store,
    StoreError,
    Transaction,
)
from cgmock.stores.memory import MemoryStore, no_data
from cgmock.tokens import Tokens

WHY = "X-Cgmock-Error"
"""The header that tells why the fake itself could not do what was asked."""


class NoAppError(ValueError):
    """A tenant without an app."""


class _NewKeyError(Exception):
    """Raised in a transaction when the store has another signing key than the one that the token was checked with."""


class _Redacting(NamedTuple):
    """A redactor, and the secrets of the store and of `add_secret` for which it was built."""

    known: frozenset[str]
    hidden: frozenset[str]
    redactor: Redactor


class _Received(NamedTuple):
    """A request, and what is known of it before its transaction begins."""

    request: Request
    claims: Claims | None
    policies: Policies
    redacted: Request
    redactor: Redactor


class MockAPI:
    """A fake CustomerGauge with any number of tenants. It is thread-safe.

    A request belongs to the tenant whose credentials it carries. Requests without valid credentials are recorded in
    the journal `store.unclaimed`.

    Args:
        tenants: The tenants, usually from `load_seed`.
        store: Storage of tenants, data and journals: `mock.store.hosted("demo").clock.freeze()`. By default, memory.
        clock: Function that returns Unix seconds. The clock of each tenant follows it until a test moves that clock.
        max_journal: Number of journal entries that each tenant keeps.

    Raises:
        ValueError: Two tenants have the same name, client ID or webhook ID.

    Example:
        >>> mock = MockAPI(load_seed())
        >>> mock.handle(Request("PUT", "/records/")).status
        401
    """

    def __init__(
        self,
        tenants: Iterable[Tenant] = (),
        *,
        store: Store | None = None,
        clock: Callable[[], float] | None = None,
        max_journal: int = MAX_JOURNAL,
    ) -> None:
        self.store: Store = store or MemoryStore(clock=clock, max_journal=max_journal)
        for tenant in tenants:
            self.store.add(tenant)
        self._signing_key = self.store.signing_key
        self.tokens: Tokens = Tokens(self._signing_key)
        self._hidden: frozenset[str] = frozenset()
        self._redacting: _Redacting | None = None
        self._origin = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def handle(self, request: Request) -> Response:
        """Answer a request as `answer` does, after the delay. Raises BrokenConnectionError, as planned."""
        response, delay, effect = self.answer(request)
        if delay:
            time.sleep(delay)
        if effect is not None:
            raise BrokenConnectionError(effect)
        return response

    def answer(self, request: Request) -> Answer:
        """Answer a request. When this returns, its changes and its journal entry are stored.

        If the store fails, the answer is a 503 as the vendor sends it, with the reason in the header `X-Cgmock-Error`.
        """
        try:
            return self.process(request)[0]
        except StoreError as error:
            return Answer(_unavailable(str(error)))

    def process(self, request: Request) -> tuple[Answer, Entry]:
        """Return the answer to a request and its journal entry. Raises StoreError."""
        request = request._replace(id=f"{self._origin}-{next(self._numbers)}")
        try:
            return self._process_once(request)
        except _NewKeyError:
            return self._process_once(request)

    def _process_once(self, request: Request) -> tuple[Answer, Entry]:
        credential = routing.credential(request)
        claims = self.tokens.claims(credential.token) if credential.token else None
        if claims:
            credential = Credential(str(claims["client_id"]))
        named = credential.client_id is not None or credential.webhook is not None
        policies = Policies() if named else self._policies_without_tenant()
        redactor = self._current_redactor()
        redacted = redactor.request(request)  # not in the transaction, which other requests may wait for
        with self.store.transaction(credential) as tx:
            if self._renew_tokens():
                raise _NewKeyError
            current = self._current_redactor()
            if current is not redactor:
                redacted = current.request(request)
            return self._execute(tx, _Received(request, claims, policies, redacted, current))

    def _policies_without_tenant(self) -> Policies:
        """Return the policies for a request that identifies no tenant: the only tenant's, else the defaults."""
        tenants = self.store.tenants()
        return tenants[0].policies if len(tenants) == 1 else Policies()

    def _execute(self, tx: Transaction, received: _Received) -> tuple[Answer, Entry]:
        """Apply the planned faults, decide, and append the redacted request to the journal."""
        request, claims, policies, redacted, redactor = received
        met = tx.faults.take(request)
        if met is not None and met.fault.effect in OF_THE_TOKEN and claims is not None:
            tx.faults.end_token(claims, met.fault.effect)
        now = tx.now()
        if met is None or met.fault.is_applied:
            outcome = self._decide(tx, request, tx.faults.effective_claims(claims), policies, now)
        else:
            outcome = Outcome(Response(0))
        if met is None:
            entry = tx.append(now, redacted, redactor.outcome(outcome))
            return Answer(outcome.response), entry
        fault = met.fault
        outcome = outcome._replace(response=_visible(fault, outcome.response, now))
        entry = tx.append(now, redacted, redactor.outcome(outcome), fault.effect)
        effect = fault.effect if fault.effect in OF_THE_CONNECTION else None
        return Answer(outcome.response, met.delay, effect), entry

    def try_record(self, name: str, configuration: str, record: Mapping[str, object]) -> Entry:
        """Import a record as JSON with a token of the tenant's first app. Raises NoTenantError, NoAppError."""
        hosted = self.store.hosted(name)
        self._renew_tokens()
        if not hosted.tenant.connected_apps:
            raise NoAppError(f"{name} has no connected app, so nobody can send it a record.")
        app, expires = hosted.tenant.connected_apps[0], int(hosted.clock.now()) + LIFETIME
        claims: Claims = {
            "client_id": app.client_id,
            "scope": " ".join(app.scopes),
            "exp": expires,
            "jti": secrets.token_hex(8),
        }
        body = json.dumps({"configuration": configuration, "record": record}).encode()
        headers = {
            "accept": "application/json",
            "authorization": f"Bearer {self.tokens.sign(claims)}",
            "content-type": "application/json",
            "user-agent": "cgmock",
        }
        return self.process(Request("PUT", "/records/", "", headers, body, len(body)))[1]

    def _renew_tokens(self) -> bool:
        """Use the signing key of the store; return whether it is another one than before."""
        is_new = self.store.signing_key != self._signing_key
        if is_new:
            self._signing_key = self.store.signing_key
            self.tokens = Tokens(self._signing_key)
        return is_new

    def add_secret(self, secret: str) -> None:
        """Redact one more secret in the journal and in the control API."""
        self._hidden |= {secret}

    def redact(self, text: str) -> str:
        """Redact all known secrets in a text."""
        return self._current_redactor().text(text)

    def _current_redactor(self) -> Redactor:
        known, hidden, redacting = self.store.secrets, self._hidden, self._redacting
        if redacting is None or redacting.known is not known or redacting.hidden is not hidden:
            redacting = self._redacting = _Redacting(known, hidden, Redactor(known | hidden))
        return redacting.redactor

    def _decide(
        self, tx: Transaction, request: Request, claims: Claims | None, policies: Policies, now: float
    ) -> Outcome:
        tenant, tokens = tx.tenant, self.tokens

        def decide(data: Data) -> Outcome:
            return routing.decide(
                View(tenant, data, claims, tokens.sign, tokens.keys, policies), request, now
            )

        if tenant is None:
            return decide(_NOTHING)
        return tx.decide_and_apply(decide, Origin(request.id, now))


def _unavailable(why: str) -> Response:
    status, headers, body = laravel.unavailable()
    return Response(status, (*headers, (WHY, why)), body)


def _visible(fault: Fault, usual: Response, now: float) -> Response:
    """Return the response of a request to which a fault applies. Status 0 means no response."""
    if fault.effect in WITHOUT_ANSWER:
        return Response(0)
    return fault.answer(now) if fault.effect is Effect.ANSWER or not fault.is_applied else usual


_NOTHING = no_data()
