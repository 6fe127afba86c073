from cgmock.core.behaviours import Behaviour


def test_each_behaviour_has_an_id_of_its_own_and_its_evidence() -> None:
    ids = [behaviour.id for behaviour in Behaviour]

    assert len(set(ids)) == len(ids)
    assert all(behaviour.sentence.endswith(".") and behaviour.source for behaviour in Behaviour)
