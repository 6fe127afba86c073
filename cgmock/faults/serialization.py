"""Faults as tables, the shape that the control API takes and shows."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from cgmock.faults.fault import Fault, FaultError, LogNormal, Uniform
from cgmock.faults.prepared import prepared

_MEMBERS = tuple(field.name for field in fields(Fault))
KEYS = (*_MEMBERS, "prepared")
"""What the table of a fault may have."""

_NULLABLE = frozenset({"endpoint", "delay", "prepared"})
_DISTRIBUTIONS = {"uniform": Uniform, "log_normal": LogNormal}


def table(fault: Fault) -> dict[str, object]:
    """All members of a fault; a delay that is drawn is an object such as `{"uniform": [0.1, 2]}`."""
    return {
        **{name: getattr(fault, name) for name in _MEMBERS},
        "headers": dict(fault.headers),
        "delay": _shown(fault.delay),
    }


def from_table(given: Mapping[str, object]) -> Fault:
    """The fault that a table tells of, whose answer may be a prepared one; null is any endpoint and no delay.

    Raises FaultError.
    """
    members: dict[str, Any] = {
        name: value
        for name, value in given.items()
        if name != "prepared" and (value is not None or name not in _NULLABLE)
    }
    if "delay" in members:
        members["delay"] = _delay(members["delay"])
    name = given.get("prepared")
    if name is None:
        return Fault(**members)
    return prepared(str(name), **members)  # type: ignore[arg-type]


def _shown(delay: float | Uniform | LogNormal) -> object:
    for name, kind in _DISTRIBUTIONS.items():
        if isinstance(delay, kind):
            return {name: list(delay)}
    return delay


def _delay(given: object) -> object:
    if not isinstance(given, Mapping):
        return given
    for name, kind in _DISTRIBUTIONS.items():
        numbers = given.get(name)
        if len(given) == 1 and isinstance(numbers, Sequence) and len(numbers) == 2:
            return kind(*numbers)
    raise FaultError('delay must be seconds, {"uniform": [LOW, HIGH]} or {"log_normal": [MEDIAN, SIGMA]}.')
