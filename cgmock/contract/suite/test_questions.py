"""The open questions: each function records what the target does, in the words of a policy where there is one."""

import json
from collections.abc import Iterable
from urllib.parse import quote, urlencode

import httpx

from cgmock.contract.checks import asks
from cgmock.contract.conversation import Conversation, basic, token_request
from cgmock.contract.samples import Sample
from cgmock.contract.session import JSON, RESPONSES, json_object
from cgmock.core.catalog import DataType
from cgmock.live.target import Service


@asks("unknown-configuration")
def test_how_an_unknown_configuration_is_answered(api: Conversation) -> None:
    response = api.put(api.sample(api.means.importable()), configuration="cgmock-unknown")

    api.saw("dropped" if response.status_code == 200 else str(response.status_code))


@asks("missing-required-field")
def test_how_a_record_without_a_required_field_is_answered(api: Conversation) -> None:
    mapped = api.means.mapped(DataType.CONTACT, "first_name")

    response = api.put(api.sample(mapped, email=None))

    api.saw(_refusal(response))


@asks("unmapped-heading")
def test_what_becomes_of_a_heading_that_is_not_mapped(api: Conversation) -> None:
    sample = api.sample(api.readable()).adding("cgmock Unmapped", "a value without a field")

    fate = _fate(api, sample, "email")

    kept = any(found.mentions("a value without a field") for found in api.look_for(sample))
    api.saw("dropped" if fate == "stored" and not kept else "stored" if kept else fate)


@asks("heading-case")
def test_whether_a_heading_in_another_case_meets_its_mapping(api: Conversation) -> None:
    mapped, heading = api.means.other_case()
    sample = api.sample(mapped, comment=None).adding(heading, "a comment")

    fate = _fate(api, sample, "comment")

    api.saw({"dropped": "sensitive", "changed to a comment": "insensitive"}.get(fate, fate))


@asks("unknown-touchpoint")
def test_what_becomes_of_an_unknown_touchpoint(api: Conversation) -> None:
    sample = api.sample(api.readable("touchpoint"), touchpoint="cgmock Nowhere")

    api.saw(_fate(api, sample, "touchpoint"))


@asks("bad-score")
def test_what_becomes_of_a_score_that_is_none(api: Conversation) -> None:
    mapped = api.readable("nps")

    fates = {score: _fate(api, api.sample(mapped, nps=score), "nps") for score in ("11", "ten")}
    none = api.sample(mapped, nps=None)
    api.put(none)

    api.note("without a score", "recorded" if api.found(none) else "not recorded")
    api.saw(_together(fates.items()))


@asks("date-forms")
def test_which_other_forms_of_a_date_are_taken(api: Conversation) -> None:
    mapped = api.readable("sent_date")
    forms = ("2023-05-10", "2023-05-10T11:34:56", "2023-05-10T11:34:56Z", "2023-05-10 11:34:56+02:00")

    fates = {form: _fate(api, api.sample(mapped, sent_date=form), "sent_date") for form in forms}

    api.saw(_together(fates.items()))


@asks("date-order")
def test_whether_a_response_may_be_completed_before_it_was_sent(api: Conversation) -> None:
    mapped = api.readable("sent_date", "completed_date")
    sample = api.sample(mapped, sent_date="2023-05-10 11:34:56", completed_date="2022-05-10 12:34:56")

    fate = _fate(api, sample, "completed_date")

    api.saw("yes" if fate == "stored" else fate)


@asks("long-value")
def test_what_becomes_of_a_long_value(api: Conversation) -> None:
    sample = api.sample(api.readable("comment"), comment="x" * 129)

    api.saw(_fate(api, sample, "comment"))


@asks("bad-phone")
def test_what_becomes_of_a_phone_with_letters(api: Conversation) -> None:
    sample = api.sample(api.readable("phone"), phone="call me")

    api.saw(_fate(api, sample, "phone"))


@asks("repeated-response")
def test_whether_a_response_that_is_sent_twice_is_recorded_twice(api: Conversation) -> None:
    sample = api.sample(api.readable())

    api.put(sample)
    api.put(sample)

    times = len(api.found(sample, at_least=2))
    api.saw({1: "ignored", 2: "duplicates"}.get(times, f"recorded {times} times"))


@asks("no-contact")
def test_how_a_response_without_email_and_phone_is_answered(api: Conversation) -> None:
    sample = api.sample(api.readable(), email=None)

    response = api.put(sample)

    api.saw("stored" if api.found(sample) else _refusal(response))


@asks("multi-object-account")
def test_whether_a_multi_object_record_needs_an_account(api: Conversation) -> None:
    mapped = api.means.mapped(DataType.MULTI_OBJECT, "account_name")

    without_account = api.put(api.sample(mapped, account_name=None))
    without_email = api.put(api.sample(mapped, email=None))

    silent = without_email.status_code == without_account.status_code == 200
    api.saw("cannot be seen: what is missing is not told" if silent else _needed(without_account))


