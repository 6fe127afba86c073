"""What nobody outside knows about CustomerGauge, and what the fake does until somebody has seen it."""

from typing import NamedTuple


class Question(NamedTuple):
    """An open question: what the fake answers by default, and the policy that has it otherwise, if there is one."""

    id: str
    question: str
    answer: str
    policy: str | None = None


QUESTIONS = (
    Question(
        "unknown-configuration",
        "How is a reference answered that no configuration has?",
        "422: the selected configuration is invalid",
        "unknown_configuration",
    ),
    Question(
        "missing-required-field",
        "Is a record without a required field refused with 422, or taken and failed later?",
        "422, with the paths record.HEADING",
        "missing_required_field",
    ),
    Question(
        "unmapped-heading",
        "Is a heading that the configuration does not know really dropped with a 200?",
        "yes, as the documents have it",
        "unmapped_heading",
    ),
    Question("heading-case", "Does email meet the heading Email?", "no", "heading_case"),
    Question(
        "unknown-touchpoint",
        "What becomes of a record with a touchpoint that the tenant does not have?",
        "200, and nothing is stored",
        "unknown_touchpoint",
    ),
    Question(
        "bad-score",
        "What becomes of a score of 11, of ten in letters, of none?",
        "200, and nothing is stored; without a score the response is recorded",
        "bad_value",
    ),
    Question(
        "date-forms",
        "Which other forms of a date are taken: without a time, with a T, a Z or an offset?",
        "none: 200, and nothing is stored",
        "bad_value",
    ),
    Question(
        "date-order",
        "Is a response taken that was completed before it was sent?",
        "yes, the vendor's own sample is one",
    ),
    Question(
        "long-value",
        "What becomes of a value of more than 128 characters?",
        "200, and nothing is stored",
        "bad_value",
    ),
    Question("bad-phone", "What becomes of a phone with letters?", "200, and nothing is stored", "bad_value"),
    Question(
        "repeated-response",
        "Is an external response that was sent twice recorded twice?",
        "yes",
        "repeat_response",
    ),
    Question(
        "no-contact",
        "What becomes of an external response without email and phone?",
        "422",
        "missing_required_field",
    ),
    Question(
        "multi-object-account",
        "Does a multi-object record need an account name, as an older document says?",
        "no",
        "multi_object_requires_account",
    ),
    Question(
        "response-dates",
        "Does an external response need its two dates, as one in a file does?",
        "no",
        "external_response_requires_dates",
    ),
    Question("flag-forms", "Is yes, true or 1 taken for Y?", "no: 200, and nothing is stored", "bad_value"),
    Question("trailing-slash", "Does /records do what /records/ does?", "yes", "trailing_slash"),
    Question(
        "no-accept-header",
        "Is an error a redirect for a client that does not ask for JSON?",
        "no, JSON for everybody",
        "no_accept_header",
    ),
    Question("encodings", "Do a form and JSON with the same record do the same?", "yes"),
    Question("unauthenticated", "What is the body of the 401?", '{"message":"Unauthenticated."}'),
    Question("token-basic", "Does the token endpoint take a Basic header?", "yes, as Amazon Cognito does"),
    Question(
        "dialect",
        "Which version of Laravel words the errors today?",
        "8, as the documents show; the vendor's public libraries allow 9 since 2022-01, 10 since 2023-04",
        "dialect",
    ),
    Question("json-types", "Are JSON numbers and booleans taken?", "yes, as PHP writes them as text"),
    Question(
        "empty-value",
        "Does an empty value, or null, clear a field that has one?",
        "no, the field stays as it is",
        "empty_on_update",
    ),
    Question(
        "alias",
        "Does an external response find an account by its alias?",
        "no, an account of that name is created",
    ),
    Question("email-case", "Is Joe@example.com the contact joe@example.com?", "no, another one"),
    Question(
        "time-zone", "In which time zone are dates?", "they are kept as sent; those of the service are in UTC"
    ),
    Question("rate-limit", "How many requests a minute are taken?", "as many as come", "rate_limit"),
    Question(
        "token-status",
        "Is a wrong secret answered with 400 or with 401?",
        "400, as Amazon Cognito documents it",
        "token_errors",
    ),
    Question(
        "token-content-type",
        "How is a token request without the Content-Type of a form answered?",
        "405 without a body, as seen on Amazon Cognito",
        "token_content_type",
    ),
    Question("webhook-answers", "What does a webhook answer?", "what PUT /records/ would answer"),
    Question(
        "webhook-keys",
        "Are the keys of a webhook display names of fields, or headings?",
        "display names",
        "webhook_keys",
    ),
    Question(
        "webhook-query-names",
        "Does a name with a blank survive in the query string of a webhook?",
        "yes",
        "webhook_query_names",
    ),
    Question(
        "response-shape",
        "What does a response look like when it is read back?",
        "technical names of fields, nested where they have a dot",
    ),
    Question("when", "Is a record stored before the 200 is sent?", "yes"),
)
