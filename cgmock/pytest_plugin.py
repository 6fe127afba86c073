"""The pytest plugin: a fake CustomerGauge for each test. pytest imports this at every start, so it imports little."""

from __future__ import annotations

import os
from collections import abc
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pytest

from cgmock.core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from respx import MockRouter

    from cgclient import Client
    from cgmock.core.tenant import Tenant
    from cgmock.testing.fake import FakeCustomerGauge, Server

    _Seeds = Mapping[Path | str | None, tuple[Tenant, ...]]

__all__ = ["LostHeadingWarning", "Settings", "UnmetFaultWarning"]

_STRICTNESS = ("error", "warn", "off")
_MARKED = ("seed", "tenant", "policies", "unknown_headings", "unmet_faults")
_EXCERPT = 20
_MARKER = (
    "cg(*, seed=None, tenant=None, policies=None, unknown_headings=None, unmet_faults=None): what the fake "
    "CustomerGauge of this test is like: the seed and the tenant it has, policies that differ, and whether headings "
    'lost in silence and planned faults that were not met are an "error", a "warn"ing, or "off". '
    "See the README, In a test."
)
_fakes = pytest.StashKey["FakeCustomerGauge"]()
_failed = pytest.StashKey[bool]()
_refusals = pytest.StashKey[dict[str, str]]()


class Settings(NamedTuple):
    """The settings of the fixtures. A fixture `cg_settings` of your own changes them.

    Args:
        target: "mock" for a fake in this process, the URL of a `cgmock serve`, or "live".
        seed: TOML file that describes the tenants. By default, the demo tenant.
        tenant: Name of the tenant. By default, the first one.
        policies: Policies that replace those of the seed.
        unknown_headings: "error", "warn" or "off": the result of a test that lost headings silently.
        unmet_faults: "error", "warn" or "off": the result of a test that planned a fault which no request met.
        max_journal: Number of journal entries that a tenant in this process keeps.
    """

    target: str = "mock"
    seed: Path | str | None = None
    tenant: str | None = None
    policies: Mapping[str, object] = {}
    unknown_headings: str = "error"
    unmet_faults: str = "error"
    max_journal: int = 10_000


class LostHeadingWarning(UserWarning):
    """A test lost headings silently."""


class _RefusalError(pytest.fail.Exception):  # type: ignore[name-defined,misc]
    """Raised by a fixture that cannot do what the settings require."""


