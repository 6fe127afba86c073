"""Thousands of secrets in every place and encoding, and thousands of copies that are run."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.web import create_app
from tests.adapters import TOKENS
from tests.integration.journal.copying import REQUESTS, USUAL, Sent, World, check_curl, check_python
from tests.integration.journal.test_copies_run import TENANT
from tests.unit.journal.test_redaction import ENCODINGS, SECRETS, check_views

MANY = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
FEWER = settings(MANY, max_examples=200)
MOCK = MockAPI()
MOCK.tokens = TOKENS


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A mock over HTTP."""
    with live_server(MOCK) as server:
        yield World(server, TENANT)


@pytest.fixture(scope="module")
def control() -> FlaskClient:
    """The control API."""
    return create_app(MOCK).test_client()


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(secret=SECRETS)
@FEWER
def test_no_view_of_the_journal_shows_a_secret(control: FlaskClient, encoding: str, secret: str) -> None:
    check_views(MOCK, control, encoding, secret)


@given(sent=REQUESTS | USUAL)
@MANY
def test_curl_sends_the_same_request(world: World, sent: Sent) -> None:
    check_curl(world, sent)


@given(sent=REQUESTS | USUAL)
@MANY
def test_a_test_in_python_sends_the_same_request(world: World, sent: Sent) -> None:
    check_python(world, sent)
