"""Where a target is, whose credentials it takes, and what leaves this machine."""

import pytest

from cgmock.core.tenant import Tenant
from cgmock.live.target import Service, Target, TargetError
from tests.unit.contract.fakes import ACME

CREDENTIALS = {"CG_CLIENT_ID": "live-client", "CG_CLIENT_SECRET": "live-secret"}


def test_the_live_service_is_on_the_vendor_s_hosts_of_the_seed_s_region() -> None:
    target = Target.live(ACME, CREDENTIALS)

    assert [target.url(service) for service in Service] == [
        "https://auth.us.customergauge.com",
        "https://imports.api.us.customergauge.com",
        "https://api.us.customergauge.com",
        "https://hooks.us.customergauge.com",
    ]
    assert (target.client_id, target.client_secret) == ("live-client", "live-secret")
    assert target.abroad == ("https://imports.api.au.customergauge.com", "imports.api.au.customergauge.com")
    assert not target.is_local


def test_the_live_service_may_be_elsewhere() -> None:
    urls = {
        f"CG_{name}_URL": f"http://127.0.0.1:{number}/"
        for number, name in enumerate(("AUTH", "IMPORTS", "API"), 1)
    }

    target = Target.live(ACME, CREDENTIALS | urls | {"CG_REGION": "us", "CG_EXPIRED_TOKEN": " old "})

    assert [target.url(service) for service in Service] == [
        "http://127.0.0.1:1",
        "http://127.0.0.1:2",
        "http://127.0.0.1:3",
        "http://127.0.0.1:2/hooks",
    ]
    assert target.expired_token == "old"
    assert target.abroad == ("http://127.0.0.1:2", "imports.api.au.customergauge.com")
    assert target.is_local


def test_the_hooks_host_counts_only_where_there_are_webhooks() -> None:
    without = Tenant(name="acme")

    assert "hooks.us.customergauge.com" in Target.live(ACME, CREDENTIALS).hosts
    assert Target.live(without, CREDENTIALS).hosts == {
        "auth.eu.customergauge.com",
        "imports.api.eu.customergauge.com",
        "api.eu.customergauge.com",
    }


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.1.2.3", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://localhost.example.com", False),
        ("https://192.168.0.1", False),
        ("https://fake.example.com/base", False),
    ],
)
def test_another_fake_is_at_one_url_with_the_seed_s_credentials(url: str, *, local: bool) -> None:
    target = Target.at(f"{url}/", ACME)

    assert (target.auth_url, target.hooks_url) == (url, f"{url}/hooks")
    assert (target.client_id, target.client_secret) == ("acme-crm", "acme-secret+/&")
    assert target.is_local is local
    assert target.abroad is None


def test_the_environment_has_other_credentials_for_another_fake() -> None:
    target = Target.at("http://localhost", ACME, CREDENTIALS | {"CG_REGION": ""})

    assert (target.client_id, target.client_secret) == ("live-client", "live-secret")


def test_credentials_are_never_shown() -> None:
    target = Target.live(ACME, CREDENTIALS | {"CG_EXPIRED_TOKEN": "old-token"})

    assert "live-secret" not in repr(target)
    assert "old-token" not in repr(target)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "Set CG_CLIENT_ID and CG_CLIENT_SECRET in the environment: those of your connected app."),
        (
            CREDENTIALS | {"CG_REGION": "eu"},
            "CG_REGION is eu, but the seed's tenant acme is in us: correct one of them.",
        ),
        (
            CREDENTIALS | {"CG_API_URL": "https://me:password@example.com"},
            "CG_API_URL must read like https://host or http://host:port/path, with no more to it.",
        ),
        (
            CREDENTIALS | {"CG_AUTH_URL": "http://[::1"},
            "CG_AUTH_URL must read like https://host or http://host:port/path, with no more to it.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(TargetError) as caught:
        Target.live(ACME, environ)

    assert str(caught.value) == sentence
