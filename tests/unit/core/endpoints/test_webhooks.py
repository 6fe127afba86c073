import json
from dataclasses import replace

import pytest

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request
from cgmock.core.outcome import Fate, Notice, RecordResponse, SaveContact
from cgmock.core.routing import credential, decide
from cgmock.core.tenant import Dialect, Refusal, Tenant, WebhookKeys, WebhookQueryNames
from tests.acme import ACME, FORM, JSON, NOW, basic, fates, tenant, view

LOGIN = basic("acme-hook", "acme-password")
JOE = {"Email": "joe@example.com", "First Name": "Joe"}


def call(
    record: object = None,
    *,
    path: str = "/hooks/contacts",
    query: str = "",
    host: str = "localhost",
    authorization: str = LOGIN,
) -> Request:
    """A PUT to a webhook."""
    body = b"" if record is None else json.dumps(record).encode()
    headers = {"content-type": JSON, "authorization": authorization, "host": host, "accept": JSON}
    return Request("PUT", path, query, headers, body, len(body))


def test_flat_json_with_display_names_is_imported_by_the_webhook_s_configuration() -> None:
    outcome = decide(view(), call(JOE), NOW)

    assert (outcome.response.status, outcome.response.body) == (200, b"")
    assert outcome.changes == (
        SaveContact("joe@example.com", None, {"email": "joe@example.com", "first_name": "Joe"}),
    )
    assert outcome.behaviours[:2] == (Behaviour.WEBHOOK_CALLED, Behaviour.WEBHOOK_ANSWERED)


def test_query_parameters_are_imported_without_a_body() -> None:
    outcome = decide(view(), call(query="Email=joe%40example.com&Phone=%2B55"), NOW)

    assert outcome.changes == (
        SaveContact("joe@example.com", "+55", {"email": "joe@example.com", "phone": "+55"}),
    )


def test_a_form_is_imported_too() -> None:
    request = call()._replace(body=b"Email=joe%40example.com")
    request = request._replace(headers={**request.headers, "content-type": FORM})

    assert decide(view(), request, NOW).changes


def test_the_keys_are_display_names_and_not_the_headings_of_the_configuration() -> None:
    outcome = decide(view(), call({**JOE, "Distributor": "x", "NPS Score": 9}, path="/hooks/responses"), NOW)

    assert fates(outcome) == dict.fromkeys([*JOE, "Distributor", "NPS Score"], "stored")
    renamed = replace(ACME.configurations["contact"], headings={"Mail": "email"})
    other = replace(ACME, configurations={"contact": renamed})
    assert fates(decide(view(other), call({"Mail": "x@y.z", "Email": "joe@example.com"}), NOW)) == {
        "Mail": "unmapped",
        "Email": "stored",
    }


def test_the_keys_are_headings_when_the_policy_says_so() -> None:
    renamed = replace(ACME.configurations["contact"], headings={"Mail": "email"})
    by_heading = replace(tenant(webhook_keys=WebhookKeys.HEADINGS), configurations={"contact": renamed})

    assert fates(decide(view(by_heading), call({"Mail": "joe@example.com"}), NOW)) == {"Mail": "stored"}


def test_a_name_that_php_changed_meets_its_field_and_is_noted() -> None:
    outcome = decide(view(), call(query="Email=j%40x.io&First%20Name=%20Joe%20"), NOW)

    *_, restored = outcome.notices
    assert fates(outcome) == {"Email": "stored", "First Name": "coerced", None: "coerced"}
    reason = "First_Name was taken for First Name, whose blanks and dots PHP turns into underscores"
    assert restored == Notice(None, Fate.COERCED, Behaviour.WEBHOOK_NAME_RESTORED, reason=reason)


def test_a_name_that_php_changed_is_lost_when_the_policy_says_so() -> None:
    of = view(tenant(webhook_query_names=WebhookQueryNames.DROPPED))

    outcome = decide(of, call(query="Email=j%40x.io&First%20Name=Joe"), NOW)

    assert fates(outcome) == {"Email": "stored", "First_Name": "unmapped"}


def test_a_name_that_was_sent_as_it_is_comes_before_the_one_that_php_changed() -> None:
    outcome = decide(view(), call(JOE, query="First%20Name=Jane"), NOW)

    assert fates(outcome) == {"Email": "stored", "First Name": "stored", "First_Name": "unmapped"}


