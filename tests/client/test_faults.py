"""Every fault of the mock in every phase, over TCP: the client never writes twice, and never says what is not so."""

from itertools import product

import pytest

from cgclient import Client, CustomerGaugeError, Retries
from cgmock import seeds
from cgmock.core.routing import Endpoint
from cgmock.faults import OF_THE_TOKEN, PREPARED, Effect, Fault, prepared
from cgmock.live import live_server
from cgmock.mock_api import MockAPI
from cgmock.stores import Collection
from cgmock.tokens import Tokens

REFERENCE = "12305294-0b20-4009-b95d-c8123301d66"
TOKENS = Tokens()
"""Shared by all mocks: a new key takes a tenth of a second."""

RECORD = {"Email": "joe.doe@example.com", "NPS Score": "10"}
PHASES = (Endpoint.TOKEN, Endpoint.RECORDS)
OF_AN_EFFECT = [
    Fault(endpoint=phase, effect=effect, applied=applied, delay=delay)
    for effect, phase, applied, delay in product(Effect, PHASES, (False, True), (0.0, 0.4))
    if effect not in OF_THE_TOKEN or phase is Endpoint.RECORDS
]
OF_A_STATUS = [
    Fault(endpoint=phase, status=status, retry_after=after, applied=applied)
    for status, phase, after, applied in product(
        (401, 429, 500, 502, 503, 504), PHASES, (None, 1), (False, True)
    )
    # A service that says so has not written, by all that is known of it.
    if not applied or status in {500, 502, 504}
]
OF_A_NAME = [prepared(name, endpoint=phase) for name, phase in product(PREPARED, PHASES)]
FAULTS = [*OF_AN_EFFECT, *OF_A_STATUS, *OF_A_NAME]


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{number} {fault}" for number, fault in enumerate(FAULTS)])
def test_a_fault_never_has_a_response_recorded_twice_or_lost_unseen(fault: Fault) -> None:
    tenant = seeds.demo()[0]
    mock = MockAPI([tenant])
    mock.tokens = TOKENS
    mock.hosted(tenant.name).faults.add(fault)
    with live_server(mock) as server:
        error = _sent(server.url)
        recorded = len(mock.store.page(tenant.name, Collection.RESPONSES, limit=9, after=0).rows)

    if error is None:
        assert recorded == 1
    elif error.may_have_been_written:
        assert recorded in {0, 1}
    else:
        assert recorded == 0


def _sent(url: str) -> CustomerGaugeError | None:
    """What a client raises when it sends a record."""
    with Client(
        "demo-client",
        "demo-secret",
        auth_url=url,
        imports_url=url,
        timeout=0.2,
        retries=Retries(attempts=3),
        sleep=lambda _: None,
    ) as client:
        try:
            client.put_record(REFERENCE, RECORD)
        except CustomerGaugeError as error:
            return error
    return None
