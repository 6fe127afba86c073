"""PUT /records/: what is taken, and what is refused."""

import json
from urllib.parse import urlencode

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation, json_of
from cgmock.contract.session import FORM
from cgmock.contract.suite.answers import assert_accepted, errors_of
from cgmock.core.behaviours import Behaviour

_BOTH = {
    "configuration": ["The configuration field is required."],
    "record": ["The record field is required."],
}


@shows(Behaviour.RECORD_ACCEPTED)
def test_a_record_is_taken_as_json_and_as_a_form_with_200_and_no_body(api: Conversation) -> None:
    mapped = api.means.importable()

    as_json = api.put(api.sample(mapped))
    as_form = api.put_form(api.sample(mapped))

    assert_accepted(as_json)
    assert_accepted(as_form)


@shows(Behaviour.INPUT_REQUIRED)
def test_a_configuration_is_required_wherever_it_stands(api: Conversation) -> None:
    mapped = api.means.importable()
    record = {"record": api.sample(mapped).record}
    in_query = urlencode({"configuration": mapped.reference})

    no_configuration = api.send(api.message(json.dumps(record).encode()))
    blank = api.send(api.message(json.dumps({"configuration": "  ", **record}).encode()))
    beside = api.send(api.message(json.dumps(record).encode())._replace(query=in_query))
    overruled = api.send(
        api.message(json_of(api.sample(mapped)))._replace(query="configuration=cgmock-unknown")
    )

    for response in (no_configuration, blank):
        assert errors_of(response) == {"configuration": _BOTH["configuration"]}
    assert_accepted(beside)
    assert_accepted(overruled)


@shows(Behaviour.RECORD_REQUIRED)
def test_a_record_is_required_and_told_beside_the_configuration(api: Conversation) -> None:
    mapped = api.means.importable()

    neither = api.send(api.message(b"{}"))
    no_form = api.send(api.message(b"", FORM))
    no_record = api.send(api.message(json.dumps({"configuration": mapped.reference}).encode()))
    empty_record = api.send(
        api.message(json.dumps({"configuration": mapped.reference, "record": {}}).encode())
    )

    assert errors_of(neither) == errors_of(no_form) == _BOTH
    for response in (no_record, empty_record):
        assert errors_of(response) == {"record": _BOTH["record"]}


@shows(Behaviour.BODY_UNREAD)
def test_a_body_that_cannot_be_read_counts_as_empty(api: Conversation) -> None:
    body = json_of(api.sample(api.means.importable()))

    responses = [
        api.send(api.message(body[:-1])),
        api.send(api.message(body[:-1] + b",}")),
        api.send(api.message(b"\xef\xbb\xbf" + body)),
        api.send(api.message(body.replace(b"cgmock", b"cgm\xf6ck"))),
        api.send(api.message(body, FORM)),
        api.send(api.message(body, "text/plain")),
        api.send(api.message(body, None)),
    ]

    for response in responses:
        assert errors_of(response) == _BOTH


@shows(Behaviour.RECORD_NOT_ARRAY)
def test_a_record_that_is_no_object_is_refused(api: Conversation) -> None:
    mapped = api.means.importable()

    response = api.send(
        api.message(json.dumps({"configuration": mapped.reference, "record": "a text"}).encode())
    )

    (message,) = errors_of(response)["record"]
    assert message in {"The record must be an array.", "The record field must be an array."}


@shows(Behaviour.CONFIGURATION_UNKNOWN)
def test_a_record_for_an_unknown_configuration_is_not_stored(api: Conversation) -> None:
    sample = api.sample(api.readable())

    response = api.put(sample, configuration="cgmock-unknown")

    if response.status_code == 422:
        assert errors_of(response).keys() == {"configuration"}
    else:
        assert response.status_code in {404, 200}
    assert api.found(sample) == ()


@shows(Behaviour.FIELD_REQUIRED)
def test_a_record_without_a_required_field_is_not_stored(api: Conversation) -> None:
    mapped = api.readable()
    sample = api.sample(mapped, email=None)

    response = api.put(sample)

    if response.status_code == 422:
        identifiers = {
            f"record.{mapped.headings[name]}" for name in ("email", "phone") if name in mapped.headings
        }
        assert set(errors_of(response)) & identifiers
    else:
        assert_accepted(response)
    assert api.found(sample) == ()


@shows(Behaviour.RECORD_FAILED)
def test_nothing_of_a_record_that_fails_is_stored(api: Conversation) -> None:
    failing = api.sample(api.readable(), email=None)
    good = api.sample(failing.mapped)

    api.put(failing)
    api.put(good)

    assert len(api.found(good)) == 1
    assert api.found(failing) == ()
