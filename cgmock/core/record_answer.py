"""The answer to a record: an empty 200, or Laravel's 422."""

from collections.abc import Mapping
from types import MappingProxyType

from cgmock.core.behaviours import Behaviour
from cgmock.core.laravel import responses as laravel
from cgmock.core.outcome import (
    AddAlias,
    Change,
    Outcome,
    RecordResponse,
    SaveAccount,
    SaveActivity,
    SaveContact,
    SendInvitation,
)
from cgmock.core.record_import import ImportResult
from cgmock.core.tenant import Refusal, Tenant


def answer(tenant: Tenant, imported: ImportResult, *, prefix: str = "") -> Outcome:
    """What an import leads to; `prefix` is the path of the record in the input."""
    if imported.violations:
        return _refused(tenant, imported, prefix)
    behaviours = (Behaviour.RECORD_ACCEPTED, *[_WRITTEN[type(change)] for change in imported.changes])
    return Outcome(laravel.accepted(), imported.changes, imported.notices, behaviours)


def _refused(tenant: Tenant, imported: ImportResult, prefix: str) -> Outcome:
    """Refuse aloud if any broken rule is refused aloud, else with the usual 200."""
    dialect = tenant.policies.dialect
    errors: dict[str, list[str]] = {}
    for violation in imported.violations:
        if violation.refusal is Refusal.UNPROCESSABLE:
            path, flaw = prefix + violation.heading, violation.flaw
            other = " / ".join(laravel.attribute(prefix + each) for each in flaw.others) or flaw.other
            errors.setdefault(path, []).append(laravel.text(flaw.rule, path, dialect, other=other))
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
