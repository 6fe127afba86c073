"""Processes that read a part of the work, and end when nobody waits for it."""

import os
from multiprocessing import connection, parent_process
from threading import Thread


def end_with_parent() -> None:
    """End this process when the process that started it ends, also by SIGKILL. Initializes a pool's processes."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    os._exit(len(connection.wait([sentinel])))
