"""The command `cgclient`: write one record, or all of a file, from the shell."""

import argparse
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from cgclient.client import Client
from cgclient.errors import CustomerGaugeError, ValidationError
from cgclient.exit_codes import FINE, INTERRUPTED, NOT_DELIVERED, REFUSED, USAGE
from cgclient.importing.verification import VERIFY
from cgclient.inputs import InputError, json_object
from cgclient.terminal import say, visible

_ENVIRONMENT = """environment:
  CG_CLIENT_ID, CG_CLIENT_SECRET   the credentials of your connected app
  CG_REGION                        eu (default), us or au
  CG_AUTH_URL, CG_IMPORTS_URL      other hosts, a fake's for example

exit codes: 0 written, 1 refused (import: or ambiguous), 2 usage or configuration, 3 not delivered, 130 interrupted"""


def main(
    argv: Sequence[str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    verifier: Sequence[str] = VERIFY,
) -> int:
    """Run a command; returns the exit code. `sleep` waits for some seconds, `verifier` is what --mapping runs."""
    try:
        options = _options(argv)
        code = _put(options, sleep) if options.command == "put" else _import(options, verifier)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return say("Interrupted: the record may have been written if it was on its way.", code=INTERRUPTED)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is flushed at exit goes there
        if isinstance(error, BrokenPipeError):
            return FINE
        return say(f"Cannot use standard output: {error.strerror}.", code=NOT_DELIVERED)
    return code


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    try:
        return _parser().parse_args(argv)
    finally:
        sys.stdout.flush()


class _Parser(argparse.ArgumentParser):
    """Reports errors, which name arguments, without control characters."""

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Print a message and exit."""
        super().exit(status, message and visible(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cgclient",
        description="Write records to CustomerGauge.",
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cgclient {version('cgmock')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, dest="command")
    add = partial(commands.add_parser, epilog=_ENVIRONMENT, formatter_class=parser.formatter_class)
    _put_options(add("put", help="write one record"))
    _import_options(
        add(
            "import",
            help="write the rows of a file",
            description="Write the rows of a file, one record a row.",
        )
    )
    return parser


def _put_options(put: argparse.ArgumentParser) -> None:
    put.add_argument(
        "--configuration",
        metavar="REF",
        help="reference of the import configuration; may be absent when the file holds a whole body",
    )
    put.add_argument("--form", action="store_true", help="send a form instead of JSON")
    put.add_argument("--verbose", action="store_true", help="say so when the record was accepted")
    put.add_argument(
        "file",
        metavar="FILE",
        help='a JSON object of headings and values, or {"configuration": ..., "record": ...}; - for standard input',
    )


def _import_options(load: argparse.ArgumentParser) -> None:
    option = load.add_argument
    option("data", metavar="DATA", type=Path, help="CSV with a line of headings, or JSON Lines; in UTF-8")
    option("--configuration", metavar="REF", required=True, help="reference of the import configuration")
    option("--data-format", choices=["csv", "jsonl"], help="what DATA is, where its name does not tell")
    option("--form", action="store_true", help="send forms instead of JSON")
    option(
        "--omit-empty", action="store_true", help="leave out cells without a text; else they are sent empty"
    )
    option(
        "--mapping",
        metavar="MAPPING",
        type=Path,
        help="verify DATA against a mapping first, by `cgmock verify`",
    )
    option("--dry-run", action="store_true", help="look at all rows, and send none")
    option(
        "--concurrency",
        metavar="N",
        type=_whole(1, 20),
        default=1,
        help="rows on their way at a time, 1 to 20; 1 (the default) keeps their order",
    )
    option("--rate", metavar="N", type=_rate, help="rows a second, at most")
    option("--journal", metavar="FILE", type=Path, help="what became of each row; DATA.journal by default")
    option(
        "--failed", metavar="FILE", type=Path, help="write the rows that failed, and why, in the form of DATA"
    )
    option(
        "--retry-ambiguous",
        action="store_true",
        help="send again what may have been written: for accounts, aliases, contacts and activities, which are updated",
    )
    option(
        "--max-ambiguous",
        metavar="N",
        type=_whole(0, 1_000_000),
        default=20,
        help="stop when more rows than that became ambiguous; 20 by default",
    )
    option("--format", choices=["text", "json"], default="text", help="how to print the summary")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"it must be a number from {low} to {high}, not {text!r}")
        return int(text)

    return number


def _rate(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"it must be a number above 0, not {text!r}")


def _import(options: argparse.Namespace, verifier: Sequence[str]) -> int:
    try:
        from cgclient.importing import command
    except ModuleNotFoundError as error:
        if error.name != "fcntl":
            raise
        return say("cgclient import needs file locks, as Linux and macOS have them.", code=USAGE)
    return command.run(options, verifier)


def _put(options: argparse.Namespace, sleep: Callable[[float], None]) -> int:
    try:
        configuration, record = _body(options.file, options.configuration)
        with Client.from_env(sleep=sleep) as client:
            client.put_record(configuration, record, encoding="form" if options.form else "json")
    except ValidationError as error:
        return say(*(_lines(error) or [str(error)]), code=REFUSED)
    except (InputError, ValueError) as error:
        return say(str(error), code=USAGE)
    except CustomerGaugeError as error:
        return say(str(error), code=NOT_DELIVERED)
    return say(*["CustomerGauge accepted the record."] * options.verbose, code=FINE)


def _lines(error: ValidationError) -> list[str]:
    return [
        f"{path.removeprefix('record.')}: {text}" for path, texts in error.errors.items() for text in texts
    ]


def _body(name: str, configuration: str | None) -> tuple[str, dict[str, object]]:
    """The configuration and the record: of a whole body when the file holds one, else of option and file."""
    shown = "standard input" if name == "-" else name
    content = _object(name, shown)
    own, record = content.get("configuration"), content.get("record")
    if content.keys() == {"configuration", "record"} and isinstance(own, str) and isinstance(record, dict):
        if configuration not in (None, own):
            raise InputError(
                f"{shown} names the configuration {own!r}, but --configuration is {configuration!r}."
            )
        return own, record
    if configuration is None:
        raise InputError(f"Give --configuration: {shown} holds no body that names one.")
    return configuration, content


def _object(name: str, shown: str) -> dict[str, object]:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {shown}: {error.strerror}.") from error
    return json_object(content, shown)


if __name__ == "__main__":
    sys.exit(main())
