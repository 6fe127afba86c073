"""A forked process has connections of its own."""

import os

import httpx
import httpx2
import pytest

from cgclient import Client, ConfigurationError
from cgclient.client import Options
from cgmock import seeds
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server

REFUSED = "This process was forked.*make a new client in this process"


@pytest.mark.parametrize("given", ["http", "http of httpx2", "transport"])
def test_what_a_user_passed_cannot_be_used_after_a_fork(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"access_token": "t"}))
    options: dict[str, Options] = {
        "http": {"http": httpx.Client(transport=transport)},
        "http of httpx2": {"http": httpx2.Client()},
        "transport": {"transport": transport},
    }
    with Client("id", "secret", **options[given]) as client:
        monkeypatch.setattr(os, "getpid", lambda: -1)

        with pytest.raises(ConfigurationError, match=REFUSED):
            client.put_record("contact", {})
        with pytest.raises(ConfigurationError, match=REFUSED):
            list(client.with_options(timeout=1.0).responses())


def test_a_client_opens_new_connections_after_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = MockAPI(seeds.demo())
    app = mock.store.tenants()[0].connected_apps[0]
    with live_server(mock) as server:
        client = Client(app.client_id, app.client_secret, auth_url=server.url, imports_url=server.url)
        with client, monkeypatch.context() as patch:
            client.put_record("contact", {"Email": "joe@example.com"})
            patch.setattr(os, "getpid", lambda: -1)
            client.close()  # there is nothing to close yet

            client.put_record("contact", {"Email": "joe@example.com"})
            client.close()
            with pytest.raises(RuntimeError, match="closed"):
                client.put_record("contact", {"Email": "joe@example.com"})

            patch.undo()
            client.put_record("contact", {"Email": "joe@example.com"})
