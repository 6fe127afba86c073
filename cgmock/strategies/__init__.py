"""Hypothesis strategies: configurations, records good and bad, payloads, token requests, and a state machine."""

from cgmock.strategies.invalid import InvalidRecord, invalid_records
from cgmock.strategies.machine import CustomerGaugeMachine, over_http
from cgmock.strategies.near_misses import Garbled, Misspelt, NearMiss, Slip, SwappedColumns, near_misses
from cgmock.strategies.payloads import Payload, payloads
from cgmock.strategies.records import configurations, records
from cgmock.strategies.tokens import TokenRequest, token_requests

__all__ = [
    "CustomerGaugeMachine",
    "Garbled",
    "InvalidRecord",
    "Misspelt",
    "NearMiss",
    "Payload",
    "Slip",
    "SwappedColumns",
    "TokenRequest",
    "configurations",
    "invalid_records",
    "near_misses",
    "over_http",
    "payloads",
    "records",
    "token_requests",
]
