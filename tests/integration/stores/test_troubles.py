"""A database that is full, or takes nobody in: the fake says so, loses nothing, and goes on by itself."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest

from cgmock.control.remote import RemoteControl
from cgmock.mock_api import WHY
from cgmock.stores.base import Collection
from tests.integration.stores.served import put, token_of
from tests.postgresql import PostgreSQL, postgresql
from tests.processes import serving

LATER = r"The database \S+ cannot be used: .*\nThe database \S+ can be used again.\n"


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of four megabytes; skips who may not mount one."""
    folder = Path(tempfile.mkdtemp(prefix="cgmock-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0777", "none", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0  # noqa: S603  (ours)
    yield folder if is_mounted else pytest.skip("needs to mount a disk of its own, as root")
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607  (our own command)
    folder.rmdir()


def fill(folder: Path) -> Path:
    """A file that leaves no room on a disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))
    return filler


def emails_of(fake: str) -> list[object]:
    """The contacts that a fake has."""
    control = RemoteControl(fake)
    rows = control.rows("demo", Collection.CONTACTS)
    control.close()
    return [row["email"] for row in rows]


def written_until_full(http: httpx.Client, token: str) -> int:
    """How many records were written until there was no room, which a 503 says."""
    answers = ((number, put(http, number, token)) for number in count())
    number, answer = next(each for each in answers if each[1].status_code != 200)
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})
    assert "full" in answer.headers[WHY] or "No space left on device" in answer.headers[WHY]
    return number


@contextmanager
def on_small_disk(kind: str, disk: Path) -> Iterator[str]:
    """The URL of a database whose tables are on that disk."""
    if kind == "sqlite":
        yield f"sqlite:///{disk}/fake.db"
        return
    with postgresql() as own:
        (disk / "tables").mkdir()
        shutil.chown(disk / "tables", "postgres", "postgres")
        with psycopg.connect(own.url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}/tables'")
            connection.execute("ALTER ROLE postgres SET default_tablespace = small")
        yield own.url


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_full_disk_is_a_503_until_there_is_room(kind: str, disk: Path) -> None:
    with on_small_disk(kind, disk) as database, serving("--database", database, then=LATER) as (line,):
        fake = line.split()[-1]
        token, filler = token_of(fake), fill(disk)
        with httpx.Client(base_url=fake) as http:
            number = written_until_full(http, token)
            filler.unlink()
            again = put(http, number, token).status_code
        emails = emails_of(fake)

    assert again == 200
    assert emails == [f"joe{each}@example.com" for each in range(number + 1)]


@pytest.fixture
def crowded() -> Iterator[PostgreSQL]:
    """A server that takes few in."""
    with postgresql("-c", "max_connections=12", "-c", "superuser_reserved_connections=0") as own:
        yield own


def test_a_server_that_takes_nobody_in_is_a_503_until_it_does(crowded: PostgreSQL) -> None:
    with serving("--database", crowded.url, then=LATER) as (line,), httpx.Client() as http:
        http.base_url = httpx.URL(line.split()[-1])
        token = token_of(str(http.base_url))
        with ExitStack() as crowd, psycopg.connect(crowded.url, autocommit=True) as first:
            first.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            with suppress(psycopg.OperationalError):
                while True:
                    crowd.enter_context(psycopg.connect(crowded.url))
            crowded_out = put(http, 1, token)
        back = put(http, 2, token)
        emails = emails_of(str(http.base_url))

    assert (crowded_out.status_code, back.status_code) == (503, 200)
    assert "too many clients" in crowded_out.headers[WHY]
    assert emails == ["joe2@example.com"]
