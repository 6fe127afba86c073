"""What a client of a served fake does."""

import httpx

from cgmock.seeds import demo

(DEMO,) = demo()


def put(http: httpx.Client, number: int, token: str) -> httpx.Response:
    """Write a new contact of a new account."""
    fields = {"Account Name": f"Account {number}", "Email": f"joe{number}@example.com"}
    record = {"configuration": "multi-object", "record": fields}
    return http.put("/records/", json=record, headers={"Authorization": f"Bearer {token}"})


def put_alone(url: str, number: int, token: str) -> httpx.Response:
    """The same on a connection of its own, which any process of the fake answers."""
    with httpx.Client(base_url=url) as http:
        return put(http, number, token)


def token_of(url: str) -> str:
    """A token of the demo tenant."""
    app = DEMO.connected_apps[0]
    secret = {"client_id": app.client_id, "client_secret": app.client_secret}
    answer = httpx.post(f"{url}/oauth2/token", data={"grant_type": "client_credentials", **secret})
    return str(answer.json()["access_token"])
