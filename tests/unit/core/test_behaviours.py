import pytest

from cgmock.core.behaviours import Behaviour, Evidence, weakest


def test_each_behaviour_has_an_id_of_its_own_and_its_evidence() -> None:
    ids = [behaviour.id for behaviour in Behaviour]

    assert len(set(ids)) == len(ids)
    assert all(behaviour.sentence.endswith(".") and behaviour.source for behaviour in Behaviour)


@pytest.mark.parametrize(
    ("behaviours", "evidence"),
    [
        ([Behaviour.RECORD_ACCEPTED], Evidence.DOCUMENTED),
        ([Behaviour.RECORD_ACCEPTED, Behaviour.VALUE_TRIMMED], Evidence.FRAMEWORK),
        ([Behaviour.VALUE_TRIMMED, Behaviour.VALUE_BAD, Behaviour.RECORD_ACCEPTED], Evidence.ASSUMED),
    ],
)
def test_an_answer_is_as_certain_as_the_least_certain_behaviour_in_it(
    behaviours: list[Behaviour], evidence: Evidence
) -> None:
    assert weakest(behaviours) is evidence
