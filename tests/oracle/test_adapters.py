"""Every adapter gives the same answer over sockets. This comparison needs no Laravel."""

from collections.abc import Iterator

import pytest
from hypothesis import given

from tests.framing import Adapters, Sending, every_adapter, sendings
from tests.oracle.examples import Examples, examples


@pytest.fixture
def adapters() -> Iterator[Adapters]:
    """Every adapter, started again for each part, so that a part does not depend on the ones before."""
    with every_adapter() as adapters:
        yield adapters


@pytest.mark.timeout(1800)  # a part is 3,000 requests, each to five adapters
@examples()
def test_every_adapter_gives_the_same_answer(adapters: Adapters, examples: Examples) -> None:
    @examples.chosen
    @given(sendings())
    def compare(sending: Sending) -> None:
        first, *others = adapters.answers(sending).values()

        assert others == [first] * len(others)

    compare()
