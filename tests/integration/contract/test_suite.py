"""The suite passes on a right fake, says what it cannot show, and leaves evidence that can be kept."""

import json
from urllib.parse import parse_qsl

import httpx
import pytest

from cgmock import seeds
from cgmock.contract.checks import CHECKS
from cgmock.contract.local import in_process
from cgmock.contract.session import Session
from cgmock.contract.suite import checks
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.questions import QUESTIONS
from cgmock.core.tenant import Tenant
from cgmock.live.rails import Guard, Rails
from cgmock.live.results import Verdict
from cgmock.live.target import Kind, Target
from cgmock.mock_api import MockAPI
from tests.unit.contract.fakes import (
    ACME,
    OTHER_POLICIES,
    Handler,
    Mutant,
    local_target,
    results,
    session,
    with_policies,
)

PLACE = "http://localhost"


def test_every_behaviour_and_every_open_question_has_one_function() -> None:
    ids = [check.id for check in checks()]

    assert sorted(ids) == sorted([*(each.id for each in Behaviour), *(each.id for each in QUESTIONS)])
    assert len(ids) == len(CHECKS)


@pytest.mark.parametrize(
    "tenant", [ACME, with_policies(OTHER_POLICIES)], ids=["default policies", "other policies"]
)
def test_a_right_fake_passes_whatever_its_policies(tenant: Tenant) -> None:
    found = tuple(results(session(MockAPI([tenant]), tenant)))

    assert [each for each in found if each.verdict not in {Verdict.PASSED, Verdict.RECORDED}] == []
    assert all(each.answer for each in found if each.verdict is Verdict.RECORDED)


def test_the_demo_gives_means_to_show_all_but_two_behaviours() -> None:
    (demo,) = seeds.demo()

    found = {each.id: each for each in results(session(MockAPI([demo]), demo))}

    silent = {name: each.reason for name, each in found.items() if each.verdict is Verdict.NOT_RUN}
    assert silent == {
        "record.misplaced-field": "the seed maps no heading of an external_response to a field of another data type",
        "rate.limited": "the target tells of no limit, or of one over 1000",
    }


def test_what_an_empty_tenant_cannot_show_is_not_run_and_says_why() -> None:
    empty = Tenant(name="empty", connected_apps=ACME.connected_apps)

    found = tuple(results(session(MockAPI([empty]), empty)))

    silent = [each for each in found if each.verdict is Verdict.NOT_RUN]
    assert {each.verdict for each in found} == {Verdict.PASSED, Verdict.RECORDED, Verdict.NOT_RUN}
    assert len(silent) > 50
    assert all(each.reason.startswith(("the seed ", "the target ")) for each in silent)


def test_the_evidence_is_the_same_in_every_run() -> None:
    first = [each.evidence for each in results(session(MockAPI([ACME]), run="11111111"))]
    second = [each.evidence for each in results(session(MockAPI([ACME]), run="22222222"))]

    assert first == second


def test_the_evidence_holds_no_secret_and_no_token() -> None:
    chosen = session(MockAPI([ACME]))
    found = json.dumps([each._asdict() for each in results(chosen)])

    secrets = (
        *ACME.secrets,
        "acme-secret%2B",
        chosen.token,
        chosen.target.expired_token or "",
        "acme-crm",
        "acme-shop",
    )
    assert [secret for secret in secrets if secret in found] == []


def test_every_record_is_marked_with_the_run() -> None:
    bodies: list[bytes] = []

    def note(handle: Handler, request: Request) -> Response:
        if b"example.com" in request.body or b"First Name" in request.body:
            bodies.append(request.body)
        return handle(request)

    list(results(session(Mutant(ACME, note), run="abcd1234")))

    assert len(bodies) > 80
    assert [body for body in bodies if b"abcd1234" not in body] == []


def test_a_target_without_responses_is_told_so() -> None:
    def blind(handle: Handler, request: Request) -> Response:
        return Response(404) if request.path.endswith("/responses") else handle(request)

    found = {each.id: each for each in results(session(Mutant(ACME, blind)))}

    assert found["records.accepted"].verdict is Verdict.PASSED
    assert found["heading.stored"].verdict is Verdict.NOT_RUN
    assert found["heading.stored"].reason == (
        "the target shows no responses: GET /v7/rest/sync/responses was answered with 404"
    )


def test_without_a_token_nothing_can_be_checked() -> None:
    def tokenless(handle: Handler, request: Request) -> Response:
        return Response(500) if request.path == "/oauth2/token" else handle(request)

    mock = Mutant(ACME, tokenless)
    target = local_target(PLACE)
    found = {each.id: each for each in results(Session(target, in_process(mock), "abcd1234"))}

    assert found["token.issued"].verdict is Verdict.FAILED
    assert found["records.accepted"].verdict is Verdict.COULD_NOT_CHECK
    assert found["records.accepted"].reason == "the token service answered 500 without a token"


@pytest.mark.parametrize(
    ("error", "reason", "tried"),
    [
        (httpx.ConnectError("no"), "the host localhost cannot be reached", 1),
        (httpx.ConnectTimeout("no"), "the host localhost cannot be reached", 1),
        (httpx.ReadTimeout("no"), "no answer came (ReadTimeout)", None),
    ],
)
def test_a_target_that_cannot_be_reached_could_not_be_checked_and_is_tried_once(
    error: httpx.TransportError, reason: str, tried: int | None
) -> None:
    requests: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        raise error

    found = tuple(results(Session(local_target(PLACE), httpx.MockTransport(fail), "abcd1234")))

    assert {each.reason for each in found if each.verdict is Verdict.COULD_NOT_CHECK} >= {reason}
    assert {each.verdict for each in found} <= {Verdict.COULD_NOT_CHECK, Verdict.NOT_RUN}
    assert tried in {len(requests), None}


