"""The control token in a file or in the environment, where no list of processes shows it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from cgmock.cli import cgmock
from cgmock.servers import granian

VARIABLE = "CGMOCK_SERVE_CONTROL_TOKEN"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a token."""
    path = tmp_path / "token"
    path.write_text("from-file\nmore\n")
    return path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The tokens that fakes were served with, instead of serving them."""
    tokens: list[str | None] = []
    monkeypatch.setattr(granian, "serve", lambda _, address, __: tokens.append(address.control_token))
    return tokens


def run(*options: str, **environment: str) -> tuple[int, str]:
    """The exit code of `cgmock serve`, and what it says."""
    result = CliRunner().invoke(
        cgmock, ["serve", *options], env=environment, auto_envvar_prefix="CGMOCK", catch_exceptions=False
    )
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("options", "environment", "token"),
    [
        ((), {}, None),
        (("--control-token", "option"), {}, "option"),
        ((), {VARIABLE: "variable"}, "variable"),
        (("--control-token-file", "FILE"), {}, "from-file"),
        ((), {f"{VARIABLE}_FILE": "FILE"}, "from-file"),
    ],
)
def test_a_token_is_taken_from_each_place(
    served: list[str | None],
    file: Path,
    options: tuple[str, ...],
    environment: Mapping[str, str],
    token: str | None,
) -> None:
    given = [str(file) if each == "FILE" else each for each in options]
    variables = {name: str(file) if value == "FILE" else value for name, value in environment.items()}

    assert run(*given, **variables) == (0, "")

    assert served == [token]


def test_two_tokens_are_refused(served: list[str | None], file: Path) -> None:
    code, said = run("--control-token", "option", "--control-token-file", str(file))

    assert (code, said) == (2, "--control-token and --control-token-file exclude each other.\n")
    assert not served


def test_a_file_that_cannot_be_read_is_one_sentence(served: list[str | None], tmp_path: Path) -> None:
    code, said = run("--control-token-file", str(tmp_path))

    assert (code, said) == (2, f"--control-token-file {tmp_path} cannot be read: Is a directory.\n")
    assert not served


@pytest.mark.parametrize("content", ["", "\n", "two words\n", "h\u00e9\n"])
def test_a_file_without_a_token_is_refused(served: list[str | None], file: Path, content: str) -> None:
    file.write_text(content)

    code, said = run("--control-token-file", str(file))

    assert (code, said) == (
        2,
        "--control-token must be visible ASCII characters without a blank, at least one.\n",
    )
    assert not served
