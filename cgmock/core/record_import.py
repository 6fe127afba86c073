"""What an import makes of one record: the fate of each heading, and the changes to the tenant's data.

The same decision serves the records endpoint and the webhooks.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Set as AbstractSet
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import CONTACT_IDENTIFIERS, DataType, Entity, Field, Format
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
    Refusal,
    RepeatResponse,
    Tenant,
    UnknownTouchpoint,
    YesNo,
)

_TEXT = Format.TEXT  # looking a member of an enumeration up costs more than what is done with it

MAX_SUGGESTIONS = 100
"""Unmapped headings of a record that are compared with the known ones; so many are not misspelt."""

_UNKNOWN_CONTACT = Flaw(Rule.EXISTS, "is not a contact of the tenant")


class Violation(NamedTuple):
    """A rule that a record breaks: the heading it concerns, and how the tenant's policy refuses it."""

    heading: str
    field: str
    flaw: Flaw
    refusal: Refusal
    behaviour: Behaviour


class Import(NamedTuple):
    """The outcome of one record: without violations it is stored, with any nothing of it is."""

    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]
    violations: tuple[Violation, ...] = ()


class _Plan(NamedTuple):
    """What is known of the records that have the same headings, before one looks at a value.

    `fields` are those of the headings, in their order; `headings` and `fates` are what a record without a flaw leads to.
    """

    fields: tuple[Field, ...]
    headings: dict[str, str]
    fates: dict[str, Notice]


class _Reading:
    """A record in terms of fields, while it is read."""

    def __init__(self, tenant: Tenant, configuration: Configuration, data: Data) -> None:
        self.policies = tenant.policies
        self.tenant = tenant
        self.configuration = configuration
        self.data = data
        self.fields = configuration.fields
        self.rules = catalog.RULES[configuration.data_type]
        self.values: dict[Entity, dict[str, Value]] = {entity: {} for entity in self.rules.entities}
        self.headings: dict[str, str] = {}
        self.fates: dict[str, Notice] = {}
        self.notices: list[Notice] = []
        self.violations: list[Violation] = []
        self.suggestions = 0

    def get(self, name: str) -> str | None:
        """The text that was read for a field, or None."""
        for values in self.values.values():
            value = values.get(name)
            if value is not None:
                return str(value)
        return None

    def required(self, name: str) -> str:
        """The text of a field that no record is without when it comes to writing."""
        return next(str(values[name]) for values in self.values.values() if name in values)

    def heading_of(self, name: str) -> str:
        """The heading that a field is mapped to, else the field's display name."""
        mapped = (heading for heading, field in self.fields.items() if field.name == name)
        return next(mapped, catalog.FIELDS[name].display_name)


def import_record(
    data: Data, tenant: Tenant, configuration: Configuration, record: PhpArray, raw: PhpArray
) -> Import:
    """Decide what becomes of a record; `raw` is the record before its values were trimmed."""
    reading = _Reading(tenant, configuration, data)
    # The usual record, all of which is stored as it was sent, is read in one go.
    if record is not raw or not _read_all(reading, record):
        for key, value in record.items():
            _read(reading, str(key), value, trimmed=raw.get(key) is not value)
    _require(reading)
    _require_contact_of_activity(reading)
    if reading.violations:
        return Import((), tuple(_failures(reading, record)), tuple(reading.violations))
    changes = _WRITERS[configuration.data_type](reading)
    return Import(changes, (*reading.fates.values(), *reading.notices))


def _read_all(reading: _Reading, record: PhpArray) -> bool:
    """Read a record of which nothing was trimmed; False, and all is to be read again, when a heading wants a word."""
    names = tuple(map(reading.configuration.headings.get, record))  # type: ignore[arg-type]
    plan = None if None in names else _plan(reading.configuration.data_type, tuple(record), names)
    if plan is None:
        return False
    for field, value in zip(plan.fields, record.values(), strict=True):
        if isinstance(value, str):
            if field.format is _TEXT and len(value) <= field.max_length:
                reading.values[field.entity][field.name] = value
                continue
        elif not _is_score(field, value):
            return False
        if flaw_of(field, value, reading.tenant.touchpoints) is not None:
            return False
        reading.values[field.entity][field.name] = stored_form(field, value, None)
    reading.headings, reading.fates = plan.headings.copy(), plan.fates.copy()
    return True


