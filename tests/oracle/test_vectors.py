import pytest

from tests.oracle.laravel import missing
from tests.oracle.vectors import FUNCTIONS, path_of, renewed


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_vectors_are_what_php_understands(function: str) -> None:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)

    written = path_of(function).read_text()

    assert written == renewed(function)
