"""`cgclient import --mapping`, which runs a verifier in a process of its own."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cgclient.importing.verification import VERIFY
from cgmock import seeds
from cgmock.testing.fake import FakeCustomerGauge
from tests.unit.cgclient.importing.test_import_command import Run, data, run

STUB = """
import sys

mapping, data, option, value = sys.argv[1:]
print(f"{mapping} {data.rpartition('/')[2]} {option} {value}")
sys.exit(int(mapping.rpartition("-")[2]))
"""


@pytest.fixture
def stub(tmp_path: Path) -> Sequence[str]:
    """A verifier that ends with the number at the end of the mapping's name."""
    path = tmp_path / "stub.py"
    path.write_text(STUB, encoding="utf-8")
    return (sys.executable, str(path))


@pytest.mark.usefixtures("cg_env")
@pytest.mark.parametrize(
    ("verdict", "code", "sentence"),
    [
        (1, 1, "The verifier finds errors, so nothing was sent: correct the data."),
        (2, 2, "could not check the data, so nothing was sent. If it is missing: pip install 'cgmock[mock]'"),
        (3, 3, "could not check the data, so nothing was sent."),
        (7, 3, "could not check the data, so nothing was sent."),
    ],
)
def test_data_that_the_verifier_does_not_pass_is_not_sent(
    cg: FakeCustomerGauge,
    data: Path,
    run: Run,
    stub: Sequence[str],
    *,
    verdict: int,
    code: int,
    sentence: str,
) -> None:
    found, printed, told = run(data, "--mapping", f"m-{verdict}", verifier=stub)

    assert (found, printed, len(cg.journal)) == (code, "", 0)
    assert told.startswith(f"m-{verdict} contacts.csv --format text\n")
    assert sentence in told


@pytest.mark.usefixtures("cg_env")
def test_data_that_the_verifier_passes_is_sent(
    cg: FakeCustomerGauge, data: Path, run: Run, stub: Sequence[str]
) -> None:
    code, _, _ = run(data, "--mapping", "m-0", verifier=stub)

    assert (code, len(cg.data("contacts"))) == (1, 2)


@pytest.mark.usefixtures("cg_env")
@pytest.mark.parametrize(
    ("headings", "code", "told", "contacts"),
    [
        ("Email,First Name", 0, "Ready: 0 errors, ", 1),
        ("Emial,First Name", 1, "did you mean Email?", 0),
    ],
)
def test_the_real_verifier_decides_by_the_mapping(
    cg: FakeCustomerGauge, tmp_path: Path, run: Run, *, headings: str, code: int, told: str, contacts: int
) -> None:
    data = tmp_path / "contacts.csv"
    data.write_text(f"{headings}\njoe@example.com,Joe\n", encoding="utf-8")
    mapping = f"{Path(seeds.__file__).with_name('demo.toml')}:contact"

    found, _, shown = run(data, "--mapping", mapping, verifier=VERIFY)

    assert (found, len(cg.data("contacts"))) == (code, contacts)
    assert told in shown


@pytest.mark.usefixtures("cg_env")
def test_of_a_file_of_failed_rows_the_verifier_sees_what_would_be_sent(tmp_path: Path, run: Run) -> None:
    failed, show = tmp_path / "failed.csv", tmp_path / "show.py"
    failed.write_text("Email,cgclient_row,cgclient_outcome\njoe@example.com,7,refused\n", encoding="utf-8")
    show.write_text("import pathlib, sys; print(pathlib.Path(sys.argv[2]).read_text())", encoding="utf-8")

    code, _, told = run(failed, "--mapping", "m", verifier=[sys.executable, str(show)])

    assert code == 0
    assert told.startswith("Email\njoe@example.com\n")


@pytest.mark.usefixtures("cg_env")
def test_a_verifier_that_is_not_there_is_told(data: Path, run: Run) -> None:
    code, _, told = run(data, "--mapping", "m", verifier=["/nowhere/verify"])

    assert (code, told) == (3, "Cannot start /nowhere/verify: No such file or directory. Nothing was sent.\n")
