"""Puts a server under load by wrk, which runs on the other core."""

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.servers import CLIENT_CORE, PATIENCE, RECORD, Put, Running

CONNECTIONS = 8
FEWEST = 0.95
"""Of the requests that must be answered with success; moto refuses one now and then. The others do not count."""

SCRIPT = Path(__file__).with_name("put.lua")


class Load(NamedTuple):
    """Requests a second, the milliseconds of half and of 99 % of them, and the server's processor time for one, in µs."""

    rate: float
    p50: float
    p99: float
    processor: float


def load(running: Running, put: Put, seconds: int) -> Load:
    """Put the record over and over, all connections at once."""
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    command += ["--latency", "--timeout", f"{PATIENCE}s", "-s", str(SCRIPT)]
    for name, value in put.headers.items():
        command += ["-H", f"{name}: {value}"]
    before = running.processor
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{running.port}{put.path}"],
        env={**os.environ, "BODY": RECORD},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    used = running.processor - before
    told = json.loads(done.stdout.splitlines()[-1])
    answered = told["requests"] - told["refused"]
    assert answered > FEWEST * (told["requests"] + told["broken"]), done.stdout
    rate = answered / told["duration"] * 1e6
    return Load(rate, told["p50"] / 1e3, told["p99"] / 1e3, used / answered * 1e6)
