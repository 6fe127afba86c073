"""One transaction of one tenant, whose row is locked until it ends."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, true, update

from cgmock.clock import Clock
from cgmock.core.outcome import Data, Outcome, RateWindow
from cgmock.core.tenant import Tenant
from cgmock.faults import FaultPlan
from cgmock.journal.journal import Entry
from cgmock.stores.base import Origin
from cgmock.stores.sql import schema
from cgmock.stores.sql.journals import Counts, TransactionJournal
from cgmock.stores.sql.packing import digest
from cgmock.stores.sql.tables import SqlData

_STATES, _NAMES = schema.states.c, schema.names.c
_LOCKED = (
    select(_STATES.tenant, _STATES.dataset, _STATES.revision, _STATES.state, schema.about.c.generation)
    .join_from(schema.states, schema.about, true())
    .with_for_update(of=schema.states)
)
_BY_ID = _LOCKED.where(_STATES.tenant == bindparam("of_tenant"))
_BY_NAME = _LOCKED.join(schema.names, _NAMES.tenant == _STATES.tenant).where(
    _NAMES.kind == bindparam("of_kind"), _NAMES.digest == bindparam("of_digest")
)
_SAVE = update(schema.states).where(_STATES.tenant == bindparam("of_tenant"))

NO_DATA: Sequence[Any] = ({}, (0.0, 0))
"""What is known of no rows: no ids were given, and no window began."""

_NEW: Mapping[str, Any] = {"clock": (0.0, None), "faults": None, "journal": (), "data": NO_DATA}
"""The state of a tenant that just came."""


class Limits(NamedTuple):
    """How many objects of each kind, and how many entries of its journal, a tenant keeps."""

    records: int
    journal: int


class Place(NamedTuple):
    """The locked row of a tenant, and the generation of all of them."""

    tenant: int
    dataset: int
    revision: str
    state: str
    generation: str


def locked_by_id(connection: Connection, tenant: int) -> Place | None:
    """Wait until the row of a tenant is unlocked, and lock it. Return None for an unknown tenant."""
    row = connection.execute(_BY_ID, {"of_tenant": tenant}).one_or_none()
    return None if row is None else Place(*row)


def locked_by_name(connection: Connection, kind: str, name: str) -> Place | None:
    """Lock the row of the tenant that a client ID or a webhook ID belongs to, as `locked_by_id` does."""
    row = connection.execute(_BY_NAME, {"of_kind": kind, "of_digest": digest(name)}).one_or_none()
    return None if row is None else Place(*row)


class SqlTransaction:
    """The state of one tenant that a request or a command reads and changes. `save` writes the rest of it.

    `tenant` is None for requests without a known credential.
    """

    def __init__(
        self,
        connection: Connection,
        place: Place,
        tenant: Tenant | None,
        limits: Limits,
        clock: Callable[..., Clock],
    ) -> None:
        self.connection = connection
        self.place = place
        self.tenant = tenant
        self._limits = limits
        state = {**_NEW, **json.loads(place.state)}
        self.clock: Clock = clock(state=tuple(state["clock"]))
        self.now: Callable[[], float] = self.clock.now
        self.faults: FaultPlan = FaultPlan(self.now, state["faults"])
        self.journal: TransactionJournal = TransactionJournal(
            connection, place.tenant, limits.journal, Counts(*state["journal"])
        )
        self.append: Callable[..., Entry] = self.journal.append
        self.data_state = state["data"]

    @property
    def data_state(self) -> Sequence[Any]:
        """What is known of the data beside its rows, as a value of JSON."""
        return self._data.last_ids, self._data.window

    @data_state.setter
    def data_state(self, state: Sequence[Any]) -> None:
        last_ids, window = state
        self._data = SqlData(
            self.connection, self.place.dataset, self._limits.records, last_ids, RateWindow(*window)
        )

    def decide_and_apply(self, decide: Callable[[Data], Outcome], origin: Origin) -> Outcome:
        """Call `decide` with the tenant's data and apply the changes."""
        outcome = decide(self._data)
        for change in outcome.changes:
            self._data.apply(change, origin)
        return outcome

    def save(self) -> None:
        """Write the state."""
        state = {
            "clock": self.clock.state,
            "faults": self.faults.state,
            "journal": self.journal.counts,
            "data": self.data_state,
        }
        self.connection.execute(_SAVE, {"of_tenant": self.place.tenant, "state": json.dumps(state)})


def data_of(connection: Connection, tenant: int, limits: Limits) -> SqlData:
    """The data of a tenant that somebody only looks at."""
    row = connection.execute(select(_STATES.dataset, _STATES.state).where(_STATES.tenant == tenant)).one()
    last_ids, window = {**_NEW, **json.loads(row.state)}["data"]
    return SqlData(connection, row.dataset, limits.records, last_ids, RateWindow(*window))
