import json
import time
from typing import Any

import pytest

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request
from cgmock.core.outcome import Fate, Notice, Values
from cgmock.core.routing import decide
from cgmock.core.tenant import Dialect
from tests.acme import JSON, NOW, FakeData, tenant, view

PATH = "/v7/rest/sync/responses"
JOE: Values = {
    "email": "joe@example.com",
    "first_name": "Joe",
    "account_name": "ACME",
    "nps": 9,
    "completed_date": "2023-05-11 00:00:00",
    "segment:Sales Region": "North",
    "job_title": "Buyer",
}
JANE: Values = {"phone": "1", "completed_date": "2023-05-12 23:59:59"}
NOBODY: Values = {"email": "x@y.z"}
THREE = FakeData(recorded=[JOE, JANE, NOBODY])


def ask(query: str = "", **changes: object) -> Request:
    """A request for responses."""
    headers = {"authorization": "Bearer signed", "accept": JSON}
    request = Request("GET", PATH, query, headers)
    return request._replace(**changes)  # type: ignore[arg-type]


def answered(query: str = "", data: FakeData = THREE) -> Any:
    """The body of the answer."""
    response = decide(view(data=data), ask(query), NOW).response
    assert response.status == 200
    return json.loads(response.body)


def numbers(query: str) -> list[int]:
    """The numbers of the responses on a page."""
    return [row["number_customergauge"] for row in answered(query)["data"]]


def errors(query: str) -> dict[str, list[str]]:
    """The errors of a 422."""
    outcome = decide(view(data=THREE), ask(query), NOW)
    assert outcome.response.status == 422
    assert outcome.behaviours == (Behaviour.RESPONSES_INVALID,)
    return json.loads(outcome.response.body)["errors"]  # type: ignore[no-any-return]


def test_a_response_has_technical_names_and_null_where_it_is_empty() -> None:
    row, *_ = answered()["data"]

    assert row == {
        "number_customergauge": 1,
        "date_creation": "2023-11-14 22:13:21",
        "contact": {"first_name": "Joe", "last_name": None},
        "account": {"name": "ACME"},
        "number_customer": None,
        "email": "joe@example.com",
        "phone": None,
        "nps": 9,
        "comment": None,
        "date_order": None,
        "date_sent": None,
        "date_survey_response": "2023-05-11 00:00:00",
        "touchpoint": None,
        "division": None,
        "segment_sales_region": "North",
        "job_title": "Buyer",
    }


def test_a_segment_with_a_dot_in_its_name_is_no_object() -> None:
    dotted = FakeData(recorded=[{"segment:Region": "North", "segment:Region.Sub No": "1"}])

    (row,) = answered(data=dotted)["data"]

    assert (row["segment_region"], row["segment_region_sub_no"]) == ("North", "1")


def test_what_was_recorded_under_another_name_keeps_it() -> None:
    (row,) = answered(data=FakeData(recorded=[{"channel": "web"}]))["data"]

    assert row["channel"] == "web"


def test_pages_come_oldest_first_and_each_says_where_to_go_on() -> None:
    first = answered("per_page=2")
    second = answered(f"per_page=2&cursor={first['cursor']['next']}")
    end = answered(f"per_page=2&cursor={second['cursor']['next']}")

    assert [[row["number_customergauge"] for row in page["data"]] for page in (first, second, end)] == [
        [1, 2],
        [3],
        [],
    ]
    assert [page["cursor"]["next"] for page in (first, second, end)] == [2, 3, 3]


def test_the_end_is_a_behaviour_of_its_own() -> None:
    outcome = decide(view(data=THREE), ask("cursor=3"), NOW)

    assert outcome.behaviours == (Behaviour.RESPONSES_END, Behaviour.RESPONSES_SHAPE)


def test_without_per_page_there_are_a_thousand() -> None:
    assert len(answered(data=FakeData(recorded=[NOBODY] * 1001))["data"]) == 1000


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("date_survey_response 2023-05-11 2023-05-11", [1]),
        ("date_survey_response 2023-05-11 2023-05-12", [1, 2]),
        ("date_survey_response 2023-05-12 2023-05-12", [2]),
        ("date_survey_response 2023-05-13 2023-05-10", []),
        ("date_creation 2023-11-14 2023-11-14", [1, 2, 3]),
        ("date_sent 0001-01-01 9999-12-31", []),
    ],
)
def test_a_period_keeps_what_happened_on_one_of_its_days(period: str, found: list[int]) -> None:
    field, start, end = period.split()

    assert numbers(f"period[field]={field}&period[start]={start}&period[end]={end}") == found


def test_a_period_is_a_behaviour_of_its_own() -> None:
    query = "period[field]=date_sent&period[start]=2023-01-01&period[end]=2023-01-02"

    outcome = decide(view(data=THREE), ask(query), NOW)

    assert Behaviour.RESPONSES_PERIOD in outcome.behaviours


