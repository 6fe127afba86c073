"""Histories of 2,400 calls on memory, SQLite and PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from cgmock.mock_api import MockAPI
from tests.unit.stores.test_linearisable import TENANTS, check_histories, workers_on


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
def test_each_tenant_answers_as_if_one_asked_after_the_other(urls: Mapping[str, str], kind: str) -> None:
    with fakes(urls, kind) as mocks:
        check_histories(mocks, threads=8, calls=300)


@contextmanager
def fakes(urls: Mapping[str, str], kind: str) -> Iterator[Sequence[MockAPI]]:
    """A fake in memory, or two workers that share one database."""
    if kind == "memory":
        yield [MockAPI(TENANTS)]
        return
    with workers_on(urls[kind]) as mocks:
        yield mocks
