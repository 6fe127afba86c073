"""The database of a shared store: SQLite in a file, or PostgreSQL. What it cannot do is one clear sentence."""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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

from cgmock.stores import StoreError
from cgmock.stores.sql import schema
from cgmock.stores.sql.packing import digest
from cgmock.tokens import new_key

_CONNECTIONS = 5
"""Connections of one process; more requests wait for one of them."""

_PATIENCE = 10
"""Seconds that a request waits for a connection, and for its turn at a tenant."""

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

    Raises StoreError for a URL that is none of these.
    """

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        self._shown = parsed.render_as_string(hide_password=True).replace(
            parsed.drivername, _scheme(parsed), 1
        )
        self._engine = _engine(parsed)
        self._reader = self._engine.execution_options(**_AT_ONE_MOMENT[self._engine.dialect.name])
        self._is_down = False

    def prepare(self, *, reset: bool = False) -> None:
        """Make the tables where there are none yet, or anew. Raises StoreError, also for those of another version."""
        with self._telling(), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if reset:
                _drop(connection)
            if inspect(connection).has_table(schema.about.name):
                self._require_version(connection)
            else:
                _create(connection)

    def write(self, act: Callable[[Connection], _T]) -> _T:
        """Do something in one transaction, which is there as a whole when this returns. Raises StoreError."""
        return self._transacted(self._engine, act)

    def read(self, act: Callable[[Connection], _T]) -> _T:
        """Look at something, which keeps nobody from writing. Raises StoreError."""
        return self._transacted(self._reader, act)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _transacted(self, engine: Engine, act: Callable[[Connection], _T]) -> _T:
        with self._telling():
            try:
                return _once(engine, act)
            except _StaleError:
                return _once(engine, act)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Say what went wrong in one sentence; the log has it once, and once more when it is over."""
        try:
            yield
        except (SQLAlchemyError, _StaleError) as error:
            sentence = f"The database {self._shown} cannot be used: {_reason(error)}"
            if not self._is_down:
                self._is_down = True
                _log.error(sentence)
            raise StoreError(sentence) from error
        if self._is_down:
            self._is_down = False
            _log.warning("The database %s can be used again.", self._shown)

    def _require_version(self, connection: Connection) -> None:
        version = connection.scalar(select(schema.about.c.version))
        if version != schema.VERSION:
            raise StoreError(
                f"The database {self._shown} has the tables of another version of cgmock ({version}; this one has "
                f"{schema.VERSION}). Start once with --reset, which forgets all that is in them, or use another database."
            )


class _StaleError(Exception):
    """A connection that was lost before anything was to stay: what was done with it can be done again."""


def _once(engine: Engine, act: Callable[[Connection], _T]) -> _T:
    with engine.connect() as connection:
        try:
            result = act(connection)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _StaleError(_reason(error)) from error
            raise
        connection.commit()
    return result


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.drivername]
    except (ArgumentError, KeyError, ValueError):
        raise StoreError(
            "The database must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        ) from None
    if parsed.drivername.startswith("sqlite") and parsed.database in {None, "", ":memory:"}:
        raise StoreError(
            "The database sqlite:// needs a file, as in sqlite:///cgmock.db: memory is not shared."
        )
    return parsed.set(drivername=driver)


def _scheme(url: URL) -> str:
    return url.drivername.partition("+")[0]


def _engine(url: URL) -> Engine:
    is_sqlite = _scheme(url) == "sqlite"
    patience = {"timeout": _PATIENCE} if is_sqlite else {"connect_timeout": _PATIENCE}
    try:
        engine = create_engine(
            url,
            connect_args=patience,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=_PATIENCE,
            hide_parameters=True,
        )
    except (ImportError, NoSuchModuleError, ArgumentError, TypeError) as error:
        raise StoreError(f"The database cannot be used: {_reason(error)}") from error
    event.listen(engine, "connect", _prepare_sqlite if is_sqlite else _prepare_postgresql)
    if is_sqlite:
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: object, _: object) -> None:
    """Readers and one writer at once, and transactions that begin where we say so.

    What was committed outlives this process; a machine that loses its power may lose the last of it.
    """
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()  # type: ignore[attr-defined]


def _begin_sqlite(connection: Connection) -> None:
    """Who means to write waits for its turn at once: SQLite would not let it wait later."""
    reads = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _prepare_postgresql(connection: object, _: object) -> None:
    """Nobody waits forever for a tenant that another process holds."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"SET lock_timeout = '{_PATIENCE}s'")
    connection.commit()  # type: ignore[attr-defined]


def _create(connection: Connection) -> None:
    schema.metadata.create_all(connection)
    connection.execute(
        insert(schema.about).values(
            version=schema.VERSION, generation=secrets.token_hex(8), signing_key=new_key()
        )
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
        return f"all {_CONNECTIONS} connections of this process have been busy for {_PATIENCE} seconds."
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    return said[:_LONGEST_REASON].encode("ascii", "replace").decode()
