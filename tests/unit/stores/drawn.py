"""What the machine does to tenants: records that meet each other, odd texts, faults, policies."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import EnumType
from typing import get_type_hints
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock.core.catalog import DataType
from cgmock.core.messages import Request
from cgmock.core.tenant import ConnectedApp, Policies, Region, Tenant
from cgmock.faults import OF_THE_TOKEN, Effect, Endpoint, Fault, LogNormal, Uniform
from cgmock.strategies.sendings import Sendings
from tests.acme import ACME, FORM, HEADINGS, JSON, NOW, WEBHOOKS, basic

ODD = ("", "\0", "a\0b", "\ud800", "\U0001f600", "\udc00\ud800", "'; --", " x ", "0", "x" * 5000, "ß" * 200)
"""Texts that databases and encodings stumble over."""

_MEETING: Mapping[str, Sequence[object]] = {
    "Email": ("a@example.com", "b@example.com", "A@example.com", None),
    "Phone": ("1", "2", 3, None),
    "Contact Reference": ("a@example.com", "1"),
    "Account Name": ("ACME", "A", "B"),
    "Account": ("ACME", "A", "B"),
    "Alias": ("A", "B", "ACME"),
    "Reference": ("1", "2"),
    "NPS Score": (9, "9", -1, -2, "10", 10**30, 1.5, True),
    "Source": ("web", "1"),
    "Type": ("call",),
    "Sent Date": ("2024-01-01 00:00:00", "2024-01-02 00:00:00"),
    "Survey Completed Date": ("2024-01-02 00:00:00",),
    "Job Level": ("A",),
    "Follow Up Request": ("Y", "N"),
    "Happened At": ("2024-01-02 00:00:00",),
    "Touchpoint": ("After Sales", "After Sales", "Elsewhere"),
}
"""Values of which many records are drawn, so that they speak of the same few objects."""

_SENDINGS = Sendings(ACME)
_SENT = st.one_of(_SENDINGS.valid, _SENDINGS.invalid, _SENDINGS.near_misses)


def _named(name: str, region: Region = Region.EU) -> Tenant:
    return replace(
        ACME,
        name=name,
        region=region,
        connected_apps=(ConnectedApp(client_id=f"{name}-crm", client_secret=f"{name}-secret"),),
        webhooks={f"{name}-{key}": replace(each, id=f"{name}-{key}") for key, each in WEBHOOKS.items()},
    )


ROADRUNNER, ODDLY_NAMED = _named("roadrunner", Region.US), _named("\U0001f600'; --")
TENANTS: Mapping[str, Tenant] = {
    "acme": ACME,
    "roadrunner": ROADRUNNER,
    "oddly named": ODDLY_NAMED,
    "acme with another secret": replace(
        ACME, connected_apps=(ConnectedApp(client_id="acme-crm", client_secret="another-secret"),)
    ),
    "acme with an app of roadrunner": replace(ACME, connected_apps=ROADRUNNER.connected_apps),
    "roadrunner with webhooks of acme": replace(ROADRUNNER, webhooks=ACME.webhooks),
    "roadrunner without apps": replace(ROADRUNNER, connected_apps=(), policies=Policies(rate_limit=2)),
}
"""Tenants of three names, of which some claim what is another's."""

tenants = st.sampled_from([*TENANTS])
NAMES = sorted({tenant.name for tenant in TENANTS.values()})
_POLICIES: Mapping[str, Sequence[object]] = {
    name: list(kind) if isinstance(kind, EnumType) else (None, 1, 3)
    for name, kind in get_type_hints(Policies).items()
}
policies = st.sampled_from([{name: value} for name, values in _POLICIES.items() for value in values])
"""A policy and its value."""


def with_policy(policy: Mapping[str, object]) -> Callable[[Tenant], Tenant]:
    """What gives a tenant a policy."""
    return lambda tenant: replace(tenant, policies=replace(tenant.policies, **policy))  # type: ignore[arg-type]


def _records(headings: Sequence[str]) -> SearchStrategy[dict[str, object]]:
    values = {heading: st.sampled_from(_MEETING.get(heading, ("x", "y"))) for heading in headings}
    odd = st.dictionaries(st.sampled_from(headings), st.sampled_from(ODD), max_size=1)
    given = st.one_of(st.fixed_dictionaries(values), st.fixed_dictionaries({}, optional=values))
    return st.builds(lambda usual, special: {**usual, **special}, given, odd)


