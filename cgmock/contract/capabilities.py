"""What the seed of a target gives means to show; where it gives none, NotRunError says what is missing."""

from collections.abc import Iterator
from typing import NamedTuple

from cgmock.contract.samples import Mapped, Sample, mapped, required
from cgmock.core import catalog
from cgmock.core.catalog import DataType, Format
from cgmock.core.tenant import Tenant, Webhook, WebhookState
from cgmock.live.results import NotRunError

_SAFE = (DataType.EXTERNAL_RESPONSE, DataType.CONTACT, DataType.ACCOUNT)
"""Data types whose records send no mail, the one that can be read back first."""


class Doubled(NamedTuple):
    """Two headings of one field."""

    mapped: Mapped
    field: str
    first: str
    second: str


class Hook(NamedTuple):
    """A webhook, and the configuration that it imports by."""

    webhook: Webhook
    mapped: Mapped

    def named(self, sample: Sample) -> dict[str, object]:
        """A sample by the display names of its fields, which the documents ask for, and by its headings."""
        fields = self.mapped.configuration.fields
        return {fields[heading].display_name: value for heading, value in sample.record.items()} | dict(
            sample.record
        )


class Means:
    """The means that a tenant gives."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def mapped(self, data_type: DataType, *fields: str) -> Mapped:
        """The first configuration of a data type that has these fields."""
        for each in self._of(data_type):
            if {*fields, *required(data_type)} <= each.headings.keys():
                return each
        with_fields = f" with a heading for {' and '.join(fields)}" if fields else ""
        raise NotRunError(f"the seed has no {data_type} configuration{with_fields}")

    def importable(self) -> Mapped:
        """A configuration whose records send no mail."""
        for data_type in _SAFE:
            for each in self._of(data_type):
                if required(data_type) <= each.headings.keys():
                    return each
        raise NotRunError(f"the seed has no configuration of {', '.join(_SAFE)}")

    def doubled(self) -> Doubled:
        """A configuration that can be read back and has two headings for one field of text."""
        for each in self._of(DataType.EXTERNAL_RESPONSE):
            for heading, field in each.configuration.fields.items():
                first = each.headings.get(field.name, heading)
                if first != heading and field.format is Format.TEXT and "email" in each.headings:
                    return Doubled(each, field.name, first, heading)
        raise NotRunError(
            "the seed has no external_response configuration with two headings for one field of text"
        )

    def misplaced(self) -> tuple[Mapped, str]:
        """A configuration that can be read back, and its heading of a field that the data type has no place for."""
        entities = catalog.RULES[DataType.EXTERNAL_RESPONSE].entities
        for each in self._of(DataType.EXTERNAL_RESPONSE):
            for heading, field in each.configuration.fields.items():
                if field.entity not in entities and "email" in each.headings:
                    return each, heading
        raise NotRunError("the seed maps no heading of an external_response to a field of another data type")

    def other_case(self) -> tuple[Mapped, str]:
        """A configuration that can be read back, and the heading of its comment in another case."""
        each = self.mapped(DataType.EXTERNAL_RESPONSE, "comment")
        other = each.headings["comment"].swapcase()
        if other in each.configuration.headings:
            raise NotRunError("the seed maps the heading of a comment in either case")
        return each, other

    def hook(self) -> Hook:
        """A webhook that can be called; one whose records need little rather than another."""
        for data_type in reversed(_SAFE):
            for each in self._hooks(data_type):
                if required(data_type) <= each.mapped.headings.keys():
                    return each
        raise NotRunError(f"the seed has no active webhook of {', '.join(_SAFE)} records")

    def odd_hook(self) -> tuple[Hook, str]:
        """A webhook whose records can be read back, and its heading of a field of text with another display name."""
        for hook in self._hooks(DataType.EXTERNAL_RESPONSE):
            fields = hook.mapped.configuration.fields
            names = {field.display_name for field in fields.values()}
            for heading, field in fields.items():
                if heading not in names and field.format is Format.TEXT and "email" in hook.mapped.headings:
                    return hook, heading
        raise NotRunError(
            "the seed has no active webhook of external_response records with a heading that is no display name"
        )

    def blank_hook(self) -> tuple[Hook, str]:
        """A webhook whose records can be read back, and its heading of a field of text: a display name with a blank."""
        for hook in self._hooks(DataType.EXTERNAL_RESPONSE):
            for heading, field in hook.mapped.configuration.fields.items():
                if heading == field.display_name and " " in heading and field.format is Format.TEXT:
                    return hook, heading
        raise NotRunError(
            "the seed has no active webhook of external_response records with a display name that has a blank"
        )

    def closed_hooks(self) -> Iterator[Webhook]:
        """The webhooks that cannot be called."""
        return (hook for hook in self._tenant.webhooks.values() if hook.state is not WebhookState.ACTIVE)

    def _of(self, data_type: DataType) -> Iterator[Mapped]:
        configurations = self._tenant.configurations.values()
        return (mapped(each) for each in configurations if each.data_type is data_type)

    def _hooks(self, data_type: DataType) -> Iterator[Hook]:
        for hook in self._tenant.webhooks.values():
            configuration = self._tenant.configurations[hook.configuration]
            if hook.state is WebhookState.ACTIVE and configuration.data_type is data_type:
                yield Hook(hook, mapped(configuration))
