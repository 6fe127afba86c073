"""Runs the suite under a pytest of its own, which knows nothing of the folder and the settings of whoever calls."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from cgmock.contract.local import mock_target, stand_in, with_expired_token
from cgmock.contract.runs import Run, hand_on
from cgmock.contract.suite import MODULES
from cgmock.core.tenant import Tenant
from cgmock.exit_codes import COULD_NOT_CHECK, FINDINGS, FINE, INTERRUPTED, USAGE
from cgmock.live.target import Target
from cgmock.servers.threaded import live_server

_CODES = {0: FINE, 1: FINDINGS, 2: INTERRUPTED, 3: COULD_NOT_CHECK, 4: USAGE, 5: COULD_NOT_CHECK}
"""Our exit codes by those of pytest, for which 2 is Ctrl-C and 5 that no check was chosen."""

_SETTINGS = "[pytest]\nverbosity_assertions = 2\n"
"""Values are told whole, so that a secret in them is found; a part of it would not be."""

_FOREIGN = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


@contextmanager
def served_mock(tenant: Tenant) -> Iterator[Target]:
    """A mock of a tenant on a free port, for as long as the context lasts."""
    target = mock_target(tenant)
    mock = stand_in(target)
    with live_server(mock) as server:
        yield with_expired_token(mock_target(target.tenant, server.url), mock)


def run_suite(run: Run, target: Target, arguments: Sequence[str]) -> int:
    """Run the suite with more arguments of pytest; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="cgmock-") as name:
        folder = Path(name)
        environment = hand_on(run, target, folder)
        (folder / "pytest.ini").write_text(_SETTINGS, encoding="utf-8")
        return _CODES.get(_pytest([*_arguments(folder), *arguments], environment), COULD_NOT_CHECK)


def _arguments(folder: Path) -> Iterator[str]:
    files = [Path(module.__file__ or "") for module in MODULES]
    yield from ("-c", str(folder / "pytest.ini"), "--rootdir", str(files[0].parent), "--noconftest")
    yield from ("-p", "no:cacheprovider", "-p", "cgmock.contract.plugin", "--cgmock-run", str(folder))
    yield from ("--import-mode=importlib", "--strict-markers", "-q", "-rfE")
    yield from ("-p", "xdist.plugin") if find_spec("xdist") else ()
    yield from map(str, files)


def _pytest(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    own = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    settings = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *arguments]
    with subprocess.Popen(command, env={**own, **settings, **environment}) as process:  # noqa: S603  (ours)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # Ctrl-C reaches pytest as well, which ends in good order
                continue
