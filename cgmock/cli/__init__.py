"""The command line."""

from cgmock.cli import contract, serving
from cgmock.cli.group import cgmock

__all__ = ["cgmock", "contract", "serving"]