@asks("response-dates")
def test_whether_an_external_response_needs_its_dates(api: Conversation) -> None:
    sample = api.sample(api.readable("sent_date", "completed_date"), sent_date=None, completed_date=None)

    response = api.put(sample)

    api.saw("no" if api.found(sample) else "yes" if response.status_code == 200 else _needed(response))


@asks("flag-forms")
def test_whether_other_words_are_taken_for_y(api: Conversation) -> None:
    mapped = api.readable("follow_up_request")
    forms = ("yes", "true", "1")

    fates = {
        form: _fate(api, api.sample(mapped, follow_up_request=form), "follow_up_request") for form in forms
    }

    api.saw(_together(fates.items()))


@asks("trailing-slash")
def test_whether_the_last_slash_matters(api: Conversation) -> None:
    message = api.message_of(api.sample(api.means.importable()))

    response = api.send(message._replace(path="/records"))

    api.saw("both" if response.status_code == 200 else "required")


@asks("no-accept-header")
def test_whether_an_error_is_a_redirect_for_whoever_does_not_ask_for_json(api: Conversation) -> None:
    responses = [api.send(api.message(b"{}", accept=accept)) for accept in (None, "*/*")]

    forms = {"json" if response.status_code == 422 else "laravel-redirect" for response in responses}
    api.saw(" or ".join(sorted(forms)))


@asks("encodings")
def test_whether_a_form_and_json_do_the_same(api: Conversation) -> None:
    mapped = api.readable("comment")
    text = "é & + % = [x] \N{SNOWMAN}"
    by_json, by_form = api.sample(mapped, comment=text), api.sample(mapped, comment=text)

    answers = api.put(by_json), api.put_form(by_form)

    comments = [[found.values["comment"] for found in api.found(each)] for each in (by_json, by_form)]
    same = comments[0] == comments[1] and answers[0].status_code == answers[1].status_code
    api.saw("yes" if same else "no")


@asks("unauthenticated")
def test_what_the_401_says(api: Conversation) -> None:
    api.saw(api.send(api.message(b"{}", authorization=None)).text)


@asks("token-basic")
def test_whether_the_token_service_takes_a_basic_header(api: Conversation) -> None:
    authorization = basic(api.target.client_id, api.target.client_secret)

    response = api.send(
        token_request(b"grant_type=client_credentials", authorization=authorization), Service.AUTH
    )

    api.saw("yes" if response.status_code == 200 else f"no: {response.status_code}")


@asks("dialect")
def test_which_version_of_laravel_words_the_errors(api: Conversation) -> None:
    reference = api.means.importable().reference

    response = api.send(api.message(json.dumps({"configuration": reference, "record": "a text"}).encode()))

    text = response.text
    if "must be an array" not in text:
        api.saw("none of those that are known")
    elif "The record field must be" in text:
        api.saw("laravel10")
    else:
        api.saw("laravel8" if "The given data was invalid." in text else "laravel9")


@asks("json-types")
def test_whether_json_numbers_and_booleans_are_taken(api: Conversation) -> None:
    mapped = api.readable("comment", "nps")
    values = (42, 4.5, True)

    fates = {repr(value): _fate(api, api.sample(mapped, comment=value), "comment") for value in values}
    score = _fate(api, api.sample(mapped, nps=9), "nps")

    api.saw(_together([*fates.items(), ("a score", score)]))


@asks("empty-value")
def test_whether_an_empty_value_clears_a_field(api: Conversation) -> None:
    doubled = api.means.doubled()
    sample = api.sample(doubled.mapped, **{doubled.field: None})

    response = api.put(sample.adding(doubled.first, "a value").adding(doubled.second, ""))

    api.saw(_word(api, sample, doubled.field, ("keeps", "clears")) or _refusal(response))


@asks("alias")
def test_whether_an_external_response_finds_an_account_by_its_alias(api: Conversation) -> None:
    alias = api.sample(api.means.mapped(DataType.ACCOUNT_ALIAS))
    external = api.sample(api.readable("account_name"), account_name=alias.value("alias"))

    api.put(alias)
    fate = _fate(api, external, "account_name")

    api.saw(
        "no" if fate == "stored" else "yes" if fate == f"changed to {alias.value('account_name')}" else fate
    )


@asks("email-case")
def test_whether_an_email_keeps_its_case(api: Conversation) -> None:
    mapped = api.readable()
    lower = api.sample(mapped)
    upper = api.sample(mapped, email=str(lower.value("email")).capitalize())

    api.put(lower)
    fate = _fate(api, upper._replace(mark=lower.mark), "email")

    api.saw("kept as sent" if fate == "stored" else fate)


