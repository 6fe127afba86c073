"""Processes that end with the process that started them."""

import threading

from cgmock.verifier.children import end_with_parent


def test_a_process_that_no_other_one_started_goes_on() -> None:
    before = threading.active_count()

    end_with_parent()

    assert threading.active_count() == before
