"""Databases, in PostgreSQL."""

from tests.unit.stores.test_database import *
