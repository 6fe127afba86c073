"""What becomes of headings and their values, as far as it can be read back."""

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation
from cgmock.contract.suite.answers import assert_accepted, assert_accepted_or_refused, errors_of
from cgmock.core.behaviours import Behaviour


@shows(Behaviour.HEADING_STORED)
def test_the_value_of_each_mapped_heading_is_stored_in_its_field(api: Conversation) -> None:
    sample = api.full_sample(api.readable())

    response = api.put(sample)

    assert_accepted(response)
    found = api.found_once(sample)
    stored = {name: str(found.values[name]) for name in sample.mapped.headings}
    assert stored == {
        name: sample.record.get(heading, "None") for name, heading in sample.mapped.headings.items()
    }


@shows(Behaviour.HEADING_UNMAPPED)
def test_a_heading_that_is_not_mapped_is_dropped_with_a_200(api: Conversation) -> None:
    sample = api.sample(api.readable())

    response = api.put(sample.adding("cgmock Unmapped", "a value without a field"))

    assert_accepted(response)
    found = api.found_once(sample)
    assert not found.mentions("a value without a field")
    assert found.values["email"] == sample.value("email")


@shows(Behaviour.HEADING_CASE)
def test_a_heading_in_another_case_meets_its_mapping_or_is_dropped(api: Conversation) -> None:
    mapped, heading = api.means.other_case()
    sample = api.sample(mapped, comment=None)

    response = api.put(sample.adding(heading, "a comment"))

    assert_accepted(response)
    found = api.found_once(sample)
    assert found.values["comment"] in {"a comment", None}


@shows(Behaviour.HEADING_OVERWRITTEN)
def test_of_two_headings_of_one_field_the_last_one_wins(api: Conversation) -> None:
    doubled = api.means.doubled()
    sample = api.sample(doubled.mapped, **{doubled.field: None})

    response = api.put(sample.adding(doubled.first, "the first").adding(doubled.second, "the second"))

    assert_accepted(response)
    found = api.found_once(sample)
    assert found.values[doubled.field] == "the second"


@shows(Behaviour.VALUE_TRIMMED)
def test_blanks_around_a_value_are_cut_off_and_those_around_a_heading_are_not(api: Conversation) -> None:
    mapped = api.readable("comment")
    blank_value = api.sample(mapped, comment=" \t a comment \n ")
    blank_heading = api.sample(mapped, comment=None)

    api.put(blank_value)
    api.put(blank_heading.adding(f" {mapped.headings['comment']} ", "a comment"))

    assert [found.values["comment"] for found in api.found(blank_value)] == ["a comment"]
    assert [found.values["comment"] for found in api.found(blank_heading)] == [None]


@shows(Behaviour.VALUE_CONVERTED)
def test_a_json_number_or_boolean_becomes_text(api: Conversation) -> None:
    mapped = api.readable("comment", "nps")
    number, boolean = api.sample(mapped, comment=42, nps=9), api.sample(mapped, comment=True)

    api.put(number)
    api.put(boolean)

    assert [(found.values["comment"], found.values["nps"]) for found in api.found(number)] == [("42", 9)]
    assert [found.values["comment"] for found in api.found(boolean)] == ["1"]


@shows(Behaviour.VALUE_EMPTY)
def test_an_empty_value_is_taken_and_writes_nothing(api: Conversation) -> None:
    mapped = api.readable("comment")
    empty, null = api.sample(mapped, comment=""), api.sample(mapped, comment=None)

    responses = api.put(empty), api.put(null.adding(mapped.headings["comment"], None))

    for response in responses:
        assert_accepted(response)
    assert [found.values["comment"] for found in (*api.found(empty), *api.found(null))] == [None, None]


@shows(Behaviour.VALUE_BAD)
def test_a_record_with_a_bad_value_fails_or_keeps_it(api: Conversation) -> None:
    mapped = api.readable("nps")
    sample = api.sample(mapped, nps="eleven")

    response = api.put(sample)

    found = [each.values["nps"] for each in api.found(sample)]
    if response.status_code == 422:
        assert errors_of(response).keys() == {f"record.{mapped.headings['nps']}"}
        assert found == []
    else:
        assert_accepted(response)
        assert found in ([], ["eleven"])


@shows(Behaviour.TOUCHPOINT_UNKNOWN)
def test_an_unknown_touchpoint_is_never_stored(api: Conversation) -> None:
    sample = api.sample(api.readable("touchpoint"), touchpoint="cgmock Nowhere")

    response = api.put(sample)

    assert_accepted_or_refused(response)
    found = api.found(sample)
    assert response.status_code == 200 or found == ()
    assert not any(each.mentions("cgmock Nowhere") for each in found)


@shows(Behaviour.FIELD_MISPLACED)
def test_a_field_that_the_data_type_has_no_place_for_is_not_stored(api: Conversation) -> None:
    mapped, heading = api.means.misplaced()
    sample = api.sample(mapped)

    response = api.put(sample.adding(heading, "a misplaced value"))

    assert_accepted(response)
    found = api.found_once(sample)
    assert not found.mentions("a misplaced value")
