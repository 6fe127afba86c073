"""Thousands of encoded records and token requests."""

from tests.unit.strategies.test_requests import (
    test_a_record_has_the_same_outcome_in_every_encoding,
    test_a_token_request_is_answered_as_it_says,
)
