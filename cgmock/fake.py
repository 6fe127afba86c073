"""A fake CustomerGauge in a test's hands: one tenant, and all that can be asked of it and done to it."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeVar

from cgmock.core.outcome import Notice
from cgmock.core.routing import Endpoint
from cgmock.core.tenant import ConnectedApp, Tenant
from cgmock.expectations import Expectation, NearMiss, Verdict, from_table, verify
from cgmock.faults import Fault
from cgmock.journal import Dropped, Entry
from cgmock.mock_api import MockAPI
from cgmock.parts import Part, all_of, put, shown, without
from cgmock.search import Search
from cgmock.stores import Collection, Row

_PAGE = 1000
_PAUSE = 0.02
"""Seconds before one asks again, where too many wait already for a fake to let one more wait."""
_Choice = TypeVar("_Choice", bound=StrEnum)


class ClockControl(Protocol):
    """The clock of a tenant."""

    def now(self) -> float:
        """The time in Unix seconds."""
        ...

    def freeze(self, at: float | None = None) -> None:
        """Stand still, at a time in Unix seconds or at that of now."""
        ...

    def advance(self, seconds: float) -> None:
        """Move on, or back."""
        ...

    def reset(self) -> None:
        """Tell the time of the machine again."""
        ...


class FaultControl(Protocol):
    """The planned failures of a tenant."""

    def add(self, *faults: Fault) -> None:
        """Plan more of them."""
        ...

    @property
    def unmet(self) -> Sequence[tuple[Fault, int]]:
        """Those that still wait for requests, with the number of them."""
        ...

    @property
    def met(self) -> Sequence[tuple[Fault, int]]:
        """Those that requests have met, with the number of them."""
        ...

    def clear(self) -> None:
        """Plan nothing any more."""
        ...


class Control(Protocol):
    """A mock, in this process or elsewhere: all that its control API can do."""

    def tenants(self) -> Sequence[Mapping[str, Any]]:
        """All tenants as tables, without their secrets."""
        ...

    def unclaimed(self) -> Sequence[Entry]:
        """The requests without a credential of any tenant."""
        ...

    def add(self, tenant: Tenant) -> None:
        """Host a tenant."""
        ...

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one of its name; data and journal stay."""
        ...

    def part(self, name: str, part: Part) -> Sequence[Any]:
        """A part of a tenant, without secrets, as the control API shows it."""
        ...

    def put_part(self, name: str, part: Part, key: str, value: Any) -> None:
        """Add something to a part of a tenant, or replace what has that key."""
        ...

    def delete_part(self, name: str, part: Part, key: str) -> None:
        """Remove something from a part of a tenant; a policy has its default again."""
        ...

    def save(self, name: str, checkpoint: str) -> None:
        """Keep what a tenant is, its description and its data, under a name."""
        ...

    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was; journal, clock and faults stay."""
        ...

    def checkpoints(self, name: str) -> Sequence[str]:
        """The names of what is kept of a tenant."""
        ...

    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more."""
        ...

    def find(self, name: str, search: Search) -> Sequence[Entry]:
        """The entries of a tenant's journal that are found."""
        ...

    def count(self, name: str, search: Search) -> int:
        """The number of them."""
        ...

    def remove(self, name: str) -> None:
        """Forget a tenant."""
        ...

    def reset(self, name: str) -> None:
        """Leave of a tenant what its seed says."""
        ...

    def entries(self, name: str, after: int = 0) -> Sequence[Entry]:
        """The journal of a tenant after a number."""
        ...

    def dropped(self, name: str) -> Dropped:
        """What the journal of a tenant has no more."""
        ...

    def wait(self, name: str, after: int, timeout: float) -> bool:
        """Wait for an entry after a number, `timeout` seconds at most; whether there is one."""
        ...

    def rows(self, name: str, collection: Collection) -> Sequence[Row]:
        """The data of a tenant."""
        ...

    def clock(self, name: str) -> ClockControl:
        """The clock of a tenant."""
        ...

    def faults(self, name: str) -> FaultControl:
        """The faults of a tenant."""
        ...


