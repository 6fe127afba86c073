"""The journal of a tenant: recorded requests, and what is read from them."""

from cgmock.journal.journal import (
    BODY_LIMIT,
    MAX_LOSING,
    MAX_NOTICES,
    Dropped,
    Entry,
    Journal,
    kept_of,
)

__all__ = [
    "BODY_LIMIT",
    "MAX_LOSING",
    "MAX_NOTICES",
    "Dropped",
    "Entry",
    "Journal",
    "kept_of",
]
