"""Connections to PostgreSQL that give up on a server that is silent."""

from typing import Any

import psycopg
from psycopg import errors


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not answer within `patience` seconds.

    The time-outs of PostgreSQL do not help when its processes are stopped or its host is gone: the server enforces them.
    """

    patience: float = 10.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Run a generator that waits for the server. Raises OperationalError."""
        seconds = self.patience if timeout is None else timeout
        try:
            return super().wait(gen, interval, seconds)
        except errors._WaitTimeout as error:  # noqa: SLF001  (psycopg documents it for callers of this method)
            self.pgconn.finish()
            raise psycopg.OperationalError(f"the server did not answer within {seconds:g} seconds") from error
