"""The data of a tenant: what the changes of the core do to its tables, wherever these are kept."""

from collections.abc import Iterator, Mapping
from typing import Protocol, assert_never

from cgmock.core.outcome import (
    AddAlias,
    Change,
    CountRequest,
    RateWindow,
    RecordResponse,
    SaveAccount,
    SaveActivity,
    SaveContact,
    SendInvitation,
    StoredResponse,
    Value,
    Values,
)
from cgmock.stores.base import Collection, Origin

Cell = str | int | float | list[str] | None
"""What a row holds in a column."""

KEYS: Mapping[Collection, tuple[str, ...]] = {
    Collection.ACCOUNTS: ("account_name", "aliases"),
    Collection.CONTACTS: ("email", "phone"),
    Collection.RESPONSES: (),
    Collection.INVITATIONS: (),
    Collection.ACTIVITIES: ("reference",),
}
"""The columns of each collection that a row is found by."""


class Table(Protocol):
    """Rows by id, oldest first, bounded, found by what they hold in their key columns."""

    def find(self, key: str, identifier: str | None) -> int | None:
        """The id of the row that holds the identifier in the column `key`; of several, the last that got it."""

    def row(self, number: int) -> Mapping[str, Cell]:
        """The row of that id."""

    def newer(self, after: int) -> Iterator[Mapping[str, Cell]]:
        """The rows with a higher id, oldest first."""

    def add(self, values: Mapping[str, Cell], origin: Origin) -> int:
        """Add a row, and return its id; the oldest one makes room."""

    def update(self, number: int, values: Mapping[str, Cell], origin: Origin) -> None:
        """Change the given values of a row."""


class Responses(Table, Protocol):
    """Survey responses."""

    def has(self, values: Values) -> bool:
        """Whether a response came with exactly these values."""


class TenantData:
    """The data of one tenant, in tables of which `responses` is one."""

    def __init__(self, tables: Mapping[Collection, Table], responses: Responses, window: RateWindow) -> None:
        self._accounts = tables[Collection.ACCOUNTS]
        self._contacts = tables[Collection.CONTACTS]
        self._responses = responses
        self._invitations = tables[Collection.INVITATIONS]
        self._activities = tables[Collection.ACTIVITIES]
        self.window: RateWindow = window

    def contact(self, email: str | None, phone: str | None) -> Values | None:
        """The contact with that email, else with that phone."""
        number = self._contact_number(email, phone)
        return None if number is None else _fields(self._contacts.row(number))

    def account_of(self, alias: str) -> str | None:
        """The name of the account that has this alias."""
        number = self._accounts.find("aliases", alias)
        return None if number is None else str(self._accounts.row(number)["account_name"])

    def has_response(self, values: Values) -> bool:
        """Whether a response with exactly these values is kept."""
        return self._responses.has(values)

    def responses(self, after: int) -> Iterator[StoredResponse]:
        """The responses with a higher number, oldest first."""
        for row in self._responses.newer(after):
            yield StoredResponse(int(str(row["id"])), float(str(row["created_at"])), _fields(row))

    def rate_window(self) -> RateWindow:
        """The window that requests are counted in."""
        return self.window

    def apply(self, change: Change, origin: Origin) -> None:
        """Make one change."""
        match change:
            case SaveAccount(name, values):
                _save(self._accounts, "account_name", name, values, origin)
            case SaveContact(email, phone, values):
                self._save_contact(email, phone, values, origin)
            case RecordResponse(values):
                self._responses.add(values, origin)
            case AddAlias(account_name, alias):
                self._add_alias(account_name, alias, origin)
            case SaveActivity(reference, values):
                _save(self._activities, "reference", reference, values, origin)
            case SendInvitation(values):
                self._invitations.add(values, origin)
            case CountRequest(started):
                used = self.window.used if started == self.window.started else 0
                self.window = RateWindow(started, used + 1)
            case _ as never:
                assert_never(never)

    def _add_alias(self, account_name: str, alias: str, origin: Origin) -> None:
        number = _save(self._accounts, "account_name", account_name, {}, origin)
        aliases = identifiers(self._accounts.row(number).get("aliases"))
        if alias not in aliases:
            self._accounts.update(number, {"aliases": [*aliases, alias]}, origin)

    def _save_contact(self, email: str | None, phone: str | None, values: Values, origin: Origin) -> None:
        number = self._contact_number(email, phone)
        if number is None:
            self._contacts.add(values, origin)
        else:
            self._contacts.update(number, values, origin)

    def _contact_number(self, email: str | None, phone: str | None) -> int | None:
        number = self._contacts.find("email", email)
        return self._contacts.find("phone", phone) if number is None else number


def new_row(number: int, values: Mapping[str, Cell], origin: Origin) -> dict[str, Cell]:
    """A row as it is kept from the beginning."""
    request, time = origin
    row = {"id": number, **values}
    row["created_at"] = row["updated_at"] = time
    row["request"] = request
    return row


def identifiers(cell: Cell) -> list[str]:
    """What a row is found by, of what it holds in a key column."""
    if isinstance(cell, list):
        return cell
    return [cell] if isinstance(cell, str) else []


def _save(table: Table, key: str, identifier: str, values: Mapping[str, Cell], origin: Origin) -> int:
    """Update the row that holds the identifier, else add one; returns its id."""
    number = table.find(key, identifier)
    if number is None:
        return table.add({key: identifier, **values}, origin)
    table.update(number, values, origin)
    return number


def _fields(row: Mapping[str, Cell]) -> dict[str, Value]:
    """The values of a row as the core wrote them."""
    return {
        name: cell for name, cell in row.items() if name not in _OWN and not isinstance(cell, list | float)
    }


_OWN = frozenset({"id", "created_at", "updated_at", "request"})
