"""Processes that write into one database at the same time."""

import multiprocessing
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from cgmock.mock_api import MockAPI
from cgmock.stores.sql import Database, SqlStore
from tests.databases import emptied
from tests.unit.stores.test_linearisable import TENANTS, check_all_is_there


def send_from_a_process(urls: Sequence[str], process: int) -> None:
    """Write into databases, as one of several processes."""
    for url in urls:
        database = Database(url)
        mock = MockAPI(store=SqlStore(database))
        for number in range(20):
            record = {"Email": "joe@example.com", "Account Name": "ACME", "Comment": f"{process} {number}"}
            mock.try_record("acme", "external_response", record)
        database.close()


def test_processes_share_a_file_and_a_server(urls: Mapping[str, str]) -> None:
    with ExitStack() as stack:
        stores = [SqlStore(stack.enter_context(emptied(url))) for url in urls.values()]
        for store in stores:
            store.seed(TENANTS)
        context = multiprocessing.get_context("spawn")
        processes = [
            context.Process(target=send_from_a_process, args=([*urls.values()], number))
            for number in range(2)
        ]

        for each in processes:
            each.start()
        for each in processes:
            each.join()

        assert [each.exitcode for each in processes] == [0, 0]
        for store in stores:
            check_all_is_there(MockAPI(store=store), 40)
