"""The commands as a shell starts them."""

import subprocess
import sys

import pytest


def run(*arguments: str) -> tuple[int, str, str]:
    """The exit code of Python, and what it printed."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", ["cgmock", "cgclient"])
def test_a_command_tells_its_version(command: str) -> None:
    code, printed, _ = run("-m", command, "--version")

    assert (code, printed.split()[0]) == (0, command)


def test_without_its_extra_the_command_says_what_to_install() -> None:
    hide = "import sys; sys.modules['click'] = None; from cgmock.__main__ import main; sys.exit(main())"

    assert run("-c", hide) == (2, "", "cgmock needs the package click: pip install 'cgmock[mock]'\n")


def test_a_broken_installation_is_not_hidden() -> None:
    hide = "import sys; sys.modules['cgmock.cli'] = None; from cgmock.__main__ import main; sys.exit(main())"

    code, _, told = run("-c", hide)

    assert (code, "ModuleNotFoundError" in told) == (1, True)


def test_the_client_needs_nothing_of_the_mock() -> None:
    light = "import sys, cgclient; print(*[m for m in ('flask', 'joserfc', 'cgmock') if m in sys.modules])"

    assert run("-c", light) == (0, "\n", "")


def test_the_plugin_imports_nothing_heavy() -> None:
    light = "import sys, cgmock.pytest_plugin; print(*[m for m in ('httpx', 'flask', 'joserfc') if m in sys.modules])"

    assert run("-c", light) == (0, "\n", "")
