"""Memory, SQLite and PostgreSQL side by side: what one is asked all are, and what one shows all show."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from cgmock.core.messages import Request
from cgmock.faults import Fault
from tests.databases import emptied
from tests.levels import by_level
from tests.unit.stores import drawn
from tests.unit.stores.sides import Databases, Side, Time, differences, in_memory, refusals

_NAMES = st.sampled_from(["acme", "acme", *drawn.NAMES])
_CHECKPOINTS = st.sampled_from(("empty", "full", "\ud800 \0"))
_SECRETS = ("acme-secret", "another-secret", "roadrunner-secret", "no secret of anybody")


class SideBySide(RuleBasedStateMachine):
    """Whatever is done to a store in memory is done to the others, which must show the same."""

    tokens = Bundle[int]("tokens")

    def __init__(self, urls: Mapping[str, str]) -> None:
        super().__init__()
        self._time = Time()
        self._sides = {"memory": Side(partial(in_memory, self._time))}
        self._databases = {name: Databases(url) for name, url in urls.items()}
        for name, each in self._databases.items():
            with emptied(urls[name]):
                self._sides[name] = Side(partial(each.workers, self._time))

    @initialize(target=tokens)
    def host(self) -> MultipleResults[int]:
        """There is a tenant, and a token of it."""
        self.add("acme")
        self.add("roadrunner")
        self.ask_for_token("acme")
        self.ask_for_token("roadrunner")
        self.save("acme", "empty")
        return multiple(0, 1, 1, 1, 1, 2)

    @rule(tenant=drawn.tenants)
    def add(self, tenant: str) -> None:
        """Add a tenant, unless something of it is another's."""
        self._same(lambda side: side.mock.store.add(drawn.TENANTS[tenant]))

    @rule(tenant=drawn.tenants)
    def replace(self, tenant: str) -> None:
        """Have a tenant be another one of its name."""
        described = drawn.TENANTS[tenant]
        self._same(lambda side: side.mock.store.change(described.name, lambda _: described))

    @rule(name=_NAMES, policy=drawn.policies)
    def set_policy(self, name: str, policy: Mapping[str, object]) -> None:
        """Have a tenant answer otherwise."""
        self._same(lambda side: side.mock.store.change(name, drawn.with_policy(policy)))

    @rule(name=_NAMES)
    def remove(self, name: str) -> None:
        """Remove a tenant, or one that is not there."""
        self._same(lambda side: side.mock.store.remove(name))

    @rule(name=_NAMES)
    def reset(self, name: str) -> None:
        """Have a tenant be what it was when it came."""
        self._same(lambda side: side.mock.store.reset(name))

    @rule(name=_NAMES, checkpoint=_CHECKPOINTS)
    def save(self, name: str, checkpoint: str) -> None:
        """Keep what a tenant is."""
        self._same(lambda side: side.mock.store.save(name, checkpoint).saved_at)

    @rule(name=_NAMES, checkpoint=_CHECKPOINTS)
    def restore(self, name: str, checkpoint: str) -> None:
        """Have a tenant be what it was."""
        self._same(lambda side: side.mock.store.restore(name, checkpoint))

    @rule(name=_NAMES, checkpoint=_CHECKPOINTS)
    def forget(self, name: str, checkpoint: str) -> None:
        """Keep a checkpoint no more."""
        self._same(lambda side: side.mock.store.forget(name, checkpoint))

    @rule(target=tokens, tenant=drawn.tenants)
    def ask_for_token(self, tenant: str) -> MultipleResults[int]:
        """A client asks for a token, perhaps with a secret that was right once."""
        known = len(self._sides["memory"].tokens)
        for app in drawn.TENANTS[tenant].connected_apps:
            request = drawn.token_request(app.client_id, app.client_secret)
            self._same(lambda side, request=request: side.ask(request))  # type: ignore[misc]
        return multiple(*range(known, len(self._sides["memory"].tokens)))

    @rule(token=tokens, records=st.lists(drawn.records, min_size=1, max_size=6))
    def put_json(self, token: int, records: Sequence[tuple[str, dict[str, object]]]) -> None:
        """A client sends records."""
        for record in records:
            self._ask(drawn.json_put(*record), token)

    @rule(token=tokens, record=drawn.records)
    def put_form(self, token: int, record: tuple[str, dict[str, object]]) -> None:
        """A client sends a record as a form."""
        self._ask(drawn.form_put(*record), token)

    @rule(token=tokens, request=drawn.puts_of_all_kinds())
    def put_anything(self, token: int, request: Request) -> None:
        """A client sends a record of any kind."""
        self._ask(request, token)

    @rule(token=tokens, request=drawn.read_back)
    def read_back(self, token: int, request: Request) -> None:
        """A client reads responses."""
        self._ask(request, token)

    @rule(
        tenant=drawn.tenants,
        webhook=st.sampled_from(("contacts", "responses", "paused")),
        password=st.sampled_from(("acme-password", "acme-password", "wrong")),
        record=drawn.records,
    )
    def call(self, tenant: str, webhook: str, password: str, record: tuple[str, dict[str, object]]) -> None:
        """A webhook is called."""
        ids = [each for each in drawn.TENANTS[tenant].webhooks if each.endswith(webhook)]
        self._ask(drawn.call(ids[0], password, record[1]))

    @rule(name=_NAMES, record=drawn.records)
    def attempt(self, name: str, record: tuple[str, dict[str, object]]) -> None:
        """Somebody tries a record without a client."""
        self._same(lambda side: side.attempt(name, *record))

    @rule(request=drawn.lost)
    def ask_nobody(self, request: Request) -> None:
        """A request comes that is nobody's."""
        self._ask(request)
        self._same(Side.look_around)

    @rule(name=_NAMES, faults=st.lists(drawn.faults, min_size=1, max_size=2))
    def plan(self, name: str, faults: Sequence[Fault]) -> None:
        """Failures are planned."""
        self._same(lambda side: side.mock.store.hosted(name).faults.add(*faults))

    @rule(name=_NAMES)
    def plan_nothing(self, name: str) -> None:
        """Failures are not planned any more."""
        self._same(lambda side: side.mock.store.hosted(name).faults.clear())

    @rule(name=_NAMES, moment=drawn.moments)
    def freeze(self, name: str, moment: float | datetime | None) -> None:
        """A clock stands still."""
        self._same(lambda side: side.mock.store.hosted(name).clock.freeze(moment))

    @rule(name=_NAMES, seconds=drawn.spans)
    def advance(self, name: str, seconds: float | timedelta) -> None:
        """A clock is moved."""
        self._same(lambda side: side.mock.store.hosted(name).clock.advance(seconds))

    @rule(name=_NAMES)
    def reset_clock(self, name: str) -> None:
        """A clock tells the time of the machine."""
        self._same(lambda side: side.mock.store.hosted(name).clock.reset())

    @rule(seconds=st.sampled_from((0.25, 30, 3600)))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self._time.now += seconds

    @rule(name=_NAMES)
    def clear_journal(self, name: str) -> None:
        """A journal is emptied, and that of nobody, too."""
        self._same(lambda side: side.mock.store.hosted(name).journal.clear())
        self._same(lambda side: side.mock.store.unclaimed.clear())

    @rule()
    def redact(self) -> None:
        """Secrets are taken out of a text."""
        self._same(lambda side: side.redact(" ".join(_SECRETS)))

    @rule()
    def reopen(self) -> None:
        """The workers start again."""
        for name in self._sides.keys() - {"memory"}:
            self._sides[name].reopen()

    @rule(name=_NAMES)
    def look(self, name: str) -> None:
        """All that is a tenant's is looked at."""
        self._same(lambda side: side.look(name))

    def teardown(self) -> None:
        """In the end everything is looked at."""
        self._same(Side.look_around)
        for name in drawn.NAMES:
            self.look(name)
        for each in self._databases.values():
            each.close()

    def _ask(self, request: Request, token: int | None = None) -> None:
        self._same(lambda side: side.ask(request, token))

    def _same(self, act: Callable[[Side], object]) -> None:
        """Have all sides do something, and see that they tell the same."""
        told: dict[str, object] = {}
        for name, side in self._sides.items():
            refused: list[object] = []
            with refusals(refused):
                told[name] = act(side)
            told[name] = refused or told.get(name)
        expected = told.pop("memory")
        assert not [*differences(told, dict.fromkeys(told, expected))]


def test_a_request_of_no_tenant_is_answered_and_journaled_the_same(urls: Mapping[str, str]) -> None:
    machine = SideBySide(urls)

    machine.host()
    machine.ask_nobody(Request("GET", "/nowhere"))

    machine.teardown()


@by_level("examples", unit=8, integration=8, thorough=200)
def test_no_store_shows_anything_else_than_memory(urls: Mapping[str, str], examples: int) -> None:
    class Machine(SideBySide):
        def __init__(self) -> None:
            super().__init__(urls)

    options = settings(
        max_examples=examples,
        stateful_step_count=25,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(Machine, settings=options)


@pytest.mark.parametrize(
    ("told", "expected", "found"),
    [
        ({"a": [1, (2, 3)]}, {"a": [1, (2, 3)]}, []),
        ({"a": [1, (2, 3)]}, {"a": [1, (2, 4)]}, ["/a/1/1: 3 is not 4"]),
        ([1], [1, 2], [": [1] is not [1, 2]"]),
        ({"a": 1}, {"b": 1}, [": {'a': 1} is not {'b': 1}"]),
    ],
)
def test_differences_are_told_where_they_are(told: object, expected: object, found: list[str]) -> None:
    assert [*differences(told, expected)] == found
