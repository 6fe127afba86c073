"""Whatever is answered is there, when the processes that answered are killed."""

import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

import httpx

from cgmock.control.remote import RemoteControl
from cgmock.journal.search import Search
from cgmock.stores.base import Collection
from tests.integration.stores.served import put, token_of
from tests.levels import by_level
from tests.processes import first_line, running
from tests.waiting import eventually

CLIENTS = 4
ALL = ("--workers", "2", "--max-records", "1000000", "--max-journal", "1000000")
WRITTEN = frozenset({Collection.ACCOUNTS, Collection.CONTACTS})


@contextmanager
def killed(database: str, *options: str) -> Iterator[str]:
    """Serve a fake on a database, yield its URL, and end all its processes with SIGKILL."""
    command = [sys.executable, "-m", "cgmock", "serve", "--port", "0", "--database", database]
    with running([*command, *ALL, *options], stdout=subprocess.PIPE) as process:
        yield first_line(process).split()[-1]


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


@by_level("kills", integration=2, thorough=50)
def test_what_was_answered_is_there_as_a_whole(url: str, kills: int) -> None:
    answered: set[int] = set()
    chance = random.Random(7)  # noqa: S311  (when to kill)
    for kill in range(kills):
        options = () if kill else ("--reset",)
        with ThreadPoolExecutor(CLIENTS) as clients, killed(url, *options) as fake:
            for client in range(CLIENTS):
                clients.submit(written, fake, 1_000_000 * (kill + 1) + client, answered)
            eventually(partial(has_more, answered, len(answered) + 10))
            time.sleep(chance.uniform(0, 0.3))
    with killed(url) as fake:
        control = RemoteControl(fake)
        found = {kind: control.rows("demo", kind) for kind in WRITTEN}
        entries = control.entries("demo", Search(path="/records/"))
        control.close()

    emails = {str(row["email"]) for row in found[Collection.CONTACTS]}
    assert {f"joe{number}@example.com" for number in answered} <= emails
    kinds = defaultdict(set)
    for kind, rows in found.items():
        for row in rows:
            kinds[row["request"]].add(kind)
    assert set(map(frozenset, kinds.values())) == {WRITTEN}
    assert {entry.request.id for entry in entries} == set(kinds)
