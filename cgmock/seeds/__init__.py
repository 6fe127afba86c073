"""Seeds: TOML files that describe tenants."""

from cgmock.seeds.reader import (
    UNSTORABLE,
    UNSTORABLE_RULE,
    ImportMapping,
    Mistake,
    SeedError,
    demo,
    heading_lines,
    heading_lines_of,
    load,
    load_mapping,
    load_seed,
    loads,
    table,
    tenant,
)

__all__ = [
    "UNSTORABLE",
    "UNSTORABLE_RULE",
    "ImportMapping",
    "Mistake",
    "SeedError",
    "demo",
    "heading_lines",
    "heading_lines_of",
    "load",
    "load_mapping",
    "load_seed",
    "loads",
    "table",
    "tenant",
]
