"""PUT /records/: one record for one import configuration."""

from cgmock.core.behaviours import Behaviour
from cgmock.core.laravel import responses as laravel
from cgmock.core.laravel.request import Input, is_json, read_input
from cgmock.core.laravel.responses import Rule
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Fate, Notice, Outcome, View
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpArray, PhpValue
from cgmock.core.record_answer import answer
from cgmock.core.record_import import import_record
from cgmock.core.tenant import Tenant, UnknownConfiguration


def put_record(view: View, tenant: Tenant, request: Request) -> Outcome:
    """Decide a request whose token is good."""
    sent = read_input(request)
    record = sent.values.get("record")
    reference = sent.values.get("configuration")
    if not isinstance(record, dict) or not record or not _given(reference):
        return _incomplete(tenant, sent, request)
    configuration = tenant.configurations.get(str(reference))
    if configuration is None:
        return _unknown_configuration(tenant, record)
    raw = sent.raw.get("record")
    imported = import_record(
        view.data, tenant, configuration, record, raw if isinstance(raw, dict) else record
    )
    return answer(tenant, imported, prefix="record.")


def _given(value: PhpValue) -> bool:
    """Whether Laravel's rule `required` is content with a value that was trimmed."""
    return value is not None and value != {}


def _incomplete(tenant: Tenant, sent: Input, request: Request) -> Outcome:
    dialect = tenant.policies.dialect
    errors, behaviours = {}, []
    if not _given(sent.values.get("configuration")):
        errors["configuration"] = [laravel.text(Rule.REQUIRED, "configuration", dialect)]
        behaviours.append(Behaviour.INPUT_REQUIRED)
    if not _given(sent.values.get("record")):
        errors["record"] = [laravel.text(Rule.REQUIRED, "record", dialect)]
        behaviours.append(Behaviour.RECORD_REQUIRED)
    elif not isinstance(sent.values.get("record"), dict):
        errors["record"] = [laravel.text(Rule.ARRAY, "record", dialect)]
        behaviours.append(Behaviour.RECORD_NOT_ARRAY)
    reason = _unread(request, sent)
    notices = (Notice(None, Fate.FAILED, Behaviour.BODY_UNREAD, reason=reason),) if reason else ()
    return Outcome(laravel.invalid(errors, dialect), (), notices, tuple(dict.fromkeys(behaviours)))


def _unread(request: Request, sent: Input) -> str | None:
    """Why nothing was found in a body that has something, when its form is to blame."""
    if not request.body or "configuration" in sent.raw or "record" in sent.raw:
        return None
    if is_json(request):
        return "the body is no JSON in UTF-8" if php.json_decode(request.body) is None else None
    if not sent.raw:
        return f"a body with the Content-Type {request.content_type!r} is not read"
    if request.body.lstrip().startswith(b"{"):
        return "the body looks like JSON, and its Content-Type says that it is a form"
    return None


def _unknown_configuration(tenant: Tenant, record: PhpArray) -> Outcome:
    """Answer a reference that no configuration has, as the tenant's policy says; nothing is stored."""
    behaviours = (Behaviour.CONFIGURATION_UNKNOWN,)
    reason = f"no configuration of the tenant {tenant.name} has this reference"
    notice = Notice(None, Fate.FAILED, Behaviour.CONFIGURATION_UNKNOWN, reason=reason)
    return Outcome(_answer_unknown(tenant), (), (notice, *_lost(record)), behaviours)


def _answer_unknown(tenant: Tenant) -> Response:
    policy, dialect = tenant.policies.unknown_configuration, tenant.policies.dialect
    if policy is UnknownConfiguration.NOT_FOUND:
        return laravel.model_not_found("Configuration")
    if policy is UnknownConfiguration.DROPPED:
        return laravel.accepted()
    return laravel.invalid({"configuration": [laravel.text(Rule.EXISTS, "configuration", dialect)]}, dialect)


def _lost(record: PhpArray) -> tuple[Notice, ...]:
    return tuple(
        Notice(str(heading), Fate.IGNORED, Behaviour.CONFIGURATION_UNKNOWN, reason="no configuration")
        for heading in record
    )
