"""A transport whose package is absent or broken: each in a fresh interpreter."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("absent", "code"),
    [
        ("respx", "import cgmock.respx"),
        ("httpx2", "from cgmock.httpx import httpx2_transport as door; door(None)"),
    ],
)
def test_a_door_whose_package_is_absent_says_what_to_install(absent: str, code: str) -> None:
    told_by = _python(f"import sys; sys.modules[{absent!r}] = None; {code}")

    assert told_by.splitlines()[-1] == (
        f"ImportError: This door needs the package {absent}: pip install 'cgmock[{absent}]'"
    )


def test_a_package_that_is_broken_is_not_called_absent() -> None:
    told_by = _python("import sys; sys.modules['respx.mocks'] = None; import cgmock.respx")

    assert told_by.splitlines()[-1].startswith("ModuleNotFoundError: import of respx.mocks halted")


def test_a_door_of_httpx_imports_neither_httpx2_nor_respx() -> None:
    told_by = _python(
        "import sys, cgmock.httpx as doors; doors.httpx_transport(None); "
        "sys.exit(' '.join(name for name in ('httpx2', 'respx') if name in sys.modules))"
    )

    assert told_by == "\n"


def _python(code: str) -> str:
    """What Python prints on standard error."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stderr
