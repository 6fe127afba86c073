"""The routing table, and the requests of the oracle in all framings, have the same answer in every adapter."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings

from tests.adapters import Answer
from tests.framing import RECORD, Adapters, Framing, Sending, every_adapter, routing_table, sendings


@pytest.fixture(scope="module")
def adapters() -> Iterator[Adapters]:
    """Every adapter."""
    with every_adapter() as adapters:
        yield adapters


def test_every_path_has_the_same_answer_in_every_adapter(adapters: Adapters) -> None:
    answers = [(sending, adapters.answers(sending)) for sending in routing_table()]

    assert [each for each in answers if _differ(each[1].values())] == []


@pytest.mark.parametrize("extension", [b"", b";a", b' ; a="b;c"'])
@pytest.mark.parametrize("trailers", [b"", b"X-A: 1\r\n", b"X-A: 1\r\nX-B: 2\r\n"])
def test_chunk_extensions_and_trailers_are_discarded(
    adapters: Adapters, extension: bytes, trailers: bytes
) -> None:
    answers = adapters.answers(Sending(RECORD, Framing(5, extension, trailers)))

    assert {answer.status for answer in answers.values()} == {200}


def test_a_request_of_the_oracle_has_the_same_answer_in_every_adapter(adapters: Adapters) -> None:
    @settings(max_examples=100, deadline=None)
    @given(sendings())
    def compare(sending: Sending) -> None:
        answers = adapters.answers(sending)

        assert not _differ(answers.values()), answers

    compare()


def _differ(answers: Iterable[Answer]) -> bool:
    first, *others = answers
    return any(other != first for other in others)
