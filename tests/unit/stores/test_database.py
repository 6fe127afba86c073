"""What a database cannot do is one sentence, and what it lost on the way is done again."""

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Outcome
from cgmock.core.routing import Credential
from cgmock.stores.base import StoreError
from cgmock.stores.sql import Database, SqlStore
from tests.acme import ACME

SHORT = 0.2
"""Seconds that nobody minds to wait."""

NO_URL = "The database must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."


def number_of_tables(connection: Connection) -> int:
    """How many tables are there."""
    return len(inspect(connection).get_table_names())


def do(database: Database, sql: str) -> None:
    """Have a database do something."""
    database.write(lambda connection: connection.execute(text(sql)))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://host/name", NO_URL),
        ("fake.db", NO_URL),
        ("postgresql://user:sesame@host:port/name", NO_URL),
        (
            "sqlite://",
            "The database sqlite:// needs a file, as in sqlite:///cgmock.db: memory is not shared.",
        ),
        ("sqlite:///a?timeout=x", "The database sqlite:// takes the name of a file, and nothing behind it."),
        ("sqlite:///a\0b", "The database sqlite:// takes the name of a file, and nothing behind it."),
        (
            "postgresql://user:open@sesame@host/name",
            "The database postgresql:// has an @ in the wrong place: write %40 for @, and %2F for /, in a password.",
        ),
    ],
)
def test_what_is_no_url_of_a_database_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(StoreError) as caught:
        Database(url)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("file", "reason"),
    [("missing/fake.db", "unable to open database file"), ("text.db", "file is not a database")],
)
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, file: str, reason: str) -> None:
    (tmp_path / "text.db").write_text("What somebody wrote.\n" * 100)

    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{tmp_path / file}").prepare(reset=True)

    assert str(caught.value) == f"The database sqlite:///{tmp_path / file} cannot be used: {reason}"
    assert (tmp_path / "text.db").read_text() == "What somebody wrote.\n" * 100


def test_a_database_without_tables_holds_no_tenants(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"fake\.db cannot be used: its file cannot be found"):
        SqlStore(Database(f"sqlite:///{tmp_path}/fake.db"))


def test_without_its_library_there_is_no_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StoreError, match=r"^The database cannot be used: .*psycopg"):
        Database("postgresql://host/name")


def test_tables_of_another_version_are_refused_until_a_reset(database: Database) -> None:
    do(database, "UPDATE cgmock_about SET version = 99")
    do(database, "CREATE TABLE cgmock_of_then (old INTEGER)")
    do(database, "CREATE TABLE IF NOT EXISTS somebody_s (own INTEGER)")

    with pytest.raises(
        StoreError, match=r"tables of another version of cgmock \(99; .* --reset, which forgets"
    ):
        database.prepare()

    database.prepare(reset=True)
    database.prepare()
    assert not database.read(lambda each: inspect(each).has_table("cgmock_of_then"))
    assert database.read(lambda each: inspect(each).has_table("somebody_s"))
    assert SqlStore(database).tenants() == ()
    do(database, "DROP TABLE somebody_s")


def test_who_prepares_at_once_makes_the_tables_once(database: Database, prepared: str) -> None:
    keys: list[str] = []
    others = [Database(prepared) for _ in range(4)]

    def start(other: Database) -> None:
        other.prepare()
        keys.append(SqlStore(other).signing_key)
        other.close()

    do(database, "DROP TABLE cgmock_about")
    database.prepare(reset=True)
    threads = [threading.Thread(target=start, args=(each,)) for each in others]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(keys) == 4
    assert len({*keys}) == 1


def test_a_new_file_is_prepared_by_many_at_once(tmp_path: Path) -> None:
    prepared: list[int] = []
    begin = threading.Barrier(4)

    def start() -> None:
        database = Database(f"sqlite:///{tmp_path}/fake.db")
        begin.wait()
        database.prepare()
        prepared.append(database.read(number_of_tables))
        database.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(prepared) == 4
    assert len({*prepared}) == 1


@contextmanager
def new_file_that_is_read(folder: Path) -> Iterator[Path]:
    """A new file of SQLite, at which somebody looks who keeps all others from writing."""
    with closing(sqlite3.connect(folder / "fake.db", isolation_level=None)) as reader:
        reader.execute("CREATE TABLE somebody_s (own INTEGER)")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM somebody_s").fetchall()
        yield folder / "fake.db"


def test_a_new_file_that_others_look_at_is_waited_for(tmp_path: Path) -> None:
    with new_file_that_is_read(tmp_path) as file:
        impatient = Database(f"sqlite:///{file}", patience=SHORT)
        with pytest.raises(StoreError, match="cannot be used: database is locked"):
            impatient.prepare()
        patient = Database(f"sqlite:///{file}")
        preparing = threading.Thread(target=patient.prepare)
        preparing.start()
        preparing.join(SHORT)
        assert preparing.is_alive()

    preparing.join()
    assert patient.read(number_of_tables) > 1
    impatient.close()
    patient.close()


def test_who_looks_twice_sees_one_moment(prepared: str) -> None:
    database, other = Database(prepared), Database(prepared)
    generation = text("SELECT generation FROM cgmock_about")

    def look(connection: Connection) -> tuple[object, object]:
        before = connection.scalar(generation)
        do(other, "UPDATE cgmock_about SET generation = 'later'")
        return before, connection.scalar(generation)

    before, again = database.read(look)

    assert before == again != "later"
    assert database.read(lambda connection: connection.scalar(generation)) == "later"
    database.close()
    other.close()


def test_nobody_waits_forever_for_what_another_one_holds(prepared: str) -> None:
    holder, other = Database(prepared), Database(prepared, patience=SHORT)
    SqlStore(holder).remove("acme")
    SqlStore(holder).seed([ACME])
    owner = Credential("acme-crm")
    store = SqlStore(other)

    def append_elsewhere() -> None:
        with store.transaction(owner) as tx:
            tx.append(1.0, Request("GET", "/"), Outcome(Response(200)))

    with pytest.raises(StoreError, match=r"cannot be used: .*lock"), SqlStore(holder).transaction(owner):
        append_elsewhere()

    append_elsewhere()
    assert store.hosted("acme").journal.newest == 1
    holder.close()
    other.close()


def test_a_process_has_so_many_connections_and_says_when_all_are_busy(prepared: str) -> None:
    database = Database(prepared, patience=SHORT)

    def look(depth: int) -> int:
        return database.read(lambda _: look(depth + 1))

    with pytest.raises(StoreError, match=r"cannot be used: all connections of this process are busy\.$"):
        look(0)

    assert database.read(number_of_tables)
    database.close()
