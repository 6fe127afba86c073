"""The copies of a request are run by a shell and by Python, and lead to the same entry of a journal."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings

from cgmock.core.tenant import ConnectedApp
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from tests.acme import ACME
from tests.adapters import TOKENS
from tests.integration.journal.copying import REQUESTS, USUAL, Sent, World, check_curl, check_python

TENANT = replace(
    ACME, connected_apps=(ConnectedApp(client_id="acme-crm", client_secret="s3cret of+the/äpp"),)
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A mock over HTTP."""
    mock = MockAPI()
    mock.tokens = TOKENS
    with live_server(mock) as server:
        yield World(server, TENANT)


@given(sent=REQUESTS | USUAL)
@FEW
def test_curl_sends_the_same_request(world: World, sent: Sent) -> None:
    check_curl(world, sent)


@given(sent=REQUESTS | USUAL)
@example(sent=Sent("PUT", "/records/", {"content-encoding": b"gzip"}, b"x", ""))
@FEW
def test_a_test_in_python_sends_the_same_request(world: World, sent: Sent) -> None:
    check_python(world, sent)
