"""What can go wrong, in one tree; every error says whether the write may have happened.

CustomerGaugeError
├── ConfigurationError       the client was set up wrongly; nothing was sent
├── AuthenticationError      no token, or a token that is refused
├── ValidationError          422: the record was refused
├── RateLimitedError         429: too many requests
├── ServerError              5xx: the service failed
├── UnexpectedResponseError  any other answer
└── TransportError           no answer at all
"""

from collections.abc import Mapping, Sequence


class CustomerGaugeError(Exception):
    """Any failure. `status` is the HTTP status, None without an answer."""

    def __init__(
        self, message: str, *, status: int | None = None, may_have_been_written: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.may_have_been_written = may_have_been_written


class ConfigurationError(CustomerGaugeError, ValueError):
    """The client was set up wrongly; nothing was sent."""


class AuthenticationError(CustomerGaugeError):
    """No token was issued (`error` is the OAuth code, when there is one), or the token was refused."""

    def __init__(self, message: str, *, status: int | None = None, error: str | None = None) -> None:
        super().__init__(message, status=status)
        self.error = error


class ValidationError(CustomerGaugeError):
    """The record was refused.

    `errors` holds the messages by the path of the input they speak of, `message` is the service's own summary; both
    are empty when the service does not say. Texts are cut to 200 characters.
    """

    def __init__(self, sentence: str, errors: Mapping[str, Sequence[str]], message: str = "") -> None:
        super().__init__(sentence, status=422)
        self.errors = errors
        self.message = message


class RateLimitedError(CustomerGaugeError):
    """Too many requests; `retry_after` in seconds, None when the service does not say."""

    def __init__(self, message: str, *, retry_after: float | None) -> None:
        super().__init__(message, status=429)
        self.retry_after = retry_after


class ServerError(CustomerGaugeError):
    """The service failed, perhaps after it had written the record."""


class UnexpectedResponseError(CustomerGaugeError):
    """An answer that the API's documents do not know."""


class TransportError(CustomerGaugeError):
    """No answer: the connection could not be made, broke, took too long, or carried what nobody can read."""