@asks("time-zone")
def test_whether_a_date_comes_back_as_it_was_sent(api: Conversation) -> None:
    sample = api.sample(api.readable("completed_date"), completed_date="2023-07-11 23:34:56")

    fate = _fate(api, sample, "completed_date")

    api.saw("as sent" if fate == "stored" else fate)


@asks("rate-limit")
def test_how_many_requests_a_minute_are_taken(api: Conversation) -> None:
    message = api.message(b"", None)._replace(method="GET", path=RESPONSES, query="per_page=1")

    response = api.send_quietly(message, Service.API)

    api.saw(response.headers.get("x-ratelimit-limit", "off"))


@asks("token-content-type")
def test_how_a_token_request_that_is_not_a_form_is_answered(api: Conversation) -> None:
    body = b'{"grant_type":"client_credentials","client_id":"%s"}' % api.target.client_id.encode()

    response = api.send(token_request(body, JSON), Service.AUTH)

    api.saw({400: "invalid-request"}.get(response.status_code, str(response.status_code)))


@asks("token-status")
def test_the_status_of_a_wrong_secret(api: Conversation) -> None:
    wrong = {"client_id": api.target.client_id, "client_secret": "not-the-secret"}

    response = api.ask_token(grant_type="client_credentials", **wrong)

    api.saw({400: "cognito", 401: "rfc"}.get(response.status_code, str(response.status_code)))


@asks("webhook-answers")
def test_what_a_webhook_answers(api: Conversation) -> None:
    hook = api.means.hook()
    good = hook.named(api.sample(hook.mapped))

    responses = api.call(hook, good), api.call(hook, {"cgmock": "nobody"})

    said = (f"{each.status_code} {json_object(each).get('message', '')}".strip() for each in responses)
    api.saw(", ".join(said))


@asks("webhook-keys")
def test_whether_a_webhook_is_keyed_by_display_names_or_by_headings(api: Conversation) -> None:
    _ = api.readable()
    hook, heading = api.means.odd_hook()
    field = hook.mapped.configuration.fields[heading].name
    sample = api.sample(hook.mapped, **{field: None})

    api.call(hook, {**hook.named(sample), heading: "a value"})

    api.saw(_word(api, sample, field, ("headings", "display-names")) or "neither")


@asks("webhook-query-names")
def test_whether_a_name_with_a_blank_survives_in_a_query_string(api: Conversation) -> None:
    _ = api.readable()
    hook, heading = api.means.blank_hook()
    field = hook.mapped.configuration.fields[heading].name
    sample = api.sample(hook.mapped, **{field: None})

    api.call(hook, hook.named(sample), query=urlencode({heading: "a value"}, quote_via=quote))

    api.saw(_word(api, sample, field, ("restored", "dropped")) or "neither")


@asks("response-shape")
def test_what_a_response_looks_like(api: Conversation) -> None:
    sample = api.full_sample(api.readable())

    api.put(sample)

    found = api.found_once(sample)
    api.note("the response", found.stable)
    api.saw(", ".join(_names(found.whole)))


@asks("when")
def test_whether_a_record_is_stored_before_the_200_is_sent(api: Conversation) -> None:
    sample = api.sample(api.readable())

    api.put(sample)

    api.saw("yes" if api.look_for(sample) else "later" if api.found(sample) else "never")


def _fate(api: Conversation, sample: Sample, field: str) -> str:
    """What becomes of the value of a field, in the words of the policies."""
    response = api.put(sample)
    if response.status_code != httpx.codes.OK:
        return str(response.status_code)
    found = api.found(sample)
    if not found:
        return "accepted-and-failed"
    value, sent = found[-1].values[field], sample.record.get(sample.mapped.headings[field])
    if value is None:
        return "dropped"
    return (
        "stored"
        if value == sent or (isinstance(value, int) and str(value) == sent)
        else f"changed to {value}"
    )


def _word(api: Conversation, sample: Sample, field: str, words: tuple[str, str]) -> str:
    """The first word when `a value` became that of a field, the second when the field is empty, else none."""
    values = [found.values[field] for found in api.found(sample)]
    kept, empty = words
    return kept if values == ["a value"] else empty if values == [None] else ""


def _refusal(response: httpx.Response) -> str:
    return "accepted-and-failed" if response.status_code == httpx.codes.OK else str(response.status_code)


def _needed(response: httpx.Response) -> str:
    return {200: "no", 422: "yes"}.get(response.status_code, str(response.status_code))


def _together(fates: Iterable[tuple[str, str]]) -> str:
    """One word when all have the same fate."""
    told = dict(fates)
    return (
        told.popitem()[1]
        if len(set(told.values())) == 1
        else ", ".join(f"{what}: {fate}" for what, fate in told.items())
    )


def _names(row: object, prefix: str = "") -> list[str]:
    if not isinstance(row, dict):
        return [prefix]
    return [name for key in sorted(row) for name in _names(row[key], f"{prefix}.{key}" if prefix else key)]
