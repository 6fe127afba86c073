import json
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given, strategies as st

from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import FIELDS, DataType, Format
from cgmock.core.outcome import (
    AddAlias,
    Change,
    RecordResponse,
    SaveAccount,
    SaveActivity,
    SaveContact,
    SendInvitation,
)
from cgmock.core.php.values import PhpArray, PhpValue
from cgmock.core.record_import import import_record
from cgmock.core.tenant import EmptyOnUpdate, UnknownTouchpoint
from tests.acme import ACME, CONFIGURATIONS, FakeData, decided, fates, tenant

T = TypeVar("T")

JOE = {"email": "joe@example.com", "first_name": "Joe", "account_name": "ACME"}


def test_an_account_is_saved_by_its_name() -> None:
    outcome = decided("account", {"Account Name": "ACME", "Industry": "Anvils"})

    assert outcome.changes == (SaveAccount("ACME", {"industry": "Anvils"}),)


def test_an_alias_is_added_to_its_account() -> None:
    outcome = decided("account_alias", {"Account Name": "ACME", "Alias": "Acme Ltd"})

    assert outcome.changes == (AddAlias("ACME", "Acme Ltd"),)


def test_a_contact_is_saved_with_its_account() -> None:
    outcome = decided("contact", {"Email": "joe@example.com", "First Name": "Joe", "Account Name": "ACME"})

    assert outcome.changes == (SaveAccount("ACME", {}), SaveContact("joe@example.com", None, JOE))


def test_a_contact_finds_its_account_by_an_alias() -> None:
    data = FakeData(aliases={"Acme Ltd": "ACME"})

    outcome = decided("contact", {"Email": "joe@example.com", "Account Name": "Acme Ltd"}, data=data)

    assert outcome.changes == (
        SaveAccount("ACME", {}),
        SaveContact("joe@example.com", None, {"email": "joe@example.com", "account_name": "ACME"}),
    )
    assert fates(outcome)["Account Name"] == "coerced"


def test_an_external_response_does_not_know_aliases() -> None:
    data = FakeData(aliases={"Acme Ltd": "ACME"})

    outcome = decided(
        "external_response", {"Email": "joe@example.com", "Account Name": "Acme Ltd"}, data=data
    )

    assert outcome.changes[0] == SaveAccount("Acme Ltd", {})
    assert any(notice.behaviour is Behaviour.ALIAS_IGNORED for notice in outcome.notices)


@pytest.mark.parametrize(("reference", "identifier"), [("joe@example.com", "email"), ("+55 62", "phone")])
def test_a_survey_invites_the_contact_that_it_refers_to(reference: str, identifier: str) -> None:
    outcome = decided("survey", {"Contact Reference": reference})

    invited = {identifier: reference, "contact_reference": reference}
    assert outcome.changes[-1] == SendInvitation(invited)


def test_a_survey_takes_from_the_contact_what_the_record_does_not_say() -> None:
    data = FakeData(contacts=[JOE])

    outcome = decided("survey", {"Contact Reference": "joe@example.com", "First Name": "Joseph"}, data=data)

    (invitation,) = _of(SendInvitation, outcome.changes)
    assert invitation.values["first_name"] == "Joseph"
    assert invitation.values["account_name"] == "ACME"
    assert outcome.notices[-1].reason == "taken from the contact: account_name"


def test_a_touchpoint_that_is_dropped_is_not_recorded() -> None:
    dropping = tenant(unknown_touchpoint=UnknownTouchpoint.DROPPED)

    outcome = decided("external_response", {"Email": "joe@example.com", "Touchpoint": "Sales"}, dropping)

    (response,) = _of(RecordResponse, outcome.changes)
    assert response.values == {"email": "joe@example.com"}


def test_a_survey_finds_its_contact_by_phone() -> None:
    data = FakeData(contacts=[{"phone": "123", "first_name": "Joe"}])

    outcome = decided("survey", {"Contact Reference": "123"}, data=data)

    (invitation,) = _of(SendInvitation, outcome.changes)
    assert invitation.values["first_name"] == "Joe"


def test_an_activity_finds_its_contact_by_phone() -> None:
    headings = {
        "Phone": "phone",
        "Account": "account_name",
        "Id": "reference",
        "From": "source",
        "Type": "type",
    }
    by_phone = replace(ACME.configurations["activity"], headings=headings)
    of = replace(ACME, configurations={"activity": by_phone})
    record = {"Phone": "123", "Account": "ACME", "Id": "1", "From": "CRM", "Type": "Call"}

    outcome = decided("activity", record, of, FakeData(contacts=[{"phone": "123"}]))

    assert len(outcome.changes) == 2


def test_a_multi_object_record_takes_nothing_from_the_contact() -> None:
    data = FakeData(contacts=[JOE])

    outcome = decided("multi_object", {"Email": "joe@example.com", "Touchpoint": "After Sales"}, data=data)

    (invitation,) = _of(SendInvitation, outcome.changes)
    assert invitation.values == {"email": "joe@example.com", "touchpoint": "After Sales"}


