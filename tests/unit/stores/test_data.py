import threading
from collections.abc import Callable
from typing import TypeVar

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
    SaveActivity,
    SaveContact,
    SendInvitation,
    StoredResponse,
)
from cgmock.core.routing import Credential
from cgmock.stores.base import Collection, Origin, Page, Store
from tests.acme import ACME
from tests.databases import NewStore

T = TypeVar("T")

JOE = "joe@example.com"
ACMES = Credential(ACME.connected_apps[0].client_id)


def apply(store: Store, *changes: Change) -> None:
    """Let a request make these changes."""
    origin = Origin("request-1", 1.0)
    with store.transaction(ACMES) as tx:
        tx.decide_and_apply(lambda _: Outcome(Response(200), changes), origin)


def ask(store: Store, question: Callable[[Data], T]) -> T:
    """Ask the data something."""
    answers: list[T] = []

    def decide(data: Data) -> Outcome:
        answers.append(question(data))
        return Outcome(Response(200))

    with store.transaction(ACMES) as tx:
        tx.decide_and_apply(decide, Origin("request-2", 2.0))
    return answers[0]


def page(store: Store, collection: Collection, limit: int = 100) -> Page:
    """The first rows of a collection."""
    return store.page("acme", collection, limit=limit, after=0)


def test_a_contact_is_found_by_email_then_by_phone_and_updated(new_store: NewStore) -> None:
    store = new_store([ACME])

    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))
    apply(store, SaveContact(None, "1", {"phone": "1", "first_name": "Joe"}))
    apply(store, SaveContact(JOE, "2", {"email": JOE, "phone": "2"}))

    (contact,) = page(store, Collection.CONTACTS).rows
    assert (contact["email"], contact["phone"], contact["first_name"]) == (JOE, "2", "Joe")
    assert ask(store, lambda data: data.contact(None, "1")) is None
    assert ask(store, lambda data: data.contact(None, "2")) == {
        "email": JOE,
        "phone": "2",
        "first_name": "Joe",
    }
    assert ask(store, lambda data: data.contact(None, None)) is None


def test_a_phone_of_two_contacts_is_the_last_one_s_that_got_it_and_goes_back(new_store: NewStore) -> None:
    store = new_store([ACME])

    apply(store, SaveContact(JOE, None, {"email": JOE}), SaveContact(None, "1", {"phone": "1"}))
    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))
    shared = ask(store, lambda data: data.contact(None, "1"))
    apply(store, SaveContact(JOE, "2", {"email": JOE, "phone": "2"}))

    assert shared == {"email": JOE, "phone": "1"}
    assert ask(store, lambda data: data.contact(None, "1")) == {"phone": "1"}
    apply(store, SaveContact(None, "1", {"phone": "1", "first_name": "Jane"}))
    assert len(page(store, Collection.CONTACTS).rows) == 2


def test_a_phone_of_two_contacts_is_that_one_s_that_sent_it_last_even_if_it_had_it(
    new_store: NewStore,
) -> None:
    store, jane = new_store([ACME]), "jane@example.com"

    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))
    apply(store, SaveContact(jane, None, {"email": jane}), SaveContact(jane, "1", {"phone": "1"}))
    apply(store, SaveContact(JOE, "1", {"email": JOE, "phone": "1"}))

    assert ask(store, lambda data: data.contact(None, "1")) == {"email": JOE, "phone": "1"}


def test_an_alias_leads_to_its_account_and_is_kept_once(new_store: NewStore) -> None:
    store = new_store([ACME])

    apply(store, AddAlias("ACME", "A"), AddAlias("ACME", "B"), AddAlias("ACME", "A"))

    assert ask(store, lambda data: data.account_of("B")) == "ACME"
    assert page(store, Collection.ACCOUNTS).rows[0]["aliases"] == ["A", "B"]


def test_an_activity_is_found_by_its_reference_and_updated(new_store: NewStore) -> None:
    store = new_store([ACME])

    apply(store, SaveActivity("1", {"type": "call"}), SaveActivity("1", {"source": "web"}))

    (activity,) = page(store, Collection.ACTIVITIES).rows
    assert (activity["reference"], activity["type"], activity["source"]) == ("1", "call", "web")


def test_the_oldest_rows_make_room_and_are_counted(new_store: NewStore) -> None:
    store = new_store([ACME], max_records=2)

    apply(store, *(SaveAccount(name, {}) for name in ("A", "B", "C")))
    apply(store, SaveAccount("A", {}))

    kept = page(store, Collection.ACCOUNTS)
    assert [row["account_name"] for row in kept.rows] == ["C", "A"]
    assert kept.dropped == 2


def test_a_response_that_made_room_was_never_sent(new_store: NewStore) -> None:
    store = new_store([ACME], max_records=2)

    apply(store, RecordResponse({"nps": 1}), RecordResponse({"nps": 1}), RecordResponse({"nps": 2}))

    assert ask(store, lambda data: data.has_response({"nps": 1}))

    apply(store, RecordResponse({"nps": 3}))

    assert not ask(store, lambda data: data.has_response({"nps": 1}))
    assert ask(store, lambda data: data.has_response({"nps": 2}))


def test_the_responses_after_a_number_are_given_oldest_first(new_store: NewStore) -> None:
    store = new_store([ACME], max_records=2)

    apply(store, *(RecordResponse({"nps": number}) for number in range(1, 4)))

    assert [stored.number for stored in ask(store, lambda data: [*data.responses(0)])] == [2, 3]
    assert ask(store, lambda data: [*data.responses(2)]) == [StoredResponse(3, 1.0, {"nps": 3})]


def test_a_page_says_where_to_go_on(new_store: NewStore) -> None:
    store = new_store([ACME])

    apply(store, *(SendInvitation({"email": str(number)}) for number in range(3)))

    assert page(store, Collection.INVITATIONS, 2).next_cursor == 2
    assert page(store, Collection.INVITATIONS, 3).next_cursor is None


def test_requests_are_counted_in_their_window(new_store: NewStore) -> None:
    store = new_store([ACME])

    apply(store, CountRequest(5.0), CountRequest(5.0))
    assert ask(store, lambda data: data.rate_window()) == RateWindow(5.0, 2)

    apply(store, CountRequest(65.0))
    assert ask(store, lambda data: data.rate_window()) == RateWindow(65.0, 1)


def test_many_threads_lose_nothing(new_store: NewStore) -> None:
    store = new_store([ACME])

    def write(thread: int) -> None:
        for number in range(25):
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
    assert len({row["email"] for row in responses}) == 200
    assert len(page(store, Collection.ACCOUNTS).rows) == 1
