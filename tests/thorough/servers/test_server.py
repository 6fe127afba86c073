"""10,000 writes, each verified at once."""

from tests.integration.servers.test_server import test_what_was_written_is_verified_at_once_without_a_miss
