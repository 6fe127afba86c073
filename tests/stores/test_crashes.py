"""Whatever is answered is there, when the processes that answered are killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from functools import partial

import httpx
import pytest

from cgmock.remote import RemoteControl
from cgmock.search import Search
from cgmock.stores import Collection
from tests.stores.served import put, token_of
from tests.waiting import eventually

CLIENTS = 4
ALL = ("--workers", "2", "--max-records", "1000000", "--max-journal", "1000000")
WRITTEN = frozenset({Collection.ACCOUNTS, Collection.CONTACTS})


class Fake:
    """A fake on a database, and how to kill it."""

    def __init__(self, database: str, *options: str) -> None:
        command = [sys.executable, "-m", "cgmock", "serve", "--port", "0", "--database", database]
        self._process = subprocess.Popen(  # noqa: S603  (our own command)
            [*command, *ALL, *options], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]

    def kill(self) -> None:
        """Kill all its processes, which hear nothing of it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


def written(url: str, first: int, answered: set[int]) -> None:
    """Write records of an account and a contact until there is nobody left, and remember which were answered."""
    number = first
    with httpx.Client(base_url=url) as http, suppress(httpx.TransportError):
        token = token_of(url)
        while put(http, number, token).status_code == 200:
            answered.add(number)
            number += CLIENTS


def has_more(answered: set[int], number: int) -> bool:
    """Whether more than a number were answered."""
    return len(answered) > number


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])])
def test_what_was_answered_is_there_as_a_whole(url: str, kills: int) -> None:
    answered: set[int] = set()
    chance = random.Random(7)  # noqa: S311  (when to kill)
    fake = Fake(url, "--reset")
    for kill in range(kills):
        begin = 1_000_000 * (kill + 1)
        clients = [
            threading.Thread(target=written, args=(fake.url, begin + client, answered))
            for client in range(CLIENTS)
        ]
        for each in clients:
            each.start()
        eventually(partial(has_more, answered, len(answered) + 10))
        time.sleep(chance.uniform(0, 0.3))
        fake.kill()
        for each in clients:
            each.join()
        fake = Fake(url)
    control = RemoteControl(fake.url)
    found = {kind: control.rows("demo", kind) for kind in WRITTEN}
    entries = control.find("demo", Search(path="/records/"))
    control.close()
    fake.kill()

    emails = {str(row["email"]) for row in found[Collection.CONTACTS]}
    assert {f"joe{number}@example.com" for number in answered} <= emails
    kinds = defaultdict(set)
    for kind, rows in found.items():
        for row in rows:
            kinds[row["request"]].add(kind)
    assert set(map(frozenset, kinds.values())) == {WRITTEN}
    assert {entry.request.id for entry in entries} == set(kinds)
