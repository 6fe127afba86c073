"""The command `cgclient`: write one record from the shell."""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from cgclient.client import Client
from cgclient.errors import ConfigurationError, CustomerGaugeError, ValidationError

FINE, REFUSED, USAGE, NOT_DELIVERED = 0, 1, 2, 3

_ENVIRONMENT = """environment:
  CG_CLIENT_ID, CG_CLIENT_SECRET   the credentials of your connected app
  CG_REGION                        eu (default), us or au
  CG_AUTH_URL, CG_IMPORTS_URL      other hosts, a fake's for example

exit codes: 0 written, 1 refused, 2 usage or configuration, 3 not delivered"""


class _InputError(Exception):
    """The input cannot be sent."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    options = _parser().parse_args(argv)
    try:
        record = _record(options.file)
        with Client.from_env() as client:
            client.put_record(options.configuration, record, encoding="form" if options.form else "json")
    except ValidationError as error:
        return _say(
            str(error),
            *(f"{path}: {text}" for path, texts in error.errors.items() for text in texts),
            code=REFUSED,
        )
    except (ConfigurationError, _InputError, ValueError) as error:
        return _say(str(error), code=USAGE)
    except CustomerGaugeError as error:
        return _say(str(error), code=NOT_DELIVERED)
    return FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cgclient",
        description="Write records to CustomerGauge.",
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cgclient {version('cgmock')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    put = commands.add_parser("put", help="write one record")
    put.add_argument(
        "--configuration", required=True, metavar="REF", help="reference of the import configuration"
    )
    put.add_argument("--form", action="store_true", help="send a form instead of JSON")
    put.add_argument(
        "file", metavar="FILE", help="a JSON object of headings and values; - for standard input"
    )
    return parser


def _record(name: str) -> dict[str, object]:
    shown = "standard input" if name == "-" else name
    try:
        text = (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode("utf-8-sig")
        record = json.loads(text, object_pairs_hook=_object)
    except OSError as error:
        raise _InputError(f"Cannot read {shown}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _InputError(f"{shown} is not UTF-8: byte {error.start} is wrong.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise _InputError(f"{shown} is not JSON: {error}.") from error
    if not isinstance(record, dict):
        raise _InputError(f"{shown} must hold one JSON object of headings and values.")
    return record


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for heading, value in pairs:
        if heading in found:
            raise _InputError(
                f"The heading {heading!r} is there twice; CustomerGauge would keep only the last one."
            )
        found[heading] = value
    return found


def _say(*lines: str, code: int) -> int:
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
