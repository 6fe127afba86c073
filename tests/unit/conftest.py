"""The rule of the unit level applies to this folder."""

from tests.unit_rule import pytest_runtest_protocol, pytest_runtest_teardown

__all__ = ["pytest_runtest_protocol", "pytest_runtest_teardown"]
