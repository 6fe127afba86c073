"""The suite can fail: each wrong fake is caught, by a check that has to do with its mistake."""

import pytest

from cgmock.core.behaviours import Behaviour
from cgmock.live.results import Verdict
from tests.integration.contract.mutants import MUTANTS, Mutation
from tests.unit.contract.fakes import ACME, Mutant, results, right, session

BEHAVIOURS = {each.id for each in Behaviour}


def caught(mutation: Mutation) -> str | None:
    """The first check that fails on a fake."""
    found = results(session(Mutant(ACME, mutation.change)), only=lambda check: check.id in BEHAVIOURS)
    return next((each.id for each in found if each.verdict is Verdict.FAILED), None)


def test_a_fake_that_is_right_is_not_caught() -> None:
    assert caught(Mutation(right, ())) is None


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_fake_is_caught(name: str) -> None:
    assert caught(MUTANTS[name]) in MUTANTS[name].caught_by
