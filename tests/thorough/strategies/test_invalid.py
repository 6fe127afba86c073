"""Thousands of invalid records."""

from tests.unit.strategies.test_invalid import (
    test_an_invalid_record_is_refused_as_it_says,
    test_every_bad_value_of_a_field_is_refused,
    test_so_it_is_for_any_configuration,
)
