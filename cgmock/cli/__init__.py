"""The command line."""

from cgmock.cli import contract, generating, serving, verifying
from cgmock.cli.group import cgmock

__all__ = ["cgmock", "contract", "generating", "serving", "verifying"]
