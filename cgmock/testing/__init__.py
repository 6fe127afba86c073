"""Helpers for tests that use a fake."""
