"""A fake CustomerGauge for tests and local development.

The modules `cgmock.flask`, `cgmock.httpx`, `cgmock.pytest_plugin`, `cgmock.respx`, `cgmock.strategies` and
`cgmock.testing` have more public names, in their `__all__`. Everything else is private.
"""

__all__ = [
    "Configuration",
    "DataType",
    "Effect",
    "Endpoint",
    "Entry",
    "Expectation",
    "Fate",
    "Fault",
    "LiveServer",
    "LogNormal",
    "MockAPI",
    "Notice",
    "Request",
    "Response",
    "SeedError",
    "Tenant",
    "Uniform",
    "__version__",
    "live_server",
    "load_seed",
    "prepared",
]

TYPE_CHECKING = False  # type checkers take it for that of typing, whose import takes 10 ms
if TYPE_CHECKING:
    from cgmock.core.catalog import DataType as DataType
    from cgmock.core.messages import Request as Request, Response as Response
    from cgmock.core.outcome import Fate as Fate, Notice as Notice
    from cgmock.core.routing import Endpoint as Endpoint
    from cgmock.core.tenant import Configuration as Configuration, Tenant as Tenant
    from cgmock.faults.fault import (
        Effect as Effect,
        Fault as Fault,
        LogNormal as LogNormal,
        Uniform as Uniform,
    )
    from cgmock.faults.prepared import prepared as prepared
    from cgmock.journal.expectations import Expectation as Expectation
    from cgmock.journal.journal import Entry as Entry
    from cgmock.mock_api import MockAPI as MockAPI
    from cgmock.seeds.reader import SeedError as SeedError, load_seed as load_seed
    from cgmock.servers.threaded import LiveServer as LiveServer, live_server as live_server

    __version__: str
else:
    # pytest imports this package at every start, so a name is imported when it is used.
    _MODULES = {
        "Configuration": "cgmock.core.tenant",
        "DataType": "cgmock.core.catalog",
        "Effect": "cgmock.faults.fault",
        "Endpoint": "cgmock.core.routing",
        "Entry": "cgmock.journal.journal",
        "Expectation": "cgmock.journal.expectations",
        "Fate": "cgmock.core.outcome",
        "Fault": "cgmock.faults.fault",
        "LiveServer": "cgmock.servers.threaded",
        "LogNormal": "cgmock.faults.fault",
        "MockAPI": "cgmock.mock_api",
        "Notice": "cgmock.core.outcome",
        "Request": "cgmock.core.messages",
        "Response": "cgmock.core.messages",
        "SeedError": "cgmock.seeds.reader",
        "Tenant": "cgmock.core.tenant",
        "Uniform": "cgmock.faults.fault",
        "live_server": "cgmock.servers.threaded",
        "load_seed": "cgmock.seeds.reader",
        "prepared": "cgmock.faults.prepared",
    }

    def __getattr__(name):
        if name in _MODULES:
            from importlib import import_module

            value = getattr(import_module(_MODULES[name]), name)
        elif name == "__version__":
            from importlib.metadata import version

            value = version("cgmock")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