class LocalControl:
    """A mock of this process."""

    def __init__(self, mock: MockAPI) -> None:
        self.mock = mock

    def tenants(self) -> Sequence[Mapping[str, Any]]:
        """All tenants as tables, without their secrets."""
        return tuple(shown(each) for each in self.mock.store.tenants())

    def unclaimed(self) -> Sequence[Entry]:
        """The requests without a credential of any tenant."""
        return tuple(self.mock.unclaimed.after(0))

    def add(self, tenant: Tenant) -> None:
        """Host a tenant."""
        self.mock.add(tenant)

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one of its name; data and journal stay."""
        self.mock.replace(tenant)

    def part(self, name: str, part: Part) -> Sequence[Any]:
        """A part of a tenant, without secrets, as the control API shows it."""
        return tuple(all_of(self.mock.hosted(name).tenant, part).values())

    def put_part(self, name: str, part: Part, key: str, value: Any) -> None:
        """Add something to a part of a tenant, or replace what has that key."""
        self.mock.change(name, lambda tenant: put(tenant, part, key, value))

    def delete_part(self, name: str, part: Part, key: str) -> None:
        """Remove something from a part of a tenant; a policy has its default again."""
        self.mock.change(name, lambda tenant: without(tenant, part, key))

    def save(self, name: str, checkpoint: str) -> None:
        """Keep what a tenant is, its description and its data, under a name."""
        self.mock.save(name, checkpoint)

    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was; journal, clock and faults stay."""
        self.mock.restore(name, checkpoint)

    def checkpoints(self, name: str) -> Sequence[str]:
        """The names of what is kept of a tenant."""
        return tuple(self.mock.hosted(name).checkpoints)

    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more."""
        self.mock.forget(name, checkpoint)

    def find(self, name: str, search: Search) -> Sequence[Entry]:
        """The entries of a tenant's journal that are found."""
        return tuple(search.among(self.entries(name)))

    def count(self, name: str, search: Search) -> int:
        """The number of them."""
        return len(self.find(name, search))

    def remove(self, name: str) -> None:
        """Forget a tenant."""
        self.mock.remove(name)

    def reset(self, name: str) -> None:
        """Leave of a tenant what its seed says."""
        self.mock.reset(name)

    def entries(self, name: str, after: int = 0) -> Sequence[Entry]:
        """The journal of a tenant after a number."""
        return tuple(self.mock.hosted(name).journal.after(after))

    def dropped(self, name: str) -> Dropped:
        """What the journal of a tenant has no more."""
        return self.mock.hosted(name).journal.dropped

    def wait(self, name: str, after: int, timeout: float) -> bool:
        """Wait for an entry after a number, `timeout` seconds at most; whether there is one."""
        return self.mock.hosted(name).journal.wait(after, timeout)

    def rows(self, name: str, collection: Collection) -> Sequence[Row]:
        """The data of a tenant."""
        rows: list[Row] = []
        cursor: int | None = 0
        while cursor is not None:
            page = self.mock.store.page(name, collection, limit=_PAGE, after=cursor)
            rows += page.rows
            cursor = page.next_cursor
        return rows

    def clock(self, name: str) -> ClockControl:
        """The clock of a tenant."""
        return self.mock.hosted(name).clock

    def faults(self, name: str) -> FaultControl:
        """The faults of a tenant."""
        return self.mock.hosted(name).faults


class NoConnectedAppError(LookupError):
    """A tenant has no connected app."""

    def __init__(self, tenant: str) -> None:
        super().__init__(f"The tenant {tenant} has no connected app, so nobody can ask for a token.")


class Lost(NamedTuple):
    """A heading that was lost in silence, or with `notice.heading` None a whole record."""

    entry: Entry
    notice: Notice

    def __str__(self) -> str:
        what = "a record" if self.notice.heading is None else self.notice.heading
        hint = f"; did you mean {self.notice.nearest}?" if self.notice.nearest else ""
        return f"{what}: {self.notice.reason}{hint}"


