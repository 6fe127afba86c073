"""What a change does to data, in PostgreSQL."""

from tests.unit.stores.test_data import *
