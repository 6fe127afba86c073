from hypothesis import strategies as st

from cgmock.strategies.samples import samples


def test_a_strategy_with_fewer_examples_gives_some_again() -> None:
    drawn = list(samples(st.booleans(), count=5, random_seed=1))

    assert len(drawn) == 5
    assert set(drawn) == {True, False}


def test_the_same_seed_gives_the_same_samples() -> None:
    once, again, other = (list(samples(st.integers(), count=1001, random_seed=seed)) for seed in (1, 1, 2))

    assert len(once) == 1001
    assert once == again
    assert once != other
