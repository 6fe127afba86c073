"""Parameters of the control API: the tenant of a path, the query string, and JSON bodies."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge, UnprocessableEntity
from werkzeug.routing import IntegerConverter, Map

from cgmock import seeds
from cgmock.core.outcome import Fate
from cgmock.core.spelling import nearest
from cgmock.mock_api import MockAPI
from cgmock.stores.base import HostedTenant, NoTenantError
from cgmock.wsgi import CONTROL_BODY_LIMIT

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_WAIT = 60
"""Maximum time in seconds that a request waits for a journal entry."""
DEFAULT_WAIT = 5
"""Default time in seconds that a request waits for an expectation."""
MAX_EXPECTATIONS = 100
"""Maximum number of expectations in one request."""
MAX_LEASE = 24 * 3600
"""Maximum time in seconds of the lease of a tenant."""
MAX_CURSOR = 2**63 - 1
_DIGITS = len(str(MAX_CURSOR))
_LARGE = 1e11
"""Seconds of some three thousand years: further than any clock goes."""


class Order(StrEnum):
    """The order of the entries on a page."""

    OLDEST = "oldest"
    NEWEST = "newest"


class Parameter(NamedTuple):
    """A parameter of the query string. Its JSON Schema describes it in the OpenAPI document and validates it."""

    name: str
    description: str
    schema: Mapping[str, Any]

    def read(self) -> Any:
        """Return the value in the current request, or the default. Raise UnprocessableEntity if it is invalid."""
        given = request.args.get(self.name)
        if given is None:
            return self.schema.get("default")
        if "enum" in self.schema:
            words = self.schema["enum"]
            if given in words:
                return words[words.index(given)]
            raise UnprocessableEntity(f"{self.name} must be one of {', '.join(words)}.")
        if self.schema["type"] == "string":
            return given
        low, high = self.schema["minimum"], self.schema["maximum"]
        if given.isascii() and given.isdecimal() and len(given) <= _DIGITS and low <= int(given) <= high:
            return int(given)
        raise UnprocessableEntity(f"{self.name} must be an integer from {low} to {high}.")


def _number(name: str, description: str, high: int = MAX_CURSOR, **more: int) -> Parameter:
    return Parameter(name, description, {"type": "integer", "minimum": 0, "maximum": high, **more})


def _word(name: str, description: str, words: type[StrEnum], **more: StrEnum) -> Parameter:
    return Parameter(name, description, {"type": "string", "enum": list(words), **more})


def _text(name: str, description: str) -> Parameter:
    return Parameter(name, description, {"type": "string", "pattern": r"^[^\u0000]*$"})


LEASE = _number(
    "lease", "Seconds of system time after which the tenant is removed, or 0 for never.", MAX_LEASE, default=0
)
LIMIT = _number("limit", "Maximum number of results.", MAX_LIMIT, minimum=1, default=DEFAULT_LIMIT)
CURSOR = _number("cursor", "The `next_cursor` of the previous page.", default=0)
WAIT = _number("wait", "Seconds to wait for an entry after the cursor.", MAX_WAIT, default=0)
TIMEOUT = _number("timeout", "Maximum time to wait, in seconds.", MAX_WAIT, default=DEFAULT_WAIT)
ORDER = _word("order", "The entry that comes first.", Order, default=Order.OLDEST)
AFTER = _number("after", "Return only entries with a higher number.", default=0)
SEARCH = (
    _text("path", "Path of the request. Wildcards are allowed."),
    _number("status", "Status of the response, or 0 if there was no response.", 599),
    _word("notice", "Fate of a heading.", Fate),
    _text("heading", "Heading that was sent."),
    _number("since", "Earliest time of an entry, in Unix seconds."),
    _text("request", "Id of a request. Each stored object has the id of the request that wrote it."),
    _text("text", "Text in the query string, a body, a header or a notice."),
)
"""The parameters of `cgmock.journal.search.Search`."""


class EntryNumber(IntegerConverter):
    """The number of a journal entry in a path. A number that no entry can have does not match."""

    regex: str = f"[0-9]{{1,{_DIGITS}}}"

    def __init__(self, map: Map) -> None:  # noqa: A002  (werkzeug's own)
        super().__init__(map, max=MAX_CURSOR)


def require_readable() -> None:
    """Refuse a request whose path or query is not Unicode without NUL, or whose body is too large."""
    path, query = (request.environ[name].encode("latin-1") for name in ("PATH_INFO", "QUERY_STRING"))
    for what, part in (("path", path), ("query string", unquote_to_bytes(query))):
        try:
            has_nul = "\0" in part.decode()
        except UnicodeDecodeError as error:
            raise UnprocessableEntity(f"The {what} must be UTF-8.") from error
        if has_nul:
            raise UnprocessableEntity(f"The {what} must not contain NUL.")
    if (request.content_length or 0) > CONTROL_BODY_LIMIT:
        raise RequestEntityTooLarge(f"The body must not be larger than {CONTROL_BODY_LIMIT // 1024**2} MiB.")


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
    if any(seeds.UNSTORABLE.search(text) for text in _texts(content)):
        raise UnprocessableEntity(f"The body {seeds.UNSTORABLE_RULE}")
    require_known(content, known)
    return with_integers(content)


def _texts(content: object) -> Iterator[str]:
    """Yield all keys and values of JSON that are texts. JSON may be deeper than calls can be nested."""
    left = [content]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            left += [*each, *each.values()]
        elif isinstance(each, list):
            left += each


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


def seconds(given: Mapping[str, object], name: str) -> float | None:
    """A number of seconds, of either sign."""
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGE:
        return float(value)
    raise UnprocessableEntity(f"{name} must be a number of seconds.")
