"""200 runs of the state machine beside memory, SQLite and PostgreSQL."""

from tests.unit.stores.test_machine import test_no_store_shows_anything_else_than_memory
