"""The file of a SQLite database: it is for its owner alone, and must stay where it is."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cgmock.core.messages import Request
from cgmock.mock_api import WHY, MockAPI
from cgmock.stores.sql import Database, SqlStore
from cgmock.web import create_app
from tests.acme import ACME


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of the database."""
    return tmp_path / "fake.db"


@pytest.fixture
def mock(file: Path) -> Iterator[MockAPI]:
    """A mock in front of the database."""
    database = Database(f"sqlite:///{file}")
    before = os.umask(0)
    database.prepare(make_key=lambda: "{}")
    os.umask(before)
    store = SqlStore(database)
    store.seed([ACME])
    yield MockAPI(store=store)
    database.close()


def status_and_reason(mock: MockAPI) -> tuple[int, str]:
    """What a request is answered with, and why."""
    response = mock.answer(Request("GET", "/")).response
    return response.status, dict(response.headers).get(WHY, "").partition(" cannot be used: ")[2]


def test_only_the_owner_may_read_the_files(mock: MockAPI, file: Path) -> None:
    mock.handle(Request("GET", "/"))

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    assert modes == dict.fromkeys(("fake.db", "fake.db-wal", "fake.db-shm"), 0o600)


def test_a_file_that_is_deleted_is_a_503_and_is_not_made_again(mock: MockAPI, file: Path) -> None:
    file.unlink()

    assert status_and_reason(mock) == (503, "its file cannot be found (No such file or directory).")
    health = create_app(mock).test_client().get("/_cgmock/health")
    assert (health.status_code, "its file cannot be found" in health.get_json()["error"]) == (503, True)
    assert not file.exists()


def test_a_file_that_is_replaced_is_a_503(mock: MockAPI, file: Path) -> None:
    file.rename(file.with_name("aside.db"))
    other = Database(f"sqlite:///{file}")
    other.prepare(make_key=lambda: "{}")
    other.close()

    assert status_and_reason(mock) == (503, "its file was replaced. Restart to use the new one.")


def test_a_file_that_is_there_keeps_its_permissions(file: Path) -> None:
    file.touch(0o640)
    file.chmod(0o640)
    database = Database(f"sqlite:///{file}")

    database.prepare(make_key=lambda: "{}")
    database.close()

    assert stat.S_IMODE(file.stat().st_mode) == 0o640