def test_an_activity_is_saved_by_its_reference_and_its_account_with_it() -> None:
    data = FakeData(contacts=[JOE])
    record = {
        "Account": "ACME",
        "Email": "joe@example.com",
        "Reference": "A-1",
        "Source": "CRM",
        "Type": "Call",
    }

    outcome = decided("activity", record, data=data)

    values = {
        "account_name": "ACME",
        "email": "joe@example.com",
        "reference": "A-1",
        "source": "CRM",
        "type": "Call",
    }
    assert outcome.changes == (SaveAccount("ACME", {}), SaveActivity("A-1", values))


def test_an_activity_of_nobody_needs_no_contact() -> None:
    outcome = decided("activity", {"Account": "ACME", "Reference": "A-1", "Source": "CRM", "Type": "Call"})

    assert len(outcome.changes) == 2


def test_an_activity_with_an_unknown_contact_fails() -> None:
    record = {
        "Account": "ACME",
        "Email": "joe@example.com",
        "Reference": "A-1",
        "Source": "CRM",
        "Type": "Call",
    }

    outcome = decided("activity", record)

    assert (outcome.response.status, outcome.changes) == (200, ())
    assert fates(outcome)["Email"] == "failed"


def test_an_activity_without_its_fields_lists_them_all() -> None:
    outcome = decided("activity", {"Email": "joe@example.com"})

    for heading in ("Account", "Reference", "Source", "Type"):
        assert f'"record.{heading}"'.encode() in outcome.response.body


def test_a_field_that_the_data_type_has_no_place_for_is_ignored() -> None:
    odd = replace(ACME.configurations["account"], headings={"Name": "account_name", "Score": "nps"})
    of = replace(ACME, configurations={"account": odd})

    outcome = decided("account", {"Name": "ACME", "Score": "9"}, of)

    assert outcome.changes == (SaveAccount("ACME", {}),)
    assert fates(outcome) == {"Name": "stored", "Score": "ignored"}


def test_of_two_headings_for_one_field_the_last_wins_and_the_first_is_noted() -> None:
    twice = replace(ACME.configurations["contact"], headings={"Email": "email", "E-Mail": "email"})
    of = replace(ACME, configurations={"contact": twice})

    outcome = decided("contact", {"Email": "a@x.io", "E-Mail": "b@x.io"}, of)

    assert outcome.changes == (SaveContact("b@x.io", None, {"email": "b@x.io"}),)
    assert fates(outcome) == {"Email": "ignored", "E-Mail": "stored"}


def test_a_missing_field_without_a_heading_goes_by_its_display_name() -> None:
    bare = replace(ACME.configurations["account"], headings={"Industry": "industry"})
    of = replace(ACME, configurations={"account": bare})

    outcome = decided("account", {"Industry": "Anvils"}, of)

    assert b'"record.Account Name"' in outcome.response.body


def test_a_response_keeps_its_segment_fields() -> None:
    outcome = decided("external_response", {"Email": "joe@example.com", "Distributor": "North"})

    (response,) = _of(RecordResponse, outcome.changes)
    assert response.values["segment:Distributor"] == "North"


def _of(kind: type[T], changes: tuple[Change, ...]) -> list[T]:
    return [change for change in changes if isinstance(change, kind)]


@pytest.mark.parametrize(
    ("policy", "status", "fate"),
    [(EmptyOnUpdate.KEEPS, 200, "stored"), (EmptyOnUpdate.CLEARS, 422, "failed")],
)
def test_an_empty_value_takes_the_place_of_an_earlier_one_only_when_it_clears(
    policy: EmptyOnUpdate, status: int, fate: str
) -> None:
    twice = replace(ACME.configurations["contact"], headings={"Email": "email", "E-Mail": "email"})
    of = replace(tenant(empty_on_update=policy), configurations={"contact": twice})

    outcome = decided("contact", {"Email": "a@x.io", "E-Mail": ""}, of)

    assert outcome.response.status == status
    assert fates(outcome)["Email"] == fate


def test_only_the_first_hundred_unmapped_headings_are_led_to_the_nearest() -> None:
    strangers = {f"?{number}": "x" for number in range(99)}

    outcome = decided("contact", {"Email": "a@x.io"} | strangers | {"Frist Name": "x", "Phnoe": "x"})

    nearest = {notice.heading: notice.nearest for notice in outcome.notices}
    assert (nearest["Frist Name"], nearest["Phnoe"]) == ("First Name", None)
    assert fates(outcome)["Phnoe"] == "unmapped"


def test_a_record_that_breaks_a_rule_changes_nothing() -> None:
    imported = import_record(FakeData(), ACME, ACME.configurations["contact"], {"First Name": "Joe"}, {})

    assert imported.changes == ()
    assert [violation.field for violation in imported.violations] == ["email", "phone"]


def test_each_identifier_is_required_when_the_other_is_not_there() -> None:
    outcome = decided("contact", {"First Name": "Joe"})

    assert json.loads(outcome.response.body)["errors"] == {
        "record.Email": ["The record. email field is required when record. phone is not present."],
        "record.Phone": ["The record. phone field is required when record. email is not present."],
    }


