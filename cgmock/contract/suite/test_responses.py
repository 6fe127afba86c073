"""GET Responses: what was recorded, read back.

pytest shows all values of an assertion that fails, so none has a response of somebody else in it.
"""

import re
from urllib.parse import urlencode

import httpx

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation
from cgmock.contract.session import json_object
from cgmock.contract.suite.answers import errors_of
from cgmock.core.behaviours import Behaviour


@shows(Behaviour.RESPONSES_LISTED)
def test_responses_are_listed_oldest_first_one_a_page_and_each_once(api: Conversation) -> None:
    mapped = api.readable()
    *_, (_, cursor) = api.session.pages(api.session.first_cursor, api.check)
    first, second = api.sample(mapped), api.sample(mapped)

    api.put(first)
    api.put(second)

    assert api.found(second)
    pages = [rows for rows, _ in api.session.pages(cursor, api.check, per_page=1)]
    ours = [marks for rows in pages if (marks := api.marks_in(rows))]
    api.note("pages of one", ours)
    assert ours == [[first.mark], [second.mark]]


@shows(Behaviour.RESPONSES_END)
def test_at_the_end_the_cursor_stays_and_finds_newer_responses_later(api: Conversation) -> None:
    sample = api.sample(api.readable())

    api.put(sample)

    assert api.found(sample)
    asked = api.session.first_cursor
    for rows, following in api.session.pages(asked, api.check):
        if not rows:
            assert following == asked
        asked = following
    newer = api.sample(sample.mapped)
    api.put(newer)
    assert api.found(newer)
    later = [mark for rows, _ in api.session.pages(asked, api.check) for mark in api.marks_in(rows)]
    api.note("after the end", later)
    assert later == [newer.mark]


@shows(Behaviour.RESPONSES_SHAPE)
def test_a_response_has_the_technical_names_of_its_fields(api: Conversation) -> None:
    sample = api.sample(api.readable("nps", "first_name", "completed_date"))

    api.put(sample)

    found = api.found_once(sample)
    api.note("the response", found.stable)
    assert type(found.whole["nps"]) is int
    assert {name: found.values[name] for name in ("email", "first_name", "completed_date")} == {
        name: sample.value(name) for name in ("email", "first_name", "completed_date")
    }
    assert found.whole["number_customer"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", str(found.whole["date_creation"]))


@shows(Behaviour.RESPONSES_PERIOD)
def test_a_period_keeps_the_responses_of_its_days(api: Conversation) -> None:
    sample = api.sample(api.readable("completed_date"), completed_date="2001-02-03 04:05:06")

    api.put(sample)

    assert api.found(sample)
    on_the_day = api.marks_in(_rows(api.responses(_period("2001-02-02", "2001-02-03"))))
    a_day_later = api.marks_in(_rows(api.responses(_period("2001-02-04", "2001-02-04"))))
    assert on_the_day == [sample.mark]
    assert a_day_later == []


@shows(Behaviour.RESPONSES_EXPANDED)
def test_what_is_asked_for_with_brackets_is_there_and_empty(api: Conversation) -> None:
    sample = api.sample(api.readable("completed_date"), completed_date="2001-02-05 04:05:06")

    api.put(sample)

    assert api.found(sample)
    response = api.responses(_period("2001-02-05", "2001-02-05") + "&with[]=drivers&with[]=tags")
    ours = [row for row in _rows(response) if api.marks_in([row])]
    assert [(row["drivers"], row["tags"]) for row in ours] == [([], [])]


@shows(Behaviour.RESPONSES_INVALID)
def test_a_parameter_out_of_its_range_is_refused(api: Conversation) -> None:
    _ = api.readable()

    responses = [api.responses(f"per_page={number}") for number in ("0", "1001", "many")]
    period = api.responses("period[field]=nonsense&period[start]=2001-02-03&period[end]=2001-02-03")

    for response in responses:
        assert errors_of(response).keys() == {"per_page"}
    assert errors_of(period).keys() == {"period.field"}


def _period(start: str, end: str) -> str:
    return urlencode(
        {
            "period[field]": "date_survey_response",
            "period[start]": start,
            "period[end]": end,
            "per_page": "1000",
        }
    )


def _rows(response: httpx.Response) -> list[dict[str, object]]:
    rows = json_object(response).get("data")
    assert response.status_code == 200
    assert isinstance(rows, list)
    return rows
