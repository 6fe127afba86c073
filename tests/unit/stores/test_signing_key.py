"""Processes that share a database sign with its key, also after `--reset` beside them."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cgmock.core.messages import Request
from cgmock.mock_api import MockAPI
from cgmock.stores.sql import Database, SqlStore
from cgmock.tokens import new_key
from tests.acme import ACME, APP, NOW, put_json

KEYS = [new_key() for _ in range(2)]
_GRANT = f"grant_type=client_credentials&client_id={APP.client_id}&client_secret={APP.client_secret}".encode()
_FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator["Fakes"]:
    """Fakes that share a database."""
    with ExitStack() as after:
        yield Fakes(f"sqlite:///{tmp_path}/fake.db", after)


class Fakes:
    """Fakes of one database; `start` starts one more, with `key` after a reset."""

    def __init__(self, url: str, after: ExitStack) -> None:
        self._url = url
        self._after = after

    def start(self, key: str = "") -> MockAPI:
        """One more process, as `cgmock serve` starts it."""
        database = Database(self._url)
        self._after.callback(database.close)
        database.prepare(reset=bool(key), make_key=lambda: key)
        store = SqlStore(database, clock=lambda: NOW)
        store.seed([ACME])
        return MockAPI(store=store)


def token_of(mock: MockAPI) -> str:
    """A token of the tenant."""
    return str(
        json.loads(mock.handle(Request("POST", "/oauth2/token", "", _FORM, _GRANT, len(_GRANT))).body)[
            "access_token"
        ]
    )


def status(mock: MockAPI, token: str) -> int:
    """The status of a record that is sent with a token."""
    request = put_json("contact", {"Email": "joe@example.com"})
    return mock.handle(
        request._replace(headers={**request.headers, "authorization": f"Bearer {token}"})
    ).status


def test_a_reset_beside_a_process_gives_it_the_new_key(fakes: Fakes) -> None:
    old = fakes.start(KEYS[0])
    before = token_of(old)
    assert status(old, before) == 200

    new = fakes.start(KEYS[1])

    assert status(old, token_of(new)) == 200
    assert status(new, token_of(old)) == 200
    assert {status(each, before) for each in (old, new)} == {401}
    assert old.tokens.keys() == new.tokens.keys()


def test_the_first_request_after_a_reset_is_judged_by_the_new_key(fakes: Fakes) -> None:
    old = fakes.start(KEYS[0])
    before = token_of(old)

    fakes.start(KEYS[1])

    assert status(old, before) == 401


def test_a_record_can_be_tried_after_a_reset(fakes: Fakes) -> None:
    old = fakes.start(KEYS[0])

    fakes.start(KEYS[1])

    assert old.try_record("acme", "contact", {"Email": "joe@example.com"}).response.status == 200