class UnmetFaultWarning(UserWarning):
    """A planned fault was not met."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, each of which is an ini key as well."""
    group = parser.getgroup("cgmock", "a fake CustomerGauge for each test")
    group.addoption(
        "--cg-target",
        metavar="TARGET",
        help="What the tests talk to: mock (in this process, the default), the URL of a `cgmock serve`, or live.",
    )
    group.addoption(
        "--cg-control-token",
        metavar="TOKEN",
        help="What the `cgmock serve` of --cg-target was given as --control-token; else CGMOCK_SERVE_CONTROL_TOKEN, "
        "which other users of this machine cannot see.",
    )
    group.addoption(
        "--cg-control-token-file",
        metavar="FILE",
        help="File whose first line is the control token; else CGMOCK_SERVE_CONTROL_TOKEN_FILE.",
    )
    group.addoption(
        "--cg-live-write-budget",
        type=int,
        metavar="N",
        help="How many records may be written to the live service; --cg-target=live needs it.",
    )
    group.addoption(
        "--cg-allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="A host of the live service that may be sent to; once for each.",
    )
    group.addoption(
        "--cg-seed", metavar="SEED", help="TOML file that describes the tenants; else the demo's."
    )
    group.addoption(
        "--cg-unknown-headings",
        choices=_STRICTNESS,
        help="What headings that were lost in silence are at the end of a test (default: error).",
    )
    parser.addini("cg_target", "What the tests talk to, as --cg-target.", default="mock")
    parser.addini(
        "cg_seed", "TOML file that describes the tenants, as --cg-seed, from the root directory.", default=""
    )
    parser.addini("cg_unknown_headings", "error, warn or off, as --cg-unknown-headings.", default="error")


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker, and refuse settings that are none."""
    config.addinivalue_line("markers", _MARKER)
    strictness = config.getini("cg_unknown_headings")
    if strictness not in _STRICTNESS:
        raise pytest.UsageError(visible(f"cg_unknown_headings must be error, warn or off, not {strictness}."))
    target = _option(config, "target")
    if target == "live":
        _put_on_rails(config)
    elif target != "mock":
        _require_url(target)


def _require_url(target: str) -> None:
    """Refuse a target that is no URL, and one with a password: tests and reports show URLs."""
    from cgmock.journal.redaction import without_userinfo

    shown = without_userinfo(target)
    if not target.startswith(("http://", "https://")):
        raise pytest.UsageError(
            visible(f"--cg-target must be mock, live or the URL of a `cgmock serve`, not {shown}.")
        )
    if shown != target:
        raise pytest.UsageError(
            visible(
                f"--cg-target must not contain a user name or a password: tests and reports show it. Use {shown}."
            )
        )


def _put_on_rails(config: pytest.Config) -> None:
    """Refuse to talk to the live service without a budget and hosts; the budget is that of all processes."""
    writes, hosts = config.getoption("cg_live_write_budget"), config.getoption("cg_allow_host")
    if writes is None or writes < 0 or not hosts:
        raise pytest.UsageError(
            "--cg-target=live writes into a production system: allow it with --cg-live-write-budget N, and "
            "--cg-allow-host HOST for each of its hosts."
        )
    if not hasattr(config, "workerinput"):
        from contextlib import ExitStack

        from cgmock.live.client import budget

        allowed = ExitStack()
        allowed.enter_context(budget(writes))
        config.add_cleanup(allowed.close)


def pytest_report_header(config: pytest.Config) -> str:
    """Say what the tests talk to."""
    seed = _option(config, "seed") or "demo tenant"
    target, headings = _option(config, "target"), _option(config, "unknown_headings")
    return visible(f"cgmock: {target}, {seed}, unknown headings: {headings}")


@pytest.fixture(scope="session")
def cg_settings(pytestconfig: pytest.Config) -> Settings:
    """What the fakes are like. Define a fixture of this name to have it otherwise: `return cg_settings._replace(...)`."""
    seed = pytestconfig.getoption("cg_seed")
    from_ini = pytestconfig.getini("cg_seed")
    return Settings(
        target=_option(pytestconfig, "target").rstrip("/"),
        seed=seed or (pytestconfig.rootpath / from_ini if from_ini else None),
        unknown_headings=_option(pytestconfig, "unknown_headings"),
    )


@pytest.fixture(scope="session")
def cg_server(pytestconfig: pytest.Config, cg_settings: Settings) -> Iterator[Server]:
    """The server of the session. `with cg_server.fresh(tenant) as cg:` is a fake for an example of Hypothesis."""
    from cgmock.control.local import LocalControl
    from cgmock.testing.fake import Server

    if cg_settings.target == "mock":
        import warnings
        from contextlib import ExitStack, suppress
        from functools import cache

        from cgmock.mock_api import MockAPI
        from cgmock.servers.threaded import live_server

        mock = MockAPI(max_journal=cg_settings.max_journal)
        mock.tokens.prepare()
        with ExitStack() as running:
            url = cache(lambda: running.enter_context(live_server(mock)).url)
            # With --disable-socket of pytest-socket, only a test that reads the URL fails.
            with suppress(OSError, RuntimeError), warnings.catch_warnings(action="ignore"):
                url()
            yield Server(LocalControl(mock), url)
    elif cg_settings.target == "live":
        pytest.skip("this test looks into the fake: it needs --cg-target=mock or the URL of one")
    else:
        from cgmock.control.remote import ControlError, LeasingControl

        try:
            control = LeasingControl(cg_settings.target, _control_token(pytestconfig))
            control.check()
        except ControlError as error:
            _refuse(str(error))
        yield Server(control, cg_settings.target)
        control.close()


@pytest.fixture(scope="session")
def _cg_seeds(cg_settings: Settings) -> _Seeds:
    """The tenants of the seed of the session. It is read before a test replaces the file system, as pyfakefs does."""
    from cgmock import seeds

    try:
        return {cg_settings.seed: _tenants(cg_settings.seed)}
    except (seeds.SeedError, TypeError):
        return {}  # `cg_tenant` reports it


@pytest.fixture
def cg_tenant(request: pytest.FixtureRequest, cg_settings: Settings, _cg_seeds: _Seeds) -> Tenant:
    """The tenant that `cg` is a copy of: that of the settings and of the test's marker."""
    return _tenant(_marked(request.node, cg_settings), _cg_seeds)


