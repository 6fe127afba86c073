"""The control token of the fake of `--cg-target`, from an option, a file or the environment."""

from collections.abc import Mapping
from pathlib import Path

import pytest

VARIABLE = "CGMOCK_SERVE_CONTROL_TOKEN"
REFUSING = """
    import cgmock.control.remote

    class RefusingControl:
        def __init__(self, url, token):
            raise cgmock.control.remote.ControlError(f"the token is {token}.")

    cgmock.control.remote.LeasingControl, was = RefusingControl, cgmock.control.remote.LeasingControl

    def pytest_unconfigure():
        cgmock.control.remote.LeasingControl = was
"""


@pytest.mark.parametrize(
    ("options", "variables", "sentence"),
    [
        ((), {}, "the token is None."),
        (("--cg-control-token", "option"), {VARIABLE: "variable"}, "the token is option."),
        (("--cg-control-token-file", "FILE"), {VARIABLE: "variable"}, "the token is from-file."),
        ((), {VARIABLE: "variable"}, "the token is variable."),
        ((), {f"{VARIABLE}_FILE": "FILE"}, "the token is from-file."),
        (
            ("--cg-control-token-file", "absent"),
            {},
            "The file absent of the control token cannot be read: No such file or directory.",
        ),
    ],
)
def test_a_token_is_taken_from_each_place(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    variables: Mapping[str, str],
    sentence: str,
) -> None:
    file: Path = pytester.makefile(".token", "from-file\n")
    for name, value in variables.items():
        monkeypatch.setenv(name, str(file) if value == "FILE" else value)
    pytester.makeconftest(REFUSING)
    pytester.makepyfile("def test_it(cg):\n    pass\n")
    given = [str(file) if each == "FILE" else each for each in options]

    result = pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-p", "no:schemathesis", "--cg-target=http://127.0.0.1:1", *given
    )

    result.stdout.fnmatch_lines([sentence])
