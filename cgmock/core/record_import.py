"""The import of one record: the fate of each heading, and the changes to the tenant's data.

The records endpoint and the webhooks share it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Set as AbstractSet
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from cgmock.core import catalog
from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import CONTACT_IDENTIFIERS, DataType, Entity, Field, Format, Rules
from cgmock.core.field_values import UNKNOWN_TOUCHPOINT, Flaw, flaw_of, stored_form
from cgmock.core.laravel.responses import Rule
from cgmock.core.outcome import (
    AddAlias,
    Change,
    Data,
    Fate,
    Notice,
    RecordResponse,
    SaveAccount,
    SaveActivity,
    SaveContact,
    SendInvitation,
    Value,
)
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpArray, PhpValue
from cgmock.core.spelling import nearest
from cgmock.core.tenant import (
    BadValue,
    Configuration,
    EmptyOnUpdate,
    HeadingCase,
    Policies,
    Refusal,
    RepeatResponse,
    Tenant,
    UnknownTouchpoint,
    YesNo,
)

_TEXT = Format.TEXT  # a lookup of an enumeration member in the loop over the values is slower than the loop

MAX_SUGGESTIONS = 100
"""Maximum number of unmapped headings of a record that are compared with the known ones."""

_UNKNOWN_CONTACT = Flaw(Rule.EXISTS, "is not a contact of the tenant")


class Violation(NamedTuple):
    """A rule that a record breaks, and the refusal that the tenant's policy prescribes."""

    heading: str
    field: str
    flaw: Flaw
    refusal: Refusal
    behaviour: Behaviour


class ImportResult(NamedTuple):
    """The result of one record. A record with any violation is not stored at all."""

    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]
    violations: tuple[Violation, ...] = ()


class _Plan(NamedTuple):
    """The part of the result that depends on the headings of a record only.

    `fields` are the fields of the headings, in order. `headings` and `fates` are the result of a record without flaws.
    """

    fields: tuple[Field, ...]
    headings: dict[str, str]
    fates: dict[str, Notice]


