import pytest

from cgmock.clock import LATEST, Clock


def at(*seconds: float) -> Clock:
    """A clock whose source tells one time after the other."""
    times = iter(seconds)
    return Clock(lambda: next(times))


def test_a_clock_tells_the_time_of_its_source() -> None:
    clock = at(1.0, 2.0)

    assert [clock.now(), clock.now()] == [1.0, 2.0]


def test_a_frozen_clock_stands_still_until_it_is_reset() -> None:
    clock = at(1.0, 5.0)
    clock.freeze()

    frozen = [clock.now(), clock.now(), clock.is_frozen]
    clock.reset()

    assert frozen == [1.0, 1.0, True]
    assert (clock.now(), clock.is_frozen) == (5.0, False)


def test_a_clock_can_be_frozen_at_a_time() -> None:
    clock = at()
    clock.freeze(100.0)
    clock.advance(3600)

    assert clock.now() == 3700.0


def test_a_clock_that_was_moved_goes_on_from_there() -> None:
    clock = at(1.0, 2.0, 3.0, 4.0)
    clock.advance(10)
    clock.advance(-4)

    assert [clock.now(), clock.now()] == [9.0, 10.0]


def test_a_clock_that_was_moved_is_frozen_where_it_is() -> None:
    clock = at(1.0, 2.0)
    clock.advance(10)
    clock.freeze()

    assert clock.now() == 12.0


@pytest.mark.parametrize("moment", [-1.0, LATEST + 1, float("nan")])
def test_a_clock_goes_neither_behind_1970_nor_beyond_the_year_3000(moment: float) -> None:
    clock = at(1.0, 2.0, 3.0)

    with pytest.raises(ValueError, match="from 1970 to the year 3000"):
        clock.freeze(moment)
    with pytest.raises(ValueError, match="from 1970 to the year 3000"):
        clock.advance(moment - 1.0)

    assert (clock.now(), clock.is_frozen) == (2.0, False)


def test_without_a_source_it_is_that_of_the_machine() -> None:
    assert Clock().now() > 1_700_000_000
