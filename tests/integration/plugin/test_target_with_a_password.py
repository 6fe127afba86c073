"""The plugin shows no password of `--cg-target`, also if tests fail."""

import pytest


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (
            "http://user:canary@127.0.0.1:1",
            "must not contain a user name or a password*Use http://127.0.0.1:1.",
        ),
        ("https://canary@127.0.0.1:1", "must not contain a user name or a password*Use https://127.0.0.1:1."),
        (
            "ftp://user:canary@127.0.0.1:1",
            "must be mock, live or the URL of a `cgmock serve`, not ftp://127.0.0.1:1.",
        ),
        ("user:canary@127.0.0.1", "must be mock, live or the URL of a `cgmock serve`, not 127.0.0.1."),
    ],
)
@pytest.mark.parametrize("place", ["option", "ini"])
def test_a_target_with_a_password_is_refused(
    pytester: pytest.Pytester, target: str, sentence: str, place: str
) -> None:
    pytester.makepyfile("def test_it(cg, cg_client, cg_env):\n    assert cg.url == 1\n")
    if place == "ini":
        pytester.makeini(f"[pytest]\ncg_target = {target}")

    result = pytester.runpytest(*([f"--cg-target={target}"] if place == "option" else []))

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --cg-target {sentence}"])
    assert "canary" not in result.stdout.str() + result.stderr.str()


def test_a_target_with_a_password_in_a_fixture_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
        import pytest

        @pytest.fixture(scope="session")
        def cg_settings(cg_settings):
            return cg_settings._replace(target="http://user:" + "can" + "ary" + "@127.0.0.1:1")
    """)
    pytester.makepyfile("def test_it(cg, cg_client):\n    assert cg.url == 1\n")

    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The URL http://127.0.0.1:1 must not contain a user name or a password: *"])
    assert "canary" not in result.stdout.str() + result.stderr.str()
