"""What the state machine sends to a tenant."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from cgmock.core.tenant import Configuration, Refusal, Tenant, Webhook, WebhookState
from cgmock.strategies.invalid import InvalidRecord, invalid_after
from cgmock.strategies.near_misses import NearMiss, SwappedColumns, near_misses_after
from cgmock.strategies.payloads import Encoder, Encoding, Payload, encoders
from cgmock.strategies.plans import Plan, Record, evenly, plan_of, records_of
from cgmock.strategies.tokens import TokenRequest, granted_requests, token_requests

_ENCODINGS: tuple[Encoding, ...] = ("json", "form")


class Put(NamedTuple):
    """A record that is sent: `stored` is what arrives of it, None when all of it is refused, aloud if so `refusal` says."""

    payload: Payload
    reference: str
    stored: Record | None
    refusal: Refusal | None = None


class Call(NamedTuple):
    """A record that is sent to a webhook, valid for the configuration whose headings are the names of fields."""

    webhook: str
    record: Record


class Sendings:
    """Strategies of requests to a tenant, each made when it is first needed."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._apps = st.sampled_from([app for app in tenant.connected_apps if app.scopes])

    @cached_property
    def granted(self) -> SearchStrategy[TokenRequest]:
        """Requests that get a token."""
        return self._apps.flatmap(granted_requests)

    @cached_property
    def asked(self) -> SearchStrategy[TokenRequest]:
        """Requests that get a token or an error."""
        return self._apps.flatmap(token_requests)

    @cached_property
    def valid(self) -> SearchStrategy[Put]:
        """Valid records."""
        return evenly(_valid(*each) for each in self._plans())

    @cached_property
    def invalid(self) -> SearchStrategy[Put]:
        """Records that break a rule."""
        return evenly(_invalid(self._tenant, *each) for each in self._plans())

    @cached_property
    def near_misses(self) -> SearchStrategy[Put]:
        """Records with a heading that was missed."""
        return evenly(_near_misses(*each) for each in self._plans())

    @cached_property
    def calls(self) -> SearchStrategy[Call]:
        """Valid records for webhooks."""
        return evenly(
            st.builds(Call, st.just(webhook.id), _familiar(configuration, plan))
            for webhook in active_webhooks(self._tenant)
            for configuration in [self._tenant.configurations[webhook.configuration].by_display_name]
            for plan in self._possible(configuration, as_form=False)
        )

    def _plans(self) -> Iterator[tuple[Configuration, Encoding, Plan]]:
        for configuration in self._tenant.configurations.values():
            for encoding in _ENCODINGS:
                for plan in self._possible(configuration, as_form=encoding == "form"):
                    yield configuration, encoding, plan

    def _possible(self, configuration: Configuration, *, as_form: bool) -> Iterator[Plan]:
        """The plan of a configuration, if any record is valid for it."""
        try:
            yield plan_of(configuration, self._tenant.touchpoints, as_form=as_form)
        except InvalidArgument:
            return


def active_webhooks(tenant: Tenant) -> list[Webhook]:
    """The webhooks that can be called."""
    return [
        webhook
        for webhook in tenant.webhooks.values()
        if webhook.state is WebhookState.ACTIVE and webhook.configuration in tenant.configurations
    ]


def _valid(configuration: Configuration, encoding: Encoding, plan: Plan) -> SearchStrategy[Put]:
    def put(encode: Encoder, record: Record) -> Put:
        return Put(encode(configuration.reference, record), configuration.reference, record)

    return st.builds(put, encoders(encoding), _familiar(configuration, plan))


def _invalid(
    tenant: Tenant, configuration: Configuration, encoding: Encoding, plan: Plan
) -> SearchStrategy[Put]:
    def put(encode: Encoder, invalid: InvalidRecord) -> Put:
        payload = encode(configuration.reference, invalid.record)
        return Put(payload, configuration.reference, None, invalid.refusal)

    return st.builds(put, encoders(encoding), invalid_after(plan, tenant.touchpoints))


def _near_misses(configuration: Configuration, encoding: Encoding, plan: Plan) -> SearchStrategy[Put]:
    def put(encode: Encoder, missed: NearMiss) -> Put:
        payload = encode(configuration.reference, missed.record)
        if isinstance(missed, SwappedColumns):
            return Put(payload, configuration.reference, missed.record)
        stored = {heading: value for heading, value in missed.record.items() if heading != missed.heading}
        return Put(payload, configuration.reference, None if missed.refusal else stored, missed.refusal)

    misses = near_misses_after(plan, configuration.headings, as_form=encoding == "form")
    return st.builds(put, encoders(encoding), misses)


def _familiar(configuration: Configuration, plan: Plan) -> SearchStrategy[Record]:
    """Records of which many are about the same few contacts, accounts and activities."""

    def record(drawn: Record, identity: Mapping[str, str]) -> Record:
        names = {heading: field.name for heading, field in configuration.fields.items()}
        return {heading: identity.get(names[heading], value) for heading, value in drawn.items()}

    return st.builds(record, records_of(plan), st.sampled_from(_IDENTITIES))


_IDENTITIES: Sequence[Mapping[str, str]] = (
    {},
    *(
        {
            "email": f"{number}@example.com",
            "phone": f"+1 {number}",
            "contact_reference": f"{number}@example.com" if name == "Account" else f"+1 {number}",
            "account_name": f"{name} {number}",
            "alias": f"Alias {number}",
            "reference": f"Reference {number}",
        }
        for number in (1, 2)
        for name in ("Account", "Alias")
    ),
)
"""Values of the fields that tell one object from another."""
