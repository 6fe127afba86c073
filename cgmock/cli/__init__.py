"""The command line."""

from cgmock.cli.group import cgmock

__all__ = ["cgmock"]
