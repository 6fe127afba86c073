"""Compares `cgclient import` with a bare loop of httpx that sends the same rows as fast as it can and remembers nothing."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

ROUNDS, ROWS, FEW, CONNECTIONS = 3, 50_000, 5_000, 8
CREDENTIALS = {"client_id": "demo-client", "client_secret": "demo-secret"}


def compare(url: str) -> None:
    """Rows a second of both, in turn, against the fake at `url`; and the memory of a long import and a short one."""
    rates: dict[str, list[float]] = {"bare": [], "import": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            rates["bare"].append(ROWS / bare(url))
            rates["import"].append(ROWS / imported(url, Path(folder), ROWS)[0])
        few, many = (imported(url, Path(folder), rows)[1] for rows in (FEW, ROWS))
    ratio = statistics.median(ours / bare for ours, bare in zip(rates["import"], rates["bare"], strict=True))
    shown = ", ".join(f"{name} {statistics.median(each):.0f} rows/s" for name, each in rates.items())
    print(f"{ROWS:,} rows by {CONNECTIONS} connections: {shown}: {ratio:.2f}")
    print(f"memory: {few} kB with {FEW:,} rows, {many} kB with {ROWS:,}: {many / few:.2f}")


def bare(url: str) -> float:
    """Seconds of a loop in some threads that share a client."""
    token = httpx.post(f"{url}/oauth2/token", data={"grant_type": "client_credentials", **CREDENTIALS}).json()
    numbers, taking = iter(range(ROWS)), threading.Lock()
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


def imported(url: str, folder: Path, rows: int) -> tuple[float, int]:
    """Seconds of the whole command, its start included, and the most memory that it held, in kB."""
    data = folder / "contacts.csv"
    with data.open("w", encoding="utf-8") as file:
        file.write("Email,First Name\n")
        file.writelines(f"joe{number}@example.com,Joe\n" for number in range(rows))
    (folder / "contacts.csv.journal").unlink(missing_ok=True)
    environment = {f"CG_{name.upper()}": value for name, value in CREDENTIALS.items()}
    environment |= {"CG_AUTH_URL": url, "CG_IMPORTS_URL": url}
    options = ["--configuration", "contact", "--concurrency", str(CONNECTIONS)]
    command = [sys.executable, "-m", "cgclient", "import", str(data), *options]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    _, code, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(code)
    assert process.returncode == 0
    assert isinstance(used, resource.struct_rusage)
    return seconds, used.ru_maxrss
