"""Limits of one exchange: the size of its answer, and its total time."""

import math
import threading
from collections.abc import Callable, Mapping
from typing import Any

MAX_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer that are read, after decompression."""

_SLICE = 4096
"""Bytes written at a time. A socket that is writable takes as many without waiting."""

_CONNECTED = (".connect_tcp.complete", ".start_tls.complete")


class Deadline(threading.local):
    """The end of the exchange of the current thread, `at` seconds of `clock`.

    The time-outs of httpx limit each read, so a server that sends a byte now and then is never late. `trace`, an
    extension of a request of httpx, limits all reads and writes of a new connection to the time that is left.
    `expired` makes the exception to raise.
    """

    def __init__(self, clock: Callable[[], float], expired: Callable[[str], Exception]) -> None:
        self.at: float = math.inf
        self._clock = clock
        self._expired = expired

    def left(self, timeout: float | None = None) -> float | None:
        """Return the shorter of `timeout` and the time that is left; raise `expired` if there is none."""
        if self.at == math.inf:
            return timeout
        left = self.at - self._clock()
        if left <= 0:
            raise self._expired("The exchange took longer than the total of its time-outs.")
        return left if timeout is None else min(left, timeout)

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Limit the reads and writes of a connection when it is made."""
        if not event.endswith(_CONNECTED):
            return
        stream = info["return_value"]
        read, write = stream.read, stream.write

        def limited_read(max_bytes: int, timeout: float | None = None) -> Any:
            return read(max_bytes, self.left(timeout))

        def limited_write(buffer: bytes, timeout: float | None = None) -> None:
            for start in range(0, len(buffer), _SLICE):
                write(buffer[start : start + _SLICE], self.left(timeout))

        stream.read, stream.write = limited_read, limited_write
