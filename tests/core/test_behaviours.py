from pathlib import Path

from cgmock.core import behaviours
from cgmock.core.behaviours import Behaviour


def test_each_behaviour_has_an_id_of_its_own_and_its_evidence() -> None:
    ids = [behaviour.id for behaviour in Behaviour]

    assert len(set(ids)) == len(ids)
    assert all(behaviour.sentence.endswith(".") and behaviour.source for behaviour in Behaviour)


def test_no_behaviour_is_only_a_row() -> None:
    core = Path(behaviours.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in core.glob("*.py"))

    assert [each.name for each in Behaviour if f"Behaviour.{each.name}" not in code] == []