class RecordImport:
    """The import of one record: its values by field, the fates of its headings, and the rules it breaks."""

    def __init__(self, tenant: Tenant, configuration: Configuration, data: Data) -> None:
        self.policies: Policies = tenant.policies
        self.tenant = tenant
        self.configuration = configuration
        self.data = data
        self.fields: Mapping[str, Field] = configuration.fields
        self.rules: Rules = catalog.RULES[configuration.data_type]
        self.values: dict[Entity, dict[str, Value]] = {entity: {} for entity in self.rules.entities}
        self.headings: dict[str, str] = {}
        self.fates: dict[str, Notice] = {}
        self.notices: list[Notice] = []
        self.violations: list[Violation] = []
        self.suggestions: int = 0

    def run(self, record: PhpArray, raw: PhpArray) -> ImportResult:
        """Return the result. `raw` is the record before its values were trimmed."""
        # The usual record, all of which is stored unchanged, is read in one pass.
        if record is not raw or not self._read_unchanged(record):
            for key, value in record.items():
                self._read_heading(str(key), value, trimmed=raw.get(key) is not value)
        self._check_required()
        self._check_contact_of_activity()
        if self.violations:
            return ImportResult((), tuple(self._failed_notices(record)), tuple(self.violations))
        changes = self._WRITERS[self.configuration.data_type](self)
        return ImportResult(changes, (*self.fates.values(), *self.notices))

    def get(self, name: str) -> str | None:
        """Return the text of a field, or None."""
        for values in self.values.values():
            value = values.get(name)
            if value is not None:
                return str(value)
        return None

    def required(self, name: str) -> str:
        """Return the text of a required field. The required fields must have been checked."""
        return next(str(values[name]) for values in self.values.values() if name in values)

    def heading_of(self, name: str) -> str:
        """Return the heading that is mapped to a field, or the display name of the field."""
        mapped = (heading for heading, field in self.fields.items() if field.name == name)
        return next(mapped, catalog.FIELDS[name].display_name)

    def _read_unchanged(self, record: PhpArray) -> bool:
        """Read a record in which no value was trimmed.

        Return False if any heading needs a notice of its own. The caller then reads the headings one by one.
        """
        names = tuple(map(self.configuration.headings.get, record))  # type: ignore[arg-type]
        plan = None if None in names else _plan(self.configuration.data_type, tuple(record), names)
        if plan is None:
            return False
        for field, value in zip(plan.fields, record.values(), strict=True):
            if isinstance(value, str):
                if field.format is _TEXT and len(value) <= field.max_length:
                    self.values[field.entity][field.name] = value
                    continue
            elif not _is_score(field, value):
                return False
            if flaw_of(field, value, self.tenant.touchpoints) is not None:
                return False
            self.values[field.entity][field.name] = stored_form(field, value, None)
        self.headings, self.fates = plan.headings.copy(), plan.fates.copy()
        return True

    def _read_heading(self, heading: str, value: PhpValue, *, trimmed: bool) -> None:
        field = self.fields.get(heading) or self._in_other_case(heading)
        if field is None:
            known = self._suggest(heading)
            self.fates[heading] = Notice(
                heading,
                Fate.UNMAPPED,
                Behaviour.HEADING_UNMAPPED,
                reason="the configuration does not know it",
                nearest=known,
            )
        elif field.entity not in self.values:
            reason = f"{self.rules.display_name} records have no {field.display_name}"
            self.fates[heading] = Notice(
                heading, Fate.IGNORED, Behaviour.FIELD_MISPLACED, field=field.name, reason=reason
            )
        else:
            self._read_value(heading, field, value, trimmed=trimmed)

    def _suggest(self, heading: str) -> str | None:
        self.suggestions += 1
        if self.suggestions > MAX_SUGGESTIONS:
            return None
        return nearest(heading, self.configuration.headings)

    def _in_other_case(self, heading: str) -> Field | None:
        if self.policies.heading_case is HeadingCase.SENSITIVE:
            return None
        return self.configuration.folded.get(heading.casefold())

    def _read_value(self, heading: str, field: Field, value: PhpValue, *, trimmed: bool) -> None:
        if value is None:
            self._read_empty(heading, field)
            return
        flaw = flaw_of(field, value, self.tenant.touchpoints)
        if flaw is not None and not self._apply_policy(heading, field, flaw):
            return
        if field.name in self.headings:
            self._note_overwritten(heading, field)
        self.headings[field.name] = heading
        self.values[field.entity][field.name] = stored_form(field, value, flaw)
        if flaw is None:
            self.fates[heading] = self._fate_of_value(heading, field, value, trimmed=trimmed)

    def _read_empty(self, heading: str, field: Field) -> None:
        fate, reason = Fate.IGNORED, "empty: the field stays as it is"
        if self.policies.empty_on_update is EmptyOnUpdate.CLEARS:
            if field.name in self.headings:
                self._note_overwritten(heading, field)
            self.values[field.entity][field.name] = None
            fate, reason = Fate.STORED, "empty: the field is cleared"
        self.fates[heading] = Notice(heading, fate, Behaviour.VALUE_EMPTY, field=field.name, reason=reason)

    def _note_overwritten(self, heading: str, field: Field) -> None:
        """Mark the earlier heading of the same field as ignored."""
        earlier = self.headings.pop(field.name)
        reason = f"overwritten by {heading}"
        self.fates[earlier] = Notice(
            earlier, Fate.IGNORED, Behaviour.HEADING_OVERWRITTEN, field=field.name, reason=reason
        )

    def _fate_of_value(self, heading: str, field: Field, value: PhpValue, *, trimmed: bool) -> Notice:
        """Return the fate of a valid value, which is stored, possibly after a conversion."""
        if trimmed:
            return _trimmed(heading, field.name)
        if not isinstance(value, str) and not _is_score(field, value):
            return _converted(heading, field.name, value)
        if heading not in self.fields:
            reason = "met its mapping in another case"
            return Notice(heading, Fate.STORED, Behaviour.HEADING_CASE, field=field.name, reason=reason)
        return _stored(heading, field.name)

    def _apply_policy(self, heading: str, field: Field, flaw: Flaw) -> bool:
        """Apply the tenant's policy to an invalid value, and return whether the value is stored."""
        if flaw is UNKNOWN_TOUCHPOINT:
            behaviour, policy = Behaviour.TOUCHPOINT_UNKNOWN, self.policies.unknown_touchpoint.value
        else:
            behaviour, policy = Behaviour.VALUE_BAD, self.policies.bad_value.value
        stored = policy == BadValue.STORED and not flaw.unstorable
        if stored or policy == UnknownTouchpoint.DROPPED:
            fate = Fate.STORED if stored else Fate.IGNORED
            self.fates[heading] = Notice(heading, fate, behaviour, field=field.name, reason=flaw.reason)
        else:
            refusal = (
                Refusal.UNPROCESSABLE if policy == Refusal.UNPROCESSABLE else Refusal.ACCEPTED_AND_FAILED
            )
            self.violations.append(Violation(heading, field.name, flaw, refusal, behaviour))
        return stored

    def _check_required(self) -> None:
        given: AbstractSet[str] = self.headings.keys()
        if self.violations:
            given |= {violation.field for violation in self.violations}
        for group in self._required_groups():
            if not given.isdisjoint(group):
                continue
            for name in group:
                others = tuple(self.heading_of(other) for other in group if other != name)
                rule = Rule.REQUIRED_WITHOUT if others else Rule.REQUIRED
                flaw = Flaw(rule, "is required", others=others)
                refusal = self.policies.missing_required_field
                heading = self.heading_of(name)
                self.violations.append(Violation(heading, name, flaw, refusal, Behaviour.FIELD_REQUIRED))

    def _required_groups(self) -> tuple[tuple[str, ...], ...]:
        data_type, policies = self.configuration.data_type, self.policies
        if data_type is DataType.MULTI_OBJECT and policies.multi_object_requires_account is YesNo.YES:
            return (*self.rules.required, ("account_name",))
        if data_type is DataType.EXTERNAL_RESPONSE and policies.external_response_requires_dates is YesNo.YES:
            return (*self.rules.required, ("sent_date",), ("completed_date",))
        return self.rules.required

    def _check_contact_of_activity(self) -> None:
        if self.configuration.data_type is not DataType.ACTIVITY or self.violations:
            return
        given = [name for name in CONTACT_IDENTIFIERS if self.get(name)]
        if given and self.data.contact(self.get("email"), self.get("phone")) is None:
            field = catalog.FIELDS[given[0]]
            self._apply_policy(self.headings[field.name], field, _UNKNOWN_CONTACT)

    def _failed_notices(self, record: PhpArray) -> Iterator[Notice]:
        """Yield the fates of the headings of a record that is not stored."""
        broken = {violation.heading: violation for violation in self.violations}
        for heading, notice in self.fates.items():
            if heading not in broken and notice.fate in {Fate.STORED, Fate.COERCED}:
                yield Notice(
                    heading,
                    Fate.IGNORED,
                    Behaviour.RECORD_FAILED,
                    field=notice.field,
                    reason="the record failed",
                )
            elif heading not in broken:
                yield notice
        sent = {str(key) for key in record}
        for heading, violation in broken.items():
            shown = heading if heading in sent else None
            yield Notice(
                shown,
                Fate.FAILED,
                violation.behaviour,
                field=violation.field,
                reason=violation.flaw.sentence(heading),
            )

    def _write_alias(self) -> tuple[Change, ...]:
        self._ignore_account_fields(
            {"account_name", "alias"}, "an alias record keeps nothing but the two names"
        )
        return (AddAlias(self.required("account_name"), self.required("alias")),)

    def _write_contact(self) -> tuple[Change, ...]:
        return (*self._save_account(), _contact(self._contact_values()))

    def _write_survey(self) -> tuple[Change, ...]:
        reference = self.required("contact_reference")
        identifier = "email" if "@" in reference else "phone"
        self.values[Entity.CONTACT].setdefault(identifier, reference)
        account, given = self._save_account(), self._contact_values()
        contact = _contact(given)
        known = self.data.contact(contact.email, contact.phone) or {}
        populated = tuple(name for name in known if given.get(name) is None)
        if populated:
            reason = "taken from the contact: " + ", ".join(populated)
            self.notices.append(Notice(None, Fate.STORED, Behaviour.INVITATION_POPULATED, reason=reason))
        values = {**known, **{name: value for name, value in given.items() if value is not None}}
        return (*account, contact, SendInvitation({**values, **self.values[Entity.SURVEY]}))

    def _write_multi_object(self) -> tuple[Change, ...]:
        account, person = self._save_account(), self._contact_values()
        return (*account, _contact(person), SendInvitation(person | self.values[Entity.SURVEY]))

    def _write_response(self) -> tuple[Change, ...]:
        account, person = self._save_account(), self._contact_values()
        saved = (*account, _contact(person))
        response = RecordResponse(person | self.values[Entity.SURVEY])
        if not self.data.has_response(response.values):
            return (*saved, response)
        ignored = self.policies.repeat_response is RepeatResponse.IGNORED
        fate, reason = (
            (Fate.IGNORED, "not recorded again") if ignored else (Fate.STORED, "recorded once more")
        )
        reason = f"the same response was sent before: {reason}"
        self.notices.append(Notice(None, fate, Behaviour.RESPONSE_REPEATED, reason=reason))
        return saved if ignored else (*saved, response)

    def _write_activity(self) -> tuple[Change, ...]:
        account = self._save_account()
        values = self._contact_values() | self.values[Entity.ACTIVITY]
        return (*account, SaveActivity(self.required("reference"), values))

    def _save_account(self) -> tuple[Change, ...]:
        """Return the change that saves the account. Aliases are resolved if the data type honours them."""
        values = self.values[Entity.ACCOUNT]
        name = values.get("account_name")
        if not isinstance(name, str):
            self._ignore_account_fields(set(), "without an account name there is no account to keep it")
            return ()
        original = self.data.account_of(name)
        if original is not None:
            name = self._resolve_alias(name, original)
            values["account_name"] = name
        return (SaveAccount(name, {key: value for key, value in values.items() if key != "account_name"}),)

    def _ignore_account_fields(self, kept: Collection[str], reason: str) -> None:
        """Mark the fields of the account as ignored, except the fields in `kept`."""
        lost = self.values[Entity.ACCOUNT].keys() - kept
        for heading, notice in self.fates.items():
            if notice.field in lost and notice.fate is not Fate.IGNORED:
                self.fates[heading] = Notice(
                    heading, Fate.IGNORED, Behaviour.FIELD_MISPLACED, field=notice.field, reason=reason
                )

    def _resolve_alias(self, alias: str, original: str) -> str:
        heading, field = self.headings["account_name"], "account_name"
        if self.configuration.data_type in catalog.ALIASES_HONOURED:
            reason = f"an alias of {original}"
            self.fates[heading] = Notice(
                heading, Fate.COERCED, Behaviour.ALIAS_HONOURED, field=field, reason=reason
            )
            return original
        reason = f"an alias of {original} that these records do not know: an account of its own"
        self.fates[heading] = Notice(
            heading, Fate.STORED, Behaviour.ALIAS_IGNORED, field=field, reason=reason
        )
        return alias

    def _contact_values(self) -> dict[str, Value]:
        """Return the fields of the contact, including the account that it belongs to."""
        values = dict(self.values[Entity.CONTACT])
        account_name = self.values[Entity.ACCOUNT].get("account_name")
        if account_name is not None:
            values["account_name"] = account_name
        return values

    _WRITERS: ClassVar[Mapping[DataType, Callable[["RecordImport"], tuple[Change, ...]]]] = MappingProxyType(
        {
            DataType.ACCOUNT: _save_account,
            DataType.ACCOUNT_ALIAS: _write_alias,
            DataType.CONTACT: _write_contact,
            DataType.SURVEY: _write_survey,
            DataType.MULTI_OBJECT: _write_multi_object,
            DataType.EXTERNAL_RESPONSE: _write_response,
            DataType.ACTIVITY: _write_activity,
        }
    )


