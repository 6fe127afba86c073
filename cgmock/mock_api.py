"""The shell: finds out whose request it is, lets the core decide, applies the changes and keeps the journal."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from cgmock.core import routing
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Claims, Data, Outcome, View
from cgmock.core.tenant import Tenant
from cgmock.journal import Journal
from cgmock.redaction import Redactor
from cgmock.stores import Origin, Store
from cgmock.stores.memory import MemoryStore, no_data
from cgmock.tokens import Tokens

MAX_JOURNAL = 1000
"""Entries that a tenant's journal keeps by default."""


class MockAPI:
    """A fake CustomerGauge with any number of tenants; safe to use from many threads.

    `clock` gives the time in Unix seconds. A request without a credential of any tenant is answered as well, and
    written into the journal `unclaimed`.
    """

    def __init__(
        self,
        tenants: Iterable[Tenant] = (),
        *,
        store: Store | None = None,
        clock: Callable[[], float] = time.time,
        max_journal: int = MAX_JOURNAL,
    ) -> None:
        self.store = MemoryStore(tenants) if store is None else store
        self.tokens = Tokens()
        self.unclaimed = Journal(max_journal)
        self.journals: Mapping[str, Journal] = MappingProxyType(
            {tenant.name: Journal(max_journal) for tenant in self.store.tenants()}
        )
        self._redactor = Redactor(secret for tenant in self.store.tenants() for secret in tenant.secrets)
        self._clock = clock
        self._origin = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def handle(self, request: Request) -> Response:
        """Answer a request. When this returns, the changes are applied and the journal has its entry."""
        request = request._replace(id=f"{self._origin}-{next(self._numbers)}")
        now = self._clock()
        tenant, claims = self._owner(request)
        outcome = self._decide(request, tenant, claims, now)
        journal = self.unclaimed if tenant is None else self.journals[tenant.name]
        response = self._redactor.response(outcome.response)
        journal.append(now, self._redactor.request(request), outcome._replace(response=response))
        return outcome.response

    def _owner(self, request: Request) -> tuple[Tenant | None, Claims | None]:
        credential = routing.credential(request)
        if credential.webhook is not None:
            return self.store.tenant_of_webhook(credential.webhook), None
        claims = self.tokens.claims(credential.token) if credential.token else None
        client_id = str(claims["client_id"]) if claims else credential.client_id
        return (self.store.tenant_of(client_id) if client_id else None), claims

    def _decide(self, request: Request, tenant: Tenant | None, claims: Claims | None, now: float) -> Outcome:
        def decide(data: Data) -> Outcome:
            return routing.decide(
                View(tenant, data, claims, self.tokens.sign, self.tokens.keys), request, now
            )

        if tenant is None:
            return decide(_NOTHING)
        return self.store.transact(tenant.name, decide, Origin(request.id, now))


_NOTHING = no_data()
