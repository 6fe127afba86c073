"""Planned failures of a tenant: what they are, which answers are prepared for them, and the plan of which were met."""

from cgmock.core.routing import Endpoint
from cgmock.faults.fault import (
    MAX_DELAY,
    MAX_SECONDS,
    MAX_SEED,
    MAX_TIMES,
    OF_THE_CONNECTION,
    OF_THE_TOKEN,
    WITHOUT_ANSWER,
    Answer,
    BrokenConnectionError,
    Effect,
    Fault,
    FaultError,
    LogNormal,
    Uniform,
)
from cgmock.faults.plan import FaultControl, FaultMatch, FaultPlan
from cgmock.faults.prepared import PREPARED, prepared
from cgmock.faults.serialization import KEYS, from_table, table

__all__ = [
    "KEYS",
    "MAX_DELAY",
    "MAX_SECONDS",
    "MAX_SEED",
    "MAX_TIMES",
    "OF_THE_CONNECTION",
    "OF_THE_TOKEN",
    "PREPARED",
    "WITHOUT_ANSWER",
    "Answer",
    "BrokenConnectionError",
    "Effect",
    "Endpoint",
    "Fault",
    "FaultControl",
    "FaultError",
    "FaultMatch",
    "FaultPlan",
    "LogNormal",
    "Uniform",
    "from_table",
    "prepared",
    "table",
]
