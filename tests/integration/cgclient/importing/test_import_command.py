"""`cgclient import` on an incomplete installation, in a fresh interpreter."""

import subprocess
import sys


def hidden(module: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a process that finds no such module, and what it told."""
    hide = f"import sys; sys.modules[{module!r}] = None; from cgclient.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", hide, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own command)
    return done.returncode, done.stderr


def test_without_file_locks_the_import_says_so() -> None:
    told = "cgclient import needs file locks, as Linux and macOS have them.\n"

    assert hidden("fcntl", "import", "d.csv", "--configuration", "contact") == (2, told)


def test_a_broken_installation_is_not_hidden() -> None:
    code, told = hidden("cgclient.importing.report", "import", "d.csv", "--configuration", "contact")

    assert (code, "ModuleNotFoundError" in told) == (1, True)