def _read(reading: _Reading, heading: str, value: PhpValue, *, trimmed: bool) -> None:
    field = reading.fields.get(heading) or _in_other_case(reading, heading)
    if field is None:
        known = _suggestion(reading, heading)
        reading.fates[heading] = Notice(
            heading,
            Fate.UNMAPPED,
            Behaviour.HEADING_UNMAPPED,
            None,
            "the configuration does not know it",
            known,
        )
    elif field.entity not in reading.values:
        reason = f"{reading.rules.display_name} records have no {field.display_name}"
        reading.fates[heading] = Notice(heading, Fate.IGNORED, Behaviour.FIELD_MISPLACED, field.name, reason)
    else:
        _take(reading, heading, field, value, trimmed=trimmed)


def _suggestion(reading: _Reading, heading: str) -> str | None:
    reading.suggestions += 1
    if reading.suggestions > MAX_SUGGESTIONS:
        return None
    return nearest(heading, reading.configuration.headings)


def _in_other_case(reading: _Reading, heading: str) -> Field | None:
    if reading.policies.heading_case is HeadingCase.SENSITIVE:
        return None
    return reading.configuration.folded.get(heading.casefold())


def _take(reading: _Reading, heading: str, field: Field, value: PhpValue, *, trimmed: bool) -> None:
    if value is None:
        _take_nothing(reading, heading, field)
        return
    flaw = flaw_of(field, value, reading.tenant.touchpoints)
    if flaw is not None and not _tolerated(reading, heading, field, flaw):
        return
    if field.name in reading.headings:
        _overwrite(reading, heading, field)
    reading.headings[field.name] = heading
    reading.values[field.entity][field.name] = stored_form(field, value, flaw)
    if flaw is None:
        reading.fates[heading] = _kept(reading, heading, field, value, trimmed=trimmed)


def _take_nothing(reading: _Reading, heading: str, field: Field) -> None:
    fate, reason = Fate.IGNORED, "empty: the field stays as it is"
    if reading.policies.empty_on_update is EmptyOnUpdate.CLEARS:
        if field.name in reading.headings:
            _overwrite(reading, heading, field)
        reading.values[field.entity][field.name] = None
        fate, reason = Fate.STORED, "empty: the field is cleared"
    reading.fates[heading] = Notice(heading, fate, Behaviour.VALUE_EMPTY, field.name, reason)


def _overwrite(reading: _Reading, heading: str, field: Field) -> None:
    """Note the earlier heading of the same field, whose value is lost."""
    earlier = reading.headings.pop(field.name)
    reason = f"overwritten by {heading}"
    reading.fates[earlier] = Notice(earlier, Fate.IGNORED, Behaviour.HEADING_OVERWRITTEN, field.name, reason)


def _kept(reading: _Reading, heading: str, field: Field, value: PhpValue, *, trimmed: bool) -> Notice:
    """The fate of a value without flaw: stored, and perhaps changed on the way."""
    if trimmed:
        return _trimmed(heading, field.name)
    if not isinstance(value, str) and not _is_score(field, value):
        return _converted(heading, field.name, value)
    if heading not in reading.fields:
        reason = "met its mapping in another case"
        return Notice(heading, Fate.STORED, Behaviour.HEADING_CASE, field.name, reason)
    return _stored(heading, field.name)


def _tolerated(reading: _Reading, heading: str, field: Field, flaw: Flaw) -> bool:
    """Note what the tenant's policy does about a bad value; whether the value is stored all the same."""
    if flaw is UNKNOWN_TOUCHPOINT:
        behaviour, policy = Behaviour.TOUCHPOINT_UNKNOWN, reading.policies.unknown_touchpoint.value
    else:
        behaviour, policy = Behaviour.VALUE_BAD, reading.policies.bad_value.value
    stored = policy == BadValue.STORED and not flaw.unstorable
    if stored or policy == UnknownTouchpoint.DROPPED:
        fate = Fate.STORED if stored else Fate.IGNORED
        reading.fates[heading] = Notice(heading, fate, behaviour, field.name, flaw.reason)
    else:
        refusal = Refusal.UNPROCESSABLE if policy == Refusal.UNPROCESSABLE else Refusal.ACCEPTED_AND_FAILED
        reading.violations.append(Violation(heading, field.name, flaw, refusal, behaviour))
    return stored


