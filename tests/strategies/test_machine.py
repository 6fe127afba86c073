from dataclasses import replace

import httpx
import pytest
from hypothesis import Phase, settings
from hypothesis.errors import InvalidArgument
from hypothesis.stateful import run_state_machine_as_test

from cgmock.core.tenant import Policies, TokenErrors
from cgmock.mock_api import MockAPI
from cgmock.stores import Collection
from cgmock.strategies import CustomerGaugeMachine, Payload, TokenRequest, over_http
from cgmock.strategies.model import Model
from cgmock.strategies.payloads import json_body
from cgmock.strategies.plans import Record
from cgmock.strategies.sendings import Put
from cgmock.wsgi import VendorEndpoints
from tests.acme import ACME, CONFIGURATIONS, FORM, JSON
from tests.strategies.checking import few_or_many
from tests.strategies.fakes import BUGS, TOKENS, Honest, Send

TWO_CONTACTS: tuple[Record, Record] = (
    {"Email": "a@example.com", "Phone": "1"},
    {"Email": "b@example.com", "Phone": "2"},
)
GRANT = b"grant_type=client_credentials&client_id=acme-crm&client_secret=acme-secret"


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


@few_or_many(50, 500)
def test_our_mock_is_what_the_machine_expects(examples: int) -> None:
    run(Honest, examples)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found_within_400_examples(bug: type[Honest]) -> None:
    with pytest.raises(AssertionError):
        run(bug, 400)


def test_a_target_may_be_behind_http_and_show_nothing_else() -> None:
    class OverHttp(CustomerGaugeMachine):
        tenant = ACME

        def start(self) -> Send:
            mock = MockAPI([ACME])
            mock.tokens = TOKENS
            transport = httpx.WSGITransport(app=VendorEndpoints(mock))
            return over_http(httpx.Client(transport=transport, base_url="http://fake"))

    run(OverHttp, 20)


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
    machine.fetch_token(TokenRequest({"content-type": FORM}, "", GRANT))
    shared: Record = {"Email": "b@example.com", "Phone": "1"}

    for record in (*TWO_CONTACTS, shared):
        body = json_body({"configuration": "contact", "record": record})
        machine.put_valid(Put(Payload(body, JSON, record), "contact", record))

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
