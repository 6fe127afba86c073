"""The journal of a tenant: what is kept of it, and how one waits for it."""

import threading

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Fate, Notice, Outcome
from cgmock.core.routing import Credential
from cgmock.journal.journal import MAX_LOSING
from cgmock.stores.base import Store, TenantJournal, Transaction
from tests.acme import ACME
from tests.databases import NewStore

ACMES = Credential(ACME.connected_apps[0].client_id)
SOON = 250.0
"""Seconds that nobody waits for in vain."""
LOSS = Notice("Comments", Fate.UNMAPPED, Behaviour.HEADING_UNMAPPED)


def append(store: Store, *notices: Notice, times: int = 1) -> None:
    """Let a request come, or a few of them in one turn."""
    outcome = Outcome(Response(200, (("A", "1"), ("A", "2")), b"\0"), notices=notices)

    def act(tx: Transaction) -> None:
        for _ in range(times):
            tx.append(1.5, Request("PUT", "/records/", "a=\ud800", {"a": "\0"}, b"\xff\0", 2), outcome)

    with store.transaction(ACMES) as tx:
        act(tx)


def numbers(journal: TenantJournal) -> list[int]:
    """The numbers of the entries that are kept."""
    return [entry.number for entry in journal.after(0)]


def test_an_entry_comes_back_as_it_was_written(new_store: NewStore) -> None:
    store = new_store([ACME])

    append(store, LOSS, LOSS._replace(reason="\ud800", nearest="Comment", field="comment"))

    (entry,) = store.hosted("acme").journal.after(0)
    assert entry.notices == (LOSS, LOSS._replace(reason="\ud800", nearest="Comment", field="comment"))
    assert entry.response == Response(200, (("A", "1"), ("A", "2")), b"\0")
    assert entry.request == Request("PUT", "/records/", "a=\ud800", {"a": "\0"}, b"\xff\0", 2)


def test_the_first_entries_with_a_loss_stay_and_the_others_are_counted(new_store: NewStore) -> None:
    store = new_store([ACME], max_journal=2)
    journal = store.hosted("acme").journal

    append(store)
    append(store, LOSS, LOSS, times=MAX_LOSING + 3)
    append(store)
    append(store)

    assert numbers(journal) == [*range(2, MAX_LOSING + 2), MAX_LOSING + 5, MAX_LOSING + 6]
    assert journal.dropped == (4, 6)
    journal.clear()
    append(store)
    assert (numbers(journal), journal.dropped, journal.newest) == ([1], (0, 0), 1)


def test_who_waits_for_an_entry_goes_on_when_it_comes(new_store: NewStore) -> None:
    store = new_store([ACME])
    journal = store.hosted("acme").journal
    later = threading.Timer(0.05, append, [store])

    assert not journal.wait(0, 0.01)
    later.start()
    assert journal.wait(0, SOON)
    assert journal.wait(0, 0)
    later.join()


def test_who_waits_for_something_looks_after_each_entry(new_store: NewStore) -> None:
    store = new_store([ACME])
    journal = store.hosted("acme").journal
    later = [threading.Timer(0.05 * each, append, [store]) for each in (1, 2)]

    assert not journal.wait_for(lambda: bool(numbers(journal)), 0.01)
    for each in later:
        each.start()
    assert journal.wait_for(lambda: numbers(journal) == [1, 2], SOON)
    for each in later:
        each.join()
