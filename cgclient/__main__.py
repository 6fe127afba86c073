"""The command `cgclient`: write one record from the shell."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from cgclient.client import Client
from cgclient.errors import CustomerGaugeError, ValidationError

FINE, REFUSED, USAGE, NOT_DELIVERED, INTERRUPTED = 0, 1, 2, 3, 130

_ENVIRONMENT = """environment:
  CG_CLIENT_ID, CG_CLIENT_SECRET   the credentials of your connected app
  CG_REGION                        eu (default), us or au
  CG_AUTH_URL, CG_IMPORTS_URL      other hosts, a fake's for example

exit codes: 0 written, 1 refused, 2 usage or configuration, 3 not delivered, 130 interrupted"""


class _InputError(Exception):
    """The input cannot be sent."""


def main(argv: Sequence[str] | None = None, sleep: Callable[[float], None] = time.sleep) -> int:
    """Run a command; returns the exit code. `sleep` waits for some seconds."""
    try:
        return _put(_options(argv), sleep)
    except KeyboardInterrupt:
        return _say("Interrupted: the record may have been written if it was on its way.", code=INTERRUPTED)
    except (
        BrokenPipeError
    ):  # nobody reads on; the interpreter must not stumble over it when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    try:
        return _parser().parse_args(argv)
    finally:
        sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cgclient",
        description="Write records to CustomerGauge.",
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cgclient {version('cgmock')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    put = commands.add_parser(
        "put", help="write one record", epilog=_ENVIRONMENT, formatter_class=parser.formatter_class
    )
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
    return parser


def _put(options: argparse.Namespace, sleep: Callable[[float], None]) -> int:
    try:
        configuration, record = _body(options.file, options.configuration)
        with Client.from_env(sleep=sleep) as client:
            client.put_record(configuration, record, encoding="form" if options.form else "json")
    except ValidationError as error:
        return _say(*(_lines(error) or [str(error)]), code=REFUSED)
    except (_InputError, ValueError) as error:
        return _say(str(error), code=USAGE)
    except CustomerGaugeError as error:
        return _say(str(error), code=NOT_DELIVERED)
    return _say(*["CustomerGauge accepted the record."] * options.verbose, code=FINE)


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
            raise _InputError(
                f"{shown} names the configuration {own!r}, but --configuration is {configuration!r}."
            )
        return own, record
    if configuration is None:
        raise _InputError(f"Give --configuration: {shown} holds no body that names one.")
    return configuration, content


def _object(name: str, shown: str) -> dict[str, object]:
    try:
        text = (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode("utf-8-sig")
        content = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse)
    except OSError as error:
        raise _InputError(f"Cannot read {shown}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _InputError(f"{shown} is not UTF-8: byte {error.start} is wrong.") from None
    except (ValueError, RecursionError) as error:
        raise _InputError(f"{shown} is not JSON: {error}.") from None
    if not isinstance(content, dict):
        raise _InputError(f"{shown} must hold one JSON object of headings and values.")
    return content


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for heading, value in pairs:
        if heading in found:
            raise _InputError(
                f"The heading {heading!r} is there twice; CustomerGauge would keep only the last one."
            )
        found[heading] = value
    return found


def _refuse(constant: str) -> NoReturn:
    raise _InputError(f"{constant} is no number that can be sent.")


def _say(*lines: str, code: int) -> int:
    with suppress(BrokenPipeError):
        sys.stderr.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
