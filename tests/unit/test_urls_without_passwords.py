"""No sentence shows the password of a URL, whichever option, variable or argument the URL comes from."""

from collections.abc import Callable, Mapping

import pytest
from click.testing import CliRunner

from cgclient import Client, ConfigurationError
from cgmock.cli.group import cgmock
from cgmock.control.remote import ControlError, RemoteControl
from cgmock.journal.redaction import without_userinfo
from cgmock.live.target import Target, TargetError
from cgmock.stores.base import StoreError
from cgmock.stores.sql import Database
from tests.acme import ACME

URLS = (
    "http://user:canary@127.0.0.1:1",
    "https://canary@host",
    "ftp://user:canary@host",
    "user:canary@host",
    "http://user:ca@nary@host",
    "http://user:canary/more@host",
    "http://user:canary?more#x@host",
    "http://user:canary@",
    "http://user:canary@host:99999999",
)
DATABASES = (
    "postgresql://user:canary@127.0.0.1:1/name",
    "postgresql://user:can@canary@host/name",
    "postgresql://user:12/canary@host/name",
    "postgresql://user:12?canary@host/name",
    "postgresql://user:canary@host:port/name",
    "postgresql://127.0.0.1:1/name?password=canary",
    "mysql://user:canary@host/name",
    "user:canary@host",
)

CREDENTIALS = {"CG_CLIENT_ID": "a", "CG_CLIENT_SECRET": "b"}


def variables(name: str, url: str) -> Mapping[str, str]:
    """The environment of a client."""
    return {**CREDENTIALS, name: url}


def database(url: str) -> None:
    """Use a database."""
    opened = Database(url, patience=0.1)
    try:
        opened.prepare()
    finally:
        opened.close()


ENTRANCES: Mapping[str, Callable[[str], object]] = {
    **{
        name: lambda url, name=name: Client("a", "b", **{name: url})  # type: ignore[misc]
        for name in ("auth_url", "imports_url", "api_url", "webhooks_url")
    },
    **{
        name: lambda url, name=name: Client.from_env(variables(name, url))  # type: ignore[misc]
        for name in ("CG_AUTH_URL", "CG_IMPORTS_URL", "CG_API_URL", "CG_WEBHOOKS_URL")
    },
    "a target": lambda url: Target.at(url, ACME, CREDENTIALS),
    "CG_AUTH_URL, live": lambda url: Target.live(ACME, variables("CG_AUTH_URL", url)),
    "CG_IMPORTS_URL, live": lambda url: Target.live(ACME, variables("CG_IMPORTS_URL", url)),
    "the control API": RemoteControl,
}


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("entrance", ENTRANCES)
def test_a_url_with_a_password_is_refused_without_showing_it(entrance: str, url: str) -> None:
    with pytest.raises((ConfigurationError, TargetError, ControlError)) as refused:
        ENTRANCES[entrance](url)

    assert "canary" not in str(refused.value)
    assert "nary" not in str(refused.value)


@pytest.mark.parametrize("url", DATABASES)
def test_a_database_that_cannot_be_used_is_named_without_its_password(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        database(url)

    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("options", [["env", "--proxy"], ["contract", "--target"]])
def test_an_option_with_a_password_is_refused_without_showing_it(options: list[str], url: str) -> None:
    result = CliRunner().invoke(cgmock, [*options, f"{url} "])  # a URL that is refused, whatever else it is

    assert result.exit_code == 2
    assert "nary" not in result.output


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://host:1/path", "http://host:1/path"),
        ("http://user:canary@host:1/path", "http://host:1/path"),
        ("http://user:ca@nary@host", "http://host"),
        ("user:canary@host", "host"),
        ("user:ca//nary@host", "host"),
        ("mock", "mock"),
    ],
)
def test_a_url_is_shown_without_user_name_and_password(url: str, shown: str) -> None:
    assert without_userinfo(url) == shown
