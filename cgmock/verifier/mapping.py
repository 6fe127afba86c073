"""The mapping by itself: what is wrong with it, or worth knowing, before there is any data."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.catalog import DataType, Format
from cgmock.core.tenant import Configuration, Tenant
from cgmock.verifier.collecting import Collector
from cgmock.verifier.deciding import Decider
from cgmock.verifier.headings import OTHER_QUESTION
from cgmock.verifier.model import Finding
from cgmock.verifier.rules import Rule, Severity

_NEARLY_UUID = re.compile(r"[0-9a-fA-F]+(-[0-9a-fA-F]+){3,5}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WORDS = (
    (DataType.MULTI_OBJECT, re.compile(r"(?i)multi.?object")),
    (DataType.ACCOUNT_ALIAS, re.compile(r"(?i)\balias")),
    (DataType.ACTIVITY, re.compile(r"(?i)\bactivit")),
    (DataType.SURVEY, re.compile(r"(?i)\bsurvey")),
    (DataType.EXTERNAL_RESPONSE, re.compile(r"(?i)\bresponse")),
    (DataType.CONTACT, re.compile(r"(?i)\bcontact")),
    (DataType.ACCOUNT, re.compile(r"(?i)\baccount")),
)


class AnyTouchpoint(frozenset[str]):
    """The touchpoints of a tenant that are not known: each may be there."""

    def __contains__(self, touchpoint: object) -> bool:
        """Yes."""
        return True


class Sought(NamedTuple):
    """What a file of data is read for: the headings that tell its delimiter, and the reference of captured bodies.

    Without a reference each body will do.
    """

    headings: Container[str]
    reference: str | None


class MappingFile(NamedTuple):
    """A mapping that is verified: the configuration, a tenant with its policies and touchpoints, and where it stands.

    `lines` are those of its headings in `file`; `knows_touchpoints` is whether the tenant's are all given;
    `is_seed` whether the whole tenant is.
    """

    file: str
    configuration: Configuration
    tenant: Tenant
    lines: Mapping[str, int]
    knows_touchpoints: bool
    is_seed: bool

    @property
    def sought(self) -> Sought:
        """What a file of data is read for."""
        return Sought(self.configuration.headings, self.configuration.reference)


def lint(mapping: MappingFile, decider: Decider, found: Collector, *, alone: bool) -> None:
    """Say what there is to say of a mapping; `alone` when no data shows which of its faults matter."""
    for rule, heading, detail in _findings(mapping, decider):
        field = decider.field(heading) if heading else None
        severity = rule.severity
        if rule is Rule.FIELD_TWICE or (rule is Rule.FIELD_OF_ANOTHER_TYPE and not alone):
            severity = Severity.WARNING
        name, line = field.name if field else None, mapping.lines.get(heading or "")
        found.add(Finding(rule, severity, mapping.file, heading, name, detail, line=line))


_Said = tuple[Rule, str | None, str]


def _findings(mapping: MappingFile, decider: Decider) -> Iterator[_Said]:
    configuration = mapping.configuration
    mapped = {field.name for field in configuration.fields.values()}
    for group in decider.required:
        if mapped.isdisjoint(group):
            yield Rule.REQUIRED_UNMAPPED, " or ".join(catalog.FIELDS[name].display_name for name in group), ""
    yield from _headings(configuration, decider)
    yield from _recommended(configuration, mapped)
    yield from _sending(configuration, mapped)
    yield from _reference(configuration)


def _headings(configuration: Configuration, decider: Decider) -> Iterator[_Said]:
    led: dict[str, str] = {}
    for heading, field in configuration.fields.items():
        if not decider.takes(field):
            yield Rule.FIELD_OF_ANOTHER_TYPE, heading, f"it is mapped to {field.display_name}"
        if field.name in led:
            yield Rule.FIELD_TWICE, heading, f"{led[field.name]} leads to {field.display_name} as well"
        led.setdefault(field.name, heading)
        if "[" in heading or "]" in heading:
            yield Rule.HEADING_BREAKS_FORMS, heading, ""
        if field.name == "nps" and OTHER_QUESTION.search(heading):
            yield Rule.SCORE_HEADING, heading, ""


def _recommended(configuration: Configuration, mapped: set[str]) -> Iterator[_Said]:
    data_type = configuration.data_type
    if data_type is DataType.MULTI_OBJECT and "account_name" not in mapped:
        yield Rule.ACCOUNT_NAME_UNMAPPED, None, ""
    if data_type is DataType.EXTERNAL_RESPONSE:
        for name in ("sent_date", "completed_date"):
            if name not in mapped:
                yield Rule.DATE_UNMAPPED, None, f"{catalog.FIELDS[name].display_name} is not mapped"


def _sending(configuration: Configuration, mapped: set[str]) -> Iterator[_Said]:
    data_type = configuration.data_type
    if data_type in catalog.INVITING:
        yield Rule.INVITATIONS_SENT, None, ""
        yield Rule.SENT_IS_NOT_DELIVERED, None, ""
    if data_type in catalog.NEVER_UPDATED:
        yield Rule.RETRY_DUPLICATES, None, ""
    if data_type not in {*catalog.ALIASES_HONOURED, DataType.ACCOUNT_ALIAS} and "account_name" in mapped:
        yield Rule.ALIAS_NOT_HONOURED, None, ""
    if data_type is DataType.MULTI_OBJECT:
        yield Rule.NOT_POPULATED, None, ""
    if "division" in mapped:
        yield Rule.DIVISION_BOUND, None, ""
    if data_type is DataType.ACTIVITY and not mapped.isdisjoint({"email", "phone"}):
        yield Rule.CONTACT_MUST_EXIST, None, ""
    if any(field.format is Format.DATE for field in configuration.fields.values()):
        yield Rule.DATE_ZONE_UNKNOWN, None, ""


def _reference(configuration: Configuration) -> Iterator[_Said]:
    reference = configuration.reference
    if _NEARLY_UUID.fullmatch(reference) and not _UUID.fullmatch(reference):
        yield Rule.REFERENCE_MALFORMED, None, ""
    if reference == "contact":
        yield Rule.REFERENCE_DEFAULT, None, ""
    named = [data_type for data_type, word in _WORDS if word.search(configuration.name)]
    if len(named) == 1 and named[0] is not configuration.data_type:
        said = catalog.RULES[named[0]].display_name
        has = catalog.RULES[configuration.data_type].display_name
        yield Rule.DATA_TYPE_DOUBTFUL, None, f"the name says {said}, the data type is {has}"
