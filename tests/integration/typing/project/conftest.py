"""Settings and fixtures of a project that uses cgmock."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cgmock import LiveServer, MockAPI, Tenant, live_server, load_seed
from cgmock.pytest_plugin import Settings
from cgmock.testing import FakeCustomerGauge, LocalControl, RemoteControl, Server


@pytest.fixture(scope="session")
def cg_settings(cg_settings: Settings) -> Settings:
    """Keep fewer journal entries than the default."""
    return cg_settings._replace(max_journal=500)


@pytest.fixture
def cg_tenant(cg_tenant: Tenant) -> Tenant:
    """Add a touchpoint to the tenant of the tests."""
    return replace(cg_tenant, touchpoints=cg_tenant.touchpoints | {"Web shop"})


@pytest.fixture(scope="session")
def served() -> Iterator[LiveServer]:
    """Serve a mock for all tests."""
    with live_server(MockAPI(load_seed(), max_journal=100)) as server:
        yield server


@pytest.fixture(params=["local", "remote"])
def own_fake(request: pytest.FixtureRequest, served: LiveServer) -> Iterator[FakeCustomerGauge]:
    """Create a tenant on the server, without the fixtures of the plugin."""
    control = LocalControl(served.mock) if request.param == "local" else RemoteControl(served.url)
    (demo,) = load_seed()
    with Server(control, served.url).fresh(demo) as fake:
        yield fake
