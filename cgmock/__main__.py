"""The command `cgmock`."""

import sys


def main() -> int:
    """Run the command line, or say what it needs."""
    try:
        from cgmock.cli import cgmock
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("cg"):
            raise
        sys.stderr.write(f"cgmock needs the package {error.name}: pip install 'cgmock[mock]'\n")
        return 2
    return cgmock.main()


if __name__ == "__main__":
    sys.exit(main())
