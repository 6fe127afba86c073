"""Incoming webhooks, where the seed names some."""

from dataclasses import replace
from urllib.parse import quote, urlencode

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation, basic
from cgmock.contract.suite.answers import assert_accepted, assert_accepted_or_refused
from cgmock.core.behaviours import Behaviour


@shows(Behaviour.WEBHOOK_CALLED)
def test_a_webhook_takes_flat_json_and_query_parameters(api: Conversation) -> None:
    hook = api.means.hook()
    by_json, by_query, by_both = (hook.named(api.sample(hook.mapped)) for _ in range(3))

    responses = [
        api.call(hook, by_json),
        api.call(hook, None, query=urlencode(by_query)),
        api.call(hook, by_both, query=urlencode(dict.fromkeys(by_both, "not looked at"))),
    ]

    for response in responses:
        assert_accepted(response)


@shows(Behaviour.WEBHOOK_ANSWERED)
def test_a_webhook_answers_as_the_records_endpoint_does(api: Conversation) -> None:
    hook = api.means.hook()

    complete = api.call(hook, hook.named(api.sample(hook.mapped)))
    incomplete = api.call(hook, {"cgmock": "nobody"})

    assert_accepted(complete)
    assert_accepted_or_refused(incomplete)


@shows(Behaviour.WEBHOOK_UNAUTHENTICATED)
def test_a_webhook_is_not_open_to_whoever_lacks_its_password(api: Conversation) -> None:
    hook = api.means.hook()
    record = hook.named(api.sample(hook.mapped))

    responses = [
        api.call(hook, record, authorization=None),
        api.call(hook, record, authorization=basic(hook.webhook.username, "not-the-password")),
        api.call(hook, record, authorization=basic("nobody", hook.webhook.password)),
        api.call(hook, record, authorization=f"Bearer {api.session.token}"),
    ]

    assert [response.status_code for response in responses] == [401] * len(responses)


@shows(Behaviour.WEBHOOK_GONE)
def test_a_webhook_that_nobody_has_or_that_is_closed_is_answered_with_404(api: Conversation) -> None:
    hook = api.means.hook()
    record = hook.named(api.sample(hook.mapped))
    closed = [hook.webhook, *api.means.closed_hooks()]
    closed[0] = replace(hook.webhook, id="cgmock-unknown")

    responses = [api.call(hook._replace(webhook=each), record) for each in closed]

    assert [response.status_code for response in responses] == [404] * len(responses)


@shows(Behaviour.WEBHOOK_NAME_RESTORED)
def test_a_name_with_a_blank_in_the_query_string_meets_its_field_or_is_dropped(api: Conversation) -> None:
    _ = api.readable()
    hook, heading = api.means.blank_hook()
    field = hook.mapped.configuration.fields[heading].name
    sample = api.sample(hook.mapped, **{field: None})

    response = api.call(hook, hook.named(sample), query=urlencode({heading: "a value"}, quote_via=quote))

    assert_accepted(response)
    found = api.found_once(sample)
    assert found.values[field] in {"a value", None}
