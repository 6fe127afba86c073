"""A fake CustomerGauge for use in tests: one tenant, and all operations on it."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple, Unpack
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from cgmock import seeds
from cgmock.clock import ClockControl, monotonic
from cgmock.control.protocol import Control
from cgmock.core.outcome import Notice
from cgmock.core.routing import Endpoint, EndpointName
from cgmock.core.spelling import member
from cgmock.core.tenant import ConnectedApp, Tenant
from cgmock.core.visible import visible
from cgmock.faults import FaultControl
from cgmock.journal.expectations import MAX_LINES, Expectation, NearMiss, Verdict, from_table, verify
from cgmock.journal.journal import Dropped, Entry
from cgmock.journal.redaction import REDACTED
from cgmock.journal.search import Search, SearchTerms
from cgmock.seeds.tenant_tables import Part, put, without
from cgmock.stores.base import Collection, Row

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})

_PAUSE = 0.02
"""Seconds between requests to a remote fake that is too busy to wait."""


class NoConnectedAppError(LookupError):
    """Raised when a tenant has no connected app."""

    def __init__(self, tenant: str) -> None:
        super().__init__(tenant)

    def __str__(self) -> str:
        return f"The tenant {self.args[0]} has no connected app, so no client can get a token."


class Lost(NamedTuple):
    """A heading that was lost silently, or a whole record if `notice.heading` is None."""

    entry: Entry
    notice: Notice

    def __str__(self) -> str:
        what = "a record" if self.notice.heading is None else self.notice.heading
        hint = f"; did you mean {self.notice.nearest}?" if self.notice.nearest else ""
        return f"{what}: {self.notice.reason}{hint}"


class FakeCustomerGauge:
    """A tenant of a fake, for use in a test: its credentials, journal, data, clock and planned faults.

    The fixture `cg` is one. Its operations work for a fake in this process and for a remote one. If a remote fake
    refuses a request or does not respond, any operation raises `cgmock.testing.ControlError`, with the message of the
    control API, in place of the errors of the store that are documented.

    Attributes:
        tenant: The current configuration of the tenant.
        control: The control of the whole fake, with all its tenants.
    """

    def __init__(self, control: Control, url: str | Callable[[], str], tenant: Tenant) -> None:
        self.control = control
        self._url = url
        self.tenant: Tenant = tenant
        self._seed = tenant
        self._began = self.clock.now()
        self._saved: dict[str, Tenant] = {}

    @property
    def url(self) -> str:
        """URL of the fake."""
        return _read_url(self._url)

    @property
    def client_id(self) -> str:
        """The client ID of the tenant's first connected app. Raises NoConnectedAppError if it has none."""
        return _app(self.tenant).client_id

    @property
    def client_secret(self) -> str:
        """The secret of the tenant's first connected app. Raises NoConnectedAppError if it has none."""
        return _app(self.tenant).client_secret

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment variables that point a client at this fake. Raises NoConnectedAppError.

        Example:
            >>> client = cgclient.Client.from_env(cg.environment)
        """
        return environment(self.tenant, self.url)

    @property
    def journal(self) -> list[Entry]:
        """The requests and responses, oldest first."""
        return self.control.entries(self.tenant.name)

    @property
    def unmatched(self) -> list[Entry]:
        """The requests since the test began that match no tenant, oldest first. A notice of each has the reason.

        On a shared fake, requests of other tests are among them.
        """
        return [entry for entry in self.control.unclaimed() if entry.time >= self._began]

    @property
    def dropped(self) -> Dropped:
        """The number of entries that the journal has evicted, and the number of losses in them."""
        return self.control.dropped(self.tenant.name)

    @property
    def lost(self) -> list[Lost]:
        """The values and records that were answered with 200 and not stored, oldest first."""
        return [Lost(entry, notice) for entry in self.journal for notice in entry.losses]

    @property
    def clock(self) -> ClockControl:
        """The tenant's clock. It stamps rows and journal entries, and expires tokens.

        Example:
            >>> cg.clock.advance(timedelta(hours=1))
        """
        return self.control.clock(self.tenant.name)

    @property
    def faults(self) -> FaultControl:
        """The tenant's planned faults.

        Example:
            >>> cg.faults.add(Fault(endpoint="records", status=503))
        """
        return self.control.faults(self.tenant.name)

    def find(self, **search: Unpack[SearchTerms]) -> list[Entry]:
        """Return the journal entries that meet all conditions, oldest first.

        Args:
            path: Path of the request, which may contain wildcards (`/hooks/*`).
            status: HTTP status of the response.
            notice: Fate of a heading, such as "unmapped".
            heading: Heading with a notice. With `notice`, one notice must have both.
            since: Unix seconds on the tenant's clock. A fraction of a second is ignored.
            text: Text in the query, a body, a header or a notice, ignoring case.
            request: ID of the request. Each row of `data` has the ID of the request that wrote it.

        Raises:
            ValueError: `notice` is unknown.

        Example:
            >>> cg.find(notice="unmapped", path="/records/")
        """
        return self.control.entries(self.tenant.name, Search(**search))

    def count(self, **search: Unpack[SearchTerms]) -> int:
        """Return the number of journal entries that meet all conditions.

        Args:
            **search: The same arguments as for `find`.

        Raises:
            ValueError: `notice` is unknown.

        Example:
            >>> assert cg.count(status=422) == 0
        """
        return self.control.count(self.tenant.name, Search(**search))

    def data(self, collection: Collection | str) -> list[Row]:
        """Return the stored objects of a kind, oldest first.

        Args:
            collection: "accounts", "contacts", "responses", "invitations" or "activities".

        Returns:
            Mappings of field names to values, with `id`, `created_at`, `updated_at` (Unix seconds) and `request` (the ID
            of the request that wrote the row).

        Raises:
            ValueError: `collection` is unknown.

        Example:
            >>> assert [row["email"] for row in cg.data("contacts")] == ["joe@example.com"]
        """
        return self.control.rows(self.tenant.name, member(Collection, "collection", collection))

    def reset(self) -> None:
        """Reset the tenant to its seed. Its data, journal, planned faults and checkpoints are deleted.

        Example:
            >>> cg.reset()
        """
        self.control.reset(self.tenant.name)
        self.tenant = self._seed

    def replace(self, tenant: Tenant) -> None:
        """Replace the configuration of the tenant. Its data, journal, clock and faults are unchanged.

        Args:
            tenant: The new configuration, with the same name.

        Raises:
            NameTakenError: Another tenant has one of the client IDs or webhook IDs.
            ControlError: A remote fake refuses the configuration.

        Example:
            >>> cg.replace(dataclasses.replace(cg.tenant, touchpoints=frozenset({"Web"})))
        """
        self.control.replace(tenant)
        self.tenant = tenant

    def put(self, part: Part | str, key: str, value: Any = None) -> None:
        """Add an item to a part of the tenant, or replace the item with that key.

        Args:
            part: "connected_apps", "configurations", "touchpoints", "webhooks" or "policies", as in a seed.
            key: Client ID, reference, name or ID of the item.
            value: A table as in a seed, the value of a policy, or None for a touchpoint.

        Raises:
            ValueError: `part` is unknown, or `value` is invalid.
            NameTakenError: Another tenant has the client ID or webhook ID.
            ControlError: A remote fake refuses the item.

        Example:
            >>> cg.put("policies", "bad_value", "422")
        """
        kind = member(Part, "part", part)
        self.control.put_part(self.tenant.name, kind, key, value)
        self.tenant = put(self.tenant, kind, key, value)

    def delete(self, part: Part | str, key: str) -> None:
        """Remove an item from a part of the tenant. A policy returns to its default.

        Args:
            part: "connected_apps", "configurations", "touchpoints", "webhooks" or "policies", as in a seed.
            key: Client ID, reference, name or ID of the item.

        Raises:
            ValueError: `part` is unknown.
            NoItemError: The part has no such item. It is a LookupError.
            ControlError: The part of a remote fake has no such item.

        Example:
            >>> cg.delete("touchpoints", "Web")
        """
        kind = member(Part, "part", part)
        self.control.delete_part(self.tenant.name, kind, key)
        self.tenant = without(self.tenant, kind, key)

    def save(self, checkpoint: str) -> None:
        """Save the tenant's configuration and data as a named checkpoint.

        Args:
            checkpoint: Name of the checkpoint. An existing one is replaced.

        Raises:
            TooManyError: The tenant already has 20 checkpoints.
            ControlError: The tenant of a remote fake already has 20 checkpoints.

        Example:
            >>> cg.save("loaded")
        """
        self.control.save(self.tenant.name, checkpoint)
        self._saved[checkpoint] = self.tenant

    def restore(self, checkpoint: str) -> None:
        """Restore a checkpoint. The journal, clock and faults are unchanged.

        If another process or the inspector saved the checkpoint, `tenant` contains "[redacted]" in place of each secret
        that this fake has never had.

        Args:
            checkpoint: Name of a checkpoint.

        Raises:
            CheckpointError: The tenant has no such checkpoint.
            NameTakenError: Another tenant has one of the client IDs or webhook IDs.
            ControlError: A remote fake refuses to restore the checkpoint.

        Example:
            >>> cg.restore("loaded")
        """
        self.control.restore(self.tenant.name, checkpoint)
        self.tenant = self._saved.get(checkpoint) or self._read_back()

    def _read_back(self) -> Tenant:
        """Return the tenant of the fake. The control API hides its secrets, so that they come from earlier tenants."""
        earlier = (self._seed, *self._saved.values(), self.tenant)
        secrets = {app.client_id: app.client_secret for each in earlier for app in each.connected_apps}
        passwords = {hook.id: hook.password for each in earlier for hook in each.webhooks.values()}
        (table,) = (each for each in self.control.tenants() if each["name"] == self.tenant.name)
        apps = [
            {**app, "client_secret": secrets.get(app["client_id"], REDACTED)}
            for app in table["connected_apps"]
        ]
        webhooks = [{**hook, "password": passwords.get(hook["id"], REDACTED)} for hook in table["webhooks"]]
        return seeds.tenant({**table, "connected_apps": apps, "webhooks": webhooks})

    def expect(
        self,
        record: Mapping[str, object] | None = None,
        *,
        configuration: str | None = None,
        endpoint: Endpoint | EndpointName = Endpoint.RECORDS,
        status: int | None = None,
        times: int | None = None,
    ) -> None:
        """Check that matching requests have been received.

        Args:
            record: Headings and values the request must contain. Other headings are allowed.
            configuration: Reference of the import configuration.
            endpoint: "records", "token", "webhook", "responses" or "keys".
            status: HTTP status the fake must have answered with.
            times: Exact number of matching requests. By default, at least one.

        Raises:
            AssertionError: There are no such requests. The message shows how the closest request differs.
            ValueError: `endpoint` is unknown.

        Example:
            >>> cg.expect({"Email": "joe@example.com"}, configuration="contact", status=200, times=1)
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        self.wait_for(
            record, configuration=configuration, endpoint=endpoint, status=status, times=times, timeout=0
        )

    def wait_for(  # noqa: PLR0913  (each is a word of the test's sentence)
        self,
        record: Mapping[str, object] | None = None,
        *,
        configuration: str | None = None,
        endpoint: Endpoint | EndpointName = Endpoint.RECORDS,
        status: int | None = None,
        times: int | None = None,
        timeout: float = 5.0,
    ) -> None:
        """Wait until matching requests have been received.

        Use this when the code under test sends from another thread or process.

        Args:
            record: Headings and values the request must contain. Other headings are allowed.
            configuration: Reference of the import configuration.
            endpoint: "records", "token", "webhook", "responses" or "keys".
            status: HTTP status the fake must have answered with.
            times: Exact number of matching requests. By default, at least one.
            timeout: Seconds to wait.

        Raises:
            AssertionError: No such requests arrived in time. The message shows how the closest request differs.
            ValueError: `endpoint` is unknown.

        Example:
            >>> cg.wait_for({"Email": "joe@example.com"}, configuration="contact", timeout=2)
        """
        __tracebackhide__ = True
        kind = member(Endpoint, "endpoint", endpoint)
        expected = Expectation(
            record=record, configuration=configuration, endpoint=kind, status=status, times=times
        )
        deadline = monotonic() + timeout
        while not expected.holds(entries := self.journal):
            left = deadline - monotonic()
            if left <= 0:
                waited = f"\nWaited for {timeout:g} seconds." if timeout else ""
                verdict = verify([expected], entries, dropped=self.dropped.entries)
                raise AssertionError(self._explained(verdict) + waited)
            if not self.control.wait(self.tenant.name, entries[-1].number if entries else 0, left):
                time.sleep(_PAUSE)

    def expect_in_order(self, *expected: Mapping[str, object] | Expectation) -> None:
        """Check that matching requests have been received in this order, each after the one before it.

        Args:
            *expected: Expectations, or mappings with the arguments of `expect`.

        Raises:
            AssertionError: There are no such requests, or not in this order. The message explains the first difference.
            ExpectationError: A mapping has an unknown key or an invalid value.

        Example:
            >>> cg.expect_in_order({"endpoint": "token"}, {"record": {"Email": "joe@example.com"}})
        """
        __tracebackhide__ = True
        verdict = self.verify(*expected, in_order=True)
        if not verdict.holds:
            raise AssertionError(self._explained(verdict))

    def _explained(self, verdict: Verdict) -> str:
        """The explanation of a verdict, with the requests that no tenant matched if there is room for them."""
        lines = verdict.explanation.splitlines()
        unmatched = [line for entry in self.unmatched for line in entry_lines(entry)]
        room = MAX_LINES - 2 - len(lines)
        if unmatched and room > 0:
            lines += [f"These requests match no tenant. The client ID of this one is {self._client_ids}:"]
            lines += [f"  {line}" for line in unmatched[-room:]]
        return visible("\n".join(lines))

    @property
    def _client_ids(self) -> str:
        return ", ".join(app.client_id for app in self.tenant.connected_apps) or "missing"

    def verify(self, *expected: Mapping[str, object] | Expectation, in_order: bool = False) -> Verdict:
        """Return whether all expectations are met, without raising AssertionError.

        Args:
            *expected: Expectations, or mappings with the arguments of `expect`.
            in_order: Require each request to come after the one before it.

        Returns:
            A verdict: `holds`, and `explanation` if it does not hold.

        Raises:
            ExpectationError: A mapping has an unknown key or an invalid value.

        Example:
            >>> assert cg.verify({"endpoint": "token", "times": 1}).holds
        """
        return verify(_expectations(expected), self.journal, in_order=in_order, dropped=self.dropped.entries)

    def near_misses(self, expected: Mapping[str, object] | Expectation) -> list[NearMiss]:
        """Return the requests for the same endpoint that differ from an expectation, closest first.

        Args:
            expected: An expectation, or a mapping with the arguments of `expect`.

        Returns:
            Journal entries, each with its differences.

        Raises:
            ExpectationError: The mapping has an unknown key or an invalid value.

        Example:
            >>> cg.near_misses({"record": {"Email": "joe@example.com"}})[0].differences
        """
        (expectation,) = _expectations((expected,))
        return expectation.near_misses(self.journal)