class FakeCustomerGauge:
    """One tenant of a fake at `url`: its credentials, its journal, its data, its clock, its faults."""

    def __init__(self, control: Control, url: str, tenant: Tenant) -> None:
        self.control = control
        self.url = url
        self.tenant = self._seed = tenant
        self._saved: dict[str, Tenant] = {}

    @property
    def client_id(self) -> str:
        """The client id of the tenant's first connected app. Raises NoConnectedAppError."""
        return _app(self.tenant).client_id

    @property
    def client_secret(self) -> str:
        """The secret of the tenant's first connected app. Raises NoConnectedAppError."""
        return _app(self.tenant).client_secret

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that point a client at this fake. Raises NoConnectedAppError."""
        return environment(self.tenant, self.url)

    @property
    def journal(self) -> Sequence[Entry]:
        """What was asked and answered, oldest first."""
        return self.control.entries(self.tenant.name)

    @property
    def dropped(self) -> Dropped:
        """What the journal has no more; an expectation that does not hold says so."""
        return self.control.dropped(self.tenant.name)

    def find(self, **search: Any) -> Sequence[Entry]:
        """The entries that are all of this: `path`, `status`, `notice`, `heading`, `since`, `text`, `request`; see `cgmock.search`."""
        return self.control.find(self.tenant.name, Search(**search))

    def count(self, **search: Any) -> int:
        """The number of entries that `find` finds."""
        return self.control.count(self.tenant.name, Search(**search))

    @property
    def lost(self) -> Sequence[Lost]:
        """What was answered with 200 and is not stored."""
        return tuple(Lost(entry, notice) for entry in self.journal for notice in entry.losses)

    @property
    def clock(self) -> ClockControl:
        """The tenant's clock."""
        return self.control.clock(self.tenant.name)

    @property
    def faults(self) -> FaultControl:
        """The tenant's planned failures."""
        return self.control.faults(self.tenant.name)

    def data(self, collection: Collection | str) -> Sequence[Row]:
        """The accounts, contacts, responses, invitations or activities, oldest first. Raises ValueError."""
        return self.control.rows(self.tenant.name, _one_of(Collection, "collection", collection))

    def reset(self) -> None:
        """Leave of the tenant what its seed says."""
        self.control.reset(self.tenant.name)
        self.tenant = self._seed

    def replace(self, tenant: Tenant) -> None:
        """Describe the tenant anew: `cg.replace(dataclasses.replace(cg.tenant, touchpoints=frozenset({"Web"})))`."""
        self.control.replace(tenant)
        self.tenant = tenant

    def put(self, part: Part | str, key: str, value: Any = None) -> None:
        """Add something to the tenant, or replace what has that key: `cg.put("policies", "bad_value", "422")`.

        The parts are those of a seed: connected_apps, configurations, touchpoints, webhooks, policies. The value is a
        table as a seed has it, that of a policy, or None for a touchpoint.
        """
        kind = _one_of(Part, "part", part)
        self.control.put_part(self.tenant.name, kind, key, value)
        self.tenant = put(self.tenant, kind, key, value)

    def delete(self, part: Part | str, key: str) -> None:
        """Remove something from the tenant; a policy has its default again."""
        kind = _one_of(Part, "part", part)
        self.control.delete_part(self.tenant.name, kind, key)
        self.tenant = without(self.tenant, kind, key)

    def save(self, checkpoint: str) -> None:
        """Keep what the tenant is, its description and its data, under a name."""
        self.control.save(self.tenant.name, checkpoint)
        self._saved[checkpoint] = self.tenant

    def restore(self, checkpoint: str) -> None:
        """Have the tenant be what it was; its journal, clock and faults stay."""
        self.control.restore(self.tenant.name, checkpoint)
        self.tenant = self._saved[checkpoint]

    def verify(self, *expected: Mapping[str, object] | Expectation, in_order: bool = False) -> Verdict:
        """Whether all of it holds, each after the one before it when order is asked for; an expectation may be a table.

        Tables have the keywords of `expect`.
        """
        return verify(_expectations(expected), self.journal, in_order=in_order, dropped=self.dropped.entries)

    def near_misses(self, expected: Mapping[str, object] | Expectation) -> Sequence[NearMiss]:
        """The requests of the endpoint that are not as expected, the nearest first, and how they differ."""
        (expectation,) = _expectations((expected,))
        return expectation.near_misses(self.journal)

    def expect_in_order(self, *expected: Mapping[str, object] | Expectation) -> None:
        """Fail unless there was a request of each kind, each after the one before it. Raises AssertionError."""
        verdict = self.verify(*expected, in_order=True)
        if not verdict.holds:
            raise AssertionError(verdict.explanation)

    def expect(
        self,
        record: Mapping[str, object] | None = None,
        *,
        configuration: str | None = None,
        endpoint: Endpoint | str = Endpoint.RECORDS,
        status: int | None = None,
        times: int | None = None,
    ) -> None:
        """Fail unless such requests were sent: `times` of them, at least one where that is not said.

        A record is expected to have these headings, and may have more. Raises AssertionError, which shows how the
        nearest request differs.
        """
        expected = Expectation(
            record=record,
            configuration=configuration,
            endpoint=_one_of(Endpoint, "endpoint", endpoint),
            status=status,
            times=times,
        )
        entries = self.journal
        if not expected.holds(entries):
            raise AssertionError(self._explained(expected, entries))

    def wait_for(  # noqa: PLR0913  (each is a word of the test's sentence)
        self,
        record: Mapping[str, object] | None = None,
        *,
        timeout: float = 5.0,
        configuration: str | None = None,
        endpoint: Endpoint | str = Endpoint.RECORDS,
        status: int | None = None,
        times: int | None = None,
    ) -> None:
        """Wait until such requests were sent, `timeout` seconds at most; then fail as `expect` does."""
        expected = Expectation(
            record=record,
            configuration=configuration,
            endpoint=_one_of(Endpoint, "endpoint", endpoint),
            status=status,
            times=times,
        )
        deadline = time.monotonic() + timeout
        entries = self.journal
        while not expected.holds(entries):
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{self._explained(expected, entries)}\nWaited for {timeout:g} seconds.")
            if not self.control.wait(self.tenant.name, entries[-1].number if entries else 0, left):
                time.sleep(_PAUSE)
            entries = self.journal

    def _explained(self, expected: Expectation, entries: Sequence[Entry]) -> str:
        return verify([expected], entries, dropped=self.dropped.entries).explanation


