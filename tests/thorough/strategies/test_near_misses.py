"""Thousands of near misses."""

from tests.unit.strategies.test_near_misses import (
    test_a_near_miss_is_dropped_and_led_back,
    test_so_it_is_for_any_configuration,
)
