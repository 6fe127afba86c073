"""Parity: a second fake plays the live service, with other policies and another dialect."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from click.testing import CliRunner

from cgmock import seeds
from cgmock.cli import cgmock
from cgmock.contract import ledger
from cgmock.contract.ledger import Entry, Unreadable
from cgmock.contract.parity import Report, Row, Status, compare, difference, replay
from cgmock.contract.policies import as_toml, derived
from cgmock.contract.reports import FORMATS
from cgmock.contract.session import Session
from cgmock.contract.suite import checks
from cgmock.core.messages import Request, Response
from cgmock.core.questions import QUESTIONS
from cgmock.core.tenant import (
    BadValue,
    Dialect,
    Policies,
    Refusal,
    Tenant,
    UnknownConfiguration,
    UnknownTouchpoint,
)
from cgmock.live.network import Network
from cgmock.live.rails import Guard, Rails
from cgmock.live.results import Result, Verdict
from cgmock.live.target import Target
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from tests.unit.contract.fakes import (
    ACME,
    OTHER_POLICIES,
    SEED,
    Handler,
    Mutant,
    results,
    session,
    with_policies,
)

TODAY = date(2026, 11, 24)
Ledger = dict[str, Entry | Unreadable]


def entries(found: Mapping[str, Result], target: Target, day: date = TODAY) -> Ledger:
    """What results leave in a ledger."""
    return {name: ledger.entry(each, target, day.isoformat()) for name, each in found.items()}


def seen_of(mock: MockAPI, tenant: Tenant, run: str = "abcd1234") -> Ledger:
    """The ledger of a run against a mock of this process."""
    chosen = session(mock, tenant, run)
    return entries({each.id: each for each in results(chosen)}, chosen.target)


@pytest.fixture(scope="module")
def live() -> Ledger:
    """The ledger of a run over HTTP against a service with other policies, by the seed with the default ones."""
    mock = MockAPI([with_policies(OTHER_POLICIES)])
    with live_server(mock) as server:
        urls = {f"CG_{name}_URL": server.url for name in ("AUTH", "IMPORTS", "API")}
        credentials = {"CG_CLIENT_ID": "acme-crm", "CG_CLIENT_SECRET": "acme-secret+/&"}
        clock = mock.store.hosted("acme").clock
        target = Target.live(ACME, {**urls, **credentials})
        clock.advance(-7200)
        grant = {
            "grant_type": "client_credentials",
            "client_id": "acme-crm",
            "client_secret": "acme-secret+/&",
        }
        token = httpx.post(f"{server.url}/oauth2/token", data=grant).json()["access_token"]
        clock.advance(7200)
        target = replace(target, expired_token=token)
        guard = Guard(Network(), target, Rails(allow_invitations=True))
        chosen = Session(target, guard, "abcd1234", sleep=clock.advance)
        return entries({each.id: each for each in results(chosen)}, target)


@pytest.fixture(scope="module")
def mine() -> tuple[Result, ...]:
    """What the mock does."""
    return tuple(replay(ACME))


@pytest.fixture
def same(mine: tuple[Result, ...]) -> Ledger:
    """A ledger that has seen what the mock does."""
    return entries({each.id: each for each in mine}, Target.at("http://localhost", ACME))


def statuses(report: Report) -> dict[str, Status]:
    """The status of each row."""
    return {row.id: row.status for row in report.rows}


def test_a_mock_is_the_same_as_itself(mine: tuple[Result, ...]) -> None:
    report = compare(seen_of(MockAPI([ACME]), ACME), mine, TODAY)

    assert set(statuses(report).values()) == {Status.SAME}
    assert report.exit_code == 0


def test_each_behaviour_and_each_question_is_compared_once(mine: tuple[Result, ...]) -> None:
    report = compare({}, mine, TODAY)

    assert [row.id for row in report.rows] == [check.id for check in checks()]


def test_a_service_with_other_policies_differs(live: Ledger, mine: tuple[Result, ...]) -> None:
    report = compare(live, mine, TODAY)

    found = statuses(report)
    assert report.exit_code == 1
    assert found["records.accepted"] is Status.SAME
    assert {each for each, status in found.items() if status is Status.DIFFERS} > {
        "unknown-configuration",
        "heading-case",
        "dialect",
        "token-status",
        "http.redirect",
    }
    row = next(row for row in report.rows if row.id == "token-status")
    assert row.reason == "step 1, answered.status: 401 there, 400 here"


def test_as_policies_tells_exactly_the_policies_of_the_service(live: Ledger) -> None:
    (tenant,) = seeds.loads("[[tenants]]\nname = 'live'\n" + "\n".join(as_toml(live)))

    assert tenant.policies == OTHER_POLICIES


def test_with_these_policies_all_is_the_same(live: Ledger) -> None:
    (told,) = seeds.loads("[[tenants]]\nname = 'live'\n" + "\n".join(as_toml(live)))

    report = compare(live, replay(with_policies(told.policies)), TODAY)

    assert [row for row in report.rows if row.status is not Status.SAME] == []


@pytest.mark.parametrize(
    "policies",
    [
        Policies(
            missing_required_field=Refusal.ACCEPTED_AND_FAILED,
            unknown_configuration=UnknownConfiguration.DROPPED,
        ),
        Policies(
            bad_value=BadValue.UNPROCESSABLE,
            unknown_touchpoint=UnknownTouchpoint.UNPROCESSABLE,
            dialect=Dialect.LARAVEL9,
        ),
    ],
    ids=["in silence", "aloud"],
)
def test_as_policies_tells_the_other_values_too(policies: Policies) -> None:
    told = {each.policy: each.value for each in derived(seen_of(MockAPI([with_policies(policies)]), ACME))}

    names = ("missing_required_field", "unknown_configuration", "bad_value", "unknown_touchpoint", "dialect")
    assert {name: told[name] for name in names} == {name: getattr(policies, name) for name in names}
    assert told["rate_limit"] == "off"


def test_what_cannot_be_told_is_a_comment(same: Ledger) -> None:
    bad_score = same["bad-score"]
    assert isinstance(bad_score, Entry)
    same["bad-score"] = bad_score._replace(answer="422")
    same["dialect"] = bad_score._replace(id="dialect", answer="none of those that are known")
    del same["webhook-keys"]

    lines = list(as_toml(same))

    assert lines[0] == "[tenants.policies]"
    assert "# webhook_keys: not seen: webhook-keys" in lines
    assert "# dialect: none of those that are known is none of laravel8, laravel9, laravel10" in lines
    (mixed,) = (line for line in lines if line.startswith("# bad_value"))
    assert mixed.startswith("# bad_value: bad-score saw 422; date-forms saw accepted-and-failed; ")
    assert tomllib.loads("\n".join(lines))["tenants"]["policies"]["heading_case"] == "sensitive"


def _ignoring_blanks(handle: Handler, request: Request) -> Response:
    body = request.body.replace(b" Comment ", b"Comment")
    return handle(
        request._replace(body=body, length=len(body) if len(body) != len(request.body) else request.length)
    )


def _louder(handle: Handler, request: Request) -> Response:
    response = handle(request)
    return response._replace(body=response.body.replace(b"required", b"needed"))


@pytest.mark.parametrize(
    ("change", "flipped"),
    [(_ignoring_blanks, {"value.trimmed"}), (_louder, {"records.required", "records.unread-body"})],
)
def test_a_changed_behaviour_flips_its_row(
    change: Callable[[Handler, Request], Response], flipped: set[str], mine: tuple[Result, ...]
) -> None:
    report = compare(seen_of(Mutant(ACME, change), ACME), mine, TODAY)

    assert {row.id for row in report.rows if row.status is Status.DIFFERS} >= flipped


def test_a_policy_of_the_mock_flips_its_questions(same: Ledger) -> None:
    other = replace(ACME.policies, bad_value=BadValue.STORED)

    report = compare(same, replay(with_policies(other)), TODAY)

    differing = {row.id for row in report.rows if row.status is Status.DIFFERS}
    assert differing == {"value.bad", "bad-score", "date-forms", "long-value", "bad-phone", "flag-forms"}


@pytest.mark.parametrize(
    ("entry", "status", "reason"),
    [
        (None, Status.NOT_RUN, "the ledger has no entry of it"),
        (
            Unreadable("token.keys", "token.keys.json is no entry"),
            Status.COULD_NOT_CHECK,
            "token.keys.json is no entry",
        ),
        (Result("token.keys", Verdict.NOT_RUN, "no means"), Status.NOT_RUN, "no means"),
        (Result("token.keys", Verdict.COULD_NOT_CHECK, "no answer"), Status.COULD_NOT_CHECK, "no answer"),
        (
            Result(
                "token.keys",
                Verdict.PASSED,
                evidence=[{"asked": {"path": "/old"}, "answered": {"status": 200}}],
            ),
            Status.COULD_NOT_CHECK,
            "other requests were sent then: run it again, or give the seed of that run",
        ),
        (
            Result("token.keys", Verdict.PASSED),
            Status.COULD_NOT_CHECK,
            "more or fewer requests were sent then: run it again",
        ),
        (
            Result(
                "token.keys",
                Verdict.FAILED,
                "no keys",
                evidence=[{"the status and whether there are keys": [200, True]}],
            ),
            Status.DIFFERS,
            "failed there (no keys), passed here ()",
        ),
        (
            Result(
                "token.keys",
                Verdict.FAILED,
                evidence=[{"the status and whether there are keys": [404, False]}],
            ),
            Status.DIFFERS,
            "step 1, the status and whether there are keys.1: 404 there, 200 here",
        ),
    ],
)
def test_what_shows_nothing_is_never_the_same(
    entry: Result | Unreadable | None, status: Status, reason: str, mine: tuple[Result, ...]
) -> None:
    seen: Ledger = {}
    if isinstance(entry, Unreadable):
        seen["token.keys"] = entry
    elif entry is not None:
        seen = entries({"token.keys": entry}, Target.at("http://localhost", ACME))

    (row,) = (row for row in compare(seen, mine, TODAY).rows if row.id == "token.keys")

    assert (row.status, row.reason) == (status, reason)


@pytest.mark.parametrize(
    ("day", "max_age", "status"),
    [
        (date(2026, 11, 14), 10, Status.SAME),
        (date(2026, 11, 13), 10, Status.EXPIRED),
        (date(2026, 11, 13), None, Status.SAME),
        (date(2026, 11, 24), 0, Status.SAME),
        (date(2026, 11, 13), 999_999, Status.SAME),
    ],
)
def test_an_entry_expires(
    day: date, max_age: int | None, status: Status, mine: tuple[Result, ...], same: Ledger
) -> None:
    entry = same["token.issued"]
    assert isinstance(entry, Entry)
    seen: Ledger = {"token.issued": entry._replace(date=day.isoformat())}

    (row,) = (row for row in compare(seen, mine, TODAY, max_age).rows if row.id == "token.issued")

    assert row.status is status


def test_what_the_mock_cannot_show_could_not_be_checked(same: Ledger) -> None:
    without = replay(replace(ACME, webhooks={}))

    (row,) = (row for row in compare(same, without, TODAY).rows if row.id == "webhook.called")

    assert row.status is Status.COULD_NOT_CHECK
    assert row.reason.startswith("the mock cannot show it: the seed has no active webhook")


def test_an_entry_of_no_check_is_told(mine: tuple[Result, ...]) -> None:
    seen: Ledger = {"heading.gone": Unreadable("heading.gone", "")}

    *_, row = compare(seen, mine, TODAY).rows

    assert row == Row("heading.gone", "", Status.COULD_NOT_CHECK, "no check has this id")


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((), 0),
        ((Status.SAME,), 0),
        ((Status.SAME, Status.NOT_RUN), 3),
        ((Status.COULD_NOT_CHECK,), 3),
        ((Status.EXPIRED, Status.SAME), 3),
        ((Status.EXPIRED, Status.DIFFERS), 1),
    ],
)
def test_the_exit_code_says_what_was_found(statuses: tuple[Status, ...], code: int) -> None:
    assert Report(tuple(Row("token.keys", "documented", each) for each in statuses)).exit_code == code


@pytest.mark.parametrize(
    ("there", "here", "found"),
    [
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "x"}]}, ""),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, "a.2.b: 'x' there, 'y' here"),
        ({"a": 1}, {"b": 1}, "a: 1 there, None here"),
        ({}, {"b": 1}, "b: None there, 1 here"),
        ([1], [1, 2], ": [1] there, [1, 2] here"),
        ({"a": 1}, {"a": True}, "a: 1 there, True here"),
        ({"a": "x" * 200}, {"a": ""}, f"a: '{'x' * 119}… there, '' here"),
    ],
)
def test_a_difference_says_where_it_is(there: object, here: object, found: str) -> None:
    assert difference(there, here) == found


ROWS = (
    Row("token.issued", "documented", Status.SAME, "", "2026-11-24", "live https://x"),
    Row("heading.case", "assumed", Status.DIFFERS, "a | b\x00\nc", "2026-11-24", "live https://x"),
    Row("dialect", "question", Status.COULD_NOT_CHECK, "no <answer> & no more"),
    Row("when", "question", Status.NOT_RUN, "no means"),
    Row("alias", "question", Status.EXPIRED, "old", "2020-01-01", "live https://x"),
)


def test_all_formats_tell_the_same() -> None:
    report = Report(ROWS)
    text, document, xml, markdown = (FORMATS[name](report) for name in ("text", "json", "junit", "markdown"))

    expected = {row.id: row.status.value for row in ROWS}
    assert {
        line.split()[1]: line.split()[0] for line in text.splitlines()[:5] if line[0].isupper()
    } == expected
    assert {row["id"]: row["status"] for row in json.loads(document)["rows"]} == expected
    cases = ET.fromstring(xml).iter("testcase")  # noqa: S314  (our own)
    assert {case.get("name"): case[0].get("type") if len(case) else "SAME" for case in cases} == expected
    rows = [line.split(" | ") for line in markdown.splitlines() if line.startswith("| `")]
    assert {cells[0].strip("| `"): cells[2] for cells in rows} == expected
    assert (
        text.splitlines()[-1]
        == markdown.splitlines()[-1]
        == "1 SAME, 1 DIFFERS, 1 COULD_NOT_CHECK, 1 NOT_RUN, 1 EXPIRED"
    )
    assert json.loads(document)["counts"] == dict.fromkeys(Status, 1)
    (suite,) = ET.fromstring(xml)  # noqa: S314  (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "1", "3")


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of `cgmock parity`, and what it printed."""
    result = CliRunner().invoke(cgmock, ["parity", "--seed", str(SEED), *arguments])
    return result.exit_code, result.output


