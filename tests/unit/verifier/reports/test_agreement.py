"""Every format says the same of every report, whatever strangers wrote into it."""

from hypothesis import given, settings

from cgmock.verifier.model import Report
from cgmock.verifier.reports import FORMATS
from tests.unit.verifier.reports.reading import READERS, rows
from tests.unit.verifier.reports.strategies import reports


@settings(deadline=None)
@given(reports())
def test_all_formats_agree_finding_by_finding(report: Report) -> None:
    read = {name: sorted(reader(FORMATS[name](report))) for name, reader in READERS.items()}

    expected = sorted(rows(report))
    assert read == dict.fromkeys(READERS, expected)
