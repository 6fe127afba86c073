"""What `cgmock verify` says of the data before anything is sent, if the user wants to know."""

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from cgclient.exit_codes import NOT_DELIVERED, REFUSED, USAGE
from cgclient.terminal import visible

VERIFY: Sequence[str] = (sys.executable, "-m", "cgmock", "verify")
"""The command, which takes a mapping and data, and ends with 0 when it finds no error, 1 when it finds some."""

_INSTALL = "If it is missing: pip install 'cgmock[mock]'; without --mapping the import does not need it."


class UnverifiedError(Exception):
    """The data has errors, or could not be checked; `code` is the exit code of the import."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence, code)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[0])


def verify(command: Sequence[str], mapping: Path, data: Path, terminal: TextIO) -> None:
    """Have the data verified against a mapping; the report goes to `terminal`. Raises UnverifiedError."""
    if command == VERIFY and find_spec("cgmock") is None:
        raise UnverifiedError(f"--mapping needs `cgmock verify`. {_INSTALL}", USAGE)
    try:
        done = subprocess.run(  # noqa: S603  (our own command)
            [*command, str(mapping), str(data), "--format", "text"],
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
        )
    except OSError as error:
        raise UnverifiedError(
            f"Cannot start {command[0]}: {error.strerror}. Nothing was sent.", NOT_DELIVERED
        ) from None
    terminal.write(visible(done.stdout + done.stderr))
    if done.returncode == REFUSED:
        raise UnverifiedError("The verifier finds errors, so nothing was sent: correct the data.", REFUSED)
    if done.returncode:
        code = USAGE if done.returncode == USAGE else NOT_DELIVERED
        raise UnverifiedError(
            f"`cgmock verify` could not check the data, so nothing was sent. {_INSTALL}", code
        )
