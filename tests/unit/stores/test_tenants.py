"""Tenants come, go and are what they were, in stores of all kinds."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Outcome, SaveAccount, SaveContact
from cgmock.core.routing import Credential
from cgmock.core.tenant import ConnectedApp, Policies, Tenant
from cgmock.journal.journal import Entry
from cgmock.stores.base import (
    MAX_CHECKPOINTS,
    CheckpointError,
    Collection,
    HostedTenant,
    NameTakenError,
    NoTenantError,
    Origin,
    Row,
    Store,
    TooManyError,
    Transaction,
)
from cgmock.stores.sql import Database, SqlStore, schema
from tests.acme import ACME, tenant
from tests.databases import NewStore

NOBODY = Credential()
ACMES = Credential(ACME.connected_apps[0].client_id)
LIMITED = replace(ACME, policies=Policies(rate_limit=1))
OTHER = Tenant(name="other", connected_apps=(ConnectedApp(client_id="other", client_secret="other-secret"),))


def append(store: Store, owner: Credential = ACMES) -> Entry:
    """Let a request come."""
    with store.transaction(owner) as tx:
        return tx.append(tx.now(), Request("GET", "/"), Outcome(Response(200)))


def save_account(store: Store, name: str) -> None:
    """Let a request save an account."""
    changes = (SaveAccount(name, {}),)
    outcome = Outcome(Response(200), changes)
    with store.transaction(ACMES) as tx:
        tx.decide_and_apply(lambda _: outcome, Origin("request", 1.0))


def accounts(store: Store) -> list[object]:
    """The names of the accounts of ACME."""
    page = store.page("acme", Collection.ACCOUNTS, limit=100, after=0)
    return [row["account_name"] for row in page.rows]


def test_a_checkpoint_that_is_saved_again_stays_at_its_place(new_store: NewStore) -> None:
    store = new_store([ACME])

    for name in ("a", "b", "a"):
        store.save("acme", name)

    assert [*store.hosted("acme").checkpoints] == ["a", "b"]
    with pytest.raises(CheckpointError, match="there are: a, b"):
        store.restore("acme", "c")
    with pytest.raises(CheckpointError, match="there are: a, b"):
        store.forget("acme", "c")


def test_what_was_saved_last_is_restored(new_store: NewStore) -> None:
    store = new_store([ACME])

    for name in ("A", "B"):
        save_account(store, name)
        store.save("acme", "again")
    save_account(store, "C")
    store.restore("acme", "again")

    assert accounts(store) == ["A", "B"]


def test_a_tenant_keeps_so_many_checkpoints_and_any_of_them_is_saved_again(new_store: NewStore) -> None:
    store = new_store([ACME])
    for number in range(MAX_CHECKPOINTS):
        store.save("acme", str(number))

    with pytest.raises(TooManyError):
        store.save("acme", "one more")

    store.save("acme", "0")
    store.forget("acme", "1")
    store.save("acme", "one more")
    assert len(store.hosted("acme").checkpoints) == MAX_CHECKPOINTS


def test_a_change_that_fails_changes_nothing(new_store: NewStore) -> None:
    store = new_store([ACME, OTHER])

    def fail(_: Tenant) -> Tenant:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.change("acme", fail)
    with pytest.raises(NameTakenError, match="client id other"):
        store.change("acme", lambda each: replace(each, connected_apps=OTHER.connected_apps))

    assert store.tenants() == (ACME, OTHER)
    assert append(store).number == 1


@pytest.mark.parametrize(
    ("claimed", "sentence"),
    [
        ({"name": "acme"}, "The name acme is another tenant's."),
        ({"connected_apps": ACME.connected_apps}, "The client id acme-crm is another tenant's."),
        ({"webhooks": ACME.webhooks}, "The webhook contacts is another tenant's."),
    ],
)
def test_a_tenant_that_claims_what_is_another_s_is_not_added(
    new_store: NewStore, claimed: dict[str, object], sentence: str
) -> None:
    store = new_store([ACME])

    with pytest.raises(NameTakenError) as caught:
        store.add(replace(OTHER, **claimed))  # type: ignore[arg-type]

    assert str(caught.value) == sentence
    assert store.tenants() == (ACME,)


def test_a_tenant_that_is_gone_is_no_other_one_that_comes(database: Database) -> None:
    store = SqlStore(database)
    store.seed([ACME])
    gone: HostedTenant = store.hosted("acme")

    store.remove("acme")
    store.add(OTHER)

    for look in (lambda: gone.tenant, lambda: gone.seed, lambda: gone.checkpoints, gone.clock.now):
        with pytest.raises(NoTenantError, match="acme"):
            look()
    with pytest.raises(NoTenantError, match="acme"):
        gone.journal.clear()
    assert (gone.journal.newest, [*gone.journal.after(0)]) == (0, [])


def numbers_of_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = schema.metadata.tables.items()
    return {name: connection.scalars(select(func.count()).select_from(table)).one() for name, table in tables}


def test_nothing_is_left_of_a_tenant_that_is_gone(database: Database) -> None:
    store = SqlStore(database)
    before = database.read(numbers_of_rows)

    store.add(ACME)
    save_account(store, "A")
    append(store)
    store.save("acme", "checkpoint")
    with_tenant = database.read(numbers_of_rows)
    store.remove("acme")

    assert not [
        name for name, number in before.items() if name != "cgmock_about" and number == with_tenant[name]
    ]
    assert database.read(numbers_of_rows) == before


def test_what_was_reset_is_what_its_seed_says(new_store: NewStore) -> None:
    store = new_store([ACME])
    save_account(store, "A")
    store.save("acme", "before")
    store.change("acme", lambda _: LIMITED)

    store.reset("acme")

    hosted = store.hosted("acme")
    assert (hosted.tenant, hosted.seed, dict(hosted.checkpoints), accounts(store)) == (ACME, ACME, {}, [])
    store.reset("acme")
    assert store.hosted("acme").tenant == ACME


def test_a_seed_that_did_not_change_leaves_the_tenant_what_it_is(database: Database) -> None:
    SqlStore(database).seed([ACME])
    SqlStore(database).change("acme", lambda _: LIMITED)

    SqlStore(database).seed([replace(ACME, touchpoints=frozenset([*ACME.touchpoints]))])

    assert SqlStore(database).tenants() == (LIMITED,)


def test_a_seed_that_changed_replaces_the_tenant_and_leaves_its_data(database: Database) -> None:
    store = SqlStore(database)
    store.seed([ACME])
    save_account(store, "A")
    store.change("acme", lambda _: LIMITED)

    again = SqlStore(database)
    again.seed([replace(ACME, policies=Policies(rate_limit=7))])

    hosted = store.hosted("acme")
    assert hosted.tenant == hosted.seed == replace(ACME, policies=Policies(rate_limit=7))
    assert accounts(store) == ["A"]


def test_a_seed_that_claims_what_is_another_tenant_s_is_refused(database: Database) -> None:
    store = SqlStore(database)
    store.seed([ACME])

    with pytest.raises(NameTakenError, match="client id acme-crm"):
        store.seed([replace(OTHER, connected_apps=ACME.connected_apps)])

    assert store.tenants() == (ACME,)


def test_a_lower_limit_lets_the_oldest_go_and_a_higher_one_brings_none_back(database: Database) -> None:
    store = SqlStore(database, max_records=3, max_journal=3)
    store.seed([ACME])
    for number in range(4):
        save_account(store, str(number))
        append(store)

    lower = SqlStore(database, max_records=2, max_journal=2)
    assert accounts(lower) == ["1", "2", "3"]
    save_account(lower, "4")
    append(lower)
    journal = lower.hosted("acme").journal
    assert (accounts(lower), [each.number for each in journal.after(0)]) == (["3", "4"], [4, 5])

    higher = SqlStore(database, max_records=3, max_journal=3)
    for number in (5, 6):
        save_account(higher, str(number))
        append(higher)
    assert (accounts(higher), [each.number for each in journal.after(0)]) == (["4", "5", "6"], [5, 6, 7])
    assert journal.dropped.entries == 4


def test_a_request_of_nobody_is_in_a_journal_of_its_own(new_store: NewStore) -> None:
    store = new_store([ACME])

    append(store, NOBODY)
    append(store, Credential("somebody else"))
    append(store, Credential(None, "no webhook"))

    assert store.unclaimed.newest == 3
    store.unclaimed.clear()
    assert (store.unclaimed.newest, store.hosted("acme").journal.newest) == (0, 0)


def test_the_other_worker_knows_a_new_secret_before_it_shows_anything(database: Database) -> None:
    store, other = SqlStore(database), SqlStore(database)
    store.seed([ACME])
    assert "acme-secret" not in other.secrets

    other.page("acme", Collection.ACCOUNTS, limit=1, after=0)
    assert "acme-secret" in other.secrets
    store.change("acme", lambda each: replace(each, connected_apps=OTHER.connected_apps))
    assert {"acme-secret", "other-secret"} <= store.secrets
    append(other)
    store.remove("acme")

    assert store.secrets == frozenset()
    assert other.tenants() == ()
    assert other.secrets == frozenset()


def test_policies_of_all_kinds_come_back_from_the_database(database: Database) -> None:
    store = SqlStore(database)
    store.seed([tenant(rate_limit=3)])

    assert SqlStore(database).hosted("acme").tenant == tenant(rate_limit=3)


def test_a_reader_sees_nothing_of_a_transaction_that_is_not_over(new_store: NewStore) -> None:
    store, during = new_store([ACME]), list[tuple[Row, ...]]()
    change = SaveContact("joe@example.com", None, {"email": "joe@example.com"})

    def read() -> tuple[Row, ...]:
        return store.page("acme", Collection.CONTACTS, limit=9, after=0).rows

    other = threading.Thread(target=lambda: during.append(read()))
    with store.transaction(ACMES) as tx:
        tx.decide_and_apply(lambda _: Outcome(Response(200), (change,)), Origin("request-1", 1.0))
        other.start()
        other.join(0.05)
        assert during in ([], [()])
    other.join()

    assert len(read()) == 1


def test_a_tenant_has_one_request_after_the_other(new_store: NewStore) -> None:
    store, order = new_store([ACME]), []

    def follow() -> None:
        with store.transaction(ACMES):
            order.append("second")

    other = threading.Thread(target=follow)

    def act(_: Transaction) -> None:
        other.start()
        other.join(0.05)
        order.append("first")

    with store.transaction(ACMES) as tx:
        act(tx)
    other.join()

    assert order == ["first", "second"]
