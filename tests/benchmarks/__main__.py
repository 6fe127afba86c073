"""Compares cgmock with others, side by side: `poe bench`. Needs wrk, and moto_server in the environment."""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
import respx

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router
from tests.benchmarks.generation import generation
from tests.benchmarks.importing import compare as compare_imports

HERE = Path(__file__).parent
ROUNDS, SECONDS, CONNECTIONS = 5, 3, 8
SHORT_ROUNDS, CALLS = 200, 20
TOKEN = urlencode(
    {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RECORD = (HERE.parents[1] / "fixtures" / "records" / "vendor_sample.json").read_text(encoding="utf-8")
CONTACT = json.dumps(
    {"configuration": "contact", "record": {"Email": "joe@example.com", "First Name": "Joe"}}
)


def main() -> None:
    """Print the comparisons that are named on the command line, or all of them."""
    for compare in (throughput, cold_start, memory, in_process, plugin, reset, generation, importing):
        if len(sys.argv) == 1 or compare.__name__ in sys.argv:
            compare()


def throughput() -> None:
    """PUT of the vendor's sample on granian, one worker on one core, wrk on the other; ratios of the same round."""
    servers = {name: granian(name) for name in ("hello", "flask_view", "door")}
    rates: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, command in servers.items():
            with started(command) as port:
                rates[name].append(wrk(port))
    for name, measured in rates.items():
        print(f"PUT {name:12} {statistics.median(measured):8.0f} requests/s")
    print(f"door / flask_view: {ratio(rates['door'], rates['flask_view']):.2f}")
    print(f"door / hello:      {ratio(rates['door'], rates['hello']):.2f}")


def cold_start() -> None:
    """From the start of the process to the first answered PUT: cgmock's token and record, moto's first bucket."""
    times: dict[str, list[float]] = {"cgmock": [], "moto": []}
    for _ in range(ROUNDS):
        times["cgmock"].append(
            first_put(lambda port: [sys.executable, "-m", "cgmock", "serve", "--port", str(port)], _record)
        )
        times["moto"].append(first_put(lambda port: ["moto_server", "-p", str(port)], _bucket))
    for name, measured in times.items():
        print(f"first PUT {name:6} {statistics.median(measured):.3f} s")
    print(f"cgmock / moto: {ratio(times['cgmock'], times['moto']):.2f}")


def memory() -> None:
    """Resident memory after 100,000 PUTs with repeating contacts against that after 1,000."""
    for name, body in (("contacts", CONTACT), ("responses", RECORD)):
        with started(lambda port: [sys.executable, "-m", "cgmock", "serve", "--port", str(port)]) as port:
            headers = _authorized(port)
            connection = http.client.HTTPConnection("127.0.0.1", port)
            few = many = 0
            for number in range(1, 100_001):
                connection.request("PUT", "/records/", body, headers)
                connection.getresponse().read()
                if number == 1_000:
                    few = resident(port)
            many = resident(port)
            connection.close()
            print(f"memory, {name}: {few} kB after 1,000, {many} kB after 100,000: {many / few:.2f}")


def in_process() -> None:
    """PUT by a client of httpx inside respx: the fake's router, and a static route that gives the same answer."""
    url = "https://imports.api.eu.customergauge.com/records/"
    fake, static = mock_router(MockAPI(seeds.demo())), respx.MockRouter()
    with httpx.Client() as client:
        with fake:
            granted = client.post(
                "https://auth.eu.customergauge.com/oauth2/token", content=TOKEN, headers=FORM
            )
            headers = _bearing(granted.json()["access_token"])
            answer = client.put(url, content=CONTACT, headers=headers)
        static.put(url).respond(answer.status_code, headers=answer.headers, content=answer.content)
        for what, body in (("contact", CONTACT), ("vendor's sample", RECORD)):
            times: dict[str, list[float]] = {"fake": [], "static": []}
            for _ in range(SHORT_ROUNDS):
                for name, router in (("static", static), ("fake", fake)):
                    with router:
                        times[name].append(_seconds(partial(client.put, url, content=body, headers=headers)))
            shown = ", ".join(
                f"{name} {statistics.median(each) * 1e6:.0f} µs" for name, each in times.items()
            )
            print(f"PUT of a {what} inside respx: {shown}: {ratio(times['fake'], times['static']):.2f}")


def plugin() -> None:
    """What loading the plugin costs: pytest collects one test, with it and without it."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times: dict[str, list[float]] = {"no:cgmock": [], "cgmock.pytest_plugin": []}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_one.py").write_text("def test_one(): pass", encoding="utf-8")
        for turn in range(2 * ROUNDS + 1):
            for name, measured in times.items():
                command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", name]
                began = time.perf_counter()
                subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
                if turn:  # the first one writes the byte code
                    measured.append(time.perf_counter() - began)
    bare, loaded = (statistics.median(each) * 1000 for each in times.values())
    print(f"pytest with the plugin {loaded:.0f} ms, without {bare:.0f} ms: {loaded - bare:+.0f} ms")


def importing() -> None:
    """`cgclient import` and a bare loop of httpx, in turn, against one fake."""
    with started(lambda port: [sys.executable, "-m", "cgmock", "serve", "--port", str(port)]) as port:
        compare_imports(f"http://127.0.0.1:{port}")


def reset() -> None:
    """The reset of a tenant with a response against that of moto_server with a bucket, by clients that keep connections."""
    commands: dict[str, Callable[[int], list[str]]] = {
        "cgmock": lambda port: [sys.executable, "-m", "cgmock", "serve", "--port", str(port)],
        "moto": lambda port: ["moto_server", "-p", str(port)],
    }
    paths = {"cgmock": "/_cgmock/v1/tenants/demo/reset", "moto": "/moto-api/reset"}
    times: dict[str, list[float]] = {name: [] for name in commands}
    with started(commands["cgmock"]) as ours, started(commands["moto"]) as theirs:
        writes: dict[str, Callable[[], object]] = {
            "cgmock": partial(_ask, ours, "PUT", "/records/", RECORD, _authorized(ours)),
            "moto": partial(_bucket, theirs),
        }
        connections = {
            name: http.client.HTTPConnection("127.0.0.1", port)
            for name, port in (("cgmock", ours), ("moto", theirs))
        }
        for _ in range(SHORT_ROUNDS):
            for name, connection in connections.items():
                writes[name]()
                began = time.perf_counter()
                connection.request("POST", paths[name])
                answer = connection.getresponse()
                answer.read()
                times[name].append(time.perf_counter() - began)
                assert answer.status < http.client.BAD_REQUEST, answer.status
    for name, measured in times.items():
        print(f"reset {name:6} {statistics.median(measured) * 1000:.2f} ms")
    print(f"cgmock / moto: {ratio(times['cgmock'], times['moto']):.2f}")


def granian(name: str) -> Callable[[int], list[str]]:
    """The command that serves an application of `hello.py` on the first core."""
    target = f"tests.benchmarks.hello:{name}"
    factory = [] if name == "hello" else ["--factory"]
    options = ["--interface", "wsgi", "--blocking-threads", "4", "--no-log", *factory, target]
    return lambda port: ["taskset", "-c", "0", sys.executable, "-m", "granian", "--port", str(port), *options]


def wrk(port: int) -> float:
    """Requests a second of the vendor's sample, by wrk on the second core."""
    headers = _authorized(port)
    script = HERE / "put.lua"
    environment = {**os.environ, "BODY": RECORD}
    lines = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = [
        "taskset",
        "-c",
        "1",
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        "-s",
        str(script),
        *lines,
    ]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/records/"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def first_put(command: Callable[[int], list[str]], put: Callable[[int], None]) -> float:
    """Seconds until the first PUT is answered."""
    began = time.perf_counter()
    with started(command, wait=False) as port:
        while True:
            try:
                put(port)
            except OSError:
                time.sleep(0.005)
            else:
                return time.perf_counter() - began


@contextmanager
def started(command: Callable[[int], list[str]], *, wait: bool = True) -> Iterator[int]:
    """A server on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while wait:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except OSError:
                time.sleep(0.02)
            else:
                break
        yield port
    finally:
        process.terminate()
        process.wait()


def resident(port: int) -> int:
    """Kilobytes that all processes of the server on a port hold."""
    listed = subprocess.run(["pgrep", "-f", f"port {port}"], capture_output=True, text=True, check=True)
    sizes = [Path(f"/proc/{pid}/status").read_text(encoding="utf-8") for pid in listed.stdout.split()]
    return sum(int(found[1]) for each in sizes if (found := re.search(r"VmRSS:\s+(\d+)", each)))


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def _seconds(put: Callable[[], httpx.Response]) -> float:
    """The median of some calls, each of which is answered with 200."""
    measured = []
    for _ in range(CALLS):
        began = time.perf_counter()
        status = put().status_code
        measured.append(time.perf_counter() - began)
        assert status == http.client.OK
    return statistics.median(measured)


def _authorized(port: int) -> dict[str, str]:
    answer = _ask(port, "POST", "/oauth2/token", TOKEN, FORM)
    return _bearing(json.loads(answer)["access_token"] if answer else "none")


def _bearing(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


def _record(port: int) -> None:
    _ask(port, "PUT", "/records/", RECORD, _authorized(port))


def _bucket(port: int) -> None:
    _ask(
        port,
        "PUT",
        "/bucket",
        "",
        {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request"},
    )


def _ask(port: int, method: str, path: str, body: str, headers: dict[str, str]) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    assert response.status == http.client.OK, answer
    return answer


if __name__ == "__main__":
    main()