class Server:
    """A fake at a URL that provides tenants for tests.

    Args:
        control: The control of the fake.
        url: URL of the fake, or a function that returns it and is called when the URL is read.
    """

    def __init__(self, control: Control, url: str | Callable[[], str]) -> None:
        self.control = control
        self._url = url

    @property
    def url(self) -> str:
        """URL of the fake."""
        return _read_url(self._url)

    @contextmanager
    def fresh(self, tenant: Tenant) -> Iterator[FakeCustomerGauge]:
        """Provide an unused copy of a tenant with unique IDs. It is removed at the end of the context.

        Example:
            >>> with server.fresh(tenant) as cg:
            ...     cg.expect(endpoint="token")
        """
        copy = distinct(tenant)
        self.control.add(copy)
        try:
            yield FakeCustomerGauge(self.control, self._url, copy)
        finally:
            self.control.remove(copy.name)


def entry_lines(entry: Entry) -> list[str]:
    """Return a line for a request, and one for each notice of what was not simply stored."""
    return [
        f"{entry.request.method} {entry.request.path} {entry.response.status}",
        *(
            f"    {notice.fate}: {f'{notice.heading} ' if notice.heading else ''}{notice.reason}"
            for notice in entry.notices
            if notice.fate != "stored"
        ),
    ]


