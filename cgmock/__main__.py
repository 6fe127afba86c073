"""The command `cgmock`."""

import sys

from cgmock import exit_codes


def main() -> int:
    """Run the command line, or say what it needs."""
    try:
        from cgmock.cli import cgmock

        return cgmock.main()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("cg"):
            raise
        package = error.name.partition(".")[0]
        sys.stderr.write(f"cgmock needs the package {package}: pip install 'cgmock[mock]'\n")
        return exit_codes.USAGE


if __name__ == "__main__":
    sys.exit(main())
