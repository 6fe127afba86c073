"""A test that uses a fake is clean under `mypy --strict`, and a wrong argument is an error."""

from collections.abc import Iterator
from pathlib import Path

from mypy import api

from cgmock.control.local import LocalControl
from cgmock.mock_api import MockAPI
from cgmock.testing.fake import Server
from tests.acme import ACME
from tests.integration.testing import typed_test
from tests.paths import ROOT

PROGRAM = Path(typed_test.__file__).read_text(encoding="utf-8")
CACHE = ROOT / ".mypy_cache" / "users"  # without it, each run reads all of cgmock
MISTAKES = {
    "status=200": (
        'status="200"',
        'Argument "status" to "find" of "FakeCustomerGauge" has incompatible type',
    ),
    "heading=": ("haeding=", 'Unexpected keyword argument "haeding" for "find"'),
    "status=422": ("statos=422", 'Unexpected keyword argument "statos" for "count"'),
    "datetime(2026, 1, 31, tzinfo=UTC)": (
        '"2026"',
        'Argument 1 to "freeze" of "ClockControl" has incompatible',
    ),
    "timedelta(hours=1)": ('"1 h"', 'Argument 1 to "advance" of "ClockControl" has incompatible type "str"'),
}


def test_a_test_of_a_user_is_clean_and_a_wrong_one_is_not(tmp_path: Path) -> None:
    right = tmp_path / "right.py"
    right.write_text(PROGRAM, encoding="utf-8")
    wrong = dict(_wrong_programs(tmp_path))

    files = [str(right), *map(str, wrong)]
    said, failed, _ = api.run(
        [
            "--strict",
            "--config-file=",
            f"--cache-dir={CACHE}",
            "--no-error-summary",
            "--hide-error-context",
            *files,
        ]
    )

    errors = [line for line in said.splitlines() if " error: " in line]
    assert (len(errors), failed) == (len(wrong), "")
    for file, sentence in wrong.items():
        assert any(file.name in error and sentence in error for error in errors), said


def test_the_test_runs() -> None:
    with Server(LocalControl(MockAPI()), "http://127.0.0.1:1").fresh(ACME) as cg:
        typed_test.use(cg)


def _wrong_programs(folder: Path) -> Iterator[tuple[Path, str]]:
    for number, (right, (wrong, sentence)) in enumerate(MISTAKES.items()):
        file = folder / f"wrong_{number}.py"
        file.write_text(PROGRAM.replace(right, wrong), encoding="utf-8")
        yield file, sentence