def test_a_field_without_alternative_is_simply_required() -> None:
    outcome = decided("account", {"Industry": "Anvils"})

    assert json.loads(outcome.response.body)["errors"] == {
        "record.Account Name": ["The record. account name field is required."]
    }


@pytest.mark.parametrize("configuration", ["contact", "external_response", "multi_object"])
@pytest.mark.parametrize("name", [{}, {"Account Name": " "}])
def test_a_field_of_an_account_that_has_no_name_is_not_stored_and_says_so(
    configuration: str, name: dict[str, str]
) -> None:
    outcome = decided(configuration, {"Email": "joe@example.com", "Industry": " Anvils", **name})

    assert fates(outcome)["Email"] == "stored"
    (lost,) = (notice for notice in outcome.notices if notice.heading == "Industry")
    assert (lost.fate, lost.behaviour, lost.field) == ("ignored", Behaviour.FIELD_MISPLACED, "industry")
    assert lost.reason == "without an account name there is no account to keep it"
    assert lost.is_loss
    assert "Anvils" not in repr(outcome.changes)


def test_a_field_of_an_account_that_is_emptied_without_a_name_is_not_emptied() -> None:
    clearing = tenant(empty_on_update=EmptyOnUpdate.CLEARS)

    outcome = decided("contact", {"Email": "joe@example.com", "Industry": ""}, clearing)

    assert fates(outcome) == {"Email": "stored", "Industry": "ignored"}


def test_an_alias_record_keeps_nothing_but_the_two_names() -> None:
    headings = {**ACME.configurations["account_alias"].headings, "Industry": "industry"}
    configuration = replace(ACME.configurations["account_alias"], headings=headings)
    of = replace(ACME, configurations={"alias": configuration})

    outcome = decided("alias", {"Account Name": "ACME", "Alias": "Acme Ltd", "Industry": "Anvils"}, of)

    assert fates(outcome) == {"Account Name": "stored", "Alias": "stored", "Industry": "ignored"}
    assert outcome.changes == (AddAlias("ACME", "Acme Ltd"),)


SAMPLES = {
    Format.TEXT: "x",
    Format.EMAIL: "joe@example.com",
    Format.PHONE: "1",
    Format.EMAIL_OR_PHONE: "joe@example.com",
    Format.DATE: "2023-05-10 11:34:56",
    Format.SCORE: "9",
    Format.FLAG: "Y",
    Format.JOB_LEVEL: "A",
    Format.TOUCHPOINT: "After Sales",
}


@pytest.mark.parametrize("data_type", DataType)
@given(data=st.data())
def test_every_heading_that_is_told_to_be_stored_is_in_what_is_written(
    data_type: DataType, data: st.DataObject
) -> None:
    every_field = {field.display_name: field.name for field in FIELDS.values()}
    configuration = replace(CONFIGURATIONS[data_type.value], headings=every_field)
    of = replace(ACME, configurations={"any": configuration})
    sent = data.draw(st.sets(st.sampled_from(sorted(every_field)), min_size=1))
    record = {heading: SAMPLES[configuration.fields[heading].format] for heading in sorted(sent)}

    outcome = decided("any", record, of, FakeData(contacts=[{"email": "joe@example.com", "phone": "1"}]))

    told = {notice.field for notice in outcome.notices if notice.heading and notice.fate == "stored"}
    assert told - {name for change in outcome.changes for name in _written(change)} == set()


ODD: st.SearchStrategy[PhpValue] = st.sampled_from(
    [9, 11, 4.5, True, None, {}, {0: "x"}, "", "x" * 129, "+1", "10"]
)


@given(data_type=st.sampled_from(DataType), data=st.data())
def test_a_record_read_in_one_go_leads_to_what_it_leads_to_heading_by_heading(
    data_type: DataType, data: st.DataObject
) -> None:
    headings = {field.display_name: field.name for field in FIELDS.values()}
    headings |= {"Mail": "email", "Distributor": "segment:Distributor", "Nickname": "no_field"}
    configuration = replace(CONFIGURATIONS[data_type.value], headings=headings)
    sent = data.draw(st.lists(st.sampled_from([*headings, "Unknown"]), min_size=1, unique=True))
    sound = {heading: SAMPLES[field.format] for heading, field in configuration.fields.items()}
    record: PhpArray = {heading: data.draw(st.just(sound.get(heading, "x")) | ODD) for heading in sent}

    in_one_go = import_record(FakeData(), ACME, configuration, record, record)

    assert in_one_go == import_record(FakeData(), ACME, configuration, record, dict(record))


IDENTIFIERS = {
    SaveAccount: {"account_name"},
    AddAlias: {"account_name", "alias"},
    SaveActivity: {"reference"},
}


def _written(change: Change) -> set[str]:
    return IDENTIFIERS.get(type(change), set()) | set(getattr(change, "values", ()))
