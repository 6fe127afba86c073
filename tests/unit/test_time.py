"""Nothing but the clock reads the time, so that a test moves all of it at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cgmock
from cgclient import Client
from cgmock import seeds
from cgmock.core.routing import endpoint_of
from cgmock.httpx import httpx_transport
from cgmock.mock_api import MockAPI

PACKAGE = Path(cgmock.__file__).parent
READ_THE_TIME = {
    *(f"time.{name}{unit}" for name in ("time", "monotonic", "perf_counter") for unit in ("", "_ns")),
    *(f"time.{name}" for name in ("process_time", "thread_time", "localtime", "gmtime", "ctime", "strftime")),
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    "time.clock_gettime",
    "uuid.uuid1",
}
ALLOWED = {
    ("clock.py", "time.time"): "the clock",
    ("clock.py", "time.clock_gettime"): "deadlines, which tests cannot replace",
    ("clock.py", "time.monotonic"): "the same on Windows",
}


def test_nothing_but_the_clock_reads_the_time() -> None:
    found = {
        (file.relative_to(PACKAGE).as_posix(), name)
        for file in PACKAGE.rglob("*.py")
        for name in readings(file.read_text(encoding="utf-8"))
    }

    assert found == ALLOWED.keys()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import time\ntime.time()", "time.time"),
        ("import time as t\nread = t.monotonic", "time.monotonic"),
        ("from time import perf_counter as p\np()", "time.perf_counter"),
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("import datetime\ndatetime.date.today()", "datetime.date.today"),
        ("from email.utils import formatdate\nformatdate(usegmt=True)", "email.utils.formatdate"),
    ],
)
def test_a_reading_is_found_by_whatever_name(code: str, name: str) -> None:
    assert set(readings(code)) == {name}


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(1)",
        "from email.utils import formatdate\nformatdate(5)",
        "entry.time\n[].time()",
    ],
)
def test_what_is_told_a_time_reads_none(code: str) -> None:
    assert not set(readings(code))


def test_a_token_that_expires_in_the_middle_of_a_batch_is_renewed_once_without_waiting() -> None:
    mock = MockAPI(seeds.demo())
    clock = mock.store.hosted("demo").clock
    with Client(
        "demo-client", "demo-secret", transport=httpx_transport(mock), sleep=lambda _: pytest.fail("it waits")
    ) as client:
        client.put_record("account", {"Account Name": "the first one makes the key"})
        mock.store.hosted("demo").journal.clear()
        for number in range(6):
            client.put_record("account", {"Account Name": f"ACME {number}"})
            if number == 2:
                clock.advance(3600)

    asked = [
        (endpoint_of(entry.request), entry.response.status)
        for entry in mock.store.hosted("demo").journal.after(0)
    ]
    assert asked == [("records", 200)] * 3 + [("records", 401), ("token", 200)] + [("records", 200)] * 3


def readings(code: str) -> Iterator[str]:
    """The functions that read the time and are spoken of in some code, by their full names."""
    tree = ast.parse(code)
    names = dict(_imported(tree))
    for node in ast.walk(tree):
        full = _full_name(node, names)
        if full in READ_THE_TIME:
            yield full
        if (
            isinstance(node, ast.Call)
            and not node.args
            and _full_name(node.func, names) == "email.utils.formatdate"
        ):
            yield "email.utils.formatdate"


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.asname or each.name, each.name) for each in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from ((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)


def _full_name(node: ast.AST, names: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_full_name(node.value, names)}.{node.attr}"
    return names.get(node.id, "") if isinstance(node, ast.Name) else ""
