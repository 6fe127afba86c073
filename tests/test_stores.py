import threading

from cgmock.core.messages import Response
from cgmock.core.outcome import (
    AddAlias,
    Change,
    CountRequest,
    Data,
    Outcome,
    RateWindow,
    RecordResponse,
    SaveAccount,
    SaveContact,
    SendInvitation,
    StoredResponse,
)
from cgmock.stores import Collection, Origin, Page
from cgmock.stores.memory import MemoryStore
from tests.acme import ACME

JOE = "joe@example.com"


def apply(store: MemoryStore, *changes: Change) -> None:
    """Let a request make these changes."""
    store.transact("acme", lambda _: Outcome(Response(200), changes), Origin("request-1", 1.0))


def ask(store: MemoryStore) -> Data:
    """The data, to ask it something while nobody writes."""
    found: list[Data] = []

    def decide(data: Data) -> Outcome:
        found.append(data)
        return Outcome(Response(200))

    store.transact("acme", decide, Origin("request-2", 2.0))
    return found[0]


def page(store: MemoryStore, collection: Collection, limit: int = 100) -> Page:
    """The first rows of a collection."""
    return store.page("acme", collection, limit=limit, after=0)


def test_a_contact_is_found_by_email_then_by_phone_and_updated() -> None:
    store = MemoryStore([ACME])

    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))
    apply(store, SaveContact(None, "1", {"phone": "1", "first_name": "Joe"}))
    apply(store, SaveContact(JOE, "2", {"email": JOE, "phone": "2"}))

    (contact,) = page(store, Collection.CONTACTS).rows
    assert (contact["email"], contact["phone"], contact["first_name"]) == (JOE, "2", "Joe")
    assert ask(store).contact(None, "1") is None
    assert ask(store).contact(None, "2") == {"email": JOE, "phone": "2", "first_name": "Joe"}
    assert ask(store).contact(None, None) is None


def test_a_phone_of_two_contacts_is_the_last_one_s_that_got_it_and_goes_back() -> None:
    store = MemoryStore([ACME])

    apply(store, SaveContact(JOE, None, {"email": JOE}), SaveContact(None, "1", {"phone": "1"}))
    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))
    shared = ask(store).contact(None, "1")
    apply(store, SaveContact(JOE, "2", {"email": JOE, "phone": "2"}))

    assert shared == {"email": JOE, "phone": "1"}
    assert ask(store).contact(None, "1") == {"phone": "1"}
    apply(store, SaveContact(None, "1", {"phone": "1", "first_name": "Jane"}))
    assert len(page(store, Collection.CONTACTS).rows) == 2


def test_a_phone_of_two_contacts_is_that_one_s_that_sent_it_last_even_if_it_had_it() -> None:
    store = MemoryStore([ACME])
    jane = "jane@example.com"

    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))
    apply(store, SaveContact(jane, None, {"email": jane}), SaveContact(jane, "1", {"phone": "1"}))
    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))

    assert ask(store).contact(None, "1") == {"email": JOE, "phone": "1"}


def test_an_alias_leads_to_its_account_and_is_kept_once() -> None:
    store = MemoryStore([ACME])

    apply(store, AddAlias("ACME", "A"), AddAlias("ACME", "B"), AddAlias("ACME", "A"))

    assert ask(store).account_of("B") == "ACME"
    assert page(store, Collection.ACCOUNTS).rows[0]["aliases"] == ["A", "B"]


def test_the_oldest_rows_make_room_and_are_counted() -> None:
    store = MemoryStore([ACME], max_records=2)

    apply(store, *(SaveAccount(name, {}) for name in ("A", "B", "C")))
    apply(store, SaveAccount("A", {}))

    kept = page(store, Collection.ACCOUNTS)
    assert [row["account_name"] for row in kept.rows] == ["C", "A"]
    assert kept.dropped == 2


def test_a_response_that_made_room_was_never_sent() -> None:
    store = MemoryStore([ACME], max_records=2)

    apply(store, RecordResponse({"nps": 1}), RecordResponse({"nps": 1}), RecordResponse({"nps": 2}))

    assert ask(store).has_response({"nps": 1})

    apply(store, RecordResponse({"nps": 3}))

    assert not ask(store).has_response({"nps": 1})
    assert ask(store).has_response({"nps": 2})


def test_the_responses_after_a_number_are_given_oldest_first() -> None:
    store = MemoryStore([ACME], max_records=2)

    apply(store, *(RecordResponse({"nps": number}) for number in range(1, 4)))

    assert [stored.number for stored in ask(store).responses(0)] == [2, 3]
    assert list(ask(store).responses(2)) == [StoredResponse(3, 1.0, {"nps": 3})]


def test_a_page_says_where_to_go_on() -> None:
    store = MemoryStore([ACME])

    apply(store, *(SendInvitation({"email": str(number)}) for number in range(3)))

    assert page(store, Collection.INVITATIONS, 2).next_cursor == 2
    assert page(store, Collection.INVITATIONS, 3).next_cursor is None


def test_requests_are_counted_in_their_window() -> None:
    store = MemoryStore([ACME])

    apply(store, CountRequest(5.0), CountRequest(5.0))
    assert ask(store).rate_window() == RateWindow(5.0, 2)

    apply(store, CountRequest(65.0))
    assert ask(store).rate_window() == RateWindow(65.0, 1)


def test_many_threads_lose_nothing() -> None:
    store = MemoryStore([ACME])

    def write(thread: int) -> None:
        for number in range(100):
            apply(
                store,
                RecordResponse({"email": f"{thread}-{number}"}),
                SaveAccount("ACME", {"industry": str(number)}),
            )

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    responses = store.page("acme", Collection.RESPONSES, limit=1000, after=0).rows
    assert len({row["email"] for row in responses}) == 800
    assert len(page(store, Collection.ACCOUNTS).rows) == 1
