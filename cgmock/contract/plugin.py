"""The suite under pytest: the conversation that each function gets, and what is told of it at the end.

`cgmock contract` loads this plugin, in each process of the run; nobody else needs it.
"""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from cgmock.contract import ledger
from cgmock.contract.checks import CHECKS, FAILURES, HINDRANCES, Check, judged
from cgmock.contract.conversation import Conversation
from cgmock.contract.runs import session, take_up, today
from cgmock.contract.session import Session
from cgmock.exit_codes import COULD_NOT_CHECK
from cgmock.live.results import Result, Verdict

_CHECK, _VERDICT, _TOLD = "cgmock.check", "cgmock.verdict", "cgmock.told"
_KINDS = {
    "documented": "a document says so",
    "framework": "a real Laravel does so",
    "assumed": "nobody has seen it",
    "observed": "seen live",
    "question": "an open question, whose answer is recorded",
}

_LEDGER = pytest.StashKey[Path | None]()

pytest.register_assert_rewrite("cgmock.contract.suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the folder of the run."""
    parser.addoption("--cgmock-run", type=Path, help="Folder that cgmock contract hands on.")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers by which checks can be chosen."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Summary(), "cgmock-summary")
    config.addinivalue_line(
        "markers", "cg_check(id): the behaviour or open question that a function is about"
    )
    for kind, meaning in _KINDS.items():
        config.addinivalue_line("markers", f"{kind}: {meaning}")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a function by what it is about."""
    check = _check(item)
    item.add_marker(pytest.mark.cg_check(check.id))
    item.add_marker(check.kind)
    item.user_properties.append((_CHECK, check.id))


@pytest.fixture(scope="session")
def cg_session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """What all conversations of this process share."""
    folder: Path = request.config.getoption("--cgmock-run")
    run, target = take_up(folder, os.environ)
    request.config.stash[_LEDGER] = Path(run.ledger) if run.ledger else None
    opened = session(run, target, folder)
    yield opened
    opened.close()


@pytest.fixture
def api(request: pytest.FixtureRequest, cg_session: Session) -> Conversation:
    """The conversation of a check."""
    return Conversation(_check(request.node).id, cg_session)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Let a check talk, and judge it: what shows nothing is skipped with its reason, or fails where it was hindered."""
    try:
        returned = yield
    except (*FAILURES, *HINDRANCES) as error:
        result = _concluded(pyfuncitem, error)
        if result.verdict is Verdict.NOT_RUN:
            pytest.skip(result.reason)
        if result.verdict is Verdict.COULD_NOT_CHECK:
            pytest.fail(f"could not check: {result.reason}", pytrace=False)
        raise
    _concluded(pyfuncitem, None)
    return returned


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take secrets and tokens out of what is told of a failure, wherever it is told."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        report.longrepr = _conversation(item).tidied(str(report.longrepr))
    return report


class Summary:
    """Tells at the end what was recorded and what shows nothing; `told` has check, verdict and text."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Verdict, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in what the process that ran a check says."""
        said = dict(report.user_properties)
        if report.when == "call" and _VERDICT in said:
            self.told.append((str(said[_CHECK]), Verdict(str(said[_VERDICT])), str(said[_TOLD])))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End with a code of its own when no check failed, but some were hindered or none shows anything."""
        verdicts = {verdict for _, verdict, _ in self.told}
        hindered = Verdict.COULD_NOT_CHECK in verdicts or verdicts == {Verdict.NOT_RUN}
        ended = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if ended and hindered and Verdict.FAILED not in verdicts:
            session.exitstatus = COULD_NOT_CHECK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a line for each answer, and for each check that shows nothing."""
        for verdict in (Verdict.RECORDED, Verdict.NOT_RUN, Verdict.COULD_NOT_CHECK):
            lines = sorted(f"{check}: {text}" for check, each, text in self.told if each is verdict)
            if lines:
                terminalreporter.section(f"{verdict.replace('-', ' ')} ({len(lines)})", sep="-")
                terminalreporter.write("\n".join([*lines, ""]))


def _check(item: pytest.Item) -> Check:
    assert isinstance(item, pytest.Function)  # noqa: S101  (the modules of the suite hold nothing else)
    return CHECKS[item.function]


def _conversation(item: pytest.Function) -> Conversation:
    conversation = item.funcargs["api"]
    assert isinstance(conversation, Conversation)  # noqa: S101  (each function of the suite asks for it)
    return conversation


def _concluded(item: pytest.Function, failure: BaseException | None) -> Result:
    conversation = _conversation(item)
    result = judged(_check(item), conversation, failure)
    item.user_properties += [(_VERDICT, result.verdict.value), (_TOLD, result.reason or result.answer)]
    folder, target = item.config.stash[_LEDGER], conversation.target
    if folder is not None:
        ledger.write(folder, ledger.entry(result, target, today().isoformat()))
    return result