def test_a_record_that_lacks_a_field_is_refused_with_flat_paths() -> None:
    response = decide(view(), call({"First Name": "Joe"}), NOW).response

    assert response.status == 422
    assert json.loads(response.body)["errors"] == {
        "Email": ["The email field is required when phone is not present."],
        "Phone": ["The phone field is required when email is not present."],
    }


def test_a_record_that_fails_in_silence_stores_nothing() -> None:
    quiet = tenant(missing_required_field=Refusal.ACCEPTED_AND_FAILED)

    outcome = decide(view(quiet), call({"First Name": "Joe"}), NOW)

    assert (outcome.response.status, outcome.changes) == (200, ())
    assert Behaviour.RECORD_FAILED in outcome.behaviours


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer signed", "Basic ???", basic("acme-hook", "wrong"), basic("other", "acme-password")],
)
def test_without_its_username_and_password_the_answer_is_401(authorization: str) -> None:
    outcome = decide(view(), call(JOE, authorization=authorization), NOW)

    assert outcome.response.status == 401
    assert outcome.response.body == b'{"message":"Unauthenticated."}'
    assert (outcome.changes, outcome.behaviours) == ((), (Behaviour.WEBHOOK_UNAUTHENTICATED,))


@pytest.mark.parametrize(
    ("webhook", "reason"),
    [
        ("paused", "the webhook is deactivated"),
        ("gone", "the webhook is deleted"),
        ("astray", "the webhook has no configuration"),
        ("nobody", "no webhook has this id"),
        ("contactsX", "no webhook has this id"),
    ],
)
@pytest.mark.parametrize("of", [ACME, None], ids=["acme", "nobody"])
def test_a_webhook_that_cannot_be_called_is_404_and_the_notice_says_why(
    of: Tenant | None, webhook: str, reason: str
) -> None:
    outcome = decide(view(of), call(JOE, path=f"/hooks/{webhook}"), NOW)

    assert outcome.response.status == 404
    assert outcome.behaviours == (Behaviour.WEBHOOK_GONE,)
    reason = reason if of else "no webhook has this id"
    assert outcome.notices == (Notice(None, Fate.FAILED, Behaviour.WEBHOOK_GONE, reason=reason),)


def test_the_404_is_worded_in_the_dialect() -> None:
    of = view(tenant(dialect=Dialect.LARAVEL10))

    response = decide(of, call(JOE, path="/hooks/gone"), NOW).response

    assert json.loads(response.body) == {"message": "The route hooks/gone could not be found."}


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("hooks.eu.customergauge.com", "/contacts", 200),
        ("hooks.eu.customergauge.com", "/contacts/", 200),
        ("hooks.eu.customergauge.com", "/hooks/contacts", 404),
        ("hooks.eu.customergauge.com", "/", 404),
        ("hooks.us.customergauge.com", "/contacts", 404),
        ("imports.api.eu.customergauge.com", "/hooks/contacts", 404),
        ("localhost", "/hooks/contacts", 200),
        ("localhost", "/hooks/", 404),
        ("localhost", "/hooks/contacts/x", 404),
    ],
)
def test_a_webhook_is_called_on_the_hooks_host_of_its_region_or_below_hooks(
    host: str, path: str, status: int
) -> None:
    assert decide(view(), call(JOE, host=host, path=path), NOW).response.status == status


def test_a_webhook_takes_no_other_method() -> None:
    outcome = decide(view(), call(JOE)._replace(method="GET"), NOW)

    assert outcome.response.status == 405
    assert ("Allow", "PUT") in outcome.response.headers


def test_the_webhook_s_id_tells_whose_request_it_is() -> None:
    assert credential(call(host="hooks.eu.customergauge.com", path="/contacts/")).webhook == "contacts"
    assert credential(call()).webhook == "contacts"


def test_a_webhook_of_external_responses_records_one() -> None:
    outcome = decide(view(), call({"Email": "j@x.io", "NPS Score": "9"}, path="/hooks/responses"), NOW)

    assert RecordResponse({"email": "j@x.io", "nps": 9}) in outcome.changes