class Server(NamedTuple):
    """A fake at `url` that hosts tenants for tests."""

    control: Control
    url: str

    @contextmanager
    def fresh(self, tenant: Tenant) -> Iterator[FakeCustomerGauge]:
        """A tenant like that one, which nobody has used and nobody else will."""
        copy = distinct(tenant)
        self.control.add(copy)
        try:
            yield FakeCustomerGauge(self.control, self.url, copy)
        finally:
            self.control.remove(copy.name)


def distinct(tenant: Tenant) -> Tenant:
    """The same tenant with a name, client ids and webhook ids that no other has."""
    mark = secrets.token_hex(4)
    webhooks = [replace(each, id=f"{each.id}-{mark}") for each in tenant.webhooks.values()]
    return replace(
        tenant,
        name=f"{tenant.name}-{mark}",
        connected_apps=tuple(
            replace(app, client_id=f"{app.client_id}-{mark}") for app in tenant.connected_apps
        ),
        webhooks={webhook.id: webhook for webhook in webhooks},
    )


def environment(tenant: Tenant, url: str) -> dict[str, str]:
    """The variables that point a client at a tenant of the fake at `url`. Raises NoConnectedAppError."""
    app = _app(tenant)
    return {
        "CG_CLIENT_ID": app.client_id,
        "CG_CLIENT_SECRET": app.client_secret,
        "CG_REGION": tenant.region.value,
        "CG_AUTH_URL": url,
        "CG_IMPORTS_URL": url,
        "CG_API_URL": url,
    }


def _app(tenant: Tenant) -> ConnectedApp:
    if not tenant.connected_apps:
        raise NoConnectedAppError(tenant.name)
    return tenant.connected_apps[0]


def _expectations(given: Sequence[Mapping[str, object] | Expectation]) -> list[Expectation]:
    return [each if isinstance(each, Expectation) else from_table(each) for each in given]


def _one_of(choices: type[_Choice], what: str, given: str) -> _Choice:
    if given not in list(choices):
        raise ValueError(f"{what} must be one of {', '.join(choices)}, not {given}.")
    return choices(given)
