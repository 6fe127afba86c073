"""Rows sent through a fake, one after the other."""

from pathlib import Path

from cgmock.core.tenant import Policies, RepeatResponse
from cgmock.verifier.depth_mock import rehearse
from cgmock.verifier.files import DataFile
from cgmock.verifier.model import Finding
from cgmock.verifier.rules import Rule
from tests.unit.verifier.running import OPTIONS, mapping_file

CORPUS = Path(__file__).with_name("corpus")


def rehearsed(mapping: str, data: str, policies: Policies | None = None) -> dict[Rule, Finding]:
    """What sending a file of the corpus finds."""
    (path,) = CORPUS.glob(f"*/{data}")
    described = mapping_file(CORPUS / "mappings" / f"{mapping}.toml", policies)
    return {finding.rule: finding for finding in rehearse(described, [DataFile.at(path)], OPTIONS)}


def test_what_the_fake_has_at_the_end_is_told() -> None:
    found = rehearsed("responses", "crm-export.responses.csv")

    assert set(found) == {Rule.FAKE_STORES}
    assert found[Rule.FAKE_STORES].detail == "14 accounts, 40 contacts, 40 responses"


def test_rows_that_store_nothing_are_expected_to() -> None:
    found = rehearsed("contacts", "CG110-windows-1252.contacts.csv")
    nothing = rehearsed("without_email", "CG020-email-unmapped.without_email.csv")
    in_part = rehearsed("accounts_with_email", "CG010-email-of-an-account.accounts_with_email.csv")
    failed = rehearsed("responses", "CG030-iso.responses.csv")

    assert set(found) == set(nothing) == set(in_part) == set(failed) == {Rule.FAKE_STORES}
    assert nothing[Rule.FAKE_STORES].detail == "nothing"
    assert failed[Rule.FAKE_STORES].detail == "3 accounts, 2 contacts, 3 responses"


def test_an_activity_whose_contact_was_not_loaded_fails() -> None:
    found = rehearsed("activities", "help-desk.activities.csv")

    assert (
        found[Rule.FAKE_DISAGREES].detail == "failed instead of whole: Email is not a contact of the tenant"
    )


def test_a_row_that_repeats_another_may_be_ignored() -> None:
    policies = Policies(repeat_response=RepeatResponse.IGNORED)

    found = rehearsed("responses", "CG070-row-repeated.responses.csv", policies)

    assert found[Rule.FAKE_DISAGREES].detail.startswith("in part instead of whole: the same response")
    assert [example.row for example in found[Rule.FAKE_DISAGREES].examples] == [6]


def test_a_limit_of_requests_is_no_matter() -> None:
    found = rehearsed("responses", "crm-export.responses.csv", Policies(rate_limit=1))

    assert set(found) == {Rule.FAKE_STORES}
