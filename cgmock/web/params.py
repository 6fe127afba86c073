"""What a request of the control API asks for: the tenant of its path, its body, its numbers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from flask import Response, request
from werkzeug.exceptions import Conflict, NotFound, UnprocessableEntity

from cgmock import seeds
from cgmock.core.spelling import nearest
from cgmock.faults import FaultError
from cgmock.journal.expectations import ExpectationError
from cgmock.mock_api import MockAPI, NoAppError
from cgmock.seeds.tenant_tables import PartError
from cgmock.stores.base import CheckpointError, HostedTenant, NameTakenError, NoTenantError, TooManyError

Reply = Response | tuple[Response, int] | tuple[str, int]

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_WAIT = 60
"""Maximum time in seconds that a request waits for a journal entry."""
DEFAULT_WAIT = 5
"""Default time in seconds that a request waits for an expectation."""
MAX_EXPECTATIONS = 100
"""Maximum number of expectations in one request."""
MAX_CURSOR = 2**63 - 1
_DIGITS = len(str(MAX_CURSOR))
_LARGE = 1e11
"""Seconds of some three thousand years: further than any clock goes."""


class Order(StrEnum):
    """The order of the entries on a page."""

    OLDEST = "oldest"
    NEWEST = "newest"


def hosted(mock: MockAPI, name: str) -> HostedTenant:
    """The tenant of that name. Raises NotFound."""
    try:
        return mock.store.hosted(name)
    except NoTenantError:
        known = ", ".join(each.name for each in mock.store.tenants()) or "none"
        raise NotFound(f"There is no tenant {name}; there are: {known}.") from None


def json_body(known: tuple[str, ...] | None = None) -> Mapping[str, object]:
    """Return the JSON object of a request, or an empty one for an empty body. Unknown members are refused.

    2.0 is an integer, as it is in JSON.
    """
    try:
        content = request.get_json(force=True, silent=True) if request.get_data(cache=True) else {}
    except RecursionError as error:
        raise UnprocessableEntity("The body must be a JSON object that is not so deep.") from error
    if not isinstance(content, dict):
        raise UnprocessableEntity("The body must be a JSON object.")
    require_known(content, known)
    return with_integers(content)


def with_integers(content: Mapping[str, object]) -> dict[str, object]:
    """The members of an object, its whole numbers as integers."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in content.items()
    }


def require_known(given: Mapping[str, object], known: tuple[str, ...] | None) -> None:
    """Refuse a member that is not known, and say which is near."""
    for key in given:
        if known is not None and key not in known:
            near = nearest(key, known)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}."
            raise UnprocessableEntity(f"{key} is unknown; {hint}")


@contextmanager
def http_errors() -> Iterator[None]:
    """Convert the errors of stores, seeds, faults and expectations to HTTP errors with a message."""
    try:
        yield
    except (seeds.SeedError, PartError, FaultError, ExpectationError) as error:
        raise UnprocessableEntity(str(error)) from error
    except (NameTakenError, TooManyError, NoAppError) as error:
        raise Conflict(str(error)) from error
    except CheckpointError as error:
        raise NotFound(str(error)) from error
    except KeyError as error:
        raise NotFound(f"There is no {error.args[0]} any more.") from error


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query string."""
    given = request.args.get(name, str(default))
    if given.isascii() and given.isdecimal() and len(given) <= _DIGITS and low <= int(given) <= high:
        return int(given)
    raise UnprocessableEntity(f"{name} must be an integer from {low} to {high}.")


def seconds(given: Mapping[str, object], name: str) -> float | None:
    """A number of seconds, of either sign."""
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGE:
        return float(value)
    raise UnprocessableEntity(f"{name} must be a number of seconds.")
