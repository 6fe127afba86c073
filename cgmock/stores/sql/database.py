"""The database of a shared store: SQLite in a file, or PostgreSQL. What it cannot do is one clear sentence."""

import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    MetaData,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    SQLAlchemyError,
    TimeoutError as PoolTimeoutError,
)
from sqlalchemy.pool import NullPool

from cgmock.clock import monotonic
from cgmock.stores.base import StoreError
from cgmock.stores.sql import schema
from cgmock.stores.sql.packing import digest
from cgmock.tokens import new_key

_CONNECTIONS = 5
"""Connections of one process for writing and as many for reading; more requests wait for one of them.

For writing to SQLite there is one: where several want to write, it lets them try again and again, and some of them for
long. Who reads has connections of his own, so that a locked tenant keeps nobody from looking at others.
"""

PATIENCE = 10.0
"""Time-out in seconds for the lock of a tenant. The time-out for a connection is half of it."""

_GRACE = 1.0
"""Seconds that a statement may take longer than that."""

_PATIENCE_OF_CHECK = 2.0
"""The same for a check whether the database can be used at all."""

_PAUSE = 0.01
"""Seconds before SQLite is asked again for what others are in the way of."""

_LONGEST_REASON = 300
_LOCK = 4_242_198_611
"""What those who prepare one PostgreSQL database at once wait for; any number that nobody else uses."""

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_READING = "cgmock_reading"
_AT_ONE_MOMENT: Mapping[str, dict[str, Any]] = {
    "sqlite": {_READING: True},
    "postgresql": {_READING: True, "isolation_level": "REPEATABLE READ"},
}
"""Who looks sees all as it was at one moment, however often he looks."""

_T = TypeVar("_T")
_log = logging.getLogger("cgmock")


class Database:
    """The database at a URL, `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`. Safe to use from many threads.

    Nothing waits longer than `patience` seconds for what others hold. Whatever happens to the database, a transaction
    ends within twice that time, and a check within 5 seconds. Raises StoreError for a URL that is none of these.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        parsed = _parsed(url)
        shown = parsed.set(drivername=_scheme(parsed), query={})
        self._shown = shown.render_as_string(hide_password=True)
        self._patience = patience
        self._file = _File(str(parsed.database)) if _scheme(parsed) == "sqlite" else None
        self._engine = _engine(parsed, patience)
        options = _AT_ONE_MOMENT[self._engine.dialect.name]
        self._reader = _engine(parsed, patience, pool_size=_CONNECTIONS).execution_options(**options)
        self._checker = _engine(parsed, _PATIENCE_OF_CHECK, poolclass=NullPool).execution_options(**options)
        self._is_down: bool | None = None  # nobody knows, before it is first used

    def prepare(self, *, reset: bool = False, make_key: Callable[[], str] = new_key) -> None:
        """Make the tables where there are none yet, or anew, with a key for tokens.

        Raises StoreError, also for tables of another version.
        """
        if self._file is not None:
            self._file.create()
        with self._translated_errors(), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if reset:
                _drop(connection)
            if inspect(connection).has_table(schema.about.name):
                self._require_version(connection)
            else:
                _create(connection, make_key())

    def write(self, act: Callable[[Connection], _T]) -> _T:
        """Call a function in one transaction, and commit it. Raises StoreError."""
        with self._transaction(self._engine, act) as result:
            return result

    def read(self, act: Callable[[Connection], _T]) -> _T:
        """Call a function that only reads, which blocks no writer. Raises StoreError."""
        with self._transaction(self._reader, act) as result:
            return result

    def transaction(self, begin: Callable[[Connection], _T]) -> AbstractContextManager[_T]:
        """Open a transaction with what `begin` returns, and commit it at the end of the context.

        If the connection is lost meanwhile, `begin` is called again on another one. Later, the loss is an error.
        Raises StoreError.
        """
        return self._transaction(self._engine, begin)

    def check(self) -> None:
        """Look whether the database can be used, on a connection of its own. Raises StoreError."""
        with self._transaction(self._checker, lambda each: each.execute(select(schema.about.c.version))):
            pass

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()
        self._reader.dispose()

    @contextmanager
    def _transaction(self, engine: Engine, begin: Callable[[Connection], _T]) -> Iterator[_T]:
        with self._translated_errors():
            if self._file is not None:
                self._file.require_same()
            started = monotonic()
            try:
                connection, begun = _begun(engine, begin)
            except _StaleError:
                if monotonic() - started > self._patience:
                    raise
                connection, begun = _begun(engine, begin)
            with connection:
                yield begun
                connection.commit()

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        """Raise StoreError for errors of the database. The log has the first of them, and the recovery."""
        try:
            yield
        except (SQLAlchemyError, _StaleError, _FileError) as error:
            sentence = f"The database {self._shown} cannot be used: {_reason(error)}"
            if self._is_down is False:
                _log.error(sentence)
                self._is_down = True
            raise StoreError(sentence) from error
        was_down, self._is_down = self._is_down, False
        if was_down:
            _log.warning("The database %s can be used again.", self._shown)

    def _require_version(self, connection: Connection) -> None:
        version = connection.scalar(select(schema.about.c.version))
        if version != schema.VERSION:
            raise StoreError(
                f"The database {self._shown} has the tables of another version of cgmock ({version}; this one has "
                f"{schema.VERSION}). Start once with --reset, which forgets all that is in them, or use another database."
            )


class _FileError(Exception):
    """The file of a database is not the one that was opened."""


class _File:
    """The file of a SQLite database. SQLite itself goes on with a file that was deleted, and nothing of it is kept."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._opened: tuple[int, int] | None = None

    def create(self) -> None:
        """Create the file if it does not exist, for its owner alone: it holds secrets.

        SQLite gives its other files the same permissions, and reports what is wrong with the path.
        """
        with suppress(OSError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def require_same(self) -> None:
        """Raise _FileError if the file is not the one of the first call."""
        try:
            found = Path(self._path).stat()
        except OSError as error:
            raise _FileError(f"its file cannot be found ({error.strerror}).") from error
        current = (found.st_dev, found.st_ino)
        self._opened = self._opened or current
        if current != self._opened:
            raise _FileError("its file was replaced. Restart to use the new one.")


class _StaleError(Exception):
    """A connection that was lost before the transaction was committed, so that it can be repeated."""


def _begun(engine: Engine, begin: Callable[[Connection], _T]) -> tuple[Connection, _T]:
    connection = engine.connect()
    try:
        return connection, begin(connection)
    except BaseException as error:
        connection.close()
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise _StaleError(_reason(error)) from error
        raise


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.drivername]
    except (ArgumentError, KeyError, ValueError):
        raise StoreError(
            "The database must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        ) from None
    parsed = parsed.set(drivername=driver)
    flaw = _flaw_of_file(parsed) if _scheme(parsed) == "sqlite" else _flaw_of_server(parsed)
    if flaw:
        raise StoreError(flaw)
    return parsed


def _flaw_of_file(url: URL) -> str:
    """Why no file can be meant, empty when one can."""
    if url.database in {None, "", ":memory:"}:
        return "The database sqlite:// needs a file, as in sqlite:///cgmock.db: memory is not shared."
    if url.query or "\0" in str(url.database):
        return "The database sqlite:// takes the name of a file, and nothing behind it."
    return ""


def _flaw_of_server(url: URL) -> str:
    """Why no server can be meant, empty when one can."""
    if "@" in f"{url.host}{url.database}":
        return "The database postgresql:// has an @ in the wrong place: write %40 for @, and %2F for /, in a password."
    return ""


def _scheme(url: URL) -> str:
    return url.drivername.partition("+")[0]


def _engine(url: URL, patience: float, **pool: Any) -> Engine:
    """The engine of one kind of connections; `pool` says of which, those that write by default."""
    is_sqlite = _scheme(url) == "sqlite"
    waiting = {"timeout": patience} if is_sqlite else {"connect_timeout": ceil(patience / 2)}
    if "poolclass" not in pool:
        size = pool.get("pool_size", 1 if is_sqlite else _CONNECTIONS)
        pool = {"pool_size": size, "max_overflow": 0, "pool_timeout": patience / 2}
    try:
        engine = create_engine(url, connect_args=waiting, hide_parameters=True, **pool)
    except (ImportError, NoSuchModuleError, ArgumentError, TypeError) as error:
        raise StoreError(f"The database cannot be used: {_reason(error)}") from error
    prepare = _prepare_sqlite if is_sqlite else _prepare_postgresql
    event.listen(engine, "connect", partial(prepare, patience))
    if is_sqlite:
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "do_connect", partial(_connect_postgresql, patience + _GRACE))
    return engine