@pytest.fixture
def cg(
    request: pytest.FixtureRequest, cg_settings: Settings, cg_server: Server, cg_tenant: Tenant
) -> Iterator[FakeCustomerGauge]:
    """A fake CustomerGauge of the test's own: `cg.url`, `cg.environment`, `cg.journal`, `cg.expect(...)` and more.

    At its end the test fails if headings were lost in silence, or a planned fault was not met.
    """
    item = request.node
    settings = _marked(item, cg_settings)
    item.stash[_failed] = False  # an attempt of pytest-rerunfailures has the item of the one before
    with cg_server.fresh(cg_tenant) as fake:
        item.stash[_fakes] = fake
        yield fake
        del item.stash[_fakes]
        if not item.stash[_failed]:
            _judge(fake, settings, item)


@pytest.fixture(scope="session")
def _cg_client_type() -> type[Client]:
    """The class of `cg_client`. It is imported before a test replaces the file system: the import reads metadata."""
    from cgclient import Client

    return Client


@pytest.fixture
def cg_client(
    request: pytest.FixtureRequest, cg_settings: Settings, _cg_client_type: type[Client]
) -> Iterator[Client]:
    """A client of `cg`, which moves its clock instead of waiting before it tries again.

    With --cg-target=live it is one of the live service, on the rails of the write budget.
    """
    if cg_settings.target == "live":
        client = _live_client(request)
    else:
        fake = request.getfixturevalue("cg")
        client = _cg_client_type.from_env(_environment(fake), sleep=fake.clock.advance)
    with client:
        yield client


@pytest.fixture
def cg_env(cg: FakeCustomerGauge, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The variables that point a client at `cg`, set in the environment of this process."""
    variables = _environment(cg)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture(scope="session")
def _cg_respx() -> ModuleType:
    """The module of the router, which is imported early for the same reason."""
    from cgmock import respx
    from cgmock.mock_api import MockAPI

    with respx.mock_router(MockAPI()):
        return respx  # a router that starts imports what it replaces


@pytest.fixture
def cg_router(cg: FakeCustomerGauge, _cg_respx: ModuleType) -> Iterator[MockRouter]:
    """A router of respx in which `cg` answers at the vendor's own hosts, for code that has them written in.

    Requests to `cg.url`, and to other servers on 127.0.0.1, are sent.
    """
    from cgmock.control.local import LocalControl

    if not isinstance(cg.control, LocalControl):
        _refuse("cg_router needs a fake in the process of the test: --cg-target=mock.")
    with _cg_respx.mock_router(cg.control.mock) as router:
        _cg_respx.add_loopback(router)
        yield router


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the journal with a test that failed, and the sentence of a refusal only with the first one."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, _RefusalError):
        first = item.session.stash.setdefault(_refusals, {}).setdefault(str(call.excinfo.value), item.nodeid)
        if first != item.nodeid:
            report.longrepr = f"See the error of {first}."
    fake = item.stash.get(_fakes, None)
    if report.failed and fake is not None:
        item.stash[_failed] = True
        report.sections.append(("cgmock journal", _excerpt(fake)))
    return report


def _live_client(request: pytest.FixtureRequest) -> Client:
    from cgmock.live.client import client
    from cgmock.live.target import TargetError

    try:
        hosts = tuple(request.config.getoption("cg_allow_host"))
        return client(request.getfixturevalue("cg_tenant"), hosts, prefix="--cg-")
    except TargetError as error:
        _refuse(str(error))


def _control_token(config: pytest.Config) -> str | None:
    """The control token of an option, else of the environment."""
    from pathlib import Path

    from cgmock.wsgi import control_token_of

    variable = "CGMOCK_SERVE_CONTROL_TOKEN"
    given, file = config.getoption("cg_control_token"), config.getoption("cg_control_token_file")
    if not given and not file:
        given, file = os.environ.get(variable), os.environ.get(f"{variable}_FILE")
    if given or not file:
        return str(given) if given else None
    try:
        return control_token_of(Path(file))
    except OSError as error:
        _refuse(f"The file {file} of the control token cannot be read: {error.strerror}.")


def _option(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"cg_{name}") or config.getini(f"cg_{name}"))


def _marked(item: pytest.Item, settings: Settings) -> Settings:
    """The settings of a test: those of the nearest marker that has something to say, else the session's."""
    changes: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("cg"))):
        unknown = [*(name for name in marker.kwargs if name not in _MARKED), *map(repr, marker.args)]
        if unknown:
            _refuse(f"The marker cg takes {', '.join(_MARKED)}, not {', '.join(unknown)}.")
        changes |= marker.kwargs
    marked = settings._replace(**changes)
    for name, sentence in _mistakes(marked):
        _refuse(f"{name} must be {sentence}, not {getattr(marked, name)!r}.")
    return marked