def test_a_live_system_is_spared_what_would_harm_it() -> None:
    target = Target.live(ACME, {"CG_CLIENT_ID": "acme-crm", "CG_CLIENT_SECRET": "acme-secret+/&"})
    mock = MockAPI([ACME])
    rails = Rails(hosts=target.hosts)
    chosen = Session(
        target,
        Guard(in_process(mock), target, rails),
        "abcd1234",
        sleep=mock.store.hosted("acme").clock.advance,
    )

    found = {each.id: each for each in results(chosen)}

    silent = {name: each.reason for name, each in found.items() if each.verdict is Verdict.NOT_RUN}
    assert silent == {
        "token.secret-in-query": "it would put the client secret into the logs of a live system",
        "auth.expired": "there is no token that has expired: put one of the client's into CG_EXPIRED_TOKEN",
        "http.incomplete": "it would leave a broken connection with another machine",
        "auth.region": "the host imports.api.au.customergauge.com is not allowed: --allow-host imports.api.au.customergauge.com",
        "import.invitation": "it would send real mail: --allow-invitations",
        "import.auto-populated": "it would send real mail: --allow-invitations",
        "multi-object-account": "it would send real mail: --allow-invitations",
        "rate.limited": "it would use up the limit of a live system",
    }
    assert {each.verdict for each in found.values()} == {Verdict.PASSED, Verdict.RECORDED, Verdict.NOT_RUN}


def test_what_is_written_late_is_looked_for_with_patience() -> None:
    waited: list[float] = []

    def late(handle: Handler, request: Request) -> Response:
        response = handle(request)
        if request.path.endswith("/responses") and b"when" in response.body and not waited:
            return Response(200, response.headers, b'{"data":[],"cursor":{"next":0}}')
        return response

    mock = Mutant(ACME, late)
    target = local_target(PLACE)
    patient = Session(target, in_process(mock), "abcd1234", patience=5.0, sleep=waited.append)
    (found,) = results(patient, only=lambda each: each.id == "when")

    assert found.answer == "later"
    assert waited == [1.0]


def test_another_fake_has_one_host_for_all_regions() -> None:
    chosen = Session(local_target(PLACE), in_process(MockAPI([ACME])), "abcd1234")
    (found,) = results(chosen, only=lambda each: each.id == "auth.region")

    assert chosen.target.kind is Kind.URL
    assert found.reason == "the target has one host for all regions"


def test_responses_without_an_end_are_not_read_to_it() -> None:
    def endless(handle: Handler, request: Request) -> Response:
        if not request.path.endswith("/responses"):
            return handle(request)
        cursor = int(dict(parse_qsl(request.query)).get("cursor", "0"))
        return Response(200, (), json.dumps({"data": [{}], "cursor": {"next": cursor + 1}}).encode())

    (found,) = results(session(Mutant(ACME, endless)), only=lambda each: each.id == "heading.stored")

    assert found.reason == "there are more than 50000 new responses: too many to read"


def test_words_that_no_dialect_has_are_told() -> None:
    def wordless(handle: Handler, request: Request) -> Response:
        response = handle(request)
        return response._replace(body=response.body.replace(b"must be an array", b"is no array"))

    (found,) = results(session(Mutant(ACME, wordless)), only=lambda each: each.id == "dialect")

    assert (found.verdict, found.answer) == (Verdict.RECORDED, "none of those that are known")


def test_a_fake_that_stores_nothing_is_told_so() -> None:
    def forgetful(handle: Handler, request: Request) -> Response:
        return Response(200) if request.path == "/records/" else handle(request)

    (found,) = results(session(Mutant(ACME, forgetful)), only=lambda each: each.id == "heading.stored")

    assert (found.verdict, found.reason) == (Verdict.FAILED, "0 responses were recorded, not one")


def test_an_answer_of_an_unforeseen_shape_is_a_failure() -> None:
    def shapeless(handle: Handler, request: Request) -> Response:
        return handle(request)._replace(headers=())

    (found,) = results(session(Mutant(ACME, shapeless)), only=lambda each: each.id == "http.options")

    assert (found.verdict, found.reason) == (Verdict.FAILED, "KeyError: 'allow'")


def test_a_busy_tenant_is_no_hindrance_and_its_people_are_never_kept() -> None:
    stranger = {
        "configuration": "responses",
        "record": {"E-mail": "stranger@example.org", "Comment": "private"},
    }
    body = json.dumps(stranger).encode()

    def busy(handle: Handler, request: Request) -> Response:
        response = handle(request)
        if request.path == "/records/" and request.method == "PUT" and response.status == 200:
            headers = {**request.headers, "content-type": "application/json"}
            handle(request._replace(headers=headers, body=body, length=len(body), query=""))
        return response

    found = tuple(results(session(Mutant(ACME, busy))))

    assert [each for each in found if each.verdict is Verdict.FAILED] == []
    assert "stranger" not in json.dumps([each.evidence for each in found])
