"""A fake on SQLite and on PostgreSQL that is killed 50 times."""

from tests.integration.stores.test_crashes import test_what_was_answered_is_there_as_a_whole
