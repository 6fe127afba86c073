import json
from dataclasses import replace

import pytest

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request
from cgmock.core.outcome import (
    CountRequest,
    Fate,
    Notice,
    RateWindow,
    RecordResponse,
    SaveAccount,
    SaveContact,
    Value,
    Values,
)
from cgmock.core.routing import decide
from cgmock.core.tenant import (
    BadValue,
    Dialect,
    EmptyOnUpdate,
    HeadingCase,
    Refusal,
    RepeatResponse,
    UnknownConfiguration,
    UnknownTouchpoint,
    YesNo,
)
from tests.acme import ACME, FORM, JSON, NOW, FakeData, decided, fates, put, put_form, put_json, tenant, view

SAMPLE = {
    "Account Name": "ACME",
    "First Name": "Joe",
    "Email": "joe.doe@example.com",
    "Sent Date": "2023-05-10 11:34:56",
    "Survey Completed Date": "2022-05-10 12:34:56",
    "NPS Score": "10",
}


@pytest.mark.parametrize(
    "request_", [put_json("external_response", SAMPLE), put_form("external_response", SAMPLE)]
)
def test_a_good_record_gets_200_and_no_body_in_both_encodings(request_: Request) -> None:
    outcome = decide(view(), request_, NOW)

    assert (outcome.response.status, outcome.response.body) == (200, b"")
    assert set(fates(outcome).values()) == {"stored"}


def test_a_good_external_response_saves_account_and_contact_and_records_the_response() -> None:
    outcome = decided("external_response", SAMPLE)

    person: Values = {"first_name": "Joe", "email": "joe.doe@example.com", "account_name": "ACME"}
    score: Values = {"sent_date": "2023-05-10 11:34:56", "completed_date": "2022-05-10 12:34:56", "nps": 10}
    assert outcome.changes == (
        SaveAccount("ACME", {}),
        SaveContact("joe.doe@example.com", None, person),
        RecordResponse({**person, **score}),
    )


def test_without_configuration_the_answer_is_the_documented_422_byte_for_byte() -> None:
    outcome = decide(view(), put(b'{"record":{"Email":"joe@example.com"}}'), NOW)

    assert outcome.response.status == 422
    assert outcome.response.body == (
        b'{"message":"The given data was invalid.",'
        b'"errors":{"configuration":["The configuration field is required."]}}'
    )


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"{", b"[1,2]", b"\xef\xbb\xbf{}", b'{"configuration":" ","record":[]}', b"\xff"]
)
def test_an_unreadable_body_lacks_both_fields(body: bytes) -> None:
    outcome = decide(view(), put(body), NOW)

    assert json.loads(outcome.response.body)["errors"] == {
        "configuration": ["The configuration field is required."],
        "record": ["The record field is required."],
    }


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"{", JSON, "the body is no JSON in UTF-8"),
        (b'{"record":"\xe9"}', JSON, "the body is no JSON in UTF-8"),
        (b' {"record":{}}', FORM, "the body looks like JSON, and its Content-Type says that it is a form"),
        (b"{}", "text/plain", "a body with the Content-Type 'text/plain' is not read"),
        (b"record[Email]=x", "", "a body with the Content-Type '' is not read"),
    ],
)
def test_a_body_that_was_not_read_is_noted_with_the_reason(
    body: bytes, content_type: str, reason: str
) -> None:
    outcome = decide(view(), put(body, content_type), NOW)

    assert outcome.notices == (Notice(None, Fate.FAILED, Behaviour.BODY_UNREAD, reason=reason),)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON),
        (b"{}", JSON),
        (b'{"Email":"x"}', JSON),
        (b"Email=x", FORM),
        (b'{"record":{}}', JSON),
        (b'{"x":1}&configuration=contact', FORM),
        (b'{"x":1}&record[Email]=x', FORM),
    ],
)
def test_a_body_that_was_read_and_lacks_both_fields_has_no_notice(body: bytes, content_type: str) -> None:
    assert decide(view(), put(body, content_type), NOW).notices == ()


