"""A tenant with a lease is removed when the lease is over, by the time of the machine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cgmock.control.remote import LeasingControl, RemoteControl
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.stores.base import NoTenantError, Store
from cgmock.stores.memory import MemoryStore
from cgmock.stores.sql import Database, SqlStore
from cgmock.web import create_app
from tests.acme import ACME, NOW
from tests.waiting import eventually

TENANTS = "/_cgmock/v1/tenants"
OTHER = {"name": "other"}


class Machine:
    """The clock of the machine."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def machine() -> Machine:
    """The clock of the machine, which stands still."""
    return Machine()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, machine: Machine, tmp_path: Path) -> Iterator[Store]:
    """A store with a tenant that has no lease."""
    with ExitStack() as after:
        found: Store = MemoryStore(clock=machine)
        if request.param == "sqlite":
            database = Database(f"sqlite:///{tmp_path}/fake.db")
            after.callback(database.close)
            database.prepare(make_key=lambda: "{}")
            found = SqlStore(database, clock=machine)
        found.add(ACME)
        yield found


def names(control: FlaskClient) -> list[str]:
    """The names of the tenants that the control API lists."""
    return [each["name"] for each in control.get(TENANTS).get_json()["data"]]


@pytest.fixture
def control(store: Store) -> FlaskClient:
    """A client of the control API."""
    return create_app(MockAPI(store=store)).test_client()


def test_a_tenant_is_removed_when_its_lease_is_over(control: FlaskClient, machine: Machine) -> None:
    assert control.post(f"{TENANTS}?lease=120", json=OTHER).status_code == 201
    machine.now += 120
    assert names(control) == ["acme", "other"]

    machine.now += 1

    assert names(control) == ["acme"]
    assert control.post(TENANTS, json=OTHER).status_code == 201


def test_a_lease_is_renewed(control: FlaskClient, machine: Machine) -> None:
    control.post(f"{TENANTS}?lease=120", json=OTHER)
    machine.now += 100
    assert control.put(f"{TENANTS}/other/lease", json={"seconds": 120}).status_code == 204

    machine.now += 100
    assert names(control) == ["acme", "other"]

    machine.now += 100
    assert names(control) == ["acme"]
    assert control.put(f"{TENANTS}/other/lease", json={"seconds": 120}).status_code == 404


@pytest.mark.parametrize("move", ["freeze", "advance"])
def test_the_clock_of_the_tenant_does_not_matter(control: FlaskClient, machine: Machine, move: str) -> None:
    control.post(f"{TENANTS}?lease=120", json=OTHER)
    sent = {} if move == "freeze" else {"seconds": 100_000}
    control.post(f"{TENANTS}/other/clock/{move}", json=sent)
    assert names(control) == ["acme", "other"]

    machine.now += 121

    assert names(control) == ["acme"]


def test_the_next_tenant_takes_the_place_of_one_whose_lease_is_over(
    control: FlaskClient, machine: Machine
) -> None:
    control.post(f"{TENANTS}?lease=120", json=OTHER)
    assert control.post(TENANTS, json=OTHER).status_code == 409

    machine.now += 121

    assert control.post(TENANTS, json=OTHER).status_code == 201


@pytest.mark.parametrize("seconds", [0, -1, 86_401, 1.5, True, None, "1"])
def test_a_lease_that_is_none_is_one_sentence(control: FlaskClient, seconds: object) -> None:
    answer = control.put(f"{TENANTS}/acme/lease", json={"seconds": seconds})

    assert (answer.status_code, answer.get_json()) == (
        422,
        {"error": "seconds must be an integer from 1 to 86400."},
    )


def test_a_tenant_that_is_not_there_cannot_be_leased(store: Store) -> None:
    with pytest.raises(NoTenantError):
        store.lease("other", 1)


@pytest.fixture
def renewed(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tenants whose leases are renewed."""
    names: list[str] = []
    lease = store.lease

    def leased(name: str, seconds: float) -> None:
        lease(name, seconds)
        names.append(name)

    monkeypatch.setattr(store, "lease", leased)
    return names


@pytest.mark.parametrize("removed_by", ["the session", "others"])
def test_a_session_renews_the_leases_of_its_tenants(
    store: Store, machine: Machine, renewed: list[str], removed_by: str
) -> None:
    with live_server(MockAPI(store=store)) as server:
        session = LeasingControl(server.url, lease=120, pause=0.01)
        for name in ("removed", "kept"):
            session.add(replace(ACME, name=name, connected_apps=(), webhooks={}))
        if removed_by == "others":
            store.remove("removed")
        else:
            session.remove("removed")
        machine.now += 100
        renewed.clear()
        eventually(lambda: renewed.count("kept") >= 2, 10)
        session.close()

        machine.now += 100
        assert [each["name"] for each in session_tenants(server.url)] == ["acme", "kept"]
        machine.now += 100
        assert [each["name"] for each in session_tenants(server.url)] == ["acme"]


def session_tenants(url: str) -> Sequence[Mapping[str, object]]:
    """The tenants that another session sees."""
    control = RemoteControl(url)
    found = control.tenants()
    control.close()
    return found
