"""What each data type writes, as far as answers and responses tell."""

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation
from cgmock.contract.suite.answers import assert_accepted
from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import DataType


@shows(Behaviour.ACCOUNT_SAVED)
def test_an_account_is_taken_again_when_its_name_is_known(api: Conversation) -> None:
    sample = api.sample(api.means.mapped(DataType.ACCOUNT))

    responses = api.put(sample), api.put(sample)

    for response in responses:
        assert_accepted(response)


@shows(Behaviour.ALIAS_ADDED)
def test_an_account_gets_one_more_name(api: Conversation) -> None:
    account = api.sample(api.means.mapped(DataType.ACCOUNT))
    alias = api.sample(api.means.mapped(DataType.ACCOUNT_ALIAS), account_name=account.value("account_name"))

    api.put(account)
    response = api.put(alias)

    assert_accepted(response)


@shows(Behaviour.ALIAS_HONOURED)
def test_a_contact_may_name_its_account_by_an_alias(api: Conversation) -> None:
    alias = api.sample(api.means.mapped(DataType.ACCOUNT_ALIAS))
    mapped = api.means.mapped(DataType.CONTACT, "account_name")
    contact = api.sample(mapped, account_name=alias.value("alias"))

    api.put(alias)
    response = api.put(contact)

    assert_accepted(response)


@shows(Behaviour.ALIAS_IGNORED)
def test_an_external_response_takes_an_alias_for_an_account_of_its_own(api: Conversation) -> None:
    alias = api.sample(api.means.mapped(DataType.ACCOUNT_ALIAS))
    external = api.sample(api.readable("account_name"), account_name=alias.value("alias"))

    api.put(alias)
    response = api.put(external)

    assert_accepted(response)
    found = api.found_once(external)
    assert found.values["account_name"] == alias.value("alias")


@shows(Behaviour.CONTACT_SAVED)
def test_a_contact_is_taken_again_when_its_email_is_known(api: Conversation) -> None:
    sample = api.sample(api.means.mapped(DataType.CONTACT))

    responses = api.put(sample), api.put(sample)

    for response in responses:
        assert_accepted(response)


@shows(Behaviour.INVITATION_SENT)
def test_a_survey_is_taken_for_a_contact(api: Conversation) -> None:
    response = api.put(api.sample(api.means.mapped(DataType.SURVEY)))

    assert_accepted(response)


@shows(Behaviour.INVITATION_POPULATED)
def test_a_survey_needs_to_say_nothing_that_is_known_of_the_contact(api: Conversation) -> None:
    contact = api.sample(api.means.mapped(DataType.CONTACT))
    survey = api.sample(api.means.mapped(DataType.SURVEY), contact_reference=contact.value("email"))

    api.put(contact)
    response = api.put(survey)

    assert_accepted(response)


@shows(Behaviour.RESPONSE_RECORDED)
def test_an_external_response_is_added_and_never_updates_an_earlier_one(api: Conversation) -> None:
    sample = api.sample(api.readable("nps"))
    second = sample.adding(sample.mapped.headings["nps"], "3")

    responses = api.put(sample), api.put(second)

    for response in responses:
        assert_accepted(response)
    assert [str(found.values["nps"]) for found in api.found(sample, at_least=2)] == ["9", "3"]


@shows(Behaviour.RESPONSE_REPEATED)
def test_a_response_that_was_sent_before_is_recorded_again_or_passed_over(api: Conversation) -> None:
    sample = api.sample(api.readable())

    responses = api.put(sample), api.put(sample)

    for response in responses:
        assert_accepted(response)
    assert 1 <= len(api.found(sample, at_least=2)) <= 2


@shows(Behaviour.ACTIVITY_SAVED)
def test_an_activity_is_taken_again_when_its_reference_is_known(api: Conversation) -> None:
    sample = api.sample(api.means.mapped(DataType.ACTIVITY))

    responses = api.put(sample), api.put(sample)

    for response in responses:
        assert_accepted(response)
