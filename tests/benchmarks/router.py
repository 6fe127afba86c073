"""PUT by a client of httpx inside respx: the fake's router, and a static route that gives the same answer."""

import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

import httpx
import respx

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router
from tests.benchmarks.measure import Plan, Result, Row, in_turns, median, ratio
from tests.benchmarks.memory import CONTACT
from tests.benchmarks.servers import FORM, JSON_HEADERS, RECORD, TOKEN

URL = "https://imports.api.eu.customergauge.com/records/"
CALLS = 20


def router(plan: Plan) -> Iterator[Result]:
    """A contact and the vendor's sample, in turns."""
    fake, static = mock_router(MockAPI(seeds.demo())), respx.MockRouter()
    with httpx.Client() as client:
        with fake:
            granted = client.post(
                "https://auth.eu.customergauge.com/oauth2/token", content=TOKEN, headers=FORM
            )
            client.headers.update(JSON_HEADERS)
            client.headers["Authorization"] = f"Bearer {granted.json()['access_token']}"
            answer = client.put(URL, content=CONTACT)
        static.put(URL).respond(answer.status_code, headers=answer.headers, content=answer.content)
        for what, body in (("a contact", CONTACT), ("the vendor's sample", RECORD)):
            put = partial(client.put, URL, content=body)
            times = in_turns(
                plan.amount(200, 3),
                {"fake": partial(seconds, fake, put), "static": partial(seconds, static, put)},
            )
            ours, theirs = times["fake"], times["static"]
            yield Row(
                f"PUT of {what} inside respx, through the router",
                median(ours, "µs", 1e6),
                "a static route of respx",
                median(theirs, "µs", 1e6),
                ratio(ours, theirs),
            )


def seconds(inside: respx.MockRouter, put: Callable[[], httpx.Response]) -> float:
    """The median of some calls, each of which is answered with 200."""
    measured = []
    with inside:
        for _ in range(CALLS):
            began = time.perf_counter()
            status = put().status_code
            measured.append(time.perf_counter() - began)
            assert status == http.client.OK
    return statistics.median(measured)
