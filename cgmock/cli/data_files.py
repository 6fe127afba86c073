"""The argument DATA of commands: a file, or standard input."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cgmock.cli.group import failure
from cgmock.verifier.files import DataFile


@contextmanager
def located(name: str) -> Iterator[DataFile]:
    """The file of that name; - is standard input. What comes through a pipe is kept on the disk while it is needed."""
    if name == "-":
        with _kept(sys.stdin.buffer, "<stdin>") as file:
            yield file
        return
    path = Path(name)
    with _opened(path) as stream:
        if path.is_fifo():
            with _kept(stream, name) as file:
                yield file
            return
    if not path.is_file():
        raise failure(f"{name} is no file: give a file, or - for standard input.")
    yield DataFile.at(path, name)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise failure(f"{path} cannot be read: {error.strerror}.") from error


@contextmanager
def _kept(stream: BinaryIO, name: str) -> Iterator[DataFile]:
    with tempfile.TemporaryDirectory(prefix="cgmock-") as folder:
        path = Path(folder, "data")
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy)
        yield DataFile.at(path, name)
