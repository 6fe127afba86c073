from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import httpx
import pytest
from hypothesis import Phase, settings
from hypothesis.errors import InvalidArgument
from hypothesis.stateful import run_state_machine_as_test

from cgmock.core.tenant import Policies, Refusal, TokenErrors
from cgmock.mock_api import MockAPI
from cgmock.stores.base import Collection
from cgmock.strategies import CustomerGaugeMachine, Payload, TokenRequest, over_http
from cgmock.strategies.model import Model
from cgmock.strategies.payloads import json_body
from cgmock.strategies.plans import Record
from cgmock.strategies.sendings import Call, Put
from cgmock.wsgi import VendorEndpoints
from tests.acme import ACME, CONFIGURATIONS, FORM, JSON
from tests.levels import by_level
from tests.unit.strategies.fakes import (
    BUGS,
    TOKENS,
    AcceptsAnyPassword,
    AcceptsExpiredTokens,
    AnswersWithBody,
    DoublesRecords,
    Honest,
    IgnoresCase,
    IgnoresRepeatedResponses,
    NeverUpdatesContacts,
    ReadsBackNewestFirst,
    RefusesInSilence,
    RefusesTokensAsTheRfcSays,
    Send,
    StoresBadValues,
    StoresUnmapped,
    TakesPlusForPlus,
    TrimsHeadings,
)

TWO_CONTACTS: tuple[Record, Record] = (
    {"Email": "a@example.com", "Phone": "1"},
    {"Email": "b@example.com", "Phone": "2"},
)
GRANT = b"grant_type=client_credentials&client_id=acme-crm&client_secret=acme-secret"
TOKEN = TokenRequest({"content-type": FORM}, "", GRANT)
Step = Callable[[CustomerGaugeMachine], None]


def put(reference: str, record: Record, stored: Record | None, refusal: Refusal | None = None) -> Put:
    """Return a record as JSON, with what the target must make of it."""
    body = json_body({"configuration": reference, "record": record})
    return Put(Payload(body, JSON, record), reference, stored, refusal)


def looking(act: Callable[[CustomerGaugeMachine], object]) -> Step:
    """Return a step that also compares what is stored, as Hypothesis does after each rule."""

    def step(machine: CustomerGaugeMachine) -> None:
        act(machine)
        machine.look()

    return step


def valid(reference: str, record: Record) -> Step:
    """Return a step that sends a valid record."""
    return looking(lambda machine: machine.put_valid(put(reference, record, record)))


def near_miss(heading: str) -> Step:
    """Return a step that sends a contact with an unmapped heading."""
    sent = put("contact", {**ANN, heading: "x"}, ANN)
    return looking(lambda machine: machine.put_near_miss(sent))


def invalid(reference: str, record: Record, refusal: Refusal) -> Step:
    """Return a step that sends a record of which nothing is stored."""
    return looking(lambda machine: machine.put_invalid(put(reference, record, None, refusal)))


ANN: Record = {"Email": "ann@example.com"}
NAMED: Record = {**ANN, "First Name": "Ann Lee"}
FORM_WITH_PLUS = b"configuration=contact&record[Email]=ann%40example.com&record[First+Name]=Ann+Lee"

fetch_token: Step = looking(lambda machine: machine.fetch_token(TOKEN))

STEPS: Mapping[type[Honest], Sequence[Step]] = {
    NeverUpdatesContacts: [valid("contact", ANN), valid("contact", NAMED)],
    StoresUnmapped: [near_miss("Nickname")],
    AcceptsExpiredTokens: [looking(lambda machine: machine.use_up_token(TOKEN, put("contact", ANN, ANN)))],
    TrimsHeadings: [near_miss("First Name ")],
    DoublesRecords: [valid("external_response", ANN)],
    TakesPlusForPlus: [
        looking(
            lambda machine: machine.put_valid(Put(Payload(FORM_WITH_PLUS, FORM, NAMED), "contact", NAMED))
        )
    ],
    AcceptsAnyPassword: [
        looking(lambda machine: machine.call_webhook_without_password(Call("contacts", ANN)))
    ],
    ReadsBackNewestFirst: [
        valid("external_response", ANN),
        valid("external_response", NAMED),
        looking(lambda machine: machine.read_back(2)),
    ],
    AnswersWithBody: [valid("contact", ANN)],
    IgnoresCase: [near_miss("first name")],
    StoresBadValues: [invalid("external_response", {**ANN, "NPS Score": "11"}, Refusal.ACCEPTED_AND_FAILED)],
    RefusesInSilence: [invalid("contact", {"First Name": "Ann"}, Refusal.UNPROCESSABLE)],
    IgnoresRepeatedResponses: [
        valid("external_response", ANN),
        looking(lambda machine: machine.repeat(put("external_response", ANN, ANN))),
    ],
    RefusesTokensAsTheRfcSays: [
        looking(
            lambda machine: machine.ask_for_token(TOKEN._replace(body=GRANT + b"x", error="invalid_client"))
        )
    ],
}
"""Steps of the machine for each bug. An honest fake passes all, a fake with the bug fails the last one."""


