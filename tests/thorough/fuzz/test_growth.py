"""Requests of a quarter of a mebibyte, measured in time of the processor."""

from tests.unit.fuzz.test_growth import (
    test_a_long_boundary_is_looked_for_in_time,
    test_a_long_document_is_read_in_time,
    test_a_long_form_is_read_in_time,
    test_a_long_header_is_read_in_time,
    test_a_long_multipart_form_is_read_in_time,
    test_a_long_path_is_read_in_time,
    test_a_long_query_string_is_read_in_time,
    test_a_long_token_request_is_read_in_time,
)
