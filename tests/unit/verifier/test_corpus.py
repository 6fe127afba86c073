"""The corpus: each file of `faulty` has the one fault that its name says, those of `clean` have none."""

from pathlib import Path

import pytest

from cgmock.verifier.rules import Severity
from tests.unit.verifier.running import mapping_file, verified

CORPUS = Path(__file__).with_name("corpus")
FAULTY = sorted((CORPUS / "faulty").iterdir())
CLEAN = sorted((CORPUS / "clean").iterdir())
WORKBOOKS = [data for data in CLEAN if data.suffix == ".xlsx"]
"""Read in a process of their own, so the integration level has them."""

CONSEQUENCES = {
    "CG013": {"CG001", "CG007", "CG021"},
    "CG023": {"CG080"},
    "CG114": {"CG001", "CG007", "CG021"},
    "CG116": {"CG113"},
}
"""What cannot but be found as well."""


def _mapping(data: Path) -> Path:
    """The mapping that a file is for; its name is the second part of the file's."""
    return CORPUS / "mappings" / f"{data.name.split('.')[1]}.toml"


@pytest.mark.parametrize("data", FAULTY, ids=lambda path: path.name)
def test_the_one_fault_is_found_and_no_other(data: Path) -> None:
    report = verified(mapping_file(_mapping(data)), data)

    rules = {finding.rule.id for finding in report.findings if finding.severity is not Severity.NOTE}
    fault = data.name.partition("-")[0]
    assert rules - CONSEQUENCES.get(fault, set()) == {fault}


@pytest.mark.parametrize("data", sorted({*CLEAN} - {*WORKBOOKS}), ids=lambda path: path.name)
def test_nothing_is_found_in_an_export_that_is_clean(data: Path) -> None:
    check_clean(data)


def check_clean(data: Path) -> None:
    """Check that the report of an export has no error and hardly a warning."""
    report = verified(mapping_file(_mapping(data)), data)

    cells = sum(source.rows * source.columns for source in report.sources)
    doubtful = sum(
        finding.count
        for finding in report.findings
        if finding.severity is Severity.WARNING and finding.heading
    )
    assert report.count(Severity.ERROR) == 0
    assert doubtful <= cells / 100
    assert report.rows.whole == report.rows.all > 0


def test_the_corpus_is_large_enough() -> None:
    assert len(FAULTY) >= 60
    assert len(CLEAN) >= 30
