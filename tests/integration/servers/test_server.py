"""`cgmock serve` while clients write and wait."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from cgclient import Client as APIClient
from cgmock import seeds
from cgmock.control.remote import RemoteControl
from cgmock.testing.fake import Server
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
    journal = f"{served}/_cgmock/v1/tenants/demo/journal?cursor={2**40}&wait=3"

    with httpx.Client(timeout=30) as http, ThreadPoolExecutor(8) as callers:
        waiting = [callers.submit(http.get, journal) for _ in range(8)]
        time.sleep(0.5)
        put = http.put(f"{served}/records/")
        health = http.get(f"{served}/_cgmock/health")
        still = [each for each in waiting if not each.done()]

    assert (put.status_code, health.status_code) == (401, 200)
    assert len(still) == 2
