"""What is printed: file names, headings and messages may come from anyone, and a terminal obeys some characters."""

import json
import sys
from contextlib import suppress


def visible(text: str) -> str:
    """Escape all characters that a terminal obeys, hides or cannot encode, as JSON does; line feeds stay."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)


def say(*lines: str, code: int) -> int:
    """Print lines to standard error, and return the exit code."""
    with suppress(BrokenPipeError):
        sys.stderr.write("".join(f"{visible(line)}\n" for line in lines))
    return code


def show(text: str) -> None:
    """Print text to standard output. Raises OSError."""
    sys.stdout.write(f"{visible(text)}\n")
