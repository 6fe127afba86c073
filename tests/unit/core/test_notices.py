"""Every silent effect is told: which heading, what became of it, by which behaviour, in which field, and why."""

from dataclasses import replace

import pytest

from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import DataType
from cgmock.core.outcome import Fate, Notice, Values
from cgmock.core.tenant import (
    BadValue,
    EmptyOnUpdate,
    HeadingCase,
    Policies,
    Refusal,
    RepeatResponse,
    Tenant,
    UnknownTouchpoint,
    YesNo,
)
from tests.acme import ACME, FakeData, decided, tenant

JOE: Values = {"email": "joe@example.com", "first_name": "Joe", "account_name": "ACME"}
EMAIL = {"Email": "joe@example.com"}
STORED = Notice("Email", Fate.STORED, Behaviour.HEADING_STORED, field="email")
LOST = Notice("Email", Fate.IGNORED, Behaviour.RECORD_FAILED, field="email", reason="the record failed")
CALL = {"Account": "ACME", "Reference": "A-1", "Source": "CRM", "Type": "Call"}


def mapped(data_type: DataType, **headings: str) -> Tenant:
    """ACME with a configuration of its own."""
    configuration = replace(ACME.configurations[data_type], headings=headings)
    return replace(ACME, configurations={data_type.value: configuration})


