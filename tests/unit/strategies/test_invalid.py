from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import DataType
from cgmock.core.tenant import Configuration, Refusal
from cgmock.strategies import InvalidRecord, configurations, invalid_records
from tests.acme import ACME, CONFIGURATIONS, decided
from tests.levels import by_level
from tests.unit.strategies.checking import check, simplest

RESPONSES = invalid_records(CONFIGURATIONS["external_response"], touchpoints=ACME.touchpoints)


def expect_refusal(configuration: Configuration, invalid: InvalidRecord) -> None:
    """The record is refused as it is said: aloud or in silence, and for the reason that is given."""
    configurations = {configuration.reference: configuration}
    outcome = decided(configuration.reference, invalid.record, replace(ACME, configurations=configurations))

    assert outcome.response.status == (422 if invalid.refusal is Refusal.UNPROCESSABLE else 200)
    assert outcome.changes == ()
    assert invalid.behaviour in outcome.behaviours
    sent = invalid.heading if invalid.heading in invalid.record else None
    assert (sent, "failed") in [(notice.heading, notice.fate) for notice in outcome.notices]
    assert invalid.reason.startswith(f"{invalid.heading} ")


@by_level("examples", unit=30, thorough=1500)
@pytest.mark.parametrize("data_type", DataType)
def test_an_invalid_record_is_refused_as_it_says(data_type: DataType, examples: int) -> None:
    configuration = CONFIGURATIONS[data_type]

    check(
        invalid_records(configuration, touchpoints=ACME.touchpoints),
        lambda invalid: expect_refusal(configuration, invalid),
        examples,
    )


@by_level("examples", unit=50, thorough=1000)
@pytest.mark.parametrize(
    "field", ["email", "phone", "sent_date", "nps", "follow_up_request", "job_level", "touchpoint"]
)
def test_every_bad_value_of_a_field_is_refused(field: str, examples: int) -> None:
    headings = {"Contact": "contact_reference", "It": field}
    configuration = replace(CONFIGURATIONS["survey"], headings=headings)

    check(
        invalid_records(configuration, touchpoints=ACME.touchpoints),
        lambda invalid: expect_refusal(configuration, invalid),
        examples,
    )


@by_level("examples", unit=15, thorough=1000)
def test_so_it_is_for_any_configuration(examples: int) -> None:
    pairs = configurations().flatmap(lambda each: st.tuples(st.just(each), invalid_records(each)))

    check(pairs, lambda pair: expect_refusal(*pair), examples)


@pytest.mark.parametrize(
    ("heading", "value", "reason"),
    [
        ("Email", "joe", "Email must contain one @ and no blanks"),
        ("Touchpoint", "No such touchpoint", "Touchpoint is not a touchpoint of the tenant"),
        ("Sent Date", "2024-05-10", "Sent Date must be a date as YYYY-MM-DD HH:MM:SS"),
        ("NPS Score", "11", "NPS Score must be an integer from 0 to 10"),
        ("Follow Up Request", "yes", "Follow Up Request must be Y or N"),
        ("Job Level", "D", "Job Level must be A, B, C or U"),
        ("Comment", "x" * 129, "Comment is longer than 128 characters"),
    ],
)
def test_an_invalid_record_shrinks_to_what_is_wrong(heading: str, value: str, reason: str) -> None:
    def is_bad(invalid: InvalidRecord) -> bool:
        return invalid.heading == heading and invalid.behaviour is not Behaviour.FIELD_REQUIRED

    found = simplest(RESPONSES, is_bad)

    required = {} if heading == "Email" else {"Email": "0@example.com"}
    assert (found.record, found.reason) == ({**required, heading: value}, reason)


def test_a_required_value_can_be_blank() -> None:
    found = simplest(
        RESPONSES, lambda invalid: invalid.heading in invalid.record and "required" in invalid.reason
    )

    assert (found.record, found.reason) == ({"Email": ""}, "Email is required")


def test_a_required_value_can_be_missing_without_a_trace() -> None:
    headings = {"Email": "email", "First Name": "first_name"}
    strategy = invalid_records(replace(CONFIGURATIONS["contact"], headings=headings))

    found = simplest(strategy, lambda invalid: invalid.heading not in invalid.record)

    assert found == InvalidRecord(
        {"First Name": "0"}, "Email", "Email is required", Behaviour.FIELD_REQUIRED, Refusal.UNPROCESSABLE
    )


def test_a_tenant_without_touchpoints_knows_none() -> None:
    strategy = invalid_records(CONFIGURATIONS["survey"])

    found = simplest(strategy, lambda invalid: invalid.behaviour is Behaviour.TOUCHPOINT_UNKNOWN)

    assert found.record == {"Contact Reference": "0@example.com", "Touchpoint": "No such touchpoint"}
    check(strategy, lambda invalid: invalid, 20)


def test_a_touchpoint_that_is_one_after_all_is_not_wrong() -> None:
    strategy = invalid_records(CONFIGURATIONS["survey"], touchpoints={"No such touchpoint", "Shop", "Shops"})

    def expect_no_touchpoint(invalid: InvalidRecord) -> None:
        assert invalid.heading != "Touchpoint" or invalid.record["Touchpoint"] not in [
            "No such touchpoint",
            "Shop",
            "Shops",
        ]

    check(strategy, expect_no_touchpoint, 100)


def test_a_configuration_that_maps_too_little_is_an_invalid_argument() -> None:
    with pytest.raises(InvalidArgument):
        invalid_records(replace(CONFIGURATIONS["contact"], headings={}))
