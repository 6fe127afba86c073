"""Histories of threads and processes that share PostgreSQL."""

from tests.unit.stores.test_linearisable import (
    test_each_tenant_answers_as_if_one_asked_after_the_other,
    test_what_many_workers_write_at_once_is_one_row_and_loses_nothing,
    workers,
)
