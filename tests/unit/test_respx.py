"""The fake inside respx."""

import asyncio
import inspect

import httpcore
import httpx
import pytest
import respx
from respx.models import AllMockedAssertionError

from cgclient import AmbiguousWriteError, Client, RateLimitedError
from cgmock import faults
from cgmock.core.messages import Response
from cgmock.respx import mock_router
from tests.acme import ACME, APP
from tests.adapters import IMPORTS, ListeningMock

ELSEWHERE = "https://example.com/"


def put_a_record() -> None:
    """What an application does, which knows nothing of the fake."""
    with Client(APP.client_id, APP.client_secret) as client:
        client.put_record("contact", {"Email": "joe@example.com"})


def recorded(mock: ListeningMock) -> list[tuple[str, str, int]]:
    """Host, path and status of what the mock was asked."""
    return [
        (entry.request.host, entry.request.path, entry.response.status)
        for entry in mock.store.hosted("acme").journal.after(0)
    ]


WRITTEN = [
    ("auth.eu.customergauge.com", "/oauth2/token", 200),
    ("imports.api.eu.customergauge.com", "/records/", 200),
]


def test_code_that_knows_only_the_vendor_s_hosts_reaches_the_fake() -> None:
    mock = ListeningMock(ACME)

    with mock_router(mock):
        put_a_record()

    assert recorded(mock) == WRITTEN


def test_the_router_is_a_decorator() -> None:
    mock = ListeningMock(ACME)

    @mock_router(mock)
    def test() -> None:
        put_a_record()

    test()
    test()

    assert recorded(mock)[1:] == [WRITTEN[1], *WRITTEN]


def test_the_router_decorates_coroutines_and_hands_itself_over() -> None:
    mock = ListeningMock(ACME)

    @mock_router(mock)
    async def test(respx_mock: respx.MockRouter) -> int:
        async with httpx.AsyncClient() as client:
            await client.get(f"{IMPORTS}/x")
        return respx_mock["imports.api.eu"].call_count

    assert inspect.iscoroutinefunction(test)
    assert asyncio.run(test()) == 1


@pytest.mark.parametrize("region", ["eu", "us", "au"])
@pytest.mark.parametrize(
    ("service", "path", "status"),
    [
        ("auth", "/.well-known/jwks.json", 200),
        ("imports.api", "/records/", 405),
        ("api", "/v7/rest/sync/responses", 401),
        ("hooks", "/nobody", 405),
    ],
)
def test_each_host_of_the_vendor_has_its_route(service: str, region: str, path: str, status: int) -> None:
    mock = ListeningMock(ACME)

    with mock_router(mock) as router, httpx.Client() as client:
        answer = client.get(f"https://{service}.{region}.customergauge.com{path}")
        calls = {route.name: route.call_count for route in router.routes if route.called}

    assert (answer.status_code, calls) == (status, {f"{service}.{region}": 1})


@pytest.mark.parametrize(
    "url",
    [
        ELSEWHERE,
        "http://imports.api.eu.customergauge.com/records/",
        "http://imports.api.eu.customergauge.com:443/records/",
        "https://imports.api.eu.customergauge.com:8443/records/",
        "https://imports.api.nz.customergauge.com/records/",
        "https://imports.api.eu.customergauge.com.example.com/records/",
    ],
)
def test_what_the_vendor_does_not_serve_is_not_mocked(url: str) -> None:
    with (
        mock_router(ListeningMock(ACME)),
        httpx.Client() as client,
        pytest.raises(AllMockedAssertionError, match="not mocked"),
    ):
        client.put(url)


def test_respx_may_be_told_to_answer_what_is_not_mocked() -> None:
    with mock_router(ListeningMock(ACME), assert_all_mocked=False):
        answer = httpx.get(ELSEWHERE)

    assert answer.status_code == 200


def test_a_test_adds_routes_of_its_own() -> None:
    mock = ListeningMock(ACME)

    with mock_router(mock) as router:
        router.get(ELSEWHERE).respond(204)
        answer = httpx.get(ELSEWHERE)
        put_a_record()

    assert (answer.status_code, recorded(mock)) == (204, WRITTEN)


def test_a_route_of_the_test_comes_before_the_fake() -> None:
    mock = ListeningMock(ACME)

    with mock_router(mock) as router:
        router.put(f"{IMPORTS}/records/").respond(429, headers={"Retry-After": "70"})
        with pytest.raises(RateLimitedError) as refused:
            put_a_record()

    assert (refused.value.retry_after, recorded(mock)) == (70, WRITTEN[:1])


def test_a_host_of_the_vendor_can_fail_for_as_long_as_the_router_is_entered() -> None:
    mock = ListeningMock(ACME)
    router = mock_router(mock)

    with router:
        router["imports.api.eu"].mock(side_effect=httpx.ReadTimeout)
        with pytest.raises(AmbiguousWriteError):
            put_a_record()
    with router:
        put_a_record()

    assert recorded(mock) == [*WRITTEN[:1], *WRITTEN]


def test_a_host_of_the_vendor_can_be_given_an_answer() -> None:
    with mock_router(ListeningMock(ACME)) as router:
        router["hooks.eu"].respond(418)
        answer = httpx.put("https://hooks.eu.customergauge.com/contacts")

    assert answer.status_code == 418


def test_no_test_has_to_call_every_host() -> None:
    with mock_router(ListeningMock(ACME)) as router:
        router.get(ELSEWHERE)
        httpx.get(ELSEWHERE)


def test_a_route_of_the_test_has_to_be_called() -> None:
    router = mock_router(ListeningMock(ACME))

    with pytest.raises(AssertionError, match=r"not called: \[<Route name='other'"), router:
        router.get(ELSEWHERE, name="other")


def test_a_route_of_the_test_may_stay_uncalled() -> None:
    with mock_router(ListeningMock(ACME), assert_all_called=False) as router:
        router.get(ELSEWHERE)


def test_the_router_stands_beside_those_of_respx(respx_mock: respx.MockRouter) -> None:
    mock = ListeningMock(ACME)
    respx_mock.get(ELSEWHERE).respond(204)

    with mock_router(mock):
        answer = httpx.get(ELSEWHERE)
        put_a_record()

    assert (answer.status_code, recorded(mock)) == (204, WRITTEN)


def test_two_fakes_do_not_share_what_they_hear() -> None:
    one, other = ListeningMock(ACME), ListeningMock(ACME)

    with mock_router(one):
        put_a_record()
    with mock_router(other):
        put_a_record()

    assert recorded(one) == recorded(other) == WRITTEN


def test_nothing_stays_patched() -> None:
    before = httpcore.ConnectionPool.handle_request

    with pytest.raises(AllMockedAssertionError), mock_router(ListeningMock(ACME)):
        httpx.get(ELSEWHERE)

    assert httpcore.ConnectionPool.handle_request is before


class FrenchMock(ListeningMock):
    """A mock with an answer that is not ASCII."""

    def answer(self, _: object) -> faults.Answer:
        """Answer."""
        return faults.Answer(Response(200, (("X-Name", "café"), ("X-Name", "bar")), b"\xff"))


def test_bytes_and_repeated_headers_of_an_answer_stay_as_they_are() -> None:
    with mock_router(FrenchMock()):
        answer = httpx.get(IMPORTS)

    assert answer.content == b"\xff"
    assert answer.headers.raw[-3:] == [
        (b"X-Name", "café".encode("latin-1")),
        (b"X-Name", b"bar"),
        (b"Content-Length", b"1"),
    ]
