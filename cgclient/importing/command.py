"""The command `cgclient import`."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from cgclient.bodies import Record, form_body, json_body
from cgclient.client import Client, Encoding
from cgclient.errors import ConfigurationError
from cgclient.exit_codes import FINE, INTERRUPTED, NOT_DELIVERED, REFUSED, USAGE
from cgclient.importing.data import Data, DataError
from cgclient.importing.journal import Journal, JournalError, Outcome
from cgclient.importing.progress import progress
from cgclient.importing.report import Summary, write_failed
from cgclient.importing.run import Import, Limits, Pace
from cgclient.importing.verification import UnverifiedError, verify
from cgclient.retries import Retries
from cgclient.terminal import say, show

PATIENT = Retries(attempts=12, cap=15, budget=120)
"""An import waits longer than a program that has somebody waiting for it."""


class UnfinishedError(Exception):
    """The import was stopped by a file that can no longer be read or written; its text is a sentence."""


def run(options: argparse.Namespace, verifier: Sequence[str]) -> int:
    """Import the rows, and say what became of them; returns the exit code."""
    try:
        return _run(options, verifier)
    except (DataError, JournalError, ConfigurationError) as error:
        return say(str(error), code=USAGE)
    except UnverifiedError as error:
        return say(str(error), code=error.code)
    except UnfinishedError as error:
        return say(str(error), code=NOT_DELIVERED)
    except OSError as error:
        if error.filename is None:  # standard output
            raise
        return say(_cannot(error), code=USAGE)


def _cannot(error: OSError) -> str:
    return f"Cannot use {error.filename}: {error.strerror or error}."


def _run(options: argparse.Namespace, verifier: Sequence[str]) -> int:
    importing = Import(_limits(options))
    with Client.from_env(
        sleep=importing.sleep, retries=PATIENT, retry_ambiguous=options.retry_ambiguous
    ) as client:  # first of all: to read a large file takes a while
        data = Data.at(options.data, options.data_format, omit_empty=options.omit_empty)
        journal_path = options.journal or data.path.with_name(f"{data.path.name}.journal")
        _check_failed(options.failed, data.path, journal_path)
        digest = data.digest()
        rows = data.check(partial(form_body if options.form else json_body, options.configuration))
        if options.mapping is not None:
            _verify(verifier, options.mapping, data)
        about = {
            "data": f"sha256 {digest}",
            "configuration": options.configuration,
            "url": client.records_url,
            "client_id": client.client_id,
            "encoding": "form" if options.form else "json",
            "empty cells": "left out" if options.omit_empty else "sent",
        }
        if options.dry_run and not journal_path.exists():
            return _told(options, data, _dry(data, {Outcome.UNSENT: rows}))
        with Journal(journal_path, about, rows) as journal:
            if options.dry_run:
                return _told(options, data, _dry(data, journal.counts))
            summary, interrupted = _imported(options, data, client, journal, importing)
    if data.digest() != digest:
        return say(f"{data.path} changed while it was imported: see what the journal says.", code=USAGE)
    code = _told(options, data, summary)
    return INTERRUPTED if interrupted else code


def _verify(verifier: Sequence[str], mapping: Path, data: Data) -> None:
    """Have verified what would be sent: of a file of failed rows, a copy without the columns that are not."""
    if not data.marked():
        verify(verifier, mapping, data.path, sys.stderr)
        return
    with TemporaryDirectory(prefix="cgclient-") as folder:
        copy = Path(folder, data.path.name)
        data.write(copy, (row.record for row in data.whole().rows()))
        verify(verifier, mapping, copy, sys.stderr)


def _imported(
    options: argparse.Namespace, data: Data, client: Client, journal: Journal, importing: Import
) -> tuple[Summary, bool]:
    """The result, and whether somebody has interrupted the import."""
    encoding: Encoding = "form" if options.form else "json"

    def send(record: Record) -> None:
        client.put_record(options.configuration, record, encoding)

    say(f"Importing {data.path} to {client.records_url}; the journal is {journal.path}.", code=FINE)
    began = time.monotonic()
    interrupted = False
    with progress(lambda: journal.settled, sys.stderr) as tick:
        try:
            with _terminable():
                importing.run(journal, data.rows(), send, tick)
        except KeyboardInterrupt:
            interrupted = True
        except OSError as error:
            raise UnfinishedError(
                f"{_cannot(error)} The import was stopped; the same command continues it."
            ) from error
    summary = Summary(
        data=str(data.path),
        counts=journal.counts,
        failures=journal.failures,
        seconds=time.monotonic() - began,
        sent=importing.sent,
        stopped_by="It was interrupted." if interrupted else importing.stopped_by,
    )
    return summary, interrupted


def _limits(options: argparse.Namespace) -> Limits:
    return Limits(
        concurrency=options.concurrency,
        pace=Pace(options.rate),
        max_ambiguous=options.max_ambiguous,
        retry_ambiguous=options.retry_ambiguous,
    )


def _dry(data: Data, counts: Mapping[Outcome, int]) -> Summary:
    known = {outcome: counts.get(outcome, 0) for outcome in Outcome}
    return Summary(data=str(data.path), counts=known, failures={}, dry=True)


def _told(options: argparse.Namespace, data: Data, summary: Summary) -> int:
    """Print the summary, write the failed rows, and return the exit code."""
    show(summary.json if options.format == "json" else summary.text)
    if summary.dry:
        return FINE
    if options.failed is not None:
        write_failed(options.failed, data, summary.failures)
    if summary.counts[Outcome.UNSENT]:
        return NOT_DELIVERED
    return REFUSED if summary.failures else FINE


def _check_failed(failed: Path | None, *others: Path) -> None:
    """Refuse a file that cannot be written, before anything is sent, or that is needed."""
    if failed is None:
        return
    if not failed.parent.is_dir():
        raise DataError(f"There is no folder {failed.parent} for --failed.")
    if failed.resolve() in {other.resolve() for other in others}:
        raise DataError(f"--failed {failed} would overwrite what the import needs: name another file.")


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the import as Ctrl-C does: what is on its way gets its answer first."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
