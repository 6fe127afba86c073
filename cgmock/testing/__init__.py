"""A fake CustomerGauge for fixtures of your own, and the types of what it returns.

Example:
    >>> from cgmock import MockAPI, live_server, load_seed
    >>> from cgmock.testing import LocalControl, Server
    >>> (demo,) = load_seed()
    >>> with live_server(MockAPI()) as server:
    ...     with Server(LocalControl(server.mock), server.url).fresh(demo) as cg:
    ...         cg.client_id.startswith("demo-client-")
    True
"""

from typing import TYPE_CHECKING

from cgmock.control.local import LocalControl
from cgmock.journal.expectations import Difference, NearMiss, Verdict
from cgmock.testing.fake import FakeCustomerGauge, Lost, NoConnectedAppError, Server, environment

__all__ = [
    "ControlError",
    "Difference",
    "FakeCustomerGauge",
    "LocalControl",
    "Lost",
    "NearMiss",
    "NoConnectedAppError",
    "RemoteControl",
    "Server",
    "Verdict",
    "environment",
]

if TYPE_CHECKING:
    from cgmock.control.remote import ControlError, RemoteControl
else:
    # httpx, which a fake in this process does not need, takes long to import.
    def __getattr__(name):
        if name not in {"ControlError", "RemoteControl"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from cgmock.control import remote

        return getattr(remote, name)

    def __dir__():
        return sorted({*globals(), *__all__})