def run(machine: type[CustomerGaugeMachine], examples: int) -> None:
    """Run a state machine, in the same way each time."""
    options = settings(
        max_examples=examples,
        stateful_step_count=20,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(machine, settings=options)


@by_level("examples", unit=20, thorough=500)
def test_our_mock_is_what_the_machine_expects(examples: int) -> None:
    run(Honest, examples)


def test_each_bug_has_steps_that_show_it() -> None:
    assert {*STEPS} == {*BUGS}


@pytest.mark.parametrize("bug", STEPS, ids=lambda bug: bug.__name__)
def test_the_last_of_a_few_steps_shows_a_bug(bug: type[Honest]) -> None:
    honest, buggy = Honest(), bug()
    *before, last = STEPS[bug]

    for step in (fetch_token, *before):
        step(honest)
        step(buggy)

    last(honest)
    with pytest.raises(AssertionError):
        last(buggy)


def test_a_target_may_be_behind_http_and_show_nothing_else() -> None:
    class OverHttp(CustomerGaugeMachine):
        tenant = ACME

        def start(self) -> Send:
            mock = MockAPI([ACME])
            mock.tokens = TOKENS
            transport = httpx.WSGITransport(app=VendorEndpoints(mock))
            return over_http(httpx.Client(transport=transport, base_url="http://fake"))

    run(OverHttp, 10)


def test_a_tenant_without_webhooks_is_called_by_none() -> None:
    class WithoutWebhooks(Honest):
        tenant = replace(ACME, webhooks={})

    run(WithoutWebhooks, 5)


def test_a_configuration_without_valid_records_is_passed_over() -> None:
    empty = replace(CONFIGURATIONS["contact"], headings={"First Name": "first_name"})

    class WithOneMore(Honest):
        tenant = replace(ACME, configurations={**CONFIGURATIONS, "contact": empty})

    run(WithOneMore, 5)


def test_the_model_knows_the_default_policies_only() -> None:
    class OtherPolicies(Honest):
        tenant = replace(ACME, policies=Policies(token_errors=TokenErrors.RFC))

    with pytest.raises(InvalidArgument, match="must have the default policies"):
        OtherPolicies()


def test_a_machine_must_say_how_to_start_its_target() -> None:
    class Unfinished(CustomerGaugeMachine):
        tenant = ACME

    with pytest.raises(InvalidArgument, match=r"^Define start\(\)"):
        Unfinished()


def test_a_record_that_gives_two_contacts_one_phone_is_not_sent() -> None:
    machine = Honest()
    fetch_token(machine)
    shared: Record = {"Email": "b@example.com", "Phone": "1"}

    for record in (*TWO_CONTACTS, shared):
        machine.put_valid(put("contact", record, record))

    assert [row["phone"] for row in machine.rows(Collection.CONTACTS)] == ["1", "2"]


def test_a_webhook_is_not_called_with_a_record_that_gives_two_contacts_one_phone() -> None:
    machine = Honest()
    machine.fetch_token(TokenRequest({"content-type": FORM}, "", GRANT))
    for record in TWO_CONTACTS:
        body = json_body({"configuration": "contact", "record": record})
        machine.put_valid(Put(Payload(body, JSON, record), "contact", record))

    machine.call_webhook(Call("contacts", {"Email": "b@example.com", "Phone": "1"}))

    assert [row["phone"] for row in machine.rows(Collection.CONTACTS)] == ["1", "2"]


@pytest.mark.parametrize(
    ("first", "second", "third", "data_type"),
    [
        (
            *TWO_CONTACTS,
            {"Email": "b@example.com", "Phone": "1"},
            "contact",
        ),
        (
            {"Account Name": "ACME", "Alias": "A"},
            {"Account Name": "Roadrunner", "Alias": "R"},
            {"Account Name": "Roadrunner", "Alias": "A"},
            "account_alias",
        ),
    ],
)
def test_nobody_says_what_becomes_of_an_identifier_of_two_objects(
    first: Record, second: Record, third: Record, data_type: str
) -> None:
    model, configuration = Model(), CONFIGURATIONS[data_type]

    for record in (first, second):
        assert model.is_clear(configuration, record)
        model.take(configuration, record)

    assert model.is_clear(configuration, second)
    assert not model.is_clear(configuration, third)
