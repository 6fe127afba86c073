"""The argument DATA of commands: a file, or standard input."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cgmock.cli.group import failure
from cgmock.verifier.files import DataFile


@contextmanager
def located(name: str) -> Iterator[DataFile]:
    """The file of that name; - is standard input, which is kept on the disk as long as it is needed."""
    if name != "-":
        path = Path(name)
        try:
            path.open("rb").close()
        except OSError as error:
            raise failure(f"{name} cannot be read: {error.strerror}.") from error
        yield DataFile.at(path, name)
        return
    with tempfile.TemporaryDirectory(prefix="cgmock-") as folder:
        path = Path(folder, "stdin")
        with path.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        yield DataFile.at(path, "<stdin>")
