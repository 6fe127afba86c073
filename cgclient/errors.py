"""What can go wrong, in one tree; every error says whether the write may have happened.

CustomerGaugeError
├── ConfigurationError       the client was set up wrongly; nothing was sent
├── AuthenticationError      no token, or a token or a password that is refused
├── ValidationError          422: the record was refused
├── RateLimitedError         429: too many requests
├── ServerError              the service failed, and wrote nothing
├── TransportError           no answer, and nothing was written
├── UnexpectedResponseError  any other answer, and nothing was written
└── AmbiguousWriteError      nobody knows whether the record was written
"""

import copyreg
from collections.abc import Mapping, Sequence
from typing import ClassVar


class CustomerGaugeError(Exception):
    """Any failure.

    `status` is the HTTP status, None without an answer; `retry_after` the seconds that the service asks to wait, None
    when it does not say.
    """

    may_have_been_written: ClassVar[bool] = False
    """Whether the record may be in CustomerGauge all the same."""

    temporary: bool = False
    """Whether the same request may well be answered otherwise in a while."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        """Restore a copy without its constructor: a subclass may require more than the message."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]


class ConfigurationError(CustomerGaugeError, ValueError):
    """The client was set up wrongly; nothing was sent."""


class AuthenticationError(CustomerGaugeError):
    """No token was issued (`error` is the OAuth code, when there is one), or the token or password was refused."""

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
    """Too many requests."""

    temporary = True


class ServerError(CustomerGaugeError):
    """The service failed before it took the record: it gave no token, or turned the record away with Retry-After."""

    temporary = True


class TransportError(CustomerGaugeError):
    """No answer, and no record on its way: no connection could be made, or none was asked to carry one."""

    temporary = True


class UnexpectedResponseError(CustomerGaugeError):
    """An answer that the API's documents do not know, and that is no success."""


class AmbiguousWriteError(CustomerGaugeError):
    """The record was on its way, and the answer does not tell what became of it, or did not come.

    `temporary` unless it was an answer that would come again, a 201 for example.
    """

    may_have_been_written = True

    def __init__(self, message: str, *, status: int | None = None, temporary: bool = True) -> None:
        super().__init__(message, status=status)
        self.temporary = temporary
