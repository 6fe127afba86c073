"""Hostile requests to every endpoint of the control API, on each kind of store: none of them is a failure of the server."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st

from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI
from cgmock.stores.sql import Database, SqlStore
from cgmock.web import create_app
from tests.acme import ACME, NOW, WEBHOOKS
from tests.postgresql import postgresql
from tests.unit.web.test_boundary import BODIES, path, routes, serving, shape

EXAMPLES = 4000
BYSTANDER = replace(
    ACME,
    name="bystander",
    connected_apps=(),
    webhooks={"bystander": replace(WEBHOOKS["contacts"], id="bystander")},
)
"""A tenant that no request names, which must still be served after each of them."""
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["acme", "kept", "1", "\0", "\ud800", "../..", "%", "%2F", "a" * 5000, "😀", "-1", "NaN", str(2**63)]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["limit", "cursor", "order", "wait", "timeout", "lease", "text", "status", "since"])
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "Authorization", "Accept", "X-Forwarded-For", "Content-Encoding"]),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=20),
    max_size=2,
)


class Served(NamedTuple):
    """A mock, and the application with its control API."""

    mock: MockAPI
    app: Flask


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A mock with one tenant, on a store of each kind."""
    with ExitStack() as after:
        mock = MockAPI(clock=lambda: NOW)
        if request.param != "memory":
            url = f"sqlite:///{tmp_path_factory.mktemp('hostile')}/fake.db"
            if request.param == "postgresql":
                url = after.enter_context(postgresql()).url
            database = Database(url)
            after.callback(database.close)
            database.prepare()
            mock = MockAPI(store=SqlStore(database, clock=lambda: NOW))
        serving(mock)
        mock.store.add(BYSTANDER)
        yield Served(mock, create_app(mock))


@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_is_a_failure_of_the_server(served: Served, data: st.DataObject) -> None:
    rule, method = data.draw(st.sampled_from([*routes(served.app)]))
    given = {name: quote(data.draw(TEXTS), errors="surrogatepass", safe="") for name in rule.arguments}
    target = path(rule, **(given if data.draw(st.booleans()) else {}))
    query = data.draw(st.dictionaries(NAMES, TEXTS, max_size=2))
    body = data.draw(VALUES | st.just(BODIES.get(shape(rule), {})))
    content = data.draw(st.just(json.dumps(body).encode()) | st.binary(max_size=40))
    asked = "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in query.items())

    answer = served.app.test_client().open(
        f"{target}?{asked}&wait=0&timeout=0", method=method, data=content, headers=data.draw(HEADERS)
    )

    assert answer.status_code < 500, (method, target, asked, content, answer.get_data())
    assert served.mock.handle(Request("PUT", "/hooks/bystander")).status == 401
