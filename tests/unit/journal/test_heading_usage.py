"""What was used of a configuration: its headings that were sent and never sent, and those that it does not know."""

from dataclasses import replace

from cgmock.core.catalog import DataType
from cgmock.core.messages import Request
from cgmock.core.tenant import Configuration
from cgmock.journal.heading_usage import Unknown, usage
from cgmock.mock_api import MockAPI
from cgmock.web import create_app
from tests.acme import ACME, APP, NOW, basic, put_json

PEOPLE = Configuration(
    reference="people",
    name="People",
    data_type=DataType.CONTACT,
    headings={"Mail": "email", "Tel": "phone", "First": "first_name"},
)
TENANT = replace(
    ACME,
    configurations={"people": PEOPLE, "unused": replace(PEOPLE, reference="unused")},
    webhooks={"contacts": replace(ACME.webhooks["contacts"], configuration="people")},
)


def mock() -> MockAPI:
    """A mock that was sent two records, one by a webhook, and some that count for nothing."""
    mock = MockAPI([TENANT], clock=lambda: NOW)
    token = mock.tokens.sign({"client_id": APP.client_id, "exp": int(NOW) + 60, "scope": "imports/write"})
    headers = {"authorization": f"Bearer {token}"}
    for configuration, record in (
        ("people", {"Mail": "joe@example.com", "Maill": "x", "Shoe": 1}),
        ("people", {"Tel": "1", "Maill": "y"}),
        ("people", {}),
        ("nobody", {"Mail": "joe@example.com"}),
        (None, {"Mail": "joe@example.com"}),
    ):
        request = put_json(configuration, record)
        mock.handle(request._replace(headers={**request.headers, **headers}))
    for hook in ("contacts", "gone"):
        body = b'{"Email": "joe@example.com"}'
        called = {"authorization": basic("acme-hook", "acme-password"), "content-type": "application/json"}
        mock.handle(Request("PUT", f"/hooks/{hook}", "", called, body, len(body)))
    return mock


def test_headings_are_counted_by_configuration() -> None:
    people, unused = usage(TENANT, mock().store.hosted("acme").journal.after(0))

    assert (people.reference, people.requests) == ("people", 4)
    assert people.headings == {"Mail": 2, "Tel": 1, "First": 0}
    assert people.unknown == (Unknown("Maill", 2, "Mail"), Unknown("Shoe", 1, None))
    assert (unused.requests, unused.headings) == (0, {"Mail": 0, "Tel": 0, "First": 0})


def test_a_webhook_that_the_tenant_has_no_more_counts_for_nothing() -> None:
    people, _ = usage(replace(TENANT, webhooks={}), mock().store.hosted("acme").journal.after(0))

    assert people.headings["Mail"] == 1


def test_the_use_is_shown() -> None:
    page = create_app(mock()).test_client().get("/_cgmock/v1/tenants/acme/usage").get_json()

    assert page["dropped"] == 0
    assert page["data"][0]["unknown"][0] == {"heading": "Maill", "sent": 2, "nearest": "Mail"}
    assert page["data"][0]["headings"] == {"Mail": 2, "Tel": 1, "First": 0}
