"""The fake as a transport of httpx."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cgclient import Client, ValidationError
from cgmock.core.laravel.request import POST_MAX_SIZE
from cgmock.core.messages import Request
from cgmock.httpx import httpx_transport
from cgmock.servers.threaded import live_server
from tests.acme import ACME, APP
from tests.adapters import IMPORTS, IN_PROCESS, ListeningMock, Sent, Way
from tests.stories import stories, told

RECORDS = f"{IMPORTS}/records/"


@pytest.mark.parametrize("way", IN_PROCESS, ids=lambda way: way.__name__)
@settings(max_examples=20, deadline=None)
@given(story=stories())
def test_a_story_has_the_same_answers_through_every_door(way: Way, story: list[Sent]) -> None:
    first = IN_PROCESS[0](ListeningMock(ACME))

    answers = told(way(ListeningMock(ACME)), story)

    assert answers == told(first, story)


PATHS = st.text(st.sampled_from("/abé%2FÄ€ ;:@&=+$,!~*'()|^`\"<>[]{}\\"), max_size=12).map("/x{}".format)
QUERIES = st.text(st.sampled_from("ab=&%2B+ é;[]'\"|^`<>{}?/\\"), max_size=12)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["X-One", "x-one", "X-Two", "Accept"]),
        st.text(st.characters(codec="latin-1", categories=["L", "N", "P"]), min_size=1, max_size=5),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def over_a_socket() -> Iterator[tuple[httpx.Client, ListeningMock]]:
    """A client, and the mock that it reaches over HTTP and WSGI."""
    mock = ListeningMock()
    with live_server(mock) as server, httpx.Client(base_url=server.url) as client:
        yield client, mock


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["PUT", "get", "HEAD"]),
    path=PATHS,
    query=st.none() | QUERIES,
    headers=HEADERS,
    body=st.none() | st.binary(max_size=20) | st.lists(st.binary(max_size=9), max_size=3),
)
def test_the_mock_hears_what_it_would_hear_over_a_socket(
    over_a_socket: tuple[httpx.Client, ListeningMock],
    *,
    method: str,
    path: str,
    query: str | None,
    headers: list[tuple[str, str]],
    body: bytes | list[bytes] | None,
) -> None:
    client, far = over_a_socket
    near = ListeningMock()
    target = path.replace("?", "%3F") + ("" if query is None else f"?{query}")
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]

    for each in (client, httpx.Client(transport=httpx_transport(near), base_url=client.base_url)):
        content = iter(body) if isinstance(body, list) else body
        each.request(method, target, headers=encoded, content=content)

    assert plain(near.heard[-1]) == plain(far.heard[-1])


def plain(request: Request) -> Request:
    """A request without what WSGI adds to every request."""
    headers = {
        name: value for name, value in request.headers.items() if (name, value) != ("content-type", "")
    }
    return request._replace(headers=headers)


def test_the_client_writes_a_record_without_a_socket() -> None:
    mock = ListeningMock(ACME)

    with Client(APP.client_id, APP.client_secret, transport=httpx_transport(mock)) as client:
        client.put_record("contact", {"Email": "joe@example.com", "Frist Name": "Joe"})

    *_, entry = mock.store.hosted("acme").journal.after(0)
    assert [notice.nearest for notice in entry.notices if notice.nearest] == ["First Name"]


def test_the_client_hears_of_a_refusal() -> None:
    transport = httpx_transport(ListeningMock(ACME))

    with (
        Client(APP.client_id, APP.client_secret, transport=transport) as client,
        pytest.raises(ValidationError) as refused,
    ):
        client.put_record("no such reference", {"Email": "joe@example.com"})

    assert refused.value.errors == {"configuration": ("The selected configuration is invalid.",)}


@pytest.mark.parametrize("size", [POST_MAX_SIZE, POST_MAX_SIZE + 1], ids=["within", "over"])
def test_of_a_body_over_the_limit_only_its_length_is_kept(size: int) -> None:
    mock = ListeningMock()
    chunks = iter([b"x" * (size - 1), b"x"])

    with httpx.Client(transport=httpx_transport(mock)) as client:
        answer = client.put(RECORDS, content=chunks)

    (heard,) = mock.heard
    kept, status = (size, 401) if size == POST_MAX_SIZE else (0, 413)
    assert (answer.status_code, heard.length, len(heard.body)) == (status, size, kept)


def test_a_body_is_read_from_an_async_stream() -> None:
    mock = ListeningMock()

    async def chunks() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"record"

    async def put() -> None:
        async with httpx.AsyncClient(transport=httpx_transport(mock)) as client:
            await client.put(RECORDS, content=chunks())

    asyncio.run(put())

    assert [request.body for request in mock.heard] == [b"one record"]


def test_a_target_that_httpx_sends_as_it_is_is_heard_as_it_is() -> None:
    mock = ListeningMock()

    with httpx.Client(transport=httpx_transport(mock)) as client:
        client.get(RECORDS, extensions={"target": b"/caf%c3%a9//x?a=%5b|'"})

    assert [(each.path, each.query) for each in mock.heard] == [("/cafÃ©//x", "a=%5b|'")]
