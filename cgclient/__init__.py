"""A minimal client for the CustomerGauge imports API."""

from cgclient.bodies import Record
from cgclient.client import Client, Encoding
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
from cgclient.events import Exchange, Hook, Retry
from cgclient.pages import Period
from cgclient.regions import Region
from cgclient.retries import Retries

__all__ = [
    "AmbiguousWriteError",
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "CustomerGaugeError",
    "Encoding",
    "Exchange",
    "Hook",
    "Period",
    "RateLimitedError",
    "Record",
    "Region",
    "Retries",
    "Retry",
    "ServerError",
    "TransportError",
    "UnexpectedResponseError",
    "ValidationError",
]
