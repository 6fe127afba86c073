"""What the control API changes of a tenant while it is served, and what it keeps of it."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from cgmock.core.messages import Request
from cgmock.core.tenant import BadValue
from cgmock.mock_api import MockAPI
from cgmock.stores.base import MAX_CHECKPOINTS, Collection
from cgmock.web import create_app
from tests.acme import ACME, NOW, basic

HOSTED = replace(ACME, webhooks={name: ACME.webhooks[name] for name in ("contacts", "paused")})
ACMES = "/_cgmock/v1/tenants/acme"
HOOK = {"username": "shop", "password": "shop-password", "configuration": "contact"}


@pytest.fixture
def mock() -> MockAPI:
    """A mock with one tenant whose clock stands still."""
    return MockAPI([HOSTED], clock=lambda: NOW)


@pytest.fixture
def control(mock: MockAPI) -> FlaskClient:
    """A client of its control API."""
    return create_app(mock).test_client()


def call(mock: MockAPI, webhook: str, password: str, email: str = "joe@example.com") -> int:
    """The status of a call of a webhook."""
    headers = {"authorization": basic("shop", password), "content-type": "application/json"}
    body = b'{"Email": "%s"}' % email.encode()
    return mock.handle(Request("PUT", f"/hooks/{webhook}", "", headers, body, len(body))).status


@pytest.mark.parametrize(
    ("part", "key", "given", "shown"),
    [
        (
            "connected_apps",
            "new-app",
            {"client_secret": "new-secret"},
            {"client_id": "new-app", "scopes": ["imports/write"]},
        ),
        (
            "configurations",
            "a/new one",
            {"data_type": "contact", "headings": {"Mail": "email"}},
            {
                "reference": "a/new one",
                "name": "Contact",
                "data_type": "contact",
                "headings": {"Mail": "email"},
            },
        ),
        (
            "webhooks",
            "new-hook",
            HOOK,
            {"id": "new-hook", "username": "shop", "configuration": "contact", "state": "active"},
        ),
        ("touchpoints", "Web", None, {"name": "Web"}),
    ],
)
def test_a_part_is_added_read_replaced_and_removed(
    control: FlaskClient, part: str, key: str, given: Any, shown: dict[str, object]
) -> None:
    path = f"{ACMES}/{part}/{key}"

    created, replaced = control.put(path, json=given), control.put(path, json=given)

    assert (created.status_code, replaced.status_code) == (201, 200)
    assert created.get_json() == replaced.get_json() == control.get(path).get_json() == shown
    assert shown in control.get(f"{ACMES}/{part}").get_json()["data"]
    assert control.delete(path).status_code == 204
    assert control.get(path).status_code == control.delete(path).status_code == 404


def test_a_policy_is_set_and_has_its_default_again(mock: MockAPI, control: FlaskClient) -> None:
    path = f"{ACMES}/policies/bad_value"

    answer = control.put(path, json={"value": "422"})

    assert (answer.status_code, answer.get_json()) == (200, {"name": "bad_value", "value": "422"})
    assert mock.store.hosted("acme").tenant.policies.bad_value is BadValue.UNPROCESSABLE
    assert control.delete(path).status_code == 204
    assert control.get(path).get_json()["value"] == "accepted-and-failed"
    control.put(f"{ACMES}/policies/rate_limit", json={"value": 5})
    control.delete(f"{ACMES}/policies/rate_limit")
    assert control.get(f"{ACMES}/policies/rate_limit").get_json()["value"] == "off"


def test_what_is_changed_is_what_the_next_request_meets(mock: MockAPI, control: FlaskClient) -> None:
    control.put(f"{ACMES}/webhooks/shop", json=HOOK)
    first = call(mock, "shop", "shop-password")
    control.put(f"{ACMES}/webhooks/shop", json={**HOOK, "password": "another-password"})

    statuses = [call(mock, "shop", password) for password in ("shop-password", "another-password")]

    assert (first, statuses) == (200, [401, 200])
    (contact,) = control.get(f"{ACMES}/contacts").get_json()["data"]
    assert contact["email"] == "joe@example.com"
    shown = control.get(f"{ACMES}/journal").text
    assert "shop-password" not in shown
    assert "another-password" not in shown


@pytest.mark.parametrize(
    ("path", "given", "refusal"),
    [
        ("connected_apps/x", {}, (422, "connected_apps.client_secret: is missing.")),
        (
            "connected_apps/x",
            {"client_id": "y", "client_secret": "z"},
            (422, "client_id must be x, as in the path."),
        ),
        ("touchpoints/Web", {"name": "Shop"}, (422, "name must be Web, as in the path.")),
        ("touchpoints/Web", {"naem": "Web"}, (422, "naem is unknown; did you mean name?")),
        ("policies/bad_value", {"value": "x"}, (422, "policies.bad_value: ")),
        (
            "policies/bad",
            {"value": "x"},
            (404, "There is no bad in policies of acme; there are: unknown_configuration, "),
        ),
        ("webhooks/other-hook", HOOK, (409, "The webhook other-hook is another tenant's.")),
        (
            "webhooks/new",
            {**HOOK, "configuration": "nope"},
            (422, "webhooks.configuration: 'nope' is unknown."),
        ),
    ],
)
def test_a_part_that_cannot_be_is_one_clear_sentence(
    mock: MockAPI, control: FlaskClient, path: str, given: dict[str, object], refusal: tuple[int, str]
) -> None:
    hook = {"id": "other-hook", "username": "x", "password": "other-password", "configuration": "contact"}
    contact = {"reference": "contact", "data_type": "contact", "headings": {"Email": "email"}}
    other = {"name": "other", "configurations": [contact], "webhooks": [hook]}
    assert control.post("/_cgmock/v1/tenants", json=other).status_code == 201
    before = mock.store.hosted("acme").tenant

    answer = control.put(f"{ACMES}/{path}", json=given)

    assert (answer.status_code, answer.get_json()["error"][: len(refusal[1])]) == refusal
    assert mock.store.hosted("acme").tenant is before


def test_a_configuration_that_a_webhook_needs_is_not_removed(control: FlaskClient) -> None:
    control.put(f"{ACMES}/webhooks/shop", json=HOOK)

    answer = control.delete(f"{ACMES}/configurations/contact")

    assert answer.status_code == 422
    assert control.get(f"{ACMES}/configurations/contact").status_code == 200


def test_a_tenant_is_replaced_and_its_data_stays(mock: MockAPI, control: FlaskClient) -> None:
    control.put(f"{ACMES}/webhooks/shop", json=HOOK)
    call(mock, "shop", "shop-password")

    answer = control.put(ACMES, json={"touchpoints": ["Web"]})

    assert (answer.status_code, answer.get_json()["touchpoints"]) == (200, ["Web"])
    assert answer.get_json() == control.get(ACMES).get_json()
    assert len(mock.store.page("acme", Collection.CONTACTS, limit=9, after=0).rows) == 1
    call(mock, "shop", "shop-password")
    assert [entry.request.path for entry in mock.store.unclaimed.after(0)] == ["/hooks/shop"]
    for given, sentence in (
        ({"name": "other"}, "name must be acme, as in the path."),
        (None, "The body must be"),
    ):
        http_errors = control.put(ACMES, json=given) if given else control.put(ACMES)
        assert http_errors.status_code == 422
        assert http_errors.get_json()["error"].startswith(sentence)


def test_a_reset_leaves_what_the_seed_says(mock: MockAPI, control: FlaskClient) -> None:
    control.delete(f"{ACMES}/webhooks/paused")
    control.put(f"{ACMES}/checkpoints/one")

    assert control.post(f"{ACMES}/reset").status_code == 204

    assert mock.store.hosted("acme").tenant == HOSTED
    assert control.get(f"{ACMES}/checkpoints").get_json() == {"data": []}


def test_a_checkpoint_is_what_a_tenant_was_as_often_as_one_likes(mock: MockAPI, control: FlaskClient) -> None:
    control.put(f"{ACMES}/webhooks/shop", json=HOOK)
    call(mock, "shop", "shop-password")
    saved = control.put(f"{ACMES}/checkpoints/one")
    for _ in range(2):
        call(mock, "shop", "shop-password", "jane@example.com")
        control.delete(f"{ACMES}/webhooks/shop")

        assert control.post(f"{ACMES}/checkpoints/one/restore").status_code == 204

        (contact,) = control.get(f"{ACMES}/contacts").get_json()["data"]
        assert (contact["id"], contact["email"]) == (1, "joe@example.com")
        assert call(mock, "shop", "shop-password") == 200
    assert saved.get_json() == {"name": "one", "saved_at": "2023-11-14T22:13:20.000+00:00"}
    assert control.get(f"{ACMES}/checkpoints").get_json() == {"data": [saved.get_json()]}
    assert control.delete(f"{ACMES}/checkpoints/one").status_code == 204
    gone = control.post(f"{ACMES}/checkpoints/one/restore")
    assert (gone.status_code, gone.get_json()["error"]) == (
        404,
        "There is no checkpoint one; there are: none.",
    )


def test_what_is_found_after_a_restore_is_what_was_kept(mock: MockAPI, control: FlaskClient) -> None:
    control.put(f"{ACMES}/webhooks/shop", json=HOOK)
    call(mock, "shop", "shop-password")
    control.put(f"{ACMES}/checkpoints/one")
    control.post(f"{ACMES}/checkpoints/one/restore")

    call(mock, "shop", "shop-password")

    assert len(control.get(f"{ACMES}/contacts").get_json()["data"]) == 1


def test_a_tenant_keeps_so_many_checkpoints_and_no_more(control: FlaskClient) -> None:
    statuses = [control.put(f"{ACMES}/checkpoints/{number}").status_code for number in range(MAX_CHECKPOINTS)]

    over, again = control.put(f"{ACMES}/checkpoints/one-more"), control.put(f"{ACMES}/checkpoints/0")

    assert set(statuses) == {200}
    assert (over.status_code, again.status_code) == (409, 200)
    assert over.get_json()["error"] == "A tenant keeps 20 checkpoints at most; delete one first."


def test_a_client_id_that_another_tenant_took_cannot_be_had_back(control: FlaskClient) -> None:
    control.put(f"{ACMES}/checkpoints/one")
    control.delete(f"{ACMES}/connected_apps/acme-crm")
    app = {"client_id": "acme-crm", "client_secret": "other-secret"}
    control.post("/_cgmock/v1/tenants", json={"name": "other", "connected_apps": [app]})

    for path in ("checkpoints/one/restore", "reset"):
        answer = control.post(f"{ACMES}/{path}")
        assert (answer.status_code, answer.get_json()["error"]) == (
            409,
            "The client id acme-crm is another tenant's.",
        )
