"""Stores in PostgreSQL, and databases of both kinds."""

from tests.integration.stores.conftest import *
