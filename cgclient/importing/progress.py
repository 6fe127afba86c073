"""A bar for whoever looks on: how far the import is, how fast, and for how long still."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from cgclient.importing.journal import Outcome

Counts = Callable[[], Mapping[Outcome, int]]


@contextmanager
def progress(counts: Counts, terminal: TextIO) -> Iterator[Callable[[], None]]:
    """What is called to show the progress: it shows none where no terminal looks on, or rich is not installed."""
    try:
        from rich.console import Console  # noqa: PLC0415  (an extra)
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )
    except ModuleNotFoundError:
        yield _nothing
        return
    if not terminal.isatty():
        yield _nothing
        return
    rows, before, began = sum(counts().values()), _done(counts()), time.monotonic()
    texts = (TextColumn("{task.fields[rate]:,.0f} rows/s"), TextColumn("{task.fields[failed]:,} failed"))
    columns = (BarColumn(), MofNCompleteColumn(), *texts, TimeRemainingColumn())
    with Progress(*columns, console=Console(file=terminal)) as bar:
        task = bar.add_task("", total=rows, completed=before, rate=0.0, failed=0)

        def show() -> None:
            counted = counts()
            rate = (_done(counted) - before) / max(time.monotonic() - began, 0.001)
            failed = counted[Outcome.REFUSED] + counted[Outcome.AMBIGUOUS]
            bar.update(task, completed=_done(counted), rate=rate, failed=failed)

        yield show


def _done(counted: Mapping[Outcome, int]) -> int:
    return sum(counted.values()) - counted[Outcome.UNSENT]


def _nothing() -> None:
    """Show nothing."""
