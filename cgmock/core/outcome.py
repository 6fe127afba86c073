"""What the core decides: an answer, the changes it makes, and what it does not say aloud."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Response
from cgmock.core.tenant import Policies, Tenant

Value = str | int | None
Values = Mapping[str, Value]
"""Field names and what they hold."""

Claims = Mapping[str, str | int]
"""The content of an access token."""


class Fate(StrEnum):
    """The fate of a heading of a record.

    Attributes:
        STORED: The value is stored unchanged.
        COERCED: The value is changed, and stored.
        UNMAPPED: The value is dropped, because the configuration has no such heading.
        IGNORED: The value is dropped for another reason, for example because it is empty.
        FAILED: The value is not stored, because the import of the record failed.
    """

    STORED = "stored"
    COERCED = "coerced"
    UNMAPPED = "unmapped"
    IGNORED = "ignored"
    FAILED = "failed"


FateName = Literal["stored", "coerced", "unmapped", "ignored", "failed"]
"""The name of a `Fate`."""

_HARMLESS = (Behaviour.VALUE_EMPTY, Behaviour.RESPONSES_EXPANDED)


class Notice(NamedTuple):
    """The fate of a heading, or of a whole request.

    Args:
        heading: The heading. None stands for the whole request.
        fate: Its fate.
        behaviour: The documented or assumed behaviour that decided.
        field: The field that the heading is mapped to.
        reason: The reason for the fate.
        nearest: The closest known heading, if the heading is unknown.
    """

    heading: str | None
    fate: Fate
    behaviour: Behaviour
    field: str | None = None
    reason: str = ""
    nearest: str | None = None

    @property
    def is_loss(self) -> bool:
        """Whether something that was sent is not stored; an empty value and a question have nothing to lose."""
        if self.fate is Fate.IGNORED:
            return self.behaviour not in _HARMLESS
        return self.fate is Fate.UNMAPPED or self.fate is Fate.FAILED


class SaveAccount(NamedTuple):
    """Create the account of that name, or update the given fields of it."""

    name: str
    values: Values


class AddAlias(NamedTuple):
    """Let `alias` be one more name of an account, which is created when it is new."""

    account_name: str
    alias: str


class SaveContact(NamedTuple):
    """Create a contact, or update the given fields of the one with that email, else of the one with that phone."""

    email: str | None
    phone: str | None
    values: Values


class RecordResponse(NamedTuple):
    """Add a survey response."""

    values: Values


class SendInvitation(NamedTuple):
    """Add a survey that would be sent."""

    values: Values


class SaveActivity(NamedTuple):
    """Create the activity of that reference, or update the given fields of it."""

    reference: str
    values: Values


class CountRequest(NamedTuple):
    """Count one request in the rate window that began at `started` (Unix seconds)."""

    started: float


Change = SaveAccount | AddAlias | SaveContact | RecordResponse | SendInvitation | SaveActivity | CountRequest


class Outcome(NamedTuple):
    """All that a request leads to. A refused request has no changes but the count of its rate window."""

    response: Response
    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()


class RateWindow(NamedTuple):
    """How many requests came since `started` (Unix seconds)."""

    started: float = 0.0
    used: int = 0


class StoredResponse(NamedTuple):
    """A survey response that was recorded: `number` counts them, `created_at` is in Unix seconds."""

    number: int
    created_at: float
    values: Values


class Data(Protocol):
    """What a tenant's data can be asked."""

    def contact(self, email: str | None, phone: str | None) -> Values | None:
        """The contact with that email, else with that phone."""

    def account_of(self, alias: str) -> str | None:
        """The name of the account that has this alias."""

    def has_response(self, values: Values) -> bool:
        """Whether a response with exactly these values was recorded."""

    def responses(self, after: int) -> Iterator[StoredResponse]:
        """The responses with a higher number, oldest first."""

    def rate_window(self) -> RateWindow:
        """The window that requests are counted in."""


class View(NamedTuple):
    """What a decision may look at.

    `tenant` is None when the request carries no credential of any tenant; `claims` are those of a token whose
    signature is right. `policies` apply to a request without a tenant. `sign` turns claims into a token and `keys` gives the key set, both pure and lent by the shell.
    """

    tenant: Tenant | None
    data: Data
    claims: Claims | None
    sign: Callable[[Claims], str]
    keys: Callable[[], str]
    policies: Policies = Policies()