@pytest.mark.parametrize("record", ["text", 7, True])
def test_a_record_that_is_no_object_is_no_array(record: object) -> None:
    outcome = decided("contact", record)

    assert json.loads(outcome.response.body)["errors"] == {"record": ["The record must be an array."]}


def test_a_list_is_an_array_whose_headings_are_numbers() -> None:
    outcome = decided("contact", ["a"], tenant(missing_required_field=Refusal.ACCEPTED_AND_FAILED))

    assert outcome.response.status == 200
    assert fates(outcome)["0"] == "unmapped"


def test_an_unknown_heading_is_dropped_with_a_200_and_a_notice_names_the_nearest() -> None:
    outcome = decided("contact", {"Emial": "joe@example.com", "Phone": "+55 (62) 01234-56789"})

    assert outcome.response.status == 200
    notice = next(each for each in outcome.notices if each.heading == "Emial")
    assert (notice.fate, notice.nearest) == ("unmapped", "Email")
    assert outcome.changes == (SaveContact(None, "+55 (62) 01234-56789", {"phone": "+55 (62) 01234-56789"}),)


@pytest.mark.parametrize(
    ("policy", "status", "body"),
    [
        (UnknownConfiguration.SELECTED_INVALID, 422, b"The selected configuration is invalid."),
        (UnknownConfiguration.NOT_FOUND, 404, b"No query results for model [Configuration]."),
        (UnknownConfiguration.DROPPED, 200, b""),
    ],
)
def test_an_unknown_reference_is_answered_as_the_policy_says_and_stores_nothing(
    policy: UnknownConfiguration, status: int, body: bytes
) -> None:
    outcome = decided("nowhere", {"Email": "joe@example.com"}, tenant(unknown_configuration=policy))

    assert outcome.response.status == status
    assert body in outcome.response.body
    unknown, reason = (
        Behaviour.CONFIGURATION_UNKNOWN,
        "no configuration of the tenant acme has this reference",
    )
    assert outcome.changes == ()
    assert outcome.behaviours == (unknown,)
    assert outcome.notices == (
        Notice(None, Fate.FAILED, unknown, reason=reason),
        Notice("Email", Fate.IGNORED, unknown, reason="no configuration"),
    )


def test_a_missing_identifier_is_refused_aloud_with_both_headings() -> None:
    outcome = decided("contact", {"First Name": "Joe"})

    assert json.loads(outcome.response.body)["errors"] == {
        "record.Email": ["The record. email field is required when record. phone is not present."],
        "record.Phone": ["The record. phone field is required when record. email is not present."],
    }
    assert outcome.changes == ()
    assert fates(outcome) == {"First Name": "ignored", None: "failed"}


def test_a_missing_identifier_fails_in_silence_when_the_policy_says_so() -> None:
    silent = tenant(missing_required_field=Refusal.ACCEPTED_AND_FAILED)

    outcome = decided("contact", {"First Name": "Joe"}, silent)

    assert (outcome.response.status, outcome.changes) == (200, ())


def test_a_bad_value_fails_the_whole_record_in_silence() -> None:
    outcome = decided("external_response", SAMPLE | {"NPS Score": "11"})

    assert (outcome.response.status, outcome.changes) == (200, ())
    assert fates(outcome)["NPS Score"] == "failed"
    assert fates(outcome)["Email"] == "ignored"


def test_a_bad_value_is_refused_aloud_when_the_policy_says_so() -> None:
    outcome = decided(
        "external_response", SAMPLE | {"NPS Score": "11"}, tenant(bad_value=BadValue.UNPROCESSABLE)
    )

    assert json.loads(outcome.response.body)["errors"] == {
        "record.NPS Score": ["The record. n p s score must be between 0 and 10."]
    }


def test_a_bad_value_is_stored_as_sent_when_the_policy_says_so() -> None:
    outcome = decided("external_response", SAMPLE | {"NPS Score": "11"}, tenant(bad_value=BadValue.STORED))

    (*_, response) = outcome.changes
    assert isinstance(response, RecordResponse)
    assert response.values["nps"] == "11"
    assert fates(outcome)["NPS Score"] == "stored"


