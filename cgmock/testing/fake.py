"""A fake CustomerGauge in a test's hands: one tenant, and all that can be asked of it and done to it."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from cgmock.control.protocol import Control
from cgmock.core.outcome import Notice
from cgmock.core.routing import Endpoint
from cgmock.core.tenant import ConnectedApp, Tenant
from cgmock.core.visible import visible
from cgmock.journal.expectations import Expectation, NearMiss, Verdict, from_table, verify
from cgmock.journal.journal import Dropped, Entry
from cgmock.journal.search import Search
from cgmock.seeds.tenant_tables import Part, put, without
from cgmock.stores.base import ClockControl, Collection, FaultControl, Row

_PAUSE = 0.02
"""Seconds before one asks again, where too many wait already for a fake to let one more wait."""
_Choice = TypeVar("_Choice", bound=StrEnum)


class NoConnectedAppError(LookupError):
    """A tenant has no connected app."""

    def __init__(self, tenant: str) -> None:
        super().__init__(tenant)

    def __str__(self) -> str:
        return f"The tenant {self.args[0]} has no connected app, so no client can request a token."


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
        """The entries that are all of this: `path`, `status`, `notice`, `heading`, `since`, `text`, `request`; see `cgmock.journal.search`."""
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
            raise AssertionError(visible(verdict.explanation))

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
        return visible(verify([expected], entries, dropped=self.dropped.entries).explanation)


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
