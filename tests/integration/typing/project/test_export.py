"""Tests of a project that uses cgmock, as type checkers see them: nothing here needs a cast or an ignore."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import httpx
import httpx2
import pytest
from flask import Flask
from hypothesis import given, settings, strategies as st

import cgmock
from cgclient import (
    AmbiguousWriteError,
    AuthenticationError,
    Client,
    ConfigurationError,
    CustomerGaugeError,
    Encoding,
    Exchange,
    Hook,
    Period,
    RateLimitedError,
    Record,
    Region,
    Retries,
    Retry,
    ServerError,
    TransportError,
    UnexpectedResponseError,
    ValidationError,
)
from cgmock import (
    Configuration,
    DataType,
    Effect,
    Endpoint,
    Entry,
    Expectation,
    Fate,
    Fault,
    LiveServer,
    LogNormal,
    MockAPI,
    Notice,
    Request,
    Response,
    SeedError,
    Tenant,
    Uniform,
    load_seed,
    prepared,
)
from cgmock.flask import blueprint
from cgmock.httpx import httpx2_transport, httpx_transport
from cgmock.pytest_plugin import LostHeadingWarning, UnmetFaultWarning
from cgmock.respx import mock_router
from cgmock.strategies import (
    CustomerGaugeMachine,
    Garbled,
    InvalidRecord,
    Misspelt,
    NearMiss,
    Payload,
    Slip,
    SwappedColumns,
    TokenRequest,
    configurations,
    invalid_records,
    near_misses,
    over_http,
    payloads,
    records,
    token_requests,
)
from cgmock.testing import (
    ControlError,
    Difference,
    FakeCustomerGauge,
    Lost,
    NearMiss as NearMissOfJournal,
    NoConnectedAppError,
    RemoteControl,
    Server,
    Verdict,
    environment,
)

(DEMO,) = load_seed()
CONTACT: Configuration = DEMO.configurations["contact"]
JOE: Record = {"Email": "joe@example.com", "First Name": "Joe"}
FEW = settings(max_examples=5, deadline=None, database=None)


def send(client: Client, record: Record, encoding: Encoding = "json") -> str:
    """Send a record, and say what happened."""
    try:
        client.put_record("contact", record, encoding)
    except ValidationError as error:
        said = ", ".join(text for texts in error.errors.values() for text in texts)
    except AmbiguousWriteError as error:
        said = f"look first: {error.may_have_been_written}"
    except RateLimitedError as error:
        seconds: float | None = error.retry_after
        said = f"wait {seconds}"
    except (AuthenticationError, ConfigurationError, ServerError, TransportError) as error:
        said = f"{type(error).__name__}: {error.status}"
    except UnexpectedResponseError as error:
        said = f"unexpected: {error.status}"
    else:
        said = "sent"
    return said


def fates(entries: Sequence[Entry]) -> list[Fate]:
    """List the fates of all headings."""
    notices: list[Notice] = [notice for entry in entries for notice in entry.notices]
    return [notice.fate for notice in notices]


def test_a_record_is_sent(cg: FakeCustomerGauge, cg_client: Client) -> None:
    assert send(cg_client, JOE) == "sent"

    cg.expect(JOE, configuration="contact", endpoint="records", status=200, times=1)
    cg.wait_for(endpoint=Endpoint.TOKEN, times=1)
    assert set(fates(cg.journal)) == {Fate.STORED}
    assert fates(cg.find(notice="unmapped")) == []
    assert [row["email"] for row in cg.data("contacts")] == ["joe@example.com"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(endpoint="records", status=422, body='{"errors": {"record.Email": ["Odd."]}}'), "Odd."),
        (prepared("gateway_timeout", endpoint="records", times=1), "look first: True"),
        (Fault(endpoint=Endpoint.RECORDS, status=429, retry_after=1, times=9), "wait 1.0"),
        (Fault(endpoint="token", status=400), "AuthenticationError: 400"),
        (Fault(endpoint="records", status=404), "unexpected: 404"),
        (Fault(endpoint="records", effect="late", delay=Uniform(0.0, 0.01)), "sent"),
        (Fault(effect=Effect.LATE, delay=LogNormal(0.001, 0.1), seed=7, within=60.0), "sent"),
    ],
)
@pytest.mark.cg(unmet_faults="off")
def test_failures(cg: FakeCustomerGauge, cg_client: Client, fault: Fault, said: str) -> None:
    cg.faults.add(fault)

    assert send(cg_client, JOE) == said


def test_expectations(cg: FakeCustomerGauge, cg_client: Client) -> None:
    send(cg_client, JOE, "form")

    expected = Expectation(record={"Email": "jane@example.com"}, endpoint="records")
    verdict: Verdict = cg.verify(expected, {"configuration": "contact"})
    misses: Sequence[NearMissOfJournal] = cg.near_misses(expected)
    differences: list[Difference] = [each for miss in misses for each in miss.differences]
    assert (verdict.holds, differences[0].part, differences[0].actual) == (False, "Email", "joe@example.com")


@pytest.mark.cg(unknown_headings="off")
def test_losses(cg: FakeCustomerGauge, cg_client: Client) -> None:
    send(cg_client, {"Emial": "joe@example.com", "Phone": "+1 555 0100"})

    lost: Sequence[Lost] = cg.lost
    assert [each.notice.nearest for each in lost] == ["Email"]


@pytest.mark.filterwarnings("ignore::cgmock.pytest_plugin.LostHeadingWarning")
def test_a_fixture_of_this_project(own_fake: FakeCustomerGauge) -> None:
    pauses: list[float] = []

    def hook(event: Exchange | Retry) -> None:
        pauses.append(event.seconds)

    hooks: list[Hook] = [hook]
    with Client.from_env(own_fake.environment, retries=Retries(attempts=2), hooks=hooks) as client:
        assert send(client, JOE) == "sent"
        assert list(client.responses(period=None)) == []
    assert len(pauses) == 3


def test_errors(served: LiveServer) -> None:
    with pytest.raises(ControlError):
        RemoteControl(served.url).reset("nobody")
    with pytest.raises(NoConnectedAppError):
        environment(Tenant(name="empty"), served.url)
    assert issubclass(ConfigurationError, CustomerGaugeError)
    assert issubclass(LostHeadingWarning, UserWarning)
    assert issubclass(UnmetFaultWarning, UserWarning)
    assert cgmock.__version__


def test_transports() -> None:
    mock = MockAPI(load_seed())

    with httpx.Client(transport=httpx_transport(mock)) as client:
        assert client.get("https://auth.eu.customergauge.com/.well-known/jwks.json").status_code == 200
    with httpx2.Client(transport=httpx2_transport(mock)) as newer:
        assert newer.put("https://imports.api.eu.customergauge.com/records/").status_code == 401
    with mock_router(mock), Client("demo-client", "demo-secret", Region.EU) as vendor:
        assert send(vendor, JOE) == "sent"
    answer: Response = mock.handle(Request("PUT", "/records/"))
    assert answer.status == 401


def test_blueprint() -> None:
    app = Flask("example")
    app.register_blueprint(blueprint(MockAPI(load_seed())), url_prefix="/customergauge")

    assert app.test_client().get("/customergauge/records/").status_code == 405


@FEW
@given(record=records(CONTACT))
def test_records(cg_server: Server, record: dict[str, str | int]) -> None:
    with cg_server.fresh(DEMO) as cg, Client.from_env(cg.environment) as client:
        assert send(client, record) == "sent"


@FEW
@given(
    invalid=invalid_records(CONTACT),
    miss=near_misses(CONTACT),
    payload=payloads(CONTACT, encoding="form"),
    asked=token_requests(DEMO.connected_apps[0]),
    configuration=configurations(data_types=st.just(DataType.CONTACT)),
)
def test_what_else_is_drawn(
    invalid: InvalidRecord,
    miss: NearMiss,
    payload: Payload,
    asked: TokenRequest,
    configuration: Configuration,
) -> None:
    assert invalid.heading
    assert invalid.reason
    assert meant(miss) in CONTACT.headings
    assert payload.content_type.startswith("application/x-www-form-urlencoded")
    assert asked.error is None or asked.error.startswith(("invalid_", "unauthorized_", "unsupported_"))
    assert configuration.data_type is DataType.CONTACT


def meant(miss: NearMiss) -> str:
    """Return the heading that was probably meant."""
    slips: list[Slip] = [] if isinstance(miss, SwappedColumns) else [miss.slip]
    assert (type(miss) in {Misspelt, Garbled}) == bool(slips)
    return miss.meant


class Machine(CustomerGaugeMachine):
    """The state machine for a mock in this process."""

    tenant = DEMO

    def start(self) -> Callable[[Request], Response]:
        """Return the function that answers requests."""
        return MockAPI([self.tenant]).handle


TestMachine = Machine.TestCase
TestMachine.settings = settings(FEW, max_examples=1, stateful_step_count=5)


def test_a_machine_over_http(served: LiveServer) -> None:
    with httpx.Client(base_url=served.url) as client:
        answer: Response = over_http(client)(Request("GET", "/.well-known/jwks.json"))

    assert answer.status == 200


def test_a_period() -> None:
    period = Period("date_survey_response", date(2026, 1, 1), date(2026, 1, 31))

    assert (period.end - period.start).days == 30


def test_a_seed_that_is_absent(tmp_path: Path) -> None:
    with pytest.raises(SeedError) as caught:
        load_seed(tmp_path / "absent.toml")

    assert [mistake.line for mistake in caught.value.mistakes] == [1]
