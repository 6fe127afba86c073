"""A worker of tests that dies leaves nothing on a shared fake."""

import pytest

from cgmock.control.remote import LEASE
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from tests.acme import NOW

DYING = """
    import os

    def test_it(cg, cg_client):
        cg_client.put_record("contact", {"Email": "joe@example.com"})
        cg.clock.freeze()
        os._exit(1)
"""


def test_the_tenant_of_a_worker_that_died_is_removed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(DYING)
    now = [NOW]
    with live_server(MockAPI(clock=lambda: now[0])) as server:
        options = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-n", "1", "--max-worker-restart", "0")
        result = pytester.runpytest_subprocess(*options, f"--cg-target={server.url}")
        result.assert_outcomes(failed=1)

        (left,) = server.mock.store.tenants()
        assert left.name.startswith("demo-")
        now[0] += LEASE + 1
        server.mock.store.remove_expired()

        assert server.mock.store.tenants() == ()
