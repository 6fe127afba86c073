"""A minimal client for the CustomerGauge imports API."""

from cgclient.client import Client
from cgclient.errors import (
    AmbiguousWriteError,
    AuthenticationError,
    ConfigurationError,
    CustomerGaugeError,
    RateLimitedError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
    ValidationError,
)
from cgclient.events import Exchange, Retry
from cgclient.pages import Period
from cgclient.regions import Region
from cgclient.retries import Retries

__all__ = [
    "AmbiguousWriteError",
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "CustomerGaugeError",
    "Exchange",
    "Period",
    "RateLimitedError",
    "Region",
    "Retries",
    "Retry",
    "ServerError",
    "TransportError",
    "UnexpectedResponseError",
    "ValidationError",
]
