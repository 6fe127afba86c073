"""Time for long tests."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SECONDS = 3600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Allow each test of this folder an hour."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.timeout(SECONDS))
