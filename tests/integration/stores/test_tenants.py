"""Tenants and their checkpoints, in PostgreSQL."""

from tests.unit.stores.test_tenants import *
