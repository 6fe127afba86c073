from collections.abc import Callable, Mapping

import pytest

from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Outcome
from cgmock.core.routing import Endpoint
from cgmock.journal.expectations import MAX_LINES, Difference, Expectation
from cgmock.journal.journal import BODY_LIMIT, Entry, Journal
from cgmock.journal.redaction import REDACTED
from cgmock.journal.search import Search
from tests.acme import put_form, put_json


def entries(*requests: Request, status: int = 200) -> list[Entry]:
    """A journal of requests that were answered with a status."""
    journal = Journal(100)
    return [journal.append(0.0, request, Outcome(Response(status))) for request in requests]


JOE = put_json("contact", {"Email": "joe@example.com", "NPS Score": 9, "Phone": None})
JANE = put_form("contact", {"Email": "jane@example.com", "NPS Score": "9"})
TOKEN = Request("POST", "/oauth2/token")


@pytest.mark.parametrize(
    ("expectation", "holds"),
    [
        (Expectation(), True),
        (Expectation(times=2), True),
        (Expectation(times=1), False),
        (Expectation(endpoint=Endpoint.TOKEN, times=1), True),
        (Expectation(endpoint=Endpoint.RESPONSES, times=0), True),
        (Expectation(configuration="contact", times=2), True),
        (Expectation(configuration="account"), False),
        (Expectation(record={"Email": "joe@example.com"}, times=1), True),
        (Expectation(record={"NPS Score": "9"}, times=2), True),
        (Expectation(record={"NPS Score": 9}, times=2), True),
        (Expectation(record={"Frist Name": "Joe"}), False),
        (Expectation(record={"Phone": None}, times=1), True),
        (Expectation(status=200), True),
        (Expectation(status=422), False),
    ],
)
def test_as_many_requests_of_the_kind_are_expected(expectation: Expectation, *, holds: bool) -> None:
    assert expectation.holds(entries(JOE, JANE, TOKEN)) is holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [(f"at {REDACTED}, my (own)", True), ("at s3cret, my own", False), ("at s3cret, my (own)", True)],
)
def test_where_the_journal_hides_a_secret_anything_may_have_been(value: str, *, holds: bool) -> None:
    written = put_json("contact", {"Comment": f"at {REDACTED}, my (own)"})
    expected = Expectation(record={"Comment": value})

    assert expected.holds(entries(written)) is holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [("Joe ", True), ("Joe", True), (" Joe", False), ("Joe\t", False)],
)
@pytest.mark.parametrize("put", [put_json, put_form])
def test_a_value_is_expected_as_it_was_sent_or_after_trimming(
    put: Callable[[str, Mapping[str, str]], Request], value: str, *, holds: bool
) -> None:
    sent = put("contact ", {"First Name": "Joe ", "Phone": ""})

    assert Expectation(record={"First Name": value}).holds(entries(sent)) is holds
    assert Expectation(record={"Phone": ""}, configuration="contact").holds(entries(sent))
    assert Expectation(record={"Phone": None}, configuration="contact ").holds(entries(sent))


def test_all_that_is_not_as_expected_is_told() -> None:
    expectation = Expectation(
        record={"Email": "x@y.z", "First Name": "Joe"}, configuration="account", status=422
    )

    (entry,) = entries(JOE)

    assert expectation.differences(entry) == (
        Difference("status", "422", "200"),
        Difference("configuration", "account", "contact"),
        Difference("Email", "x@y.z", "joe@example.com"),
        Difference("First Name", "Joe", None),
    )


def test_the_nearest_request_is_shown_heading_by_heading() -> None:
    expectation = Expectation(record={"Email": "jane@example.org", "NPS Score": 9}, configuration="contact")

    assert expectation.explain(entries(TOKEN, put_json("account", {"Account Name": "ACME"}), JANE)) == (
        "Expected at least one record for contact with Email = jane@example.org, NPS Score = 9, and there were none.\n"
        "The nearest of 2, which was answered with 200:\n"
        "  - Email: jane@example.org\n"
        "  + Email: jane@example.com"
    )


def test_a_request_that_is_as_expected_is_not_shown_as_the_nearest() -> None:
    explained = Expectation(record={"Email": "joe@example.com"}, times=2).explain(entries(JOE, JANE))

    assert explained.splitlines()[1:] == [
        "The nearest of 1, which was answered with 200:",
        "  - Email: joe@example.com",
        "  + Email: jane@example.com",
    ]
    assert len(Expectation(times=2).explain(entries(JOE)).splitlines()) == 1
    assert explained.startswith("Expected 2 records with Email = joe@example.com, and there was 1.")


def test_too_many_requests_need_no_nearest_one() -> None:
    assert Expectation(times=0).explain(entries(JOE)) == "Expected 0 records, and there was 1."
    assert Expectation(endpoint=Endpoint.TOKEN, times=1).explain(entries(TOKEN, TOKEN)) == (
        "Expected 1 token request, and there were 2."
    )


def test_where_nothing_was_sent_there_is_no_nearest_one() -> None:
    assert Expectation(endpoint=Endpoint.WEBHOOK, status=200).explain([]) == (
        "Expected at least one request for webhook answered with 200, and there were none."
    )


def test_a_webhook_s_fields_are_compared_as_they_are() -> None:
    (entry,) = entries(Request("PUT", "/hooks/x", "Email=joe%40example.com"))

    assert Expectation(endpoint=Endpoint.WEBHOOK, record={"Email": "joe@example.com"}).holds([entry])


def test_a_record_that_is_none_has_no_headings() -> None:
    (entry,) = entries(put_json("contact", "text"))

    assert Expectation(record={"Email": "x"}).differences(entry) == (Difference("Email", "x", None),)


def test_an_explanation_is_short_and_its_values_too() -> None:
    expectation = Expectation(record={f"Q{number}": "x" * 100 for number in range(50)})

    lines = expectation.explain(entries(JOE)).splitlines()

    assert len(lines) == MAX_LINES - 2
    assert lines[2] == f"  - Q0: {'x' * 59}…"
    assert lines[-1] == "  … and 35 more lines"


def test_a_body_that_was_cut_cannot_be_compared_and_is_told() -> None:
    long = put_json("contact", {"Comment": "x" * BODY_LIMIT, "Email": "joe@example.com"})
    expectation = Expectation(record={"Email": "joe@example.com"})

    assert expectation.explain(entries(long)).splitlines()[1:] == [
        "The nearest one cannot be compared: its body was cut at 65536 bytes.",
        "The nearest of 1, which was answered with 200:",
        "  - Email: joe@example.com",
    ]
    assert expectation.explain(entries(JANE, long)).splitlines()[1] == (
        "The journal has cut 1 of them at 65536 bytes, which cannot be compared."
    )


def test_an_object_in_a_record_is_compared_whole() -> None:
    (entry,) = entries(put_json("contact", {"Email": {"a": 1}}))

    assert not Expectation(record={"Email": "{'a': 1}"}).differences(entry)


def test_a_wrong_name_is_refused_with_the_closest_valid_one() -> None:
    with pytest.raises(ValueError, match=r"^unknown endpoint `recrods`; did you mean `records`\?$"):
        Expectation(endpoint="recrods")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^unknown fate `unmaped`; did you mean `unmapped`\?$"):
        Search(notice="unmaped")  # type: ignore[arg-type]


def test_an_endpoint_may_be_named() -> None:
    assert Expectation(endpoint="token") == Expectation(endpoint=Endpoint.TOKEN)
