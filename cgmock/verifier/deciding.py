"""What the core makes of one record, in terms of the verifier's rules."""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import CONTACT_IDENTIFIERS, DataType, Field
from cgmock.core.outcome import Notice, RateWindow, StoredResponse, Values
from cgmock.core.php.values import PhpArray, PhpValue, trim
from cgmock.core.record_answer import answer
from cgmock.core.record_import import import_record
from cgmock.core.tenant import Configuration, HeadingCase, Tenant
from cgmock.verifier.headings import judge
from cgmock.verifier.model import Finding
from cgmock.verifier.remarks import Remark
from cgmock.verifier.rules import Rule, Severity

_OF_VALUES = frozenset({Behaviour.VALUE_BAD, Behaviour.TOUCHPOINT_UNKNOWN})


class RowFate(IntEnum):
    """The fate of a whole row, as `Rows` counts it."""

    WHOLE = 0
    IN_PART = 1
    FAILED = 2
    REFUSED = 3


class Loss(NamedTuple):
    """A finding about one record, without its file: data that is lost, or stored in spite of a flaw.

    `heading` is the column with the value to show as an example. `meant` is the heading that was probably meant
    instead of an unmapped one.
    """

    finding: Finding
    heading: str | None = None
    meant: str | None = None


class Decision(NamedTuple):
    """What becomes of a record, and why."""

    fate: RowFate
    losses: tuple[Loss, ...]


class Assumed:
    """The data of a tenant of whom nothing is known: every contact exists, no account has an alias."""

    def contact(self, email: str | None, phone: str | None) -> Values | None:  # noqa: ARG002
        """Some contact, of whom no value is known."""
        return {}

    def account_of(self, alias: str) -> str | None:  # noqa: ARG002
        """No account."""
        return None

    def has_response(self, values: Values) -> bool:  # noqa: ARG002
        """No."""
        return False

    def responses(self, after: int) -> Iterator[StoredResponse]:  # noqa: ARG002
        """None."""
        return iter(())

    def rate_window(self) -> RateWindow:
        """An empty one."""
        return RateWindow()


