"""Requests one after another, whose answers depend on each other."""

import json
from urllib.parse import urlencode

from hypothesis import strategies as st

from tests.acme import APP, FORM, JSON, basic
from tests.adapters import API, AUTH, HOOKS, IMPORTS, Answer, Door, Sent, comparable, token_of

_GRANT = {
    "grant_type": "client_credentials",
    "client_id": APP.client_id,
    "client_secret": APP.client_secret,
}
_TOKEN = Sent("POST", f"{AUTH}/oauth2/token", {"Content-Type": FORM}, urlencode(_GRANT).encode())
_HOOK = {"Content-Type": JSON, "Accept": JSON, "Authorization": basic("acme-hook", "acme-password")}


def stories() -> st.SearchStrategy[list[Sent]]:
    """Records by JSON, form and webhook, and responses that are read back."""
    return st.lists(_records() | _webhooks() | _reads(), max_size=6)


def told(door: Door, story: list[Sent]) -> list[Answer]:
    """The answers to a token request and to a story that carries the token."""
    granted = door(_TOKEN)
    bearer = {"Authorization": f"Bearer {token_of(granted)}"}
    return [
        comparable(granted),
        *(door(sent._replace(headers={**bearer, **sent.headers})) for sent in story),
    ]


@st.composite
def _records(draw: st.DrawFn) -> Sent:
    record = draw(_responses())
    if draw(st.booleans()):
        body = json.dumps({"configuration": "external_response", "record": record})
        return Sent("PUT", f"{IMPORTS}/records/", {"Content-Type": JSON, "Accept": JSON}, body.encode())
    fields = {f"record[{heading}]": value for heading, value in record.items()}
    form = urlencode({"configuration": "external_response", **fields})
    return Sent("PUT", f"{IMPORTS}/records/", {"Content-Type": FORM, "Accept": JSON}, form.encode())


@st.composite
def _webhooks(draw: st.DrawFn) -> Sent:
    webhook = draw(st.sampled_from(["responses", "contacts", "paused", "gone", "nobody"]))
    return Sent("PUT", f"{HOOKS}/{webhook}", _HOOK, json.dumps(draw(_responses())).encode())


def _reads() -> st.SearchStrategy[Sent]:
    queries = st.sampled_from(["", "?per_page=1", "?per_page=1&cursor=1", "?with[]=comments", "?cursor=%zz"])
    return queries.map(lambda query: Sent("GET", f"{API}/v7/rest/sync/responses{query}", {"Accept": JSON}))


def _responses() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {"Account Name": st.just("ACME"), "Email": st.sampled_from(["a@b.c", "none"])},
        optional={
            "NPS Score": st.sampled_from(["9", "11"]),
            "Frist Name": st.just("Joe"),
            "Comment": st.text(),
        },
    )
