"""Journals, in PostgreSQL."""

from tests.unit.stores.test_journals import *