_CONTACTS_MORE_THAN_OTHERS = [*[DataType.CONTACT] * 4, *sorted(HEADINGS)]
records = st.sampled_from(_CONTACTS_MORE_THAN_OTHERS).flatmap(
    lambda data_type: st.tuples(st.just(data_type.value), _records([*HEADINGS[data_type], "Unmapped"]))
)
"""A configuration and a record for it."""


@st.composite
def puts_of_all_kinds(draw: st.DrawFn) -> Request:
    """Records of all kinds for ACME, good and bad, without a token."""
    (payload, *_) = draw(_SENT)
    return _put("/records/", payload.content_type, payload.body)


def json_put(configuration: str, record: Mapping[str, object]) -> Request:
    """A record as JSON, without a token."""
    body = json.dumps({"configuration": configuration, "record": record}).encode()
    return _put("/records/", JSON, body)


def form_put(configuration: str, record: Mapping[str, object]) -> Request:
    """A record as a form, without a token."""
    pairs = {"configuration": configuration, **{f"record[{name}]": value for name, value in record.items()}}
    return _put("/records/", FORM, urlencode(pairs, errors="surrogatepass").encode())


def call(webhook: str, password: str, record: Mapping[str, object]) -> Request:
    """A record for a webhook."""
    path = f"/hooks/{webhook}".encode().decode("latin-1")
    request = _put(path, JSON, json.dumps(record).encode())
    return request._replace(headers={**request.headers, "authorization": basic("acme-hook", password)})


def token_request(client_id: str, secret: str) -> Request:
    """A request for a token."""
    pairs = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    body = urlencode(pairs, errors="surrogatepass").encode()
    return Request("POST", "/oauth2/token", "", {"content-type": FORM}, body, len(body))


def _put(path: str, content_type: str, body: bytes) -> Request:
    return Request("PUT", path, "", {"content-type": content_type, "accept": JSON}, body, len(body))


read_back = st.builds(
    lambda query: Request("GET", "/v7/rest/sync/responses", query, {"accept": JSON}),
    st.sampled_from(("", "per_page=1", "per_page=2&cursor=1", "cursor=2&expand=contact", "cursor=x")),
)
"""Requests for the responses, without a token."""

_LONG = b'{"secret": "another-secret", "x": "' + b"\xf0\x9f" * 50_000
lost = st.sampled_from(
    (
        Request("GET", "/nowhere"),
        Request("GET", "/.well-known/jwks.json"),
        Request("GET", "/nowhere\x00\xf0\x9f", "password=x&api_token=acme-secret", {"cookie": "x"}),
        call("nobody", "acme-password", {"Email": "a@example.com"}),
        token_request("\ud800", "another-secret"),
        _put("/records/", JSON, _LONG),
    )
)
"""Requests that are nobody's."""

_effects = st.sampled_from(
    [
        (each, point)
        for each in Effect
        for point in (None, *Endpoint)
        if point in (None, Endpoint.RECORDS) or each not in OF_THE_TOKEN
    ]
)
faults = st.builds(
    lambda what, **others: Fault(effect=what[0], endpoint=what[1], **others),
    _effects,
    applied=st.booleans(),
    status=st.sampled_from((200, 429, 503)),
    headers=st.sampled_from(
        ((), (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), (("X-Secret", "acme-secret"),))
    ),
    body=st.sampled_from(("", "\0", "\U0001f600", "acme-secret")),
    retry_after=st.sampled_from((None, 5)),
    retry_after_date=st.booleans(),
    delay=st.sampled_from((0.0, 1, Uniform(0.1, 2), LogNormal(0.1, 1))),
    times=st.integers(1, 3),
    probability=st.sampled_from((1.0, 1, 0.5)),
    seed=st.integers(0, 9),
    within=st.sampled_from((None, 0, 30, 0.5)),
)
"""Planned failures of all kinds, also such as no request that comes can meet."""

_AWARE = datetime(2026, 1, 31, 12, 0, 0, 250_000, UTC)
moments = st.sampled_from((None, 0, NOW, NOW + 0.1, 1e11, float("nan"), _AWARE, _AWARE.replace(tzinfo=None)))
"""Times to freeze a clock at, some of them invalid."""

spans = st.sampled_from((0, 1, 59.9, -30, 3600, 1e11, timedelta(minutes=-1, microseconds=1), timedelta.max))
"""Periods to advance a clock by, some of them too long."""
