"""The import of the README, whose verifier is a process of its own."""

import re
import shlex
from pathlib import Path

import pytest

from cgclient.__main__ import main
from cgmock.testing.fake import FakeCustomerGauge
from tests.paths import ROOT
from tests.unit.test_readme import README


@pytest.mark.usefixtures("cg_env")
def test_the_import_of_the_readme_writes_every_row(
    cg: FakeCustomerGauge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "history.csv").write_text("Email\njoe@example.com\njim@example.com\n", encoding="utf-8")
    dry, real = re.findall(r"\$ cgclient (import .*)", README)

    assert (
        main(shlex.split(dry.replace("cgmock/seeds/demo.toml", str(ROOT / "cgmock" / "seeds" / "demo.toml"))))
        == 0
    )
    assert len(cg.data("contacts")) == 0
    assert main(shlex.split(real)) == 0
    assert len(cg.data("contacts")) == 2