@pytest.mark.parametrize(
    ("data_type", "record", "of", "notices"),
    [
        pytest.param("contact", EMAIL, ACME, [STORED], id="stored"),
        pytest.param(
            "contact",
            {**EMAIL, "Frist Name": "Joe", "Weather": "fine"},
            ACME,
            [
                STORED,
                Notice(
                    "Frist Name",
                    Fate.UNMAPPED,
                    Behaviour.HEADING_UNMAPPED,
                    reason="the configuration does not know it",
                    nearest="First Name",
                ),
                Notice(
                    "Weather",
                    Fate.UNMAPPED,
                    Behaviour.HEADING_UNMAPPED,
                    reason="the configuration does not know it",
                ),
            ],
            id="unmapped",
        ),
        pytest.param(
            "account",
            {"Name": "ACME", "Score": "9"},
            mapped(DataType.ACCOUNT, Name="account_name", Score="nps"),
            [
                Notice("Name", Fate.STORED, Behaviour.HEADING_STORED, field="account_name"),
                Notice(
                    "Score",
                    Fate.IGNORED,
                    Behaviour.FIELD_MISPLACED,
                    field="nps",
                    reason="Account records have no NPS Score",
                ),
            ],
            id="no place for the field",
        ),
        pytest.param(
            "contact",
            {"email": "joe@example.com"},
            tenant(heading_case=HeadingCase.INSENSITIVE),
            [
                Notice(
                    "email",
                    Fate.STORED,
                    Behaviour.HEADING_CASE,
                    field="email",
                    reason="met its mapping in another case",
                )
            ],
            id="another case",
        ),
        pytest.param(
            "contact",
            {"Email": " joe@example.com "},
            ACME,
            [
                Notice(
                    "Email",
                    Fate.COERCED,
                    Behaviour.VALUE_TRIMMED,
                    field="email",
                    reason="the blanks around it were cut off",
                )
            ],
            id="trimmed",
        ),
        pytest.param(
            "contact",
            {"Phone": 62.5e20, "First Name": True},
            tenant(bad_value=BadValue.STORED),
            [
                Notice(
                    "Phone",
                    Fate.STORED,
                    Behaviour.VALUE_BAD,
                    field="phone",
                    reason="may hold only digits, blanks, ( ) - and +",
                ),
                Notice(
                    "First Name",
                    Fate.COERCED,
                    Behaviour.VALUE_CONVERTED,
                    field="first_name",
                    reason="a JSON bool that became the text 1",
                ),
            ],
            id="bad and stored; converted",
        ),
        pytest.param(
            "contact",
            {**EMAIL, "Phone": ""},
            ACME,
            [
                STORED,
                Notice(
                    "Phone",
                    Fate.IGNORED,
                    Behaviour.VALUE_EMPTY,
                    field="phone",
                    reason="empty: the field stays as it is",
                ),
            ],
            id="empty",
        ),
        pytest.param(
            "contact",
            {**EMAIL, "Phone": ""},
            tenant(empty_on_update=EmptyOnUpdate.CLEARS),
            [
                STORED,
                Notice(
                    "Phone",
                    Fate.STORED,
                    Behaviour.VALUE_EMPTY,
                    field="phone",
                    reason="empty: the field is cleared",
                ),
            ],
            id="cleared",
        ),
        pytest.param(
            "contact",
            {"Email": "a@x.io", "Mail": "b@x.io"},
            mapped(DataType.CONTACT, Email="email", Mail="email"),
            [
                Notice(
                    "Email",
                    Fate.IGNORED,
                    Behaviour.HEADING_OVERWRITTEN,
                    field="email",
                    reason="overwritten by Mail",
                ),
                Notice("Mail", Fate.STORED, Behaviour.HEADING_STORED, field="email"),
            ],
            id="overwritten",
        ),
        pytest.param(
            "account",
            {"Name": "ACME", "Old": "Anvils", "New": ""},
            replace(
                mapped(DataType.ACCOUNT, Name="account_name", Old="industry", New="industry"),
                policies=Policies(empty_on_update=EmptyOnUpdate.CLEARS),
            ),
            [
                Notice("Name", Fate.STORED, Behaviour.HEADING_STORED, field="account_name"),
                Notice(
                    "Old",
                    Fate.IGNORED,
                    Behaviour.HEADING_OVERWRITTEN,
                    field="industry",
                    reason="overwritten by New",
                ),
                Notice(
                    "New",
                    Fate.STORED,
                    Behaviour.VALUE_EMPTY,
                    field="industry",
                    reason="empty: the field is cleared",
                ),
            ],
            id="overwritten by nothing",
        ),
        pytest.param(
            "contact",
            {**EMAIL, "Phone": "abc", "Weather": "fine"},
            ACME,
            [
                LOST,
                Notice(
                    "Weather",
                    Fate.UNMAPPED,
                    Behaviour.HEADING_UNMAPPED,
                    reason="the configuration does not know it",
                ),
                Notice(
                    "Phone",
                    Fate.FAILED,
                    Behaviour.VALUE_BAD,
                    field="phone",
                    reason="Phone may hold only digits, blanks, ( ) - and +",
                ),
            ],
            id="bad value",
        ),
        pytest.param(
            "external_response",
            {**EMAIL, "Touchpoint": "Sales"},
            ACME,
            [
                LOST,
                Notice(
                    "Touchpoint",
                    Fate.FAILED,
                    Behaviour.TOUCHPOINT_UNKNOWN,
                    field="touchpoint",
                    reason="Touchpoint is not a touchpoint of the tenant",
                ),
            ],
            id="unknown touchpoint",
        ),
        pytest.param(
            "external_response",
            {**EMAIL, "Touchpoint": "Sales"},
            tenant(unknown_touchpoint=UnknownTouchpoint.DROPPED),
            [
                STORED,
                Notice(
                    "Touchpoint",
                    Fate.IGNORED,
                    Behaviour.TOUCHPOINT_UNKNOWN,
                    field="touchpoint",
                    reason="is not a touchpoint of the tenant",
                ),
            ],
            id="unknown touchpoint, dropped",
        ),
        pytest.param(
            "contact",
            {"First Name": "Joe"},
            tenant(missing_required_field=Refusal.ACCEPTED_AND_FAILED),
            [
                Notice(
                    "First Name",
                    Fate.IGNORED,
                    Behaviour.RECORD_FAILED,
                    field="first_name",
                    reason="the record failed",
                ),
                Notice(
                    None, Fate.FAILED, Behaviour.FIELD_REQUIRED, field="email", reason="Email is required"
                ),
                Notice(
                    None, Fate.FAILED, Behaviour.FIELD_REQUIRED, field="phone", reason="Phone is required"
                ),
            ],
            id="required",
        ),
        pytest.param(
            "contact",
            {"Phone": "", "First Name": "Joe"},
            ACME,
            [
                Notice(
                    "First Name",
                    Fate.IGNORED,
                    Behaviour.RECORD_FAILED,
                    field="first_name",
                    reason="the record failed",
                ),
                Notice(
                    None, Fate.FAILED, Behaviour.FIELD_REQUIRED, field="email", reason="Email is required"
                ),
                Notice(
                    "Phone", Fate.FAILED, Behaviour.FIELD_REQUIRED, field="phone", reason="Phone is required"
                ),
            ],
            id="required, and sent empty",
        ),
        pytest.param(
            "activity",
            {**CALL, "Email": "jane@example.com"},
            tenant(bad_value=BadValue.UNPROCESSABLE),
            [
                *(
                    Notice(
                        heading,
                        Fate.IGNORED,
                        Behaviour.RECORD_FAILED,
                        field=field,
                        reason="the record failed",
                    )
                    for heading, field in (
                        ("Account", "account_name"),
                        ("Reference", "reference"),
                        ("Source", "source"),
                        ("Type", "type"),
                    )
                ),
                Notice(
                    "Email",
                    Fate.FAILED,
                    Behaviour.VALUE_BAD,
                    field="email",
                    reason="Email is not a contact of the tenant",
                ),
            ],
            id="unknown contact",
        ),
    ],
)
def test_the_fate_of_each_heading_is_told(
    data_type: str, record: dict[str, object], of: Tenant, notices: list[Notice]
) -> None:
    outcome = decided(data_type, record, of)

    assert list(outcome.notices) == notices


