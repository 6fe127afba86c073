"""PUT of the vendor's sample to one process and to two, which share a PostgreSQL; all of it on both cores."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from urllib.parse import urlencode

import psycopg

from cgmock import seeds
from cgmock.control.remote import RemoteControl
from cgmock.testing.fake import distinct
from tests.benchmarks.load import CONNECTIONS, Load, load
from tests.benchmarks.measure import Plan, Result, Row, Skipped, at_least, in_turns, median, ratio
from tests.benchmarks.servers import FORM, Running, ask, cgmock, first_put, started
from tests.postgresql import INSTALLED, PostgreSQL, postgresql

DURABLE = ("-c", "fsync=on")
"""As PostgreSQL is used: what is committed outlives a loss of power."""


def workers(plan: Plan) -> Iterator[Result]:
    """A tenant for each connection, as runners of a CI have; then one for all, whose requests follow each other."""
    if not INSTALLED:
        yield Skipped("PostgreSQL workers", "PostgreSQL is not here: apt-get install postgresql.")
        return
    seconds, rounds = plan.amount(4, 1), plan.amount(5, 1)
    with postgresql(*DURABLE) as database, ExitStack() as running:
        places = {number: _place(database, number, running) for number in (1, 2)}
        for tenants, goal in ((CONNECTIONS, at_least(1.6)), (1, None)):
            loads = in_turns(rounds, {str(n): place(tenants, seconds) for n, place in places.items()})
            one, two = ([each.rate for each in loads[name]] for name in ("1", "2"))
            what = f"PUT to two processes that share a PostgreSQL, {tenants} tenant{'s' * (tenants > 1)}"
            yield Row(what, median(two, "/s"), "one process", median(one, "/s"), ratio(two, one), goal)


def _place(database: PostgreSQL, number: int, running: ExitStack) -> Callable[[int, int], Callable[[], Load]]:
    """A fake of so many processes in a database of its own; puts it under load, given tenants and seconds."""
    name = f"workers_{number}"
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = database.url.rpartition("/")[0]
    server = cgmock("--database", f"{url}/{name}", "--workers", str(number))
    here = running.enter_context(started(server, core="0,1"))
    put = first_put(server, here)
    tokens = [_token(here) for _ in range(CONNECTIONS)]
    return lambda tenants, seconds: partial(load, here, put, seconds, tokens[:tenants])


def _token(here: Running) -> str:
    """A token of one more tenant."""
    control = RemoteControl(f"http://127.0.0.1:{here.port}")
    tenant = distinct(seeds.demo()[0])
    control.add(tenant)
    control.close()
    app = tenant.connected_apps[0]
    secret = {"client_id": app.client_id, "client_secret": app.client_secret}
    granted = ask(
        here.port,
        "POST",
        "/oauth2/token",
        urlencode({"grant_type": "client_credentials", **secret}),
        FORM,
    )
    return str(json.loads(granted)["access_token"])
