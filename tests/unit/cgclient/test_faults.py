"""Every fault of the mock in every phase, over TCP: the client never writes twice, and never says what is not so."""

from collections.abc import Iterator
from itertools import product

import pytest

from cgclient import Client, CustomerGaugeError, Retries
from cgmock import seeds
from cgmock.control.local import LocalControl
from cgmock.core.routing import Endpoint
from cgmock.faults import OF_THE_TOKEN, PREPARED, Effect, Fault, prepared
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server
from cgmock.testing.fake import FakeCustomerGauge, Server

REFERENCE = "12305294-0b20-4009-b95d-c8123301d66"
(DEMO,) = seeds.demo()
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


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that all faults share, each with a tenant of its own."""
    with live_server(MockAPI()) as started:
        yield Server(LocalControl(started.mock), started.url)


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{number} {fault}" for number, fault in enumerate(FAULTS)])
def test_a_fault_never_has_a_response_recorded_twice_or_lost_unseen(server: Server, fault: Fault) -> None:
    with server.fresh(DEMO) as fake:
        fake.faults.add(fault)
        error = _sent(fake)
        recorded = len(fake.data("responses"))

    if error is None:
        assert recorded == 1
    elif error.may_have_been_written:
        assert recorded in {0, 1}
    else:
        assert recorded == 0


def _sent(fake: FakeCustomerGauge) -> CustomerGaugeError | None:
    """Send a record, and return the error that the client raises."""
    with Client(
        fake.client_id,
        fake.client_secret,
        auth_url=fake.url,
        imports_url=fake.url,
        timeout=0.2,
        retries=Retries(attempts=3),
        sleep=lambda _: None,
    ) as client:
        try:
            client.put_record(REFERENCE, RECORD)
        except CustomerGaugeError as error:
            return error
    return None
