"""The shell: finds out whose request it is, lets the core decide, applies the changes and keeps the journal."""

import itertools
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cgmock.clock import Clock
from cgmock.core import routing
from cgmock.core.messages import Request, Response
from cgmock.core.oauth import LIFETIME
from cgmock.core.outcome import Claims, Data, Outcome, View
from cgmock.core.tenant import Tenant
from cgmock.faults import (
    OF_THE_CONNECTION,
    OF_THE_TOKEN,
    WITHOUT_ANSWER,
    BrokenConnectionError,
    Effect,
    Fault,
    FaultPlan,
)
from cgmock.journal import Entry, Journal
from cgmock.redaction import Redactor
from cgmock.stores import Origin, Snapshot, Store
from cgmock.stores.memory import MemoryStore, no_data
from cgmock.tokens import Tokens

MAX_JOURNAL = 1000
"""Entries that a tenant's journal keeps by default."""


MAX_CHECKPOINTS = 20
"""Checkpoints that a tenant keeps."""


class Answer(NamedTuple):
    """What a door has to do: wait for `delay` seconds, then send the response, or what `effect` makes of it.

    The effect is None, or one of those of the connection; the status of a response that nobody gets is 0.
    """

    response: Response
    delay: float = 0.0
    effect: Effect | None = None


class Checkpoint(NamedTuple):
    """What a tenant was: its description and its data at a time of its clock, in Unix seconds."""

    tenant: Tenant
    data: Snapshot
    saved_at: float


class CheckpointError(LookupError):
    """A checkpoint that is not there."""


class TooManyError(ValueError):
    """One more checkpoint than a tenant keeps."""


class NoAppError(ValueError):
    """A tenant without an app."""


class Hosted:
    """A tenant that a mock hosts, with all that is its own but the data: `journal`, `clock`, `faults`, `checkpoints`.

    `seed` is what it was when it came, and `secrets` are all that it ever had.
    """

    def __init__(self, tenant: Tenant, clock: Clock, max_journal: int) -> None:
        self.tenant = self.seed = tenant
        self.secrets = set(tenant.secrets)
        self.clock = clock
        self.journal = Journal(max_journal)
        self.faults = FaultPlan(clock.now)
        self.checkpoints: dict[str, Checkpoint] = {}

    def reset(self) -> None:
        """An empty journal, no faults, no checkpoints, and the time of the source."""
        self.journal.clear()
        self.faults.clear()
        self.clock.reset()
        self.checkpoints.clear()


