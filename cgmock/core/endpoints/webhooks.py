"""PUT to an incoming webhook: one record for the configuration that the webhook was made from, without OAuth2."""

from collections.abc import Mapping

from cgmock.core.authorization import basic
from cgmock.core.behaviours import Behaviour
from cgmock.core.laravel import responses as laravel
from cgmock.core.laravel.request import read_input
from cgmock.core.messages import Request
from cgmock.core.outcome import Fate, Notice, Outcome, View
from cgmock.core.php.values import PhpArray
from cgmock.core.record_answer import answer
from cgmock.core.record_import import import_record
from cgmock.core.tenant import (
    Configuration,
    Policies,
    Tenant,
    Webhook,
    WebhookKeys,
    WebhookQueryNames,
    WebhookState,
)

_CHANGED_BY_PHP = str.maketrans(" .", "__")


def webhook_id(path: str) -> str:
    """The id in the path of a webhook."""
    return path.rstrip("/").rpartition("/")[2]


def put_webhook(view: View, tenant: Tenant, request: Request) -> Outcome:
    """Decide a request to a webhook of a tenant."""
    webhook = tenant.webhooks.get(webhook_id(request.path))
    configuration = tenant.configurations.get(webhook.configuration) if webhook else None
    if webhook is None or configuration is None or webhook.state is not WebhookState.ACTIVE:
        return no_webhook(request, tenant.policies, webhook)
    if basic(request) != (webhook.username, webhook.password):
        return Outcome(laravel.unauthenticated(), behaviours=(Behaviour.WEBHOOK_UNAUTHENTICATED,))
    configuration = _addressed(configuration, tenant.policies)
    sent = read_input(request)
    restored = _restored(sent.values, configuration, tenant.policies)
    record = _renamed(sent.values, restored)
    raw = record if sent.raw is sent.values else _renamed(sent.raw, restored)
    outcome = answer(tenant, import_record(view.data, tenant, configuration, record, raw))
    notices = tuple(_restoration(name, heading) for name, heading in restored.items())
    return outcome._replace(
        notices=(*outcome.notices, *notices),
        behaviours=(Behaviour.WEBHOOK_CALLED, Behaviour.WEBHOOK_ANSWERED, *outcome.behaviours),
    )


def no_webhook(request: Request, policies: Policies, webhook: Webhook | None = None) -> Outcome:
    """The 404 of a webhook that cannot be called, or that nobody has."""
    notice = Notice(None, Fate.FAILED, Behaviour.WEBHOOK_GONE, reason=_hindrance(webhook))
    response = laravel.not_found(request.path, policies.dialect)
    return Outcome(response, notices=(notice,), behaviours=(Behaviour.WEBHOOK_GONE,))


def _hindrance(webhook: Webhook | None) -> str:
    if webhook is None:
        return "no webhook has this id"
    active = webhook.state is WebhookState.ACTIVE
    return "the webhook has no configuration" if active else f"the webhook is {webhook.state}"


def _addressed(configuration: Configuration, policies: Policies) -> Configuration:
    """The configuration with the keys that a webhook has for its headings."""
    by_heading = policies.webhook_keys is WebhookKeys.HEADINGS
    return configuration if by_heading else configuration.by_display_name


def _restored(values: PhpArray, configuration: Configuration, policies: Policies) -> Mapping[str, str]:
    """The heading that each name stood for before PHP changed it: a query string cannot say `First Name`."""
    if policies.webhook_query_names is WebhookQueryNames.DROPPED:
        return {}
    changed = {heading.translate(_CHANGED_BY_PHP): heading for heading in configuration.headings}
    names = (str(name) for name in values if name not in configuration.headings)
    return {name: changed[name] for name in names if name in changed and changed[name] not in values}


def _renamed(values: PhpArray, names: Mapping[str, str]) -> PhpArray:
    return {names.get(str(name), name): value for name, value in values.items()}


def _restoration(name: str, heading: str) -> Notice:
    reason = f"{name} was taken for {heading}, whose blanks and dots PHP turns into underscores"
    return Notice(None, Fate.COERCED, Behaviour.WEBHOOK_NAME_RESTORED, reason=reason)
