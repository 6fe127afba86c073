"""The pytest plugin: a fake CustomerGauge for each test. pytest imports this at every start, so it imports little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cgclient import Client
    from cgmock.core.tenant import Tenant
    from cgmock.live import LiveServer


@pytest.fixture
def cg_tenants() -> tuple[Tenant, ...]:
    """The tenants that `cg` serves: the demo's. Define a fixture of this name to serve others."""
    from cgmock import seeds

    return seeds.demo()


@pytest.fixture
def cg(cg_tenants: tuple[Tenant, ...]) -> Iterator[LiveServer]:
    """A fake CustomerGauge of the test's own, on a free port: `cg.url`, and `cg.mock` with its journals and data."""
    from cgmock.live import live_server
    from cgmock.mock_api import MockAPI

    with live_server(MockAPI(cg_tenants)) as server:
        yield server


@pytest.fixture
def cg_client(cg: LiveServer, cg_tenants: tuple[Tenant, ...]) -> Iterator[Client]:
    """A client of the first tenant of `cg`."""
    from cgclient import Client

    app = cg_tenants[0].connected_apps[0]
    with Client(app.client_id, app.client_secret, auth_url=cg.url, imports_url=cg.url) as client:
        yield client
