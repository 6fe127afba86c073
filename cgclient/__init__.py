"""A minimal client for the CustomerGauge imports API."""

from cgclient.client import Client
from cgclient.errors import (
    AuthenticationError,
    ConfigurationError,
    CustomerGaugeError,
    RateLimitedError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
    ValidationError,
)
from cgclient.regions import Region

__all__ = [
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "CustomerGaugeError",
    "RateLimitedError",
    "Region",
    "ServerError",
    "TransportError",
    "UnexpectedResponseError",
    "ValidationError",
]