def import_record(
    data: Data, tenant: Tenant, configuration: Configuration, record: PhpArray, raw: PhpArray
) -> ImportResult:
    """Import a record. `raw` is the record before its values were trimmed."""
    return RecordImport(tenant, configuration, data).run(record, raw)


def _contact(person: Mapping[str, Value]) -> SaveContact:
    email, phone = person.get("email"), person.get("phone")
    return SaveContact(str(email) if email else None, str(phone) if phone else None, person)


@lru_cache(maxsize=512)
def _plan(data_type: DataType, headings: tuple[str, ...], names: tuple[str, ...]) -> _Plan | None:
    """Return the plan for records with these headings, which are mapped to fields of these names.

    Return None if two headings share a field, or if the data type lacks a field.
    """
    fields = [field for field in map(catalog.field, names) if field is not None]
    entities = catalog.RULES[data_type].entities
    if len(set(names)) < len(names) or len(fields) < len(names):
        return None
    if any(field.entity not in entities for field in fields):
        return None
    fates = {heading: _stored(heading, name) for heading, name in zip(headings, names, strict=True)}
    return _Plan(tuple(fields), dict(zip(names, headings, strict=True)), fates)


@lru_cache(maxsize=4096)
def _stored(heading: str, name: str) -> Notice:
    return Notice(heading, Fate.STORED, Behaviour.HEADING_STORED, field=name)


def _trimmed(heading: str, name: str) -> Notice:
    return Notice(
        heading, Fate.COERCED, Behaviour.VALUE_TRIMMED, field=name, reason="the blanks around it were cut off"
    )


def _converted(heading: str, name: str, value: PhpValue) -> Notice:
    reason = f"a JSON {type(value).__name__} that became the text {php.text(value)}"
    return Notice(heading, Fate.COERCED, Behaviour.VALUE_CONVERTED, field=name, reason=reason)


def _is_score(field: Field, value: PhpValue) -> bool:
    return field.name == "nps" and isinstance(value, int) and not isinstance(value, bool)
