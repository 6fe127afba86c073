"""What judging a file does to the process around it."""

import gc
from collections.abc import Iterator

import pytest

from cgmock.verifier.files import Tally
from cgmock.verifier.tables import Batch
from tests.unit.verifier.running import OPTIONS, mapping_file
from tests.unit.verifier.test_corpus import CORPUS


@pytest.fixture
def thresholds() -> Iterator[None]:
    """Whatever a test makes of the thresholds of the collector, they are afterwards what they were."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("thresholds")
@pytest.mark.parametrize(
    ("before", "expected"),
    [((700, 10, 10), (100_000, 50, 50)), ((200_000, 30, 30), (200_000, 50, 50))],
)
def test_cycles_are_looked_for_less_often_only_while_rows_are_judged(
    before: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    gc.set_threshold(*before)
    during = []

    def batches() -> Iterator[Batch]:
        during.append(gc.get_threshold())
        yield Batch("data", ("Email",), (["joe@example.com"],), [2])

    Tally(mapping_file(CORPUS / "mappings" / "contacts.toml"), "data", OPTIONS).take(batches())

    assert during == [expected]
    assert gc.get_threshold() == before