def _mistakes(settings: Settings) -> Iterator[tuple[str, str]]:
    if not isinstance(settings.seed, str | os.PathLike | None):
        yield "seed", "the path of a TOML file or None"
    if not isinstance(settings.tenant, str | None):
        yield "tenant", "the name of a tenant or None"
    if not isinstance(settings.policies, abc.Mapping):
        yield "policies", 'a dictionary such as {"bad_value": "422"}'
    for name in ("unknown_headings", "unmet_faults"):
        if getattr(settings, name) not in _STRICTNESS:
            yield name, "error, warn or off"


def _environment(fake: FakeCustomerGauge) -> Mapping[str, str]:
    from cgmock.testing.fake import NoConnectedAppError

    try:
        return fake.environment
    except NoConnectedAppError as error:
        _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    raise _RefusalError(visible(sentence), pytrace=False) from None


def _tenants(seed: Path | str | None) -> tuple[Tenant, ...]:
    from pathlib import Path

    from cgmock import seeds

    return seeds.load(Path(seed)) if seed else seeds.demo()


def _tenant(settings: Settings, already: _Seeds) -> Tenant:
    from cgmock import seeds

    try:
        tenants = already.get(settings.seed) or _tenants(settings.seed)
        chosen = [each for each in tenants if settings.tenant in {None, each.name}]
        if not chosen:
            known = ", ".join(each.name for each in tenants)
            _refuse(f"There is no tenant {settings.tenant}; there are: {known}.")
        if not settings.policies:
            return chosen[0]
        table: dict[str, Any] = seeds.table(chosen[0])
        return seeds.tenant({**table, "policies": {**table["policies"], **settings.policies}})
    except seeds.SeedError as error:
        _refuse(str(error))


def _judge(fake: FakeCustomerGauge, settings: Settings, item: pytest.Item) -> None:
    """Fail a test, or warn, for what it lost in silence and for what it planned and did not meet."""
    lost = [str(each) for each in fake.lost]
    unmet = [f"{left} x {fault}" for fault, left in fake.faults.unmet]
    if not lost and not unmet:
        return
    if lost and (dropped := fake.dropped.losses):
        lost.insert(0, f"(and {dropped} later losses that the journal has no more)")
    path, line, name = item.location
    place = f"{path}:{(line or 0) + 1}, {name}"
    verdicts = [
        (settings.unknown_headings, lost, "CustomerGauge would lose this in silence", LostHeadingWarning),
        (settings.unmet_faults, unmet, "No request met these planned faults", UnmetFaultWarning),
    ]
    failures = []
    for strictness, found, sentence, category in verdicts:
        text = visible("\n".join([f"{sentence} ({place}):", *_shortened(found)]))
        if found and strictness == "warn":
            item.warn(category(text))
        elif found and strictness == "error":
            failures.append(text)
    if failures:
        item.add_report_section("teardown", "cgmock journal", _excerpt(fake))
        pytest.fail("\n".join(failures), pytrace=False)


def _excerpt(fake: FakeCustomerGauge) -> str:
    """The end of the journal, a line for each request and each heading that was not simply stored."""
    from cgmock.testing.fake import entry_lines

    lines = [line for entry in fake.journal for line in entry_lines(entry)][-_EXCERPT:]
    unmatched = [line for entry in fake.unmatched for line in entry_lines(entry)][-_EXCERPT:]
    if unmatched:
        unmatched = ["requests that match no tenant:", *unmatched]
    return visible("\n".join([*(lines or ["no requests"]), *unmatched]))


def _shortened(lines: list[str]) -> list[str]:
    shown = [f"  {line}" for line in lines[: _EXCERPT - 1]]
    return shown if len(lines) < _EXCERPT else [*shown, f"  … and {len(lines) - len(shown)} more"]