class Decider:
    """Asks the core what it makes of records of one configuration, and applies nothing."""

    def __init__(self, tenant: Tenant, configuration: Configuration) -> None:
        self.tenant = tenant
        self.configuration = configuration
        self._explained: dict[str, Loss] = {}

    def field(self, heading: str) -> Field | None:
        """The field that a heading leads to, be it one of this data type or not."""
        field = self.configuration.fields.get(heading)
        if field is None and self.tenant.policies.heading_case is HeadingCase.INSENSITIVE:
            return self.configuration.folded.get(heading.casefold())
        return field

    def heading_of(self, name: str) -> str | None:
        """The heading that leads to a field, or None."""
        fields = self.configuration.fields.items()
        return next((heading for heading, field in fields if field.name == name), None)

    def takes(self, field: Field) -> bool:
        """Whether records of this data type have a field."""
        return field.entity in catalog.RULES[self.configuration.data_type].entities

    @cached_property
    def required(self) -> tuple[tuple[str, ...], ...]:
        """The groups of fields of which each record needs one: what the core misses in an empty record."""
        imported = import_record(Assumed(), self.tenant, self.configuration, {}, {})
        missed = [violation.field for violation in imported.violations]
        groups = (CONTACT_IDENTIFIERS if name in CONTACT_IDENTIFIERS else (name,) for name in missed)
        return tuple(dict.fromkeys(groups))

    def decide(self, raw: PhpArray, troubles: Mapping[str, Remark | None]) -> Decision:
        """What becomes of a record, as it is sent; `troubles` explain the flaws that the core finds."""
        if not raw:
            return Decision(RowFate.REFUSED, (Loss(Finding(Rule.RECORD_EMPTY, Severity.ERROR)),))
        record = {heading: _trimmed(value) for heading, value in raw.items()}
        imported = import_record(Assumed(), self.tenant, self.configuration, record, raw)
        lost = [notice for notice in imported.notices if notice.is_loss]
        losses = [loss for notice in lost for loss in self._losses(notice, troubles, raw)]
        told = {loss.heading for loss in losses}
        for heading, trouble in troubles.items():
            if trouble and heading not in told:
                losses.append(self._in_spite(heading, trouble))
        fate = RowFate.IN_PART if lost else RowFate.WHOLE
        if imported.violations:
            refused = answer(self.tenant, imported).response.body
            fate = RowFate.REFUSED if refused else RowFate.FAILED
        return Decision(fate, tuple(dict.fromkeys(losses)))

    def explain(self, heading: str) -> Loss:
        """Why a heading loses each value that it has."""
        if heading not in self._explained:
            self._explained[heading] = self._explanation(heading)
        return self._explained[heading]

    def missing(self, name: str, headings: Iterable[object]) -> Loss:
        """Why records with these headings lack a required field: it is not mapped, not sent, or empty."""
        group = next(group for group in self.required if name in group)
        mapped = [heading for heading, field in self.configuration.fields.items() if field.name in group]
        label = " or ".join(mapped or [catalog.FIELDS[each].display_name for each in group])
        sent = {field.name for heading in headings if (field := self.field(str(heading)))}
        rule = Rule.REQUIRED_EMPTY
        if not mapped:
            rule = Rule.REQUIRED_UNMAPPED
        elif sent.isdisjoint(group):
            rule = Rule.REQUIRED_NOT_SENT
        return Loss(Finding(rule, Severity.ERROR, heading=label, field=group[0]))

    def _losses(self, notice: Notice, troubles: Mapping[str, Remark | None], raw: PhpArray) -> Iterator[Loss]:
        """What a notice of the core is in terms of rules; nothing for what is lost because something else is wrong."""
        heading, field = notice.heading, notice.field
        if notice.behaviour is Behaviour.RECORD_FAILED:
            return
        if notice.behaviour is Behaviour.FIELD_REQUIRED and field:
            yield self.missing(field, raw)
        elif heading and notice.behaviour is Behaviour.HEADING_OVERWRITTEN:
            yield _loss(Rule.FIELD_TWICE, Severity.ERROR, heading, field, notice.reason)
        elif heading and (trouble := troubles.get(heading)) and notice.behaviour in _OF_VALUES:
            yield _loss(trouble.rule, Severity.ERROR, heading, field, trouble.detail)
        else:
            yield self.explain(str(heading))

    def _explanation(self, heading: str) -> Loss:
        field = self.field(heading)
        if field is None:
            judged = judge(heading, self.configuration)
            meant = self.configuration.fields[judged.meant].name if judged.meant else None
            loss = _loss(judged.rule, Severity.ERROR, heading, meant, judged.detail)
            return loss._replace(meant=judged.meant)
        if not self.takes(field):
            rule, detail = Rule.FIELD_OF_ANOTHER_TYPE, f"it is mapped to {field.display_name}"
        elif self.configuration.data_type is DataType.ACCOUNT_ALIAS:
            rule, detail = Rule.FIELD_OF_ANOTHER_TYPE, "an alias record keeps nothing but the two names"
        else:
            rule, detail = Rule.ACCOUNT_UNNAMED, ""
        return _loss(rule, Severity.ERROR, heading, field.name, detail)

    def _in_spite(self, heading: str, trouble: Remark) -> Loss:
        field = self.field(heading)
        detail = "; ".join(filter(None, (trouble.detail, "stored all the same by the tenant's policy")))
        return _loss(trouble.rule, Severity.WARNING, heading, field.name if field else None, detail)


def _loss(rule: Rule, severity: Severity, heading: str, field: str | None, detail: str) -> Loss:
    """Return the loss of a value of a heading."""
    return Loss(Finding(rule, severity, "", heading, field, detail), heading)


def _trimmed(value: PhpValue) -> PhpValue:
    return (trim(value) or None) if isinstance(value, str) else value
