"""The doors for clients of httpx2, where it is installed."""

import asyncio

import pytest
import respx
from hypothesis import given, settings

from cgmock.httpx import httpx2_transport
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router
from tests.acme import ACME
from tests.adapters import IMPORTS, Answer, Door, ListeningMock, Sent, Way, of_httpx, wsgi
from tests.stories import stories, told

httpx2 = pytest.importorskip("httpx2", reason="httpx2 is not installed: pip install 'cgmock[httpx2]'")

RECORDS = f"{IMPORTS}/records/"


def transport(mock: MockAPI) -> Door:
    """A client of httpx2 with a transport."""
    client = httpx2.Client(transport=httpx2_transport(mock))
    return lambda sent: of_httpx(
        client.request(sent.method, sent.url, headers=sent.headers, content=sent.body)
    )


def async_transport(mock: MockAPI) -> Door:
    """An async client of httpx2 with a transport."""
    client = httpx2.AsyncClient(transport=httpx2_transport(mock))
    return lambda sent: of_httpx(
        asyncio.run(client.request(sent.method, sent.url, headers=sent.headers, content=sent.body))
    )


def router(mock: MockAPI) -> Door:
    """A client of httpx2 that knows nothing of the fake, inside the router."""
    client = httpx2.Client(verify=False)

    def door(sent: Sent) -> Answer:
        with mock_router(mock):
            return of_httpx(client.request(sent.method, sent.url, headers=sent.headers, content=sent.body))

    return door


def async_router(mock: MockAPI) -> Door:
    """An async client of httpx2 that knows nothing of the fake, inside the router."""
    client = httpx2.AsyncClient(verify=False)

    def door(sent: Sent) -> Answer:
        with mock_router(mock):
            return of_httpx(
                asyncio.run(client.request(sent.method, sent.url, headers=sent.headers, content=sent.body))
            )

    return door


@pytest.mark.parametrize(
    "way", [transport, async_transport, router, async_router], ids=lambda way: way.__name__
)
@settings(max_examples=20, deadline=None)
@given(story=stories())
def test_a_story_has_the_same_answers_through_the_doors_of_httpx2(way: Way, story: list[Sent]) -> None:
    answers = told(way(ListeningMock(ACME)), story)

    assert answers == told(wsgi(ListeningMock(ACME)), story)


def test_the_answers_are_those_of_httpx2() -> None:
    mock = ListeningMock()

    with httpx2.Client(transport=httpx2_transport(mock)) as client:
        near = client.put(RECORDS)
    with mock_router(mock):
        far = httpx2.put(RECORDS)

    assert [(type(each), each.status_code) for each in (near, far)] == [(httpx2.Response, 401)] * 2


def test_a_request_that_is_not_mocked_does_not_leave_the_process() -> None:
    with mock_router(ListeningMock()), pytest.raises(AssertionError, match="not mocked"):
        httpx2.get("https://example.com/")


def test_the_router_stands_beside_that_of_pytest_httpx2(httpx2_mock: respx.Router) -> None:
    mock = ListeningMock()
    httpx2_mock.get("https://example.com/").respond(204)

    with mock_router(mock):
        theirs, ours = httpx2.get("https://example.com/"), httpx2.put(RECORDS)

    assert (theirs.status_code, ours.status_code) == (204, 401)
