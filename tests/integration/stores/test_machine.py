"""Memory, SQLite and PostgreSQL side by side."""

from tests.unit.stores.test_machine import (
    test_no_store_shows_anything_else_than_memory,
)
