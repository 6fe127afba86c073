"""Failures of any call inside the package. Coverage cannot measure what `sys.setprofile` calls."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from itertools import count
from pathlib import Path
from types import FrameType

import cgmock

_PACKAGE = str(Path(cgmock.__file__).parent)
_SPARED = frozenset(
    {
        *("HostedTenantInMemory.reset", "Journal.clear", "FaultPlan.clear", "Clock.reset"),
        *("_TenantSlot.__exit__", "ImpatientConnection.wait"),
    }
)
"""Steps that only assign and clear, by which the memory store puts a reset in place, the call that commits or undoes
(the calls in it do fail), and what the driver of PostgreSQL calls, also after a commit."""


class InjectedError(Exception):
    """A failure that the test caused."""


@contextmanager
def failing_at(step: int) -> Iterator[list[str]]:
    """Raise InjectedError at the call of that number, inside the package; yields the name of what was called.

    Generators do not count: they are also called when they are closed.
    """
    failed: list[str] = []
    calls = count(1)

    def call(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        is_ours = code.co_filename.startswith(_PACKAGE) and not code.co_flags & CO_GENERATOR
        if event == "call" and is_ours and code.co_qualname not in _SPARED and next(calls) == step:
            failed.append(code.co_qualname)
            raise InjectedError(code.co_qualname)

    profile = sys.getprofile()
    sys.setprofile(call)
    try:
        yield failed
    except InjectedError:
        assert failed
    finally:
        sys.setprofile(profile)