def distinct(tenant: Tenant) -> Tenant:
    """Return a copy of a tenant with a unique name, client IDs and webhook IDs."""
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
    """Return the variables that point a client at a tenant of the fake at `url`. Raises NoConnectedAppError.

    For a fake on this machine they include NO_PROXY, with the hosts that it has in the environment of this process.
    """
    app = _app(tenant)
    return {
        "CG_CLIENT_ID": app.client_id,
        "CG_CLIENT_SECRET": app.client_secret,
        "CG_REGION": tenant.region.value,
        "CG_AUTH_URL": url,
        "CG_IMPORTS_URL": url,
        "CG_API_URL": url,
        **_no_proxy(urlsplit(url).hostname or ""),
    }


def _no_proxy(host: str) -> dict[str, str]:
    """Return the variables that keep requests to a host of this machine away from a proxy. Many programs read only one."""
    if host not in _THIS_MACHINE:
        return {}
    hosts = getproxies_environment().get("no", "").split(",")
    return dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(filter(None, dict.fromkeys([*hosts, host]))))


def _read_url(url: str | Callable[[], str]) -> str:
    return url if isinstance(url, str) else url()


def _app(tenant: Tenant) -> ConnectedApp:
    if not tenant.connected_apps:
        raise NoConnectedAppError(tenant.name)
    return tenant.connected_apps[0]


def _expectations(given: Sequence[Mapping[str, object] | Expectation]) -> list[Expectation]:
    return [each if isinstance(each, Expectation) else from_table(each) for each in given]
