"""`cgmock serve` while clients write and wait."""

from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx

from cgclient import Client as APIClient
from cgmock import seeds
from cgmock.control.remote import RemoteControl
from cgmock.testing.fake import Server
from cgmock.web.routes.journals import MAX_WAITING
from tests.levels import by_level


@by_level("loops", integration=200, thorough=10_000)
def test_what_was_written_is_verified_at_once_without_a_miss(served: str, loops: int) -> None:
    control = RemoteControl(served)
    with (
        Server(control, served).fresh(seeds.demo()[0]) as fake,
        APIClient.from_env(fake.environment) as client,
    ):
        journal = f"{served}/_cgmock/v1/tenants/{fake.tenant.name}/journal"
        with httpx.Client() as http:
            for number in range(loops):
                record = {"Email": f"joe{number}@example.com"}
                client.put_record("contact", record)
                verdict = http.post(f"{journal}/verify", json={"expect": [{"record": record, "times": 1}]})
                assert verdict.json() == {"holds": True, "explanation": ""}, number
                if number % 100 == 99:
                    control.reset(fake.tenant.name)

    control.close()


def test_waiting_callers_do_not_stop_a_server(served: str) -> None:
    control = RemoteControl(served)
    with (
        Server(control, served).fresh(seeds.demo()[0]) as fake,
        httpx.Client(timeout=250) as http,
        ThreadPoolExecutor(8) as callers,
    ):
        journal = f"{served}/_cgmock/v1/tenants/{fake.tenant.name}/journal?wait=30"
        waiting = [callers.submit(http.get, journal) for _ in range(8)]
        answered = as_completed(waiting)
        at_once = [next(answered).result().json()["data"] for _ in range(8 - MAX_WAITING)]
        put = http.put(f"{served}/records/")
        health = http.get(f"{served}/_cgmock/health")
        http.put(f"{served}/hooks/{next(iter(fake.tenant.webhooks))}")
        later = [each.result().json()["data"] for each in answered]

    control.close()
    assert (put.status_code, health.status_code) == (401, 200)
    assert at_once == [[]] * (8 - MAX_WAITING)
    assert [len(each) for each in later] == [1] * MAX_WAITING
