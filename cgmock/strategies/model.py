"""What a tenant holds after the records that it took, assumed to be perfect: small, and apart from the core."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cgmock.core.catalog import CONTACT_IDENTIFIERS, DataType, Entity, Format
from cgmock.core.tenant import Configuration
from cgmock.stores.base import Collection
from cgmock.strategies.plans import Record
from cgmock.strategies.values import Value

Object = dict[str, Value | list[str]]
"""An account, a contact and so on: what is known of it, by the names of fields."""

_ALIASES_KNOWN = frozenset({DataType.CONTACT, DataType.SURVEY, DataType.ACTIVITY})
_CONTACT_SAVED = frozenset(
    {DataType.CONTACT, DataType.SURVEY, DataType.MULTI_OBJECT, DataType.EXTERNAL_RESPONSE}
)


class _Said(NamedTuple):
    """What a record says of each object."""

    data_type: DataType
    account: Object
    contact: Object
    survey: Object
    activity: Object

    @property
    def names_contact(self) -> bool:
        return self.data_type in _CONTACT_SAVED


class Model:
    """The objects of a tenant with the default policies, oldest first."""

    def __init__(self) -> None:
        self.objects: Mapping[Collection, list[Object]] = {collection: [] for collection in Collection}

    def is_clear(self, configuration: Configuration, record: Record) -> bool:
        """Whether it is said what becomes of a record. It is not where two objects would share an identifier."""
        said = self._read(configuration, record)
        return not any(self._rivals(said))

    def take(self, configuration: Configuration, record: Record) -> None:
        """Store a valid record."""
        said = self._read(configuration, record)
        known = dict(self._contact(said.contact) or {})
        self._save_account(said)
        if said.names_contact:
            self._save(Collection.CONTACTS, self._contact(said.contact), said.contact)
        match said.data_type:
            case DataType.SURVEY:
                self.objects[Collection.INVITATIONS].append({**known, **said.contact, **said.survey})
            case DataType.MULTI_OBJECT:
                self.objects[Collection.INVITATIONS].append({**said.contact, **said.survey})
            case DataType.EXTERNAL_RESPONSE:
                self.objects[Collection.RESPONSES].append({**said.contact, **said.survey})
            case DataType.ACTIVITY:
                activity = self._find(Collection.ACTIVITIES, "reference", said.activity)
                self._save(Collection.ACTIVITIES, activity, {**said.contact, **said.activity})
            case _:
                pass

    def _read(self, configuration: Configuration, record: Record) -> _Said:
        values: dict[Entity, Object] = {entity: {} for entity in Entity}
        for heading, value in record.items():
            field = configuration.fields[heading]
            values[field.entity][field.name] = int(value) if field.format is Format.SCORE else str(value)
        account, contact, survey = values[Entity.ACCOUNT], values[Entity.CONTACT], values[Entity.SURVEY]
        owner = self._owner(account) if configuration.data_type in _ALIASES_KNOWN else None
        if owner is not None:
            account["account_name"] = owner["account_name"]
        if "account_name" in account:
            contact["account_name"] = account["account_name"]
        reference = survey.get("contact_reference")
        if reference is not None:
            contact.setdefault("email" if "@" in str(reference) else "phone", reference)
        return _Said(configuration.data_type, account, contact, survey, values[Entity.ACTIVITY])

    def _rivals(self, said: _Said) -> Iterator[Object]:
        """Objects that hold an identifier which a record gives to another."""
        ours = self._contact(said.contact)
        for contact in self.objects[Collection.CONTACTS]:
            identifiers = (
                contact[name] == said.contact.get(name) for name in CONTACT_IDENTIFIERS if name in contact
            )
            if said.names_contact and contact is not ours and any(identifiers):
                yield contact
        for account in self.objects[Collection.ACCOUNTS]:
            is_other = account["account_name"] != said.account.get("account_name")
            if (
                said.data_type is DataType.ACCOUNT_ALIAS
                and is_other
                and said.account["alias"] in _aliases(account)
            ):
                yield account

    def _save_account(self, said: _Said) -> None:
        account = self._find(Collection.ACCOUNTS, "account_name", said.account)
        if said.data_type is DataType.ACCOUNT_ALIAS:
            alias = said.account.pop("alias")
            aliases = _aliases(account or {})
            said.account["aliases"] = aliases if alias in aliases else [*aliases, str(alias)]
        if said.account:
            self._save(Collection.ACCOUNTS, account, said.account)

    def _save(self, collection: Collection, found: Object | None, values: Object) -> None:
        if found is None:
            self.objects[collection].append(values)
        else:
            found.update(values)

    def _find(self, collection: Collection, name: str, values: Object) -> Object | None:
        """The object that has the same value of that name."""
        found = (
            each for each in self.objects[collection] if name in values and each.get(name) == values[name]
        )
        return next(found, None)

    def _contact(self, values: Object) -> Object | None:
        """The contact with the same email, else with the same phone."""
        by_email = self._find(Collection.CONTACTS, "email", values)
        return self._find(Collection.CONTACTS, "phone", values) if by_email is None else by_email

    def _owner(self, account: Object) -> Object | None:
        """The account that has the name as an alias."""
        accounts = self.objects[Collection.ACCOUNTS]
        return next((each for each in accounts if account.get("account_name") in _aliases(each)), None)


def _aliases(account: Object) -> list[str]:
    aliases = account.get("aliases", [])
    return aliases if isinstance(aliases, list) else []
