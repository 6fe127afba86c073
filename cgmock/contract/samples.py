"""Records of ours: valid, made for a configuration, and marked so that they are found again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.catalog import DataType, Field, Format
from cgmock.core.tenant import Configuration

_USUAL_FIELDS: Mapping[DataType, tuple[str, ...]] = MappingProxyType(
    {
        DataType.ACCOUNT: ("account_name",),
        DataType.ACCOUNT_ALIAS: ("account_name", "alias"),
        DataType.CONTACT: ("email", "first_name"),
        DataType.SURVEY: ("contact_reference",),
        DataType.MULTI_OBJECT: ("email", "account_name", "first_name"),
        DataType.EXTERNAL_RESPONSE: ("email", "sent_date", "completed_date", "nps", "comment", "first_name"),
        DataType.ACTIVITY: ("account_name", "reference", "source", "type"),
    }
)
_VALUES: Mapping[Format, str] = MappingProxyType(
    {
        Format.TEXT: "cgmock {mark}",
        Format.EMAIL: "cgmock+{mark}@example.com",
        Format.EMAIL_OR_PHONE: "cgmock+{mark}@example.com",
        Format.PHONE: "+55 (62) 01234-56789",
        Format.DATE: "2023-05-11 12:34:56",
        Format.SCORE: "9",
        Format.FLAG: "Y",
        Format.JOB_LEVEL: "B",
    }
)


class Mapped(NamedTuple):
    """A configuration, seen from its fields: `headings` has the first heading of each that has a place."""

    configuration: Configuration
    headings: Mapping[str, str]

    @property
    def reference(self) -> str:
        """How a request names the configuration."""
        return self.configuration.reference


class Sample(NamedTuple):
    """A record of ours, with a `mark` that no other one has."""

    mapped: Mapped
    mark: str
    record: Mapping[str, object]

    def value(self, field: str) -> object:
        """What it says of a field."""
        return self.record[self.mapped.headings[field]]

    def adding(self, heading: str, value: object) -> "Sample":
        """The same with one more heading at its end, or with another value of it."""
        return self._replace(record={**self.record, heading: value})


def mapped(configuration: Configuration) -> Mapped:
    """A configuration, seen from its fields."""
    entities = catalog.RULES[configuration.data_type].entities
    headings: dict[str, str] = {}
    for heading, field in configuration.fields.items():
        if field.entity in entities:
            headings.setdefault(field.name, heading)
    return Mapped(configuration, headings)


def required(data_type: DataType) -> frozenset[str]:
    """The fields that our records of a data type cannot do without; a contact of ours has an email."""
    return frozenset(group[0] for group in catalog.RULES[data_type].required)


def sample(chosen: Mapped, mark: str, fields: Mapping[str, object]) -> Sample:
    """A valid record with the usual fields as far as they are mapped, but for the given ones; None leaves one out."""
    usual = (name for name in _USUAL_FIELDS[chosen.configuration.data_type] if name in chosen.headings)
    values: dict[str, object] = {
        name: _VALUES[_field(chosen, name).format].format(mark=mark) for name in usual
    }
    values |= fields
    record = {chosen.headings[name]: value for name, value in values.items() if value is not None}
    return Sample(chosen, mark, record)


def full_sample(chosen: Mapped, mark: str, touchpoint: str | None) -> Sample:
    """A valid record with every field that is mapped; without a touchpoint, all but that."""
    values: dict[str, object] = {}
    for name in chosen.headings:
        shape = _field(chosen, name).format
        values[name] = touchpoint if shape is Format.TOUCHPOINT else _VALUES[shape].format(mark=mark)
    return sample(chosen, mark, values)


def _field(chosen: Mapped, name: str) -> Field:
    return chosen.configuration.fields[chosen.headings[name]]
