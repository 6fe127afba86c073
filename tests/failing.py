"""Changes of a store that fail at one call after the other, and what must not be seen of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import (
    AddAlias,
    CountRequest,
    Outcome,
    RecordResponse,
    SaveAccount,
    SaveActivity,
    SaveContact,
    SendInvitation,
)
from cgmock.core.routing import Credential
from cgmock.core.tenant import ConnectedApp, Policies, Tenant
from cgmock.faults import Effect, Fault
from cgmock.stores.base import Collection, Origin, Store, Transaction
from tests.acme import ACME, NOW
from tests.injection import failing_at

NewStore = Callable[[], Store]
Change = Callable[[Store], object]

_ACMES = Credential(ACME.connected_apps[0].client_id)
_OTHER = Tenant(name="other", connected_apps=(ConnectedApp(client_id="other", client_secret="other-secret"),))
_NEW = Tenant(name="new", connected_apps=(ConnectedApp(client_id="new", client_secret="new-secret"),))
_CHANGED = replace(ACME, connected_apps=_NEW.connected_apps, webhooks={}, policies=Policies(rate_limit=1))
_JOE = {"email": "joe@example.com", "phone": "1", "first_name": "Joe"}
MAX_RECORDS, MAX_JOURNAL = 2, 2


def _request(tx: Transaction, name: str) -> None:
    """All that a request can change."""
    joe = {**_JOE, "email": f"{name}@example.com"}
    changes = (
        SaveAccount(name, {"industry": "Steel"}),
        SaveAccount("ACME", {"industry": "Steel"}),
        AddAlias("ACME", f"{name}-alias"),
        SaveContact(None, "1", joe),
        SaveContact("new@example.com", None, {"email": "new@example.com", "phone": name}),
        RecordResponse({"nps": 9, "email": name}),
        RecordResponse({"nps": 9}),
        SendInvitation({"email": name}),
        SaveActivity("A-1", {"type": name}),
        CountRequest(NOW),
    )
    request = Request("PUT", "/records/", id=name)
    tx.faults.take(request)
    tx.faults.end_token({"jti": name}, Effect.TOKEN_EXPIRED)
    outcome = tx.decide_and_apply(lambda _: Outcome(Response(200), changes), Origin(name, NOW))
    tx.append(tx.now(), request, outcome)


def request(name: str) -> Change:
    """Let a request change all that a request can change."""

    def send(store: Store) -> None:
        with store.transaction(_ACMES) as tx:
            _request(tx, name)

    return send


CHANGES: Mapping[str, Change] = {
    "add": lambda store: store.add(_NEW),
    "lease": lambda store: store.lease("acme", 60),
    "remove what is expired": lambda store: store.remove_expired(),
    "change": lambda store: store.change("acme", lambda _: _CHANGED),
    "remove": lambda store: store.remove("acme"),
    "reset": lambda store: store.reset("acme"),
    "save": lambda store: store.save("acme", "new"),
    "save again": lambda store: store.save("acme", "kept"),
    "restore": lambda store: store.restore("acme", "kept"),
    "forget": lambda store: store.forget("acme", "kept"),
    "request": request("second"),
    "plan": lambda store: store.hosted("acme").faults.add(Fault(status=503), Fault(times=2)),
    "plan nothing": lambda store: store.hosted("acme").faults.clear(),
    "freeze": lambda store: store.hosted("acme").clock.freeze(NOW + 7),
    "advance": lambda store: store.hosted("acme").clock.advance(3),
    "tell the time again": lambda store: store.hosted("acme").clock.reset(),
    "clear the journal": lambda store: store.hosted("acme").journal.clear(),
}
"""Every change of a store, by name."""


def prepared(store: Store) -> Store:
    """Fill a store: each table is full, and there are a checkpoint, faults and a clock that was moved."""
    store.add(ACME)
    store.add(_OTHER)
    store.add(Tenant(name="expired"), lease=-1.0)
    request("zeroth")(store)
    store.save("acme", "kept")
    store.hosted("acme").faults.add(Fault(times=9, within=60.0), Fault(probability=0.5, times=3))
    store.hosted("acme").clock.freeze(NOW + 1)
    request("first")(store)
    store.change("acme", lambda acme: replace(acme, touchpoints=frozenset({"Web"})))
    assert _is_other_answered(store)
    return store


def _is_other_answered(store: Store) -> bool:
    with store.transaction(Credential("other")) as tx:
        return tx.tenant == _OTHER


def leave_no_trace(new_store: NewStore, change: Change, look: Callable[[Store], object] | None = None) -> int:
    """Let a change fail at each call; returns their number. Raises AssertionError for a failure that left a trace.

    `look` returns all that is in a store, by default what `seen` returns.
    """
    store, untouched = prepared(new_store()), prepared(new_store())
    look = look or seen
    before = look(store)
    steps = 0
    while True:
        with failing_at(steps + 1) as has_failed:
            change(store)
        if not has_failed:
            break
        steps += 1
        assert look(store) == before, has_failed
        assert _is_other_answered(store)
    change(untouched)
    for each in (store, untouched):  # what cannot be seen changes what comes next
        for name in ("third", "first", "fourth"):
            if "acme" in {tenant.name for tenant in each.tenants()}:
                request(name)(each)
    assert seen(store) == seen(untouched)
    return steps


def seen(store: Store) -> object:
    """All that is to be seen of a store."""
    return (
        store.tenants(),
        store.secrets,
        [*store.unclaimed.after(0)],
        [*map(_seen, [store] * 2, ("acme", "other"))],
    )


def _seen(store: Store, name: str) -> object:
    if name not in {each.name for each in store.tenants()}:
        return None
    hosted = store.hosted(name)
    return {
        "tenants": (hosted.tenant, hosted.seed),
        "clock": (hosted.clock.now(), hosted.clock.is_frozen),
        "faults": (hosted.faults.unmet, hosted.faults.met),
        "checkpoints": [(each, kept.saved_at) for each, kept in hosted.checkpoints.items()],
        "journal": ([*hosted.journal.after(0)], hosted.journal.dropped, hosted.journal.newest),
        "rows": {each: store.page(name, each, limit=9, after=0) for each in Collection},
    }