@pytest.mark.parametrize(
    ("data_type", "notice"),
    [
        (
            "contact",
            Notice(
                "Account Name",
                Fate.COERCED,
                Behaviour.ALIAS_HONOURED,
                field="account_name",
                reason="an alias of ACME",
            ),
        ),
        (
            "external_response",
            Notice(
                "Account Name",
                Fate.STORED,
                Behaviour.ALIAS_IGNORED,
                field="account_name",
                reason="an alias of ACME that these records do not know: an account of its own",
            ),
        ),
    ],
)
def test_what_an_alias_meant_is_told(data_type: str, notice: Notice) -> None:
    outcome = decided(
        data_type, {**EMAIL, "Account Name": "Acme Ltd"}, data=FakeData(aliases={"Acme Ltd": "ACME"})
    )

    assert list(outcome.notices) == [STORED, notice]


def test_what_an_invitation_takes_from_the_contact_is_told() -> None:
    outcome = decided("survey", {"Contact Reference": "joe@example.com"}, data=FakeData(contacts=[JOE]))

    assert outcome.notices[-1] == Notice(
        None,
        Fate.STORED,
        Behaviour.INVITATION_POPULATED,
        reason="taken from the contact: first_name, account_name",
    )


@pytest.mark.parametrize(
    ("policy", "fate", "reason"),
    [
        (RepeatResponse.DUPLICATES, Fate.STORED, "the same response was sent before: recorded once more"),
        (RepeatResponse.IGNORED, Fate.IGNORED, "the same response was sent before: not recorded again"),
    ],
)
def test_a_repeated_response_is_told(policy: RepeatResponse, fate: Fate, reason: str) -> None:
    data = FakeData(recorded=[{"email": "joe@example.com"}])

    outcome = decided("external_response", EMAIL, tenant(repeat_response=policy), data)

    assert outcome.notices[-1] == Notice(None, fate, Behaviour.RESPONSE_REPEATED, reason=reason)


@pytest.mark.parametrize(
    ("data_type", "policies", "required"),
    [
        ("multi_object", Policies(multi_object_requires_account=YesNo.YES), ["Account Name"]),
        (
            "external_response",
            Policies(external_response_requires_dates=YesNo.YES),
            ["Sent Date", "Survey Completed Date"],
        ),
    ],
)
def test_what_a_policy_requires_is_told(data_type: str, policies: Policies, required: list[str]) -> None:
    outcome = decided(data_type, EMAIL, replace(ACME, policies=policies))

    told = [notice.reason for notice in outcome.notices if notice.fate is Fate.FAILED]
    assert told == [f"{heading} is required" for heading in required]
    assert f'"record.{required[0]}"'.encode() in outcome.response.body


@pytest.mark.parametrize(
    ("fate", "behaviour", "is_loss"),
    [
        (Fate.STORED, Behaviour.HEADING_STORED, False),
        (Fate.COERCED, Behaviour.VALUE_TRIMMED, False),
        (Fate.UNMAPPED, Behaviour.HEADING_UNMAPPED, True),
        (Fate.FAILED, Behaviour.VALUE_BAD, True),
        (Fate.IGNORED, Behaviour.RECORD_FAILED, True),
        (Fate.IGNORED, Behaviour.RESPONSE_REPEATED, True),
        (Fate.IGNORED, Behaviour.VALUE_EMPTY, False),
        (Fate.IGNORED, Behaviour.RESPONSES_EXPANDED, False),
    ],
)
def test_what_was_sent_and_is_not_stored_is_a_loss(
    fate: Fate, behaviour: Behaviour, *, is_loss: bool
) -> None:
    assert Notice(None, fate, behaviour).is_loss is is_loss
