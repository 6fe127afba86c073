"""Options of `cgmock serve` that name a database."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cgmock.cli import cgmock
from cgmock.cli.serve import _build_shared as build_shared, _prepare as prepare
from cgmock.core.tenant import Tenant
from cgmock.seeds import demo


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--workers", "2"],
            "--workers 2 needs --database sqlite:///FILE or postgresql://HOST/NAME: what is in",
        ),
        (["--reset"], "--reset needs --database: what is in memory is gone anyway."),
        (
            ["--database", "sqlite:///x.db", "--workers", "2", "--server", "werkzeug"],
            "--server werkzeug is one process: leave --workers out, or take --server granian.",
        ),
        (
            ["--database", "mysql://x"],
            "The database must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/",
        ),
        (
            ["--database", "sqlite:////no/such/folder/x.db"],
            "The database sqlite:////no/such/folder/x.db cannot be used: unable to open database file",
        ),
    ],
)
def test_what_cannot_be_served_is_one_sentence(options: list[str], sentence: str) -> None:
    result = CliRunner().invoke(cgmock, ["serve", "--port", "0", *options])

    assert (result.exit_code, result.output[: len(sentence)]) == (2, sentence)
    assert result.output.count("\n") == 1


def test_a_seed_that_does_not_fit_the_database_is_one_sentence(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/fake.db"
    seed = tmp_path / "other.toml"
    app = '[[tenants.connected_apps]]\nclient_id = "demo-client"\nclient_secret = "x"\n'
    seed.write_text(f'[[tenants]]\nname = "other"\n{app}', encoding="utf-8")
    prepare(database, demo(), reset=False, is_demo=True)

    result = CliRunner().invoke(cgmock, ["serve", "--database", database, "--seed", str(seed)])

    assert (result.exit_code, result.output) == (
        2,
        "The seed does not fit the database: The client id demo-client is another tenant's. "
        "Remove it there, or use --reset.\n",
    )


def test_a_demo_is_for_an_empty_database(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/fake.db"
    own = Tenant(name="own")

    prepare(database, (own,), reset=False, is_demo=False)
    prepare(database, demo(), reset=False, is_demo=True)

    assert build_shared(database, 1, 1).store.tenants() == (own,)


def test_what_installs_the_driver_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cgmock.stores.sql", None)

    result = CliRunner().invoke(cgmock, ["serve", "--database", "sqlite:///x.db"])

    assert (result.exit_code, result.output) == (
        2,
        "--database needs another package: pip install 'cgmock[sql]'.\n",
    )