class MockAPI:
    """A fake CustomerGauge with any number of tenants; safe to use from many threads.

    `clock` gives the time in Unix seconds, from which each tenant's clock starts. A request without a credential of
    any tenant is answered as well, and written into the journal `unclaimed`.
    """

    def __init__(
        self,
        tenants: Iterable[Tenant] = (),
        *,
        store: Store | None = None,
        clock: Callable[[], float] | None = None,
        max_journal: int = MAX_JOURNAL,
    ) -> None:
        self.store = MemoryStore(tenants) if store is None else store
        self.tokens = Tokens()
        self._max_journal = max_journal
        self._source = clock
        self._nobody = Hosted(Tenant(name=""), self._clock(), max_journal)
        self._hosted = {tenant.name: self._host(tenant) for tenant in self.store.tenants()}
        self._redactor = self._knowing_all_secrets()
        self._origin = secrets.token_hex(6)
        self._numbers = itertools.count(1)
        self._changing = threading.Lock()

    @property
    def unclaimed(self) -> Journal:
        """The requests without a credential of any tenant."""
        return self._nobody.journal

    @property
    def journals(self) -> Mapping[str, Journal]:
        """The journal of each tenant."""
        return {name: hosted.journal for name, hosted in self._hosted.items()}

    def hosted(self, name: str) -> Hosted:
        """The tenant of that name. Raises KeyError."""
        return self._hosted[name]

    def add(self, tenant: Tenant) -> Hosted:
        """Host one more tenant. Raises TakenError when its name, a client id or a webhook id is another's."""
        self.store.add(tenant)
        hosted = self._hosted[tenant.name] = self._host(tenant)
        self._redactor = self._knowing_all_secrets()
        return hosted

    def change(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Replace a tenant by what a function makes of it, as one step. Raises KeyError, TakenError, what `change` does."""
        with self._changing:
            tenant = change(self._hosted[name].tenant)
            self.replace(tenant)
        return tenant

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one of its name; data and journal stay. Raises KeyError, TakenError."""
        hosted = self._hosted[tenant.name]
        self.store.replace(tenant)
        hosted.tenant = tenant
        if not hosted.secrets.issuperset(tenant.secrets):
            hosted.secrets.update(tenant.secrets)
            self._redactor = self._knowing_all_secrets()

    def save(self, name: str, checkpoint: str) -> None:
        """Keep what a tenant is, its description and its data, under a name. Raises KeyError, TooManyError."""
        hosted = self._hosted[name]
        if checkpoint not in hosted.checkpoints and len(hosted.checkpoints) == MAX_CHECKPOINTS:
            raise TooManyError(f"A tenant keeps {MAX_CHECKPOINTS} checkpoints at most; delete one first.")
        data = self.store.snapshot(name)
        hosted.checkpoints[checkpoint] = Checkpoint(hosted.tenant, data, hosted.clock.now())

    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was; its journal, clock and faults stay. Raises KeyError, CheckpointError, TakenError."""
        tenant, data, _ = _found(self._hosted[name], checkpoint)
        self.replace(tenant)
        self.store.restore(name, data)

    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more. Raises KeyError, CheckpointError."""
        hosted = self._hosted[name]
        _found(hosted, checkpoint)
        del hosted.checkpoints[checkpoint]

    def remove(self, name: str) -> None:
        """Forget a tenant with all that is its own."""
        self.store.remove(name)
        self._hosted.pop(name, None)
        self._redactor = self._knowing_all_secrets()

    def reset(self, name: str) -> None:
        """Leave of a tenant what its seed says. Raises KeyError, TakenError."""
        hosted = self._hosted[name]
        if hosted.tenant is not hosted.seed:
            self.replace(hosted.seed)
        hosted.reset()
        self.store.clear(name)

    def handle(self, request: Request) -> Response:
        """Answer a request as `answer` does, after the delay. Raises BrokenConnectionError, as planned."""
        response, delay, effect = self.answer(request)
        if delay:
            time.sleep(delay)
        if effect is not None:
            raise BrokenConnectionError(effect)
        return response

    def answer(self, request: Request) -> Answer:
        """Decide what a request is answered with. When this returns, the changes are applied and the journal has its entry."""
        return self.witnessed(request)[0]

    def witnessed(self, request: Request) -> tuple[Answer, Entry]:
        """The answer to a request, as `answer` has it, and its entry in the journal."""
        request = Request(*request[:-1], f"{self._origin}-{next(self._numbers)}")
        tenant, claims = self._owner(request)
        hosted = self._nobody if tenant is None else self._hosted.get(tenant.name, self._nobody)
        met = hosted.faults.take(request)
        if met is not None and met.fault.effect in OF_THE_TOKEN and claims is not None:
            hosted.faults.end(claims, met.fault.effect)
        now = hosted.clock.now()
        if met is None or met.fault.is_applied:
            outcome = self._decide(request, tenant, hosted.faults.seen(claims), now)
        else:
            outcome = Outcome(Response(0))
        if met is None:
            entry = hosted.journal.append(
                now, self._redactor.request(request), self._redactor.outcome(outcome)
            )
            return Answer(outcome.response), entry
        fault = met.fault
        outcome = outcome._replace(response=_seen(fault, outcome.response, now))
        entry = hosted.journal.append(
            now, self._redactor.request(request), self._redactor.outcome(outcome), fault.effect
        )
        effect = fault.effect if fault.effect in OF_THE_CONNECTION else None
        return Answer(outcome.response, met.delay, effect), entry

    def attempt(self, name: str, configuration: str, record: Mapping[str, object]) -> Entry:
        """Have a tenant import a record as JSON, with a token of one of its apps. Raises KeyError, NoAppError."""
        hosted = self._hosted[name]
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
        return self.witnessed(Request("PUT", "/records/", "", headers, body, len(body)))[1]

    def hide(self, secret: str) -> None:
        """Take one more secret out of whatever is kept and shown."""
        self._nobody.secrets.add(secret)
        self._redactor = self._knowing_all_secrets()

    def open_text(self, text: str) -> str:
        """A text without secrets."""
        return self._redactor.text(text)

    def _knowing_all_secrets(self) -> Redactor:
        return Redactor(
            secret for hosted in (self._nobody, *self._hosted.values()) for secret in hosted.secrets
        )

    def _clock(self) -> Clock:
        return Clock() if self._source is None else Clock(self._source)

    def _host(self, tenant: Tenant) -> Hosted:
        return Hosted(tenant, self._clock(), self._max_journal)

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


def _found(hosted: Hosted, checkpoint: str) -> Checkpoint:
    try:
        return hosted.checkpoints[checkpoint]
    except KeyError:
        known = ", ".join(hosted.checkpoints) or "none"
        raise CheckpointError(f"There is no checkpoint {checkpoint}; there are: {known}.") from None


def _seen(fault: Fault, usual: Response, now: float) -> Response:
    """What the client gets to see of a request that met a fault; status 0 is nothing."""
    if fault.effect in WITHOUT_ANSWER:
        return Response(0)
    return fault.answer(now) if fault.effect is Effect.ANSWER or not fault.is_applied else usual


_NOTHING = no_data()