def _require(reading: _Reading) -> None:
    given: AbstractSet[str] = reading.headings.keys()
    if reading.violations:
        given |= {violation.field for violation in reading.violations}
    for group in _required(reading):
        if not given.isdisjoint(group):
            continue
        for name in group:
            others = tuple(reading.heading_of(other) for other in group if other != name)
            rule = Rule.REQUIRED_WITHOUT if others else Rule.REQUIRED
            flaw = Flaw(rule, "is required", others=others)
            refusal = reading.policies.missing_required_field
            heading = reading.heading_of(name)
            reading.violations.append(Violation(heading, name, flaw, refusal, Behaviour.FIELD_REQUIRED))


def _required(reading: _Reading) -> tuple[tuple[str, ...], ...]:
    data_type, policies = reading.configuration.data_type, reading.policies
    if data_type is DataType.MULTI_OBJECT and policies.multi_object_requires_account is YesNo.YES:
        return (*reading.rules.required, ("account_name",))
    if data_type is DataType.EXTERNAL_RESPONSE and policies.external_response_requires_dates is YesNo.YES:
        return (*reading.rules.required, ("sent_date",), ("completed_date",))
    return reading.rules.required


def _require_contact_of_activity(reading: _Reading) -> None:
    if reading.configuration.data_type is not DataType.ACTIVITY or reading.violations:
        return
    given = [name for name in CONTACT_IDENTIFIERS if reading.get(name)]
    if given and reading.data.contact(reading.get("email"), reading.get("phone")) is None:
        field = catalog.FIELDS[given[0]]
        _tolerated(reading, reading.headings[field.name], field, _UNKNOWN_CONTACT)


def _failures(reading: _Reading, record: PhpArray) -> Iterator[Notice]:
    """The fates of a record that fails: what breaks a rule, what is lost with it, what was lost anyway."""
    broken = {violation.heading: violation for violation in reading.violations}
    for heading, notice in reading.fates.items():
        if heading not in broken and notice.fate in {Fate.STORED, Fate.COERCED}:
            yield Notice(heading, Fate.IGNORED, Behaviour.RECORD_FAILED, notice.field, "the record failed")
        elif heading not in broken:
            yield notice
    sent = {str(key) for key in record}
    for heading, violation in broken.items():
        shown = heading if heading in sent else None
        yield Notice(
            shown, Fate.FAILED, violation.behaviour, violation.field, violation.flaw.sentence(heading)
        )


def _write_account(reading: _Reading) -> tuple[Change, ...]:
    return _account(reading)


def _write_alias(reading: _Reading) -> tuple[Change, ...]:
    _pass_over(reading, {"account_name", "alias"}, "an alias record keeps nothing but the two names")
    return (AddAlias(reading.required("account_name"), reading.required("alias")),)


def _write_contact(reading: _Reading) -> tuple[Change, ...]:
    return (*_account(reading), _contact(_person(reading)))


def _write_survey(reading: _Reading) -> tuple[Change, ...]:
    reference = reading.required("contact_reference")
    identifier = "email" if "@" in reference else "phone"
    reading.values[Entity.CONTACT].setdefault(identifier, reference)
    account, given = _account(reading), _person(reading)
    contact = _contact(given)
    known = reading.data.contact(contact.email, contact.phone) or {}
    populated = tuple(name for name in known if given.get(name) is None)
    if populated:
        reason = "taken from the contact: " + ", ".join(populated)
        reading.notices.append(Notice(None, Fate.STORED, Behaviour.INVITATION_POPULATED, None, reason))
    values = {**known, **{name: value for name, value in given.items() if value is not None}}
    return (*account, contact, SendInvitation({**values, **reading.values[Entity.SURVEY]}))


def _write_multi_object(reading: _Reading) -> tuple[Change, ...]:
    account, person = _account(reading), _person(reading)
    return (*account, _contact(person), SendInvitation(person | reading.values[Entity.SURVEY]))


