"""The same request has the same answer through every door."""

import os
import subprocess
import sys
from functools import partial

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cgmock import seeds
from cgmock.core.laravel.request import POST_MAX_SIZE
from tests.acme import FORM, basic
from tests.adapters import (
    API,
    AUTH,
    HOOKS,
    IMPORTS,
    IN_PROCESS,
    IN_PROCESS_ANY_HOST,
    Door,
    ListeningMock,
    Sent,
    comparable,
    over_http,
    token_of,
)

GRANT = "grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"


BODIES = st.sampled_from(
    [
        GRANT.encode(),
        b"grant_type=client_credentials",
        b'{"configuration":"contact","record":{"Email":"a@b.c"}}',
        b'{"configuration":"contact"}',
        b'{"Email":"a@b.c","Account Name":"ACME"}',
        b"configuration=contact&record[Emial]=x",
        b"\xff\xfe{",
    ]
)
TOKEN = Sent("POST", f"{AUTH}/oauth2/token", {"Content-Type": FORM, "Accept": "*/*"}, GRANT.encode())
URLS = (
    f"{IMPORTS}/records/",
    f"{IMPORTS}/records?configuration=contact",
    f"{IMPORTS}/caf%C3%A9",
    f"{AUTH}/oauth2/token",
    f"{AUTH}/records/",
    f"{API}/v7/rest/sync/responses?per_page=2&with[]=%22",
    f"{API}/v7/rest/sync/responses?cursor=x",
    f"{HOOKS}/demo-hook",
    f"{HOOKS}/nobody",
    "https://imports.api.us.customergauge.com/records/",
)
OWN_URLS = ("http://127.0.0.1/records/", "http://127.0.0.1/oauth2/token", "http://127.0.0.1/x%20y")
AUTHORIZED = st.sampled_from(["nobody", "token", basic("demo-user", "demo-password")])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["PUT", "POST", "GET", "OPTIONS", "HEAD", "DELETE"]),
    url=st.sampled_from(URLS + OWN_URLS),
    content_type=st.sampled_from([FORM, "application/json", "text/plain"]),
    body=BODIES | st.binary(max_size=50),
    authorized=AUTHORIZED,
)
def test_every_door_gives_the_same_answer(
    served: str, *, method: str, url: str, content_type: str, body: bytes, authorized: str
) -> None:
    headers = {"Content-Type": content_type, "Accept": "application/json"}
    ways = IN_PROCESS if url in URLS else IN_PROCESS_ANY_HOST
    doors: list[Door] = [way(ListeningMock(*seeds.demo())) for way in ways]
    doors.append(partial(over_http, served))

    answers = []
    for door in doors:
        bearer = f"Bearer {token_of(door(TOKEN))}"
        own = {**headers, "Authorization": bearer if authorized == "token" else authorized}
        answers.append(comparable(door(Sent(method, url, own, body))))

    assert answers == answers[:1] * len(answers)


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_an_oversized_body_is_drained_and_answered_with_413(served: str, *, chunked: bool) -> None:
    body = b"x" * (POST_MAX_SIZE + 1)
    content = iter([body[: len(body) // 2], body[len(body) // 2 :]]) if chunked else body

    with httpx.Client(base_url=served) as client:
        big = client.put("/records/", content=content, headers={"Content-Type": FORM})
        after = client.get("/_cgmock/health")

    assert (big.status_code, big.json()) == (413, {"message": ""})
    assert after.json() == {"status": "ok"}


def test_a_chunked_record_is_read(served: str) -> None:
    with httpx.Client(base_url=served) as client:
        answer = client.post("/oauth2/token", content=iter([GRANT.encode()]), headers={"Content-Type": FORM})

    assert answer.status_code == 200


def test_a_port_that_is_taken_is_one_clear_sentence(served: str) -> None:
    port = served.rpartition(":")[2]
    command = [sys.executable, "-m", "cgmock", "serve", "--port", port]

    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))  # noqa: S603

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Cannot listen on 127.0.0.1 port {port}: ")