def _prepare_sqlite(patience: float, connection: sqlite3.Connection, _: object) -> None:
    """Readers and one writer at once, and transactions that begin where we say so.

    What was committed outlives this process; a machine that loses its power may lose the last of it.
    """
    connection.isolation_level = None
    _set(connection, "busy_timeout=0")
    _let_readers_beside_writers(connection, monotonic() + patience)
    _set(connection, "synchronous=NORMAL")
    _set(connection, f"busy_timeout={round(patience * 1000)}")


def _let_readers_beside_writers(connection: sqlite3.Connection, deadline: float) -> None:
    """Have a write-ahead log. Where others do the same to a new file SQLite gives up at once, so we wait ourselves."""
    while True:
        try:
            _set(connection, "journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Lock the database at the start of a transaction that writes. SQLite does not wait for a lock later."""
    reads = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _connect_postgresql(patience: float, _: object, __: object, arguments: Any, options: Any) -> object:
    """Connect to a server that has to answer within `patience` seconds, each time that it is asked."""
    from cgmock.stores.sql.postgresql import ImpatientConnection  # noqa: PLC0415  (SQLite does without psycopg)

    connection = ImpatientConnection.connect(*arguments, **options)
    connection.patience = patience
    return connection


def _prepare_postgresql(patience: float, connection: Any, _: object) -> None:
    """Nobody waits forever for a tenant that another process holds, or for one that is stopped while it holds it."""
    timeouts = {"lock": patience, "statement": patience + _GRACE, "idle_in_transaction_session": PATIENCE}
    with connection.cursor() as cursor:
        for name, seconds in timeouts.items():
            cursor.execute(f"SET {name}_timeout = {round(seconds * 1000)}")
    connection.commit()


def _create(connection: Connection, key: str) -> None:
    schema.metadata.create_all(connection)
    connection.execute(
        insert(schema.about).values(version=schema.VERSION, generation=secrets.token_hex(8), signing_key=key)
    )
    connection.execute(insert(schema.names).values(kind="nobody", digest=digest(""), tenant=schema.NOBODY))
    connection.execute(insert(schema.states).values(tenant=schema.NOBODY, dataset=0, revision="", state="{}"))


def _drop(connection: Connection) -> None:
    """Drop all tables that are ours, those of other versions as well."""
    found = MetaData()
    ours = [name for name in inspect(connection).get_table_names() if name.startswith(schema.PREFIX)]
    found.reflect(connection, only=ours)
    found.drop_all(connection)


def _reason(error: BaseException) -> str:
    """What a database said, on one line of ASCII."""
    if isinstance(error, PoolTimeoutError):
        return "all connections of this process are busy."
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    return said[:_LONGEST_REASON].encode("ascii", "replace").decode()
