"""The levels of tests, which are folders: `unit`, `integration` and `thorough`.

A test whose size depends on its level is written once, marked with `by_level`, and imported by a module of each
other level.
"""

from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent


def by_level(names: str, **values: Any) -> pytest.MarkDecorator:
    """Give parameters of a test one value, or one tuple of values, for each level.

    Example:
        @by_level("examples", unit=50, thorough=5000)
        def test_a_claim_holds(examples: int) -> None: ...
    """
    return pytest.mark.by_level(names, values)


def level_of(file: str | Path) -> str:
    """Return the name of the folder below `tests` that holds a file."""
    return Path(file).relative_to(TESTS).parts[0]