def test_an_object_as_a_value_can_never_be_stored() -> None:
    outcome = decided("contact", {"Email": {"a": 1}, "Phone": "123"}, tenant(bad_value=BadValue.STORED))

    assert (outcome.response.status, outcome.changes) == (200, ())
    assert fates(outcome)["Email"] == "failed"


@pytest.mark.parametrize(
    ("policy", "status", "fate"),
    [
        (UnknownTouchpoint.ACCEPTED_AND_FAILED, 200, "failed"),
        (UnknownTouchpoint.UNPROCESSABLE, 422, "failed"),
        (UnknownTouchpoint.DROPPED, 200, "ignored"),
    ],
)
def test_an_unknown_touchpoint_is_met_as_the_policy_says(policy: object, status: int, fate: str) -> None:
    outcome = decided(
        "external_response", SAMPLE | {"Touchpoint": "Sales"}, tenant(unknown_touchpoint=policy)
    )

    assert outcome.response.status == status
    assert fates(outcome)["Touchpoint"] == fate
    assert bool(outcome.changes) == (policy is UnknownTouchpoint.DROPPED)


def test_a_known_touchpoint_is_stored() -> None:
    outcome = decided("external_response", SAMPLE | {"Touchpoint": "After Sales"})

    assert fates(outcome)["Touchpoint"] == "stored"


def test_headings_are_case_sensitive_by_default() -> None:
    outcome = decided("contact", {"email": "joe@example.com", "Phone": "1"})

    assert fates(outcome) == {"email": "unmapped", "Phone": "stored"}


def test_headings_meet_in_any_case_when_the_policy_says_so() -> None:
    outcome = decided("contact", {"eMAIL": "joe@example.com"}, tenant(heading_case=HeadingCase.INSENSITIVE))

    assert outcome.changes == (SaveContact("joe@example.com", None, {"email": "joe@example.com"}),)
    assert [notice.behaviour for notice in outcome.notices] == [Behaviour.HEADING_CASE]


def test_blanks_are_cut_off_values_with_a_notice_and_not_off_headings() -> None:
    outcome = decided("contact", {"Email": " joe@example.com\t", " Phone": "1"})

    assert outcome.changes == (SaveContact("joe@example.com", None, {"email": "joe@example.com"}),)
    assert fates(outcome) == {"Email": "coerced", " Phone": "unmapped"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(5562, "5562"), (1.5, "1.5"), (True, "1"), (10**25, "1.0E+25"), (2**64, "1.844674407371E+19")],
)
def test_a_json_number_becomes_text_with_a_notice(value: object, text: str) -> None:
    outcome = decided("contact", {"Email": "joe@example.com", "First Name": value})

    (contact,) = outcome.changes
    assert isinstance(contact, SaveContact)
    assert contact.values["first_name"] == text
    assert fates(outcome)["First Name"] == "coerced"


def test_a_score_may_be_a_json_number() -> None:
    outcome = decided("external_response", SAMPLE | {"NPS Score": 10})

    assert fates(outcome)["NPS Score"] == "stored"


@pytest.mark.parametrize(
    ("policy", "values", "fate"),
    [(EmptyOnUpdate.KEEPS, {}, "ignored"), (EmptyOnUpdate.CLEARS, {"first_name": None}, "stored")],
)
def test_an_empty_value_keeps_or_clears_as_the_policy_says(
    policy: object, values: dict[str, Value], fate: str
) -> None:
    outcome = decided("contact", {"Email": "j@x.io", "First Name": "  "}, tenant(empty_on_update=policy))

    assert outcome.changes == (SaveContact("j@x.io", None, {"email": "j@x.io", **values}),)
    assert fates(outcome)["First Name"] == fate


def test_a_repeated_response_is_recorded_again_with_a_notice() -> None:
    first = decided("external_response", SAMPLE).changes[-1]
    assert isinstance(first, RecordResponse)

    outcome = decided("external_response", SAMPLE, data=FakeData(recorded=[first.values]))

    assert first in outcome.changes
    assert "recorded once more" in outcome.notices[-1].reason