def kept(seen: Ledger, folder: Path) -> str:
    """The folder of a ledger, as an option."""
    for each in seen.values():
        assert isinstance(each, Entry)
        ledger.write(folder, each)
    return str(folder)


def test_the_command_compares_a_ledger_with_the_mock(live: Ledger, tmp_path: Path) -> None:
    code, output = run("--ledger", kept(live, tmp_path))

    assert code == 1
    assert "DIFFERS          token-status [question]: step 1, answered.status: 401 there, 400 here" in output


def test_the_command_prints_policies(live: Ledger, tmp_path: Path) -> None:
    code, output = run("--ledger", kept(live, tmp_path), "--as-policies")

    assert code == 0
    assert output.splitlines()[:2] == ["[tenants.policies]", 'unknown_configuration = "404"']
    assert output.splitlines()[-1] == "rate_limit = 75"


def test_the_command_ends_with_3_when_nothing_was_seen(tmp_path: Path) -> None:
    code, output = run("--ledger", str(tmp_path), "--max-age", "30", "--format", "json")

    assert code == 3
    assert json.loads(output)["counts"]["NOT_RUN"] == len(checks())


def test_the_command_needs_a_ledger(tmp_path: Path) -> None:
    code, output = run("--ledger", str(tmp_path / "none"))

    assert code == 2
    assert "does not exist" in output


def test_every_question_with_a_policy_is_asked_in_its_words(same: Ledger) -> None:
    policies = {question.policy for question in QUESTIONS if question.policy}

    told = {each.policy for each in derived(same) if each.value is not None}

    assert told == policies
