"""The real Laravel that these tests compare with."""

from collections.abc import Iterator

import pytest

from tests.oracle.laravel import Laravel, missing, running


@pytest.fixture(scope="session")
def laravel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laravel]:
    """A Laravel that answers."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with running(tmp_path_factory.mktemp("laravel")) as laravel:
        yield laravel
