"""PUT /records/: one record for one import configuration."""

from collections.abc import Mapping
from types import MappingProxyType

from cgmock.core import laravel
from cgmock.core.behaviours import Behaviour
from cgmock.core.imports import Import, import_record
from cgmock.core.laravel import Rule
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import (
    AddAlias,
    Change,
    Fate,
    Notice,
    Outcome,
    RecordResponse,
    SaveAccount,
    SaveActivity,
    SaveContact,
    SendInvitation,
    View,
)
from cgmock.core.php import PhpValue
from cgmock.core.reading import Input, read_input
from cgmock.core.tenant import Refusal, Tenant, UnknownConfiguration


def put_record(view: View, tenant: Tenant, request: Request) -> Outcome:
    """Decide a request whose token is good."""
    sent = read_input(request)
    record = sent.values.get("record")
    reference = sent.values.get("configuration")
    if not isinstance(record, dict) or not record or not _given(reference):
        return _incomplete(tenant, sent)
    configuration = tenant.configurations.get(str(reference))
    if configuration is None:
        return _unknown_configuration(tenant, sent)
    raw = sent.raw.get("record")
    imported = import_record(
        view.data, tenant, configuration, record, raw if isinstance(raw, dict) else record
    )
    if imported.violations:
        return _refused(tenant, imported)
    behaviours = (Behaviour.RECORD_ACCEPTED, *(_WRITTEN[type(change)] for change in imported.changes))
    return Outcome(laravel.accepted(), imported.changes, imported.notices, behaviours)


def _given(value: PhpValue) -> bool:
    """Whether Laravel's rule `required` is content with a value that was trimmed."""
    return value is not None and value != {}


def _incomplete(tenant: Tenant, sent: Input) -> Outcome:
    dialect = tenant.policies.dialect
    errors, behaviours = {}, []
    if not _given(sent.values.get("configuration")):
        errors["configuration"] = [laravel.text(Rule.REQUIRED, "configuration", dialect)]
        behaviours.append(Behaviour.INPUT_REQUIRED)
    if not _given(sent.values.get("record")):
        errors["record"] = [laravel.text(Rule.REQUIRED, "record", dialect)]
        behaviours.append(Behaviour.INPUT_REQUIRED)
    elif not isinstance(sent.values.get("record"), dict):
        errors["record"] = [laravel.text(Rule.ARRAY, "record", dialect)]
        behaviours.append(Behaviour.RECORD_NOT_ARRAY)
    return Outcome(laravel.invalid(errors, dialect), behaviours=tuple(dict.fromkeys(behaviours)))


def _unknown_configuration(tenant: Tenant, sent: Input) -> Outcome:
    """Answer a reference that no configuration has, as the tenant's policy says; nothing is stored."""
    behaviours = (Behaviour.CONFIGURATION_UNKNOWN,)
    reason = f"no configuration of the tenant {tenant.name} has this reference"
    notice = Notice(None, Fate.FAILED, Behaviour.CONFIGURATION_UNKNOWN, None, reason)
    return Outcome(_answer_unknown(tenant), (), (notice, *_lost(sent)), behaviours)


def _answer_unknown(tenant: Tenant) -> Response:
    policy, dialect = tenant.policies.unknown_configuration, tenant.policies.dialect
    if policy is UnknownConfiguration.NOT_FOUND:
        return laravel.model_not_found("Configuration")
    if policy is UnknownConfiguration.DROPPED:
        return laravel.accepted()
    return laravel.invalid({"configuration": [laravel.text(Rule.EXISTS, "configuration", dialect)]}, dialect)


def _lost(sent: Input) -> tuple[Notice, ...]:
    record = sent.values["record"]
    headings = record if isinstance(record, dict) else ()
    return tuple(
        Notice(str(heading), Fate.IGNORED, Behaviour.CONFIGURATION_UNKNOWN, None, "no configuration")
        for heading in headings
    )


def _refused(tenant: Tenant, imported: Import) -> Outcome:
    """Answer a record that breaks rules: aloud if any broken rule is refused aloud, else with the usual 200."""
    dialect = tenant.policies.dialect
    errors: dict[str, list[str]] = {}
    for violation in imported.violations:
        if violation.refusal is Refusal.UNPROCESSABLE:
            path = f"record.{violation.heading}"
            other = violation.flaw.other
            if violation.flaw.rule is Rule.REQUIRED_WITHOUT:
                other = " / ".join(laravel.attribute(each) for each in other.split(" / "))
            errors.setdefault(path, []).append(laravel.text(violation.flaw.rule, path, dialect, other=other))
    behaviours = tuple(dict.fromkeys(violation.behaviour for violation in imported.violations))
    if errors:
        return Outcome(laravel.invalid(errors, dialect), (), imported.notices, behaviours)
    return Outcome(laravel.accepted(), (), imported.notices, (*behaviours, Behaviour.RECORD_FAILED))


_WRITTEN: Mapping[type[Change], Behaviour] = MappingProxyType(
    {
        SaveAccount: Behaviour.ACCOUNT_SAVED,
        AddAlias: Behaviour.ALIAS_ADDED,
        SaveContact: Behaviour.CONTACT_SAVED,
        RecordResponse: Behaviour.RESPONSE_RECORDED,
        SendInvitation: Behaviour.INVITATION_SENT,
        SaveActivity: Behaviour.ACTIVITY_SAVED,
    }
)
