"""Warnings of the plugin, in a pytest process of its own."""

from tests.unit.plugin.test_plugin import LOSING, Run, run


def test_a_loss_may_be_a_warning_or_nothing(run: Run) -> None:
    run.folder.makepyfile(LOSING)
    warned = run.folder.runpytest_subprocess("--cg-unknown-headings=warn")
    warned.assert_outcomes(passed=1, warnings=1)
    warned.stdout.fnmatch_lines(["*LostHeadingWarning: CustomerGauge would lose this in silence*"])

    run(LOSING, "--cg-unknown-headings=off").assert_outcomes(passed=1)

    run.folder.makeini("[pytest]\ncg_unknown_headings = off")
    run(LOSING).assert_outcomes(passed=1)
    run(LOSING, "--cg-unknown-headings=error").assert_outcomes(passed=1, errors=1)
