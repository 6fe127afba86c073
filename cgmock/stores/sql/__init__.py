"""The store that processes and machines share, in SQLite or PostgreSQL: the only door of SQLAlchemy."""

from cgmock.stores.sql.database import Database
from cgmock.stores.sql.store import SqlStore

__all__ = ["Database", "SqlStore"]