def test_a_repeated_response_is_ignored_when_the_policy_says_so() -> None:
    first = decided("external_response", SAMPLE).changes[-1]
    assert isinstance(first, RecordResponse)
    once = tenant(repeat_response=RepeatResponse.IGNORED)

    outcome = decided("external_response", SAMPLE, once, FakeData(recorded=[first.values]))

    assert first not in outcome.changes
    assert outcome.notices[-1].fate == "ignored"


@pytest.mark.parametrize(
    ("configuration", "policy", "missing"),
    [
        ("multi_object", "multi_object_requires_account", ["record.Account Name"]),
        (
            "external_response",
            "external_response_requires_dates",
            ["record.Sent Date", "record.Survey Completed Date"],
        ),
    ],
)
def test_older_rules_ask_for_more_fields_when_the_policy_says_so(
    configuration: str, policy: str, missing: list[str]
) -> None:
    strict = tenant(**{policy: YesNo.YES})

    outcome = decided(configuration, {"Email": "joe@example.com"}, strict)

    assert list(json.loads(outcome.response.body)["errors"]) == missing
    assert decided(configuration, {"Email": "joe@example.com"}).response.status == 200


@pytest.mark.parametrize(
    ("dialect", "message"),
    [
        (Dialect.LARAVEL8, "The given data was invalid."),
        (Dialect.LARAVEL9, "The configuration field is required. (and 1 more error)"),
        (Dialect.LARAVEL10, "The configuration field is required. (and 1 more error)"),
    ],
)
def test_the_summary_is_worded_in_the_dialect(dialect: Dialect, message: str) -> None:
    outcome = decide(view(tenant(dialect=dialect)), put(b""), NOW)

    assert json.loads(outcome.response.body)["message"] == message


def test_a_rate_limit_counts_requests_and_says_what_is_left() -> None:
    outcome = decided(
        "contact", {"Email": "j@x.io"}, tenant(rate_limit=3), FakeData(window=RateWindow(NOW - 5, 1))
    )

    assert outcome.changes[-1] == CountRequest(NOW - 5)
    assert outcome.response.headers[-2:] == (("X-RateLimit-Limit", "3"), ("X-RateLimit-Remaining", "1"))


def test_over_the_rate_limit_nothing_is_read() -> None:
    outcome = decided(
        "contact", {"Email": "j@x.io"}, tenant(rate_limit=3), FakeData(window=RateWindow(NOW - 5, 3))
    )

    assert outcome.response.status == 429
    assert json.loads(outcome.response.body) == {"message": "Too Many Attempts."}
    assert outcome.response.headers[-4:] == (
        ("X-RateLimit-Limit", "3"),
        ("X-RateLimit-Remaining", "0"),
        ("Retry-After", "55"),
        ("X-RateLimit-Reset", "1700000055"),
    )
    assert outcome.behaviours == (Behaviour.RATE_LIMITED,)
    assert outcome.changes == ()


def test_a_limit_of_none_refuses_every_request() -> None:
    assert decided("contact", {"Email": "j@x.io"}, tenant(rate_limit=0)).response.status == 429


def test_the_first_request_of_a_rate_window_leaves_all_but_one() -> None:
    outcome = decided("contact", {"Email": "j@x.io"}, tenant(rate_limit=3))

    assert outcome.response.headers[-1] == ("X-RateLimit-Remaining", "2")


@pytest.mark.parametrize("started", [NOW - 59, NOW])
def test_a_rate_window_lasts_from_its_first_moment_to_the_end_of_the_minute(started: float) -> None:
    outcome = decided(
        "contact", {"Email": "j@x.io"}, tenant(rate_limit=1), FakeData(window=RateWindow(started, 1))
    )

    assert outcome.response.status == 429


