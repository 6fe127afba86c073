"""Thousands of valid records."""

from tests.unit.strategies.test_records import (
    test_every_heading_of_a_record_is_stored,
    test_every_value_of_a_field_is_stored,
    test_so_it_is_for_any_configuration,
)
