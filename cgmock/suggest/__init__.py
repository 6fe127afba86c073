"""Propose a mapping for an export."""
