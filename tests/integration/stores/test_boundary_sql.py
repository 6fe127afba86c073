"""What the control API refuses before it looks at it, in front of shared stores."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from cgmock.mock_api import MockAPI
from cgmock.stores.sql import Database, SqlStore
from tests.acme import NOW
from tests.postgresql import postgresql
from tests.unit.web.test_boundary import (
    control,
    serving,
    test_a_text_that_cannot_be_stored_is_refused_in_every_path,
    test_a_text_that_cannot_be_stored_is_refused_in_every_place_of_every_body,
    test_a_text_that_cannot_be_stored_is_refused_in_every_query,
    test_an_entry_is_found_by_its_number,
    test_numbers_in_every_path_and_query_are_never_a_failure_of_the_server,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application of a mock with one tenant and one journal entry."""
    with ExitStack() as after:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('boundary')}/fake.db"
        else:
            url = after.enter_context(postgresql()).url
        database = Database(url)
        after.callback(database.close)
        database.prepare()
        yield serving(MockAPI(store=SqlStore(database, clock=lambda: NOW)))