def test_a_page_with_responses_is_a_behaviour_of_its_own() -> None:
    outcome = decide(view(data=THREE), ask(), NOW)

    assert outcome.behaviours == (Behaviour.RESPONSES_LISTED, Behaviour.RESPONSES_SHAPE)


def test_a_page_may_have_a_thousand() -> None:
    assert len(answered("per_page=1000", FakeData(recorded=[NOBODY] * 1001))["data"]) == 1000


def test_times_are_in_utc_wherever_the_fake_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()

    row, *_ = answered()["data"]

    monkeypatch.undo()
    time.tzset()
    assert row["date_creation"] == "2023-11-14 22:13:21"


def test_what_is_asked_for_with_with_is_there_and_empty_and_noted() -> None:
    outcome = decide(view(data=THREE), ask("with[]=drivers&with[]=tags&with[]=moods&per_page=1"), NOW)

    (row,) = json.loads(outcome.response.body)["data"]
    assert (row["drivers"], row["tags"], "moods" in row, "questions" in row) == ([], [], False, False)
    reason = "no record can write it, so the fake has none"
    assert outcome.notices == tuple(
        Notice(None, Fate.IGNORED, Behaviour.RESPONSES_EXPANDED, field=name, reason=reason)
        for name in ("drivers", "tags")
    )


@pytest.mark.parametrize("query", ["with=drivers", "with[]=", "cursor=-5", "period="])
def test_what_says_nothing_is_passed_over(query: str) -> None:
    assert numbers(query) == [1, 2, 3]


@pytest.mark.parametrize(("cursor", "expected"), [(2**63 - 1, []), (-(2**63), [1, 2, 3])])
def test_every_integer_that_php_has_is_a_cursor(cursor: int, expected: list[int]) -> None:
    assert numbers(f"cursor={cursor}") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cursor=", {"cursor": ["The cursor must be an integer."]}),
        (
            "per_page=+",
            {"per_page": ["The per page must be an integer.", "The per page must be between 1 and 1000."]},
        ),
        ("per_page=0", {"per_page": ["The per page must be between 1 and 1000."]}),
        ("per_page=1001", {"per_page": ["The per page must be between 1 and 1000."]}),
        ("per_page=ten", {"per_page": ["The per page must be an integer."]}),
        ("per_page=1.0", {"per_page": ["The per page must be an integer."]}),
        ("cursor[]=1", {"cursor": ["The cursor must be an integer."]}),
        (f"cursor={2**63}", {"cursor": ["The cursor must be an integer."]}),
        (
            "per_page=x&cursor=y",
            {"per_page": ["The per page must be an integer."], "cursor": ["The cursor must be an integer."]},
        ),
        (
            "period[field]=nps&period[start]=2023-05-1&period[end]=2023-02-30",
            {
                "period.field": ["The selected period.field is invalid."],
                "period.start": ["The period.start does not match the format Y-m-d."],
                "period.end": ["The period.end does not match the format Y-m-d."],
            },
        ),
        (
            "period=2023",
            {
                "period.field": ["The period.field field is required."],
                "period.start": ["The period.start field is required."],
                "period.end": ["The period.end field is required."],
            },
        ),
        (
            "period[field]=date_sent&period[start][]=1&period[end]=2023-01-01",
            {"period.start": ["The period.start does not match the format Y-m-d."]},
        ),
    ],
)
def test_every_parameter_out_of_its_range_is_named(query: str, expected: dict[str, list[str]]) -> None:
    assert errors(query) == expected


def test_the_errors_are_worded_in_the_dialect() -> None:
    of = view(tenant(dialect=Dialect.LARAVEL10), THREE)

    response = decide(of, ask("per_page=0"), NOW).response

    assert json.loads(response.body) == {
        "message": "The per page field must be between 1 and 1000.",
        "errors": {"per_page": ["The per page field must be between 1 and 1000."]},
    }


def test_without_a_good_token_nothing_is_shown() -> None:
    assert decide(view()._replace(claims=None), ask(), NOW).response.status == 401


def test_head_gets_the_headers_alone() -> None:
    response = decide(view(data=THREE), ask(method="HEAD"), NOW).response

    assert (response.status, response.body) == (200, b"")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_responses_are_only_read(method: str) -> None:
    response = decide(view(), ask(method=method), NOW).response

    assert response.status == 405
    assert ("Allow", "GET, HEAD") in response.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("api.eu.customergauge.com", 200),
        ("api.us.customergauge.com", 401),
        ("imports.api.eu.customergauge.com", 404),
    ],
)
def test_responses_are_read_on_the_api_host_of_the_region(host: str, status: int) -> None:
    request = ask(headers={**ask().headers, "host": host})

    assert decide(view(), request, NOW).response.status == status
