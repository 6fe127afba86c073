"""Exports that are workbooks, which a process of their own reads."""

from pathlib import Path

import pytest

from tests.unit.suggest.test_suggest import check_proposal
from tests.unit.verifier.test_corpus import WORKBOOKS, check_clean


@pytest.mark.parametrize("data", WORKBOOKS, ids=lambda path: path.name)
def test_a_clean_workbook_is_verified_and_gets_a_mapping(data: Path, tmp_path: Path) -> None:
    check_clean(data)
    check_proposal(data, tmp_path)