def _write_response(reading: _Reading) -> tuple[Change, ...]:
    account, person = _account(reading), _person(reading)
    saved = (*account, _contact(person))
    response = RecordResponse(person | reading.values[Entity.SURVEY])
    if not reading.data.has_response(response.values):
        return (*saved, response)
    ignored = reading.policies.repeat_response is RepeatResponse.IGNORED
    fate, reason = (Fate.IGNORED, "not recorded again") if ignored else (Fate.STORED, "recorded once more")
    reason = f"the same response was sent before: {reason}"
    reading.notices.append(Notice(None, fate, Behaviour.RESPONSE_REPEATED, None, reason))
    return saved if ignored else (*saved, response)


def _write_activity(reading: _Reading) -> tuple[Change, ...]:
    account = _account(reading)
    values = _person(reading) | reading.values[Entity.ACTIVITY]
    return (*account, SaveActivity(reading.required("reference"), values))


def _account(reading: _Reading) -> tuple[Change, ...]:
    """Save the account that the record names, found by its alias where the data type honours aliases."""
    values = reading.values[Entity.ACCOUNT]
    name = values.get("account_name")
    if not isinstance(name, str):
        _pass_over(reading, set(), "without an account name there is no account to keep it")
        return ()
    original = reading.data.account_of(name)
    if original is not None:
        name = _by_alias(reading, name, original)
        values["account_name"] = name
    return (SaveAccount(name, {key: value for key, value in values.items() if key != "account_name"}),)


def _pass_over(reading: _Reading, kept: Collection[str], reason: str) -> None:
    """Note that the fields of the account are not stored, but for those that are kept."""
    lost = reading.values[Entity.ACCOUNT].keys() - kept
    for heading, notice in reading.fates.items():
        if notice.field in lost and notice.fate is not Fate.IGNORED:
            reading.fates[heading] = Notice(
                heading, Fate.IGNORED, Behaviour.FIELD_MISPLACED, notice.field, reason
            )


def _by_alias(reading: _Reading, alias: str, original: str) -> str:
    heading, field = reading.headings["account_name"], "account_name"
    if reading.configuration.data_type in catalog.ALIASES_HONOURED:
        reason = f"an alias of {original}"
        reading.fates[heading] = Notice(heading, Fate.COERCED, Behaviour.ALIAS_HONOURED, field, reason)
        return original
    reason = f"an alias of {original} that these records do not know: an account of its own"
    reading.fates[heading] = Notice(heading, Fate.STORED, Behaviour.ALIAS_IGNORED, field, reason)
    return alias


def _contact(person: Mapping[str, Value]) -> SaveContact:
    email, phone = person.get("email"), person.get("phone")
    return SaveContact(str(email) if email else None, str(phone) if phone else None, person)


def _person(reading: _Reading) -> dict[str, Value]:
    """The contact's fields of a record, and the account it belongs to."""
    values = dict(reading.values[Entity.CONTACT])
    account_name = reading.values[Entity.ACCOUNT].get("account_name")
    if account_name is not None:
        values["account_name"] = account_name
    return values


@lru_cache(maxsize=512)
def _plan(data_type: DataType, headings: tuple[str, ...], names: tuple[str, ...]) -> _Plan | None:
    """The plan for records with these headings, mapped to fields of these names; None when not each one gets its own."""
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
    return Notice(heading, Fate.STORED, Behaviour.HEADING_STORED, name)


def _trimmed(heading: str, name: str) -> Notice:
    return Notice(heading, Fate.COERCED, Behaviour.VALUE_TRIMMED, name, "the blanks around it were cut off")


def _converted(heading: str, name: str, value: PhpValue) -> Notice:
    reason = f"a JSON {type(value).__name__} that became the text {php.text(value)}"
    return Notice(heading, Fate.COERCED, Behaviour.VALUE_CONVERTED, name, reason)


def _is_score(field: Field, value: PhpValue) -> bool:
    return field.name == "nps" and isinstance(value, int) and not isinstance(value, bool)


_WRITERS: Mapping[DataType, Callable[[_Reading], tuple[Change, ...]]] = MappingProxyType(
    {
        DataType.ACCOUNT: _write_account,
        DataType.ACCOUNT_ALIAS: _write_alias,
        DataType.CONTACT: _write_contact,
        DataType.SURVEY: _write_survey,
        DataType.MULTI_OBJECT: _write_multi_object,
        DataType.EXTERNAL_RESPONSE: _write_response,
        DataType.ACTIVITY: _write_activity,
    }
)
