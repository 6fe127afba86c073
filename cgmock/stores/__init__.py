"""Stores of tenants, with their data, journals, clocks and faults."""
