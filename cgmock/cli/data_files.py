"""The argument DATA of commands: a file, or standard input."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cgmock.cli.group import failure
from cgmock.verifier.files import DataFile


@contextmanager
def opened(name: str) -> Iterator[DataFile]:
    """The file of that name; - is standard input, which is kept in a file of its own."""
    if name == "-":
        with tempfile.TemporaryFile() as stream:
            for block in iter(lambda: sys.stdin.buffer.read(1 << 20), b""):
                stream.write(block)
            stream.seek(0)
            yield DataFile("<stdin>", stream)
        return
    path = Path(name)
    try:
        content = path.open("rb")
    except OSError as error:
        raise failure(f"{name} cannot be read: {error.strerror}.") from error
    with content:
        yield DataFile(name, content, path if path.is_file() else None)
