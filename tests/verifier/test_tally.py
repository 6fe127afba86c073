"""What judging a file does to the process around it."""

import gc
from collections.abc import Iterator

from cgmock.verifier.files import Tally
from cgmock.verifier.tables import Batch
from tests.verifier.running import OPTIONS, mapping_file
from tests.verifier.test_corpus import CORPUS


def test_cycles_are_looked_for_less_often_only_while_rows_are_judged() -> None:
    before, during = gc.get_threshold(), []

    def batches() -> Iterator[Batch]:
        during.append(gc.get_threshold())
        yield Batch("data", ("Email",), (["joe@example.com"],), [2])

    Tally(mapping_file(CORPUS / "mappings" / "contacts.toml"), "data", OPTIONS).take(batches())

    assert during[0] > before
    assert gc.get_threshold() == before
