"""The commands as a shell starts them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import FIXTURES
from tests.public_names import FILE

MAPPING = str(FIXTURES / "mappings" / "external_response.toml")


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
    light = (
        "import sys, cgclient; print(*[m for m in ('flask', 'cryptography', 'cgmock') if m in sys.modules])"
    )

    assert run("-c", light) == (0, "\n", "")


def test_the_plugin_imports_nothing_heavy() -> None:
    light = "import sys, cgmock.pytest_plugin; print(*[m for m in ('httpx', 'flask', 'hypothesis', 'cryptography') if m in sys.modules])"

    assert run("-c", light) == (0, "\n", "")


def test_the_package_imports_nothing_until_a_name_is_used() -> None:
    light = "import sys; before = {*sys.modules}; import cgmock; print(*{*sys.modules} - before)"

    assert run("-c", light) == (0, "cgmock\n", "")


def test_the_public_names_are_printed() -> None:
    printed = run("-m", "tests.public_names")

    assert printed == (0, FILE.read_text(encoding="utf-8"), "")


def test_a_name_imports_only_what_it_needs() -> None:
    heavy = ("cryptography", "flask", "httpx", "hypothesis", "pytest", "sqlalchemy", "werkzeug")
    light = (
        f"import sys; from cgmock import Fault, load_seed; print(*[m for m in {heavy} if m in sys.modules])"
    )

    assert run("-c", light) == (0, "\n", "")


def test_a_fake_in_this_process_imports_no_http_client() -> None:
    light = "import sys, cgmock.testing; print(*[m for m in ('httpx', 'pytest') if m in sys.modules])"

    assert run("-c", light) == (0, "\n", "")


def test_a_command_imports_nothing_of_the_others() -> None:
    light = (
        "import sys, click; from cgmock.cli import cgmock; cgmock.get_command(click.Context(cgmock), 'serve');"
        "print(*[m for m in sys.modules if m.startswith(('cgmock.cli.', 'cgmock.verifier', 'rich'))])"
    )

    assert run("-c", light) == (0, "cgmock.cli.group cgmock.cli.serve\n", "")


def test_what_serves_imports_nothing_that_its_first_answer_does_not_need() -> None:
    heavy = ("cryptography.x509", "flask", "jinja2", "joserfc", "rich", "werkzeug")
    light = f"import sys, cgmock.cli.serve, cgmock.servers.granian; print(*[m for m in {heavy} if m in sys.modules])"

    assert run("-c", light) == (0, "\n", "")


def test_a_command_that_lacks_a_package_says_what_to_install() -> None:
    hide = "import sys; sys.modules['rich'] = None; from cgmock.__main__ import main; sys.exit(main())"

    assert run("-c", hide, "rules") == (2, "", "cgmock needs the package rich: pip install 'cgmock[mock]'\n")


def test_only_what_generates_imports_hypothesis() -> None:
    light = "import sys, cgmock.cli, cgmock.servers.threaded; print('hypothesis' in sys.modules)"

    assert run("-c", light) == (0, "False\n", "")


def test_without_hypothesis_generate_says_what_to_install() -> None:
    hide = "import sys; sys.modules['hypothesis'] = None; from cgmock.__main__ import main; sys.exit(main())"

    code, printed, told = run("-c", hide, "generate", MAPPING)

    assert (code, printed) == (2, "")
    assert told == "cgmock generate needs the package hypothesis: pip install 'cgmock[hypothesis]'\n"


def test_generate_does_not_hide_a_broken_installation() -> None:
    hide = "import sys; sys.modules['cgmock.strategies'] = None; from cgmock.__main__ import main; sys.exit(main())"

    code, _, told = run("-c", hide, "generate", MAPPING)

    assert (code, "ModuleNotFoundError" in told) == (1, True)


def test_generate_leaves_nothing_behind_and_says_nothing_when_nobody_reads(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cgmock", "generate", MAPPING, "--count", "3000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as started:  # noqa: S603
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.readline()
        started.stdout.close()
        told = started.stderr.read()

    assert told == b""
    assert list(tmp_path.iterdir()) == []
