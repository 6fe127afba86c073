"""The plugin: warnings in a separate pytest process, and combinations of fixtures."""

from itertools import permutations

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


def test_each_pair_and_triple_of_fixtures_works_in_each_order(run: Run) -> None:
    names = ("cg", "cg_client", "cg_env", "cg_router", "cg_server")
    orders = [order for size in (1, 2, 3) for order in permutations(names, size)]
    tests = [
        f"def test_{'_and_'.join(order)}({', '.join(order)}):\n    check(**locals())\n" for order in orders
    ]

    result = run(CHECKING + "\n".join(tests))

    result.assert_outcomes(passed=len(orders))


CHECKING = """
from cgclient import Client

RECORD = {"Email": "joe@example.com"}

def check(cg=None, cg_client=None, cg_env=None, cg_router=None, cg_server=None):
    if cg_server:
        assert cg_server.url.startswith("http://127.0.0.1:")
    if cg_client:
        cg_client.put_record("contact", RECORD)
    if cg_env:
        with Client.from_env() as client:
            client.put_record("contact", RECORD)
    if cg:
        with Client.from_env(cg.environment) as client:
            client.put_record("contact", RECORD)
        if cg_router:
            with Client(cg.client_id, cg.client_secret, region="eu") as client:
                client.put_record("contact", RECORD)
        cg.expect(RECORD, times=1 + sum(each is not None for each in (cg_client, cg_env, cg_router)))

"""
