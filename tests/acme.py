"""The tenant that the tests talk about, and requests of its clients."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from cgmock.core.catalog import DataType
from cgmock.core.messages import Request
from cgmock.core.outcome import Claims, Outcome, RateWindow, StoredResponse, Values, View
from cgmock.core.routing import decide
from cgmock.core.tenant import Configuration, ConnectedApp, Policies, Tenant, Webhook, WebhookState

NOW = 1_700_000_000.0
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
APP = ConnectedApp(client_id="acme-crm", client_secret="acme-secret")

_ACCOUNT = {"Account Name": "account_name", "Industry": "industry"}
_CONTACT = {"Email": "email", "Phone": "phone", "First Name": "first_name", "Job Level": "job_level"}
_SURVEY = {
    "Sent Date": "sent_date",
    "Survey Completed Date": "completed_date",
    "NPS Score": "nps",
    "Comment": "comment",
    "Follow Up Request": "follow_up_request",
    "Touchpoint": "touchpoint",
    "Distributor": "segment:Distributor",
}
HEADINGS: Mapping[DataType, Mapping[str, str]] = {
    DataType.ACCOUNT: _ACCOUNT,
    DataType.ACCOUNT_ALIAS: {"Account Name": "account_name", "Alias": "alias"},
    DataType.CONTACT: _ACCOUNT | _CONTACT,
    DataType.SURVEY: _ACCOUNT | _CONTACT | _SURVEY | {"Contact Reference": "contact_reference"},
    DataType.MULTI_OBJECT: _ACCOUNT | _CONTACT | _SURVEY,
    DataType.EXTERNAL_RESPONSE: _ACCOUNT | _CONTACT | _SURVEY,
    DataType.ACTIVITY: {
        "Account": "account_name",
        "Email": "email",
        "Reference": "reference",
        "Source": "source",
        "Type": "type",
        "Happened At": "happened_at",
    },
}

CONFIGURATIONS = {
    data_type.value: Configuration(
        reference=data_type.value, name=data_type.value, data_type=data_type, headings=headings
    )
    for data_type, headings in HEADINGS.items()
}

WEBHOOKS = {
    name: Webhook(
        id=name, username="acme-hook", password="acme-password", configuration=reference, state=state
    )
    for name, reference, state in (
        ("contacts", "contact", WebhookState.ACTIVE),
        ("responses", "external_response", WebhookState.ACTIVE),
        ("paused", "contact", WebhookState.DEACTIVATED),
        ("gone", "contact", WebhookState.DELETED),
        ("astray", "no such reference", WebhookState.ACTIVE),
    )
}

ACME = Tenant(
    name="acme",
    touchpoints=frozenset({"After Sales"}),
    connected_apps=(APP,),
    configurations=CONFIGURATIONS,
    webhooks=WEBHOOKS,
)


@dataclass
class FakeData:
    """Data that a test sets up by hand."""

    contacts: list[Values] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    recorded: list[Values] = field(default_factory=list)
    window: RateWindow = field(default_factory=RateWindow)

    def contact(self, email: str | None, phone: str | None) -> Values | None:
        """The contact with that email, else with that phone."""
        by_email = (each for each in self.contacts if email and each.get("email") == email)
        by_phone = (each for each in self.contacts if phone and each.get("phone") == phone)
        return next(by_email, None) or next(by_phone, None)

    def account_of(self, alias: str) -> str | None:
        """The name of the account that has this alias."""
        return self.aliases.get(alias)

    def has_response(self, values: Values) -> bool:
        """Whether this response was recorded."""
        return values in self.recorded

    def responses(self, after: int) -> Iterator[StoredResponse]:
        """The responses with a higher number; each was recorded a second after the one before it."""
        for number, values in enumerate(self.recorded, 1):
            if number > after:
                yield StoredResponse(number, NOW + number, values)

    def rate_window(self) -> RateWindow:
        """The window that requests are counted in."""
        return self.window


def tenant(**policies: object) -> Tenant:
    """ACME with other policies."""
    return replace(ACME, policies=replace(Policies(), **policies))  # type: ignore[arg-type]


def claims(*, expires: float = NOW + 3600) -> Claims:
    """What a good token of ACME's app says."""
    return {"client_id": APP.client_id, "exp": int(expires)}


def view(of: Tenant | None = ACME, data: FakeData | None = None, said: Claims | None = None) -> View:
    """What the core may look at, with a good token unless `said` is given."""
    return View(of, data or FakeData(), claims() if said is None else said, lambda _: "signed", lambda: "{}")


def basic(username: str, password: str) -> str:
    """A Basic header."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def put(body: bytes, content_type: str = JSON, **changes: object) -> Request:
    """A PUT of a body to the records endpoint."""
    headers = {"content-type": content_type, "authorization": "Bearer signed", "accept": JSON}
    request = Request("PUT", "/records/", "", headers, body, len(body))
    return request._replace(**changes)  # type: ignore[arg-type]


def put_json(configuration: object, record: object) -> Request:
    """A PUT of a record as JSON."""
    return put(json.dumps({"configuration": configuration, "record": record}).encode())


def put_form(configuration: str, record: Mapping[str, str]) -> Request:
    """A PUT of a record as a form."""
    fields = {"configuration": configuration, **{f"record[{name}]": value for name, value in record.items()}}
    return put(urlencode(fields).encode(), FORM)


def decided(
    configuration: object, record: object, of: Tenant = ACME, data: FakeData | None = None
) -> Outcome:
    """What the core makes of a record."""
    return decide(view(of, data), put_json(configuration, record), NOW)


def fates(outcome: Outcome) -> dict[str | None, str]:
    """The fate of each heading."""
    return {notice.heading: notice.fate.value for notice in outcome.notices}
