"""Schemathesis asks the fake by its own documents, in all of its phases, and finds nothing."""

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.web.openapi import vendor_document
from tests.unit.web.openapi.conformance import Contract

CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.parametrize("document", ["vendor-openapi.json", "openapi.json"])
def test_schemathesis_finds_nothing(
    document: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mock = MockAPI(seeds.demo(), max_journal=100_000)
    with live_server(mock) as server:
        ended = subprocess.run(  # noqa: S603  (a command of our own)
            [*_COMMAND, f"{server.url}/_cgmock/{document}"],
            cwd=tmp_path,
            env={"NO_COLOR": "1", "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert _passed_phases(ended.stdout) >= {"Coverage", "Fuzzing", "Stateful"}
    assert _untold(mock) == set()
    (cases,) = re.findall(r"(\d+) generated", ended.stdout)
    with capsys.disabled():
        print(f"\nSchemathesis and {document}: {cases} cases, nothing found")


def _passed_phases(output: str) -> set[str]:
    return set(re.findall(r"✅ +(\w+)$", output, re.MULTILINE))


def _untold(mock: MockAPI) -> set[tuple[str, int, str]]:
    """Behaviours that decided an answer and that the vendor's document does not tell of there."""
    contract = Contract(vendor_document())
    untold = set()
    store = mock.store
    journals = [store.unclaimed, *(store.hosted(each.name).journal for each in store.tenants())]
    for entry in chain.from_iterable(journal.after(0) for journal in journals):
        answer = contract.answer(entry.request.method, entry.request.path, entry.response.status)
        told = answer["x-behaviours"] if answer else ()
        untold |= {
            (entry.request.path, entry.response.status, behaviour.id)
            for behaviour in entry.behaviours
            if behaviour.id not in told
        }
    return untold


_COMMAND = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"]