@pytest.mark.parametrize(
    ("body", "behaviours"),
    [
        (b"{}", (Behaviour.INPUT_REQUIRED, Behaviour.RECORD_REQUIRED)),
        (b'{"configuration":"contact"}', (Behaviour.RECORD_REQUIRED,)),
        (b'{"configuration":"contact","record":"x"}', (Behaviour.RECORD_NOT_ARRAY,)),
        (b'{"record":"x"}', (Behaviour.INPUT_REQUIRED, Behaviour.RECORD_NOT_ARRAY)),
    ],
)
def test_what_is_missing_is_told_by_its_behaviour(body: bytes, behaviours: tuple[Behaviour, ...]) -> None:
    assert decide(view(), put(body), NOW).behaviours == behaviours


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b'{"configuration":"contact","record":"x"}', {"record": ["The record field must be an array."]}),
        (
            b'{"configuration":"contact","record":{"Phone":"x"}}',
            {"record.Phone": ["The record. phone field format is invalid."]},
        ),
    ],
)
def test_every_error_is_worded_in_the_dialect(body: bytes, errors: object) -> None:
    of = tenant(dialect=Dialect.LARAVEL10, bad_value=BadValue.UNPROCESSABLE)

    response = decide(view(of), put(body), NOW).response

    assert json.loads(response.body)["errors"] == errors


@pytest.mark.parametrize("started", [NOW - 60, NOW + 1])
def test_a_rate_window_ends_after_a_minute_or_when_the_clock_goes_back(started: float) -> None:
    outcome = decided(
        "contact", {"Email": "j@x.io"}, tenant(rate_limit=1), FakeData(window=RateWindow(started, 1))
    )

    assert outcome.changes[-1] == CountRequest(NOW)


def test_parameters_of_the_query_string_fill_in_for_the_body() -> None:
    request = put(
        b'{"record":{"Email":"joe@example.com"}}', query="configuration=contact&record[Email]=other"
    )

    outcome = decide(view(), request, NOW)

    assert outcome.changes == (SaveContact("joe@example.com", None, {"email": "joe@example.com"}),)


def test_an_unescaped_plus_in_a_form_is_a_blank() -> None:
    outcome = decide(view(), put(b"configuration=contact&record[Phone]=+5562", FORM), NOW)

    assert outcome.changes == (SaveContact(None, "5562", {"phone": "5562"}),)


def test_a_touchpoint_that_is_dropped_overwrites_nothing() -> None:
    configuration = replace(
        ACME.configurations["external_response"],
        headings={"Email": "email", "T1": "touchpoint", "T2": "touchpoint"},
    )
    lenient = replace(
        tenant(unknown_touchpoint=UnknownTouchpoint.DROPPED), configurations={"responses": configuration}
    )

    for record in (
        {"Email": "joe@example.com", "T1": "After Sales", "T2": "Nope"},
        {"Email": "joe@example.com", "T2": "Nope", "T1": "After Sales"},
    ):
        outcome = decided("responses", record, lenient)

        assert fates(outcome) == {"Email": "stored", "T1": "stored", "T2": "ignored"}
        assert RecordResponse({"email": "joe@example.com", "touchpoint": "After Sales"}) in outcome.changes


def test_a_second_value_of_a_field_that_breaks_a_rule_fails_the_record() -> None:
    configuration = replace(
        ACME.configurations["contact"], headings={"Email": "email", "Mail": "email", "Phone": "phone"}
    )
    of = replace(ACME, configurations={"contact": configuration})

    outcome = decided("contact", {"Mail": "joe@example.com", "Email": "nobody"}, of)

    assert fates(outcome) == {"Mail": "ignored", "Email": "failed"}
    assert outcome.changes == ()


def test_a_required_value_that_breaks_a_rule_is_not_missing_as_well() -> None:
    outcome = decided("contact", {"Email": "nobody"}, tenant(bad_value=BadValue.UNPROCESSABLE))

    assert json.loads(outcome.response.body)["errors"] == {
        "record.Email": ["The record. email must be a valid email address."]
    }


def test_a_heading_with_the_word_and_is_whole_in_the_text_of_an_error() -> None:
    configuration = replace(
        ACME.configurations["contact"], headings={"Email": "email", "Phone and Fax": "phone"}
    )

    outcome = decided("contact", {"X": "1"}, replace(ACME, configurations={"contact": configuration}))

    assert json.loads(outcome.response.body)["errors"]["record.Email"] == [
        "The record. email field is required when record. phone and fax is not present."
    ]
