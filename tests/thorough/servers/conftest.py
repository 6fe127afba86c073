"""A `cgmock serve` for these tests."""

from tests.integration.servers.conftest import served
