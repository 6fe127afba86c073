"""Compares `cgclient import` with a bare loop of httpx that sends the same rows as fast as it can and remembers nothing."""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.benchmarks.costs import Cost, cost
from tests.benchmarks.measure import Figure, Plan, Result, Row, in_turns, median, ratio
from tests.benchmarks.servers import cgmock, first_put, started

CONNECTIONS = 8
CREDENTIALS = {"client_id": "demo-client", "client_secret": "demo-secret"}


def importing(plan: Plan) -> Iterator[Result]:
    """Rows a second of both, in turns, against one fake; and the memory of a long import and of a short one."""
    rows, few = plan.amount(20_000, 1_000), plan.amount(2_000, 500)
    server = cgmock()
    with started(server) as running, tempfile.TemporaryDirectory() as temporary:
        first_put(server, running)
        url, folder = f"http://127.0.0.1:{running.port}", Path(temporary)
        rates = in_turns(
            plan.amount(3, 1),
            {
                "import": lambda: rows / imported(url, folder, rows).seconds,
                "bare": lambda: rows / bare(url, rows),
            },
            warm_up=False,
        )
        short, long = (imported(url, folder, count).memory for count in (few, rows))
    yield Row(
        f"`cgclient import` of {rows:,} contacts by {CONNECTIONS} connections",
        median(rates["import"], "rows/s"),
        "a loop of httpx that remembers nothing",
        median(rates["bare"], "rows/s"),
        ratio(rates["import"], rates["bare"]),
    )
    said = f"memory of an import of {rows:,} rows"
    yield Row(said, Figure(long, "MiB"), f"of {few:,} rows", Figure(short, "MiB"), long / short)


def bare(url: str, rows: int) -> float:
    """Seconds of a loop in some threads that share a client."""
    token = httpx.post(f"{url}/oauth2/token", data={"grant_type": "client_credentials", **CREDENTIALS}).json()
    numbers, taking = iter(range(rows)), threading.Lock()
    with httpx.Client(headers={"Authorization": f"Bearer {token['access_token']}"}) as client:

        def work() -> None:
            while True:
                with taking:
                    number = next(numbers, None)
                if number is None:
                    return
                record = {"Email": f"joe{number}@example.com", "First Name": "Joe"}
                body = {"configuration": "contact", "record": record}
                assert client.put(f"{url}/records/", json=body).status_code == httpx.codes.OK

        threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began


def imported(url: str, folder: Path, rows: int) -> Cost:
    """The cost of the whole command, its start included."""
    data = folder / "contacts.csv"
    with data.open("w", encoding="utf-8") as file:
        file.write("Email,First Name\n")
        file.writelines(f"joe{number}@example.com,Joe\n" for number in range(rows))
    (folder / "contacts.csv.journal").unlink(missing_ok=True)
    environment = {f"CG_{name.upper()}": value for name, value in CREDENTIALS.items()}
    environment |= {"CG_AUTH_URL": url, "CG_IMPORTS_URL": url}
    options = ["--configuration", "contact", "--concurrency", str(CONNECTIONS)]
    return cost([sys.executable, "-m", "cgclient", "import", str(data), *options], environment)
