"""What a seed gives means to show, and what is said where it gives none."""

from collections.abc import Callable

import pytest

from cgmock import seeds
from cgmock.contract.capabilities import Means
from cgmock.core.catalog import DataType
from cgmock.live.results import NotRunError


def means(*tables: str) -> Means:
    """The means of a tenant with these tables."""
    (tenant,) = seeds.loads("\n".join(["[[tenants]]", "name = 'acme'", *tables]))
    return Means(tenant)


def configuration(reference: str, data_type: str, **headings: str) -> str:
    """The table of a configuration, its headings with underscores for blanks."""
    pairs = ", ".join(f'"{heading.replace("_", " ")}" = "{field}"' for heading, field in headings.items())
    return (
        f"[[tenants.configurations]]\nreference = '{reference}'\n"
        f"data_type = '{data_type}'\nheadings = {{ {pairs} }}"
    )


def webhook(name: str, reference: str) -> str:
    """The table of a webhook."""
    return (
        f"[[tenants.webhooks]]\nid = '{name}'\nusername = 'u'\npassword = 'p'\nconfiguration = '{reference}'"
    )


PHONES = configuration("phones", "external_response", Phone="phone", Phone_2="phone", Ref="reference")
PLAIN = configuration("plain", "external_response", Email="email", Comment="comment")
RICH = configuration(
    "rich",
    "external_response",
    Email="email",
    Company="account_name",
    Account_Name="account_name",
    Comment="comment",
    Source="source",
)
ACCOUNTS = configuration("accounts", "account", Name="account_name")


def test_the_first_configuration_that_will_do_is_taken() -> None:
    found = means(ACCOUNTS, PHONES, PLAIN, RICH)

    assert found.mapped(DataType.EXTERNAL_RESPONSE).reference == "plain"
    assert found.mapped(DataType.EXTERNAL_RESPONSE, "account_name").reference == "rich"
    assert found.importable().reference == "plain"
    assert means(ACCOUNTS, PHONES).importable().reference == "accounts"


def test_two_headings_of_one_field_and_a_misplaced_one_are_found() -> None:
    found = means(PHONES, PLAIN, RICH)

    assert found.doubled()[1:] == ("account_name", "Company", "Account Name")
    mapped, heading = found.misplaced()
    assert (mapped.reference, heading) == ("rich", "Source")


def test_the_heading_of_a_comment_is_turned_to_another_case() -> None:
    mapped, heading = means(PLAIN).other_case()

    assert (mapped.reference, heading) == ("plain", "cOMMENT")


def test_webhooks_are_found_by_what_they_show() -> None:
    found = means(
        PHONES, PLAIN, RICH, ACCOUNTS, *map(webhook, "abcd", ("phones", "plain", "rich", "accounts"))
    )
    responses = means(PHONES, PLAIN, webhook("a", "phones"), webhook("b", "plain"))

    assert found.hook().webhook.id == "d"
    assert responses.hook().webhook.id == "b"
    assert (found.odd_hook()[0].webhook.id, found.odd_hook()[1]) == ("c", "Company")
    assert (found.blank_hook()[0].webhook.id, found.blank_hook()[1]) == ("c", "Account Name")


CASES = configuration("cases", "external_response", Email="email", Comment="comment", cOMMENT="comment")


@pytest.mark.parametrize(
    ("ask", "tables", "reason"),
    [
        (lambda of: of.mapped(DataType.SURVEY), [PLAIN], "the seed has no survey configuration"),
        (
            lambda of: of.mapped(DataType.EXTERNAL_RESPONSE, "nps", "phone"),
            [PLAIN],
            "the seed has no external_response configuration with a heading for nps and phone",
        ),
        (
            lambda of: of.importable(),
            [PHONES],
            "the seed has no configuration of external_response, contact, account",
        ),
        (
            lambda of: of.doubled(),
            [PLAIN, PHONES],
            "the seed has no external_response configuration with two headings for one field of text",
        ),
        (
            lambda of: of.misplaced(),
            [PLAIN, PHONES],
            "the seed maps no heading of an external_response to a field of another data type",
        ),
        (lambda of: of.other_case(), [CASES], "the seed maps the heading of a comment in either case"),
        (
            lambda of: of.hook(),
            [PHONES, webhook("a", "phones")],
            "the seed has no active webhook of external_response, contact, account records",
        ),
        (
            lambda of: of.odd_hook(),
            [PLAIN, webhook("a", "plain")],
            "the seed has no active webhook of external_response records with a heading that is no display name",
        ),
        (
            lambda of: of.blank_hook(),
            [PLAIN, webhook("a", "plain")],
            "the seed has no active webhook of external_response records with a display name that has a blank",
        ),
    ],
)
def test_where_there_are_no_means_it_is_said_what_is_missing(
    ask: Callable[[Means], object], tables: list[str], reason: str
) -> None:
    with pytest.raises(NotRunError) as caught:
        ask(means(*tables))

    assert str(caught.value) == reason
