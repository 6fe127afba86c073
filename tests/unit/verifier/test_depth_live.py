"""A few rows sent to the live service, whose part our fake plays at the vendor's hosts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from cgmock.cli import cgmock
from cgmock.core.tenant import BadValue, Configuration, Policies, Refusal
from cgmock.httpx import httpx_transport
from cgmock.mock_api import MockAPI
from cgmock.respx import mock_router
from cgmock.verifier.depth_live import LiveAccess, UnsentError, send
from cgmock.verifier.files import DataFile
from cgmock.verifier.mapping import MappingFile
from cgmock.verifier.model import Finding
from cgmock.verifier.rules import Rule
from tests.acme import ACME, APP
from tests.unit.verifier.running import OPTIONS, mapping_file

CORPUS = Path(__file__).with_name("corpus")
HOSTS = ("auth.eu.customergauge.com", "imports.api.eu.customergauge.com", "api.eu.customergauge.com")
DATA = CORPUS / "clean" / "crm-export.responses.csv"
RESPONSES = mapping_file(CORPUS / "mappings" / "responses.toml")


def environment() -> dict[str, str]:
    """The credentials of the live system."""
    return {"CG_CLIENT_ID": APP.client_id, "CG_CLIENT_SECRET": APP.client_secret}


def there(configuration: Configuration, **policies: object) -> MockAPI:
    """The live system: it may have another mapping than the file says."""
    tenant = replace(
        ACME,
        configurations={configuration.reference: configuration},
        touchpoints=RESPONSES.tenant.touchpoints,
        policies=replace(Policies(), **policies),  # type: ignore[arg-type]
    )
    return MockAPI([tenant])


def found(
    mock: MockAPI,
    mapping: MappingFile = RESPONSES,
    *,
    rows: int = 3,
    hosts: tuple[str, ...] = HOSTS,
    sleep: Callable[[float], None] = lambda _: None,
    data: Path = DATA,
) -> dict[tuple[Rule, str | None], Finding]:
    """What is found by sending some rows."""
    access = LiveAccess(rows, hosts, 5, environment(), httpx_transport(mock), sleep)
    findings = send(mapping, [DataFile.at(data)], OPTIONS, access)
    return {(finding.rule, finding.heading): finding for finding in findings}


def test_rows_that_arrive_are_told_to_stay() -> None:
    mock = there(RESPONSES.configuration)

    findings = found(mock)

    assert set(findings) == {(Rule.SENT_LIVE, None)}
    assert findings[Rule.SENT_LIVE, None].detail == "3 of 3 rows were accepted, 3 came back"
    writes = [entry for entry in mock.store.hosted("acme").journal.after(0) if entry.request.method == "PUT"]
    assert len(writes) == 3


def test_a_heading_that_is_not_mapped_there_does_not_come_back() -> None:
    headings = {name: field for name, field in RESPONSES.configuration.headings.items() if name != "Comment"}
    mock = there(replace(RESPONSES.configuration, headings={**headings, "Comment": "follow_up_details"}))

    findings = found(mock, rows=2)

    assert findings[Rule.NOT_ARRIVED, "Comment"].detail == "it is not there"
    assert (Rule.NOT_ARRIVED, "Email") not in findings


def test_a_heading_that_leads_elsewhere_there_comes_back_with_another_value() -> None:
    swapped = {**RESPONSES.configuration.headings, "First Name": "last_name", "Last Name": "first_name"}
    mock = there(replace(RESPONSES.configuration, headings=swapped))

    findings = found(mock, rows=1)

    assert findings[Rule.NOT_ARRIVED, "First Name"].detail == "it is another value"


def test_a_row_that_was_not_recorded_is_looked_for_with_patience() -> None:
    waited: list[float] = []
    configuration = replace(RESPONSES.configuration, headings={"Email": "email", "Phone": "job_level"})
    mock = there(configuration)

    findings = found(mock, rows=1, sleep=waited.append, data=CORPUS / "faulty" / "CG030-iso.responses.csv")

    assert findings[Rule.NOT_ARRIVED, None].detail == "there is no response of this contact and time"
    assert sum(waited) >= 5


def test_a_row_that_is_refused_is_told_with_the_answer() -> None:
    mock = there(
        RESPONSES.configuration,
        bad_value=BadValue.UNPROCESSABLE,
        missing_required_field=Refusal.UNPROCESSABLE,
    )

    findings = found(mock, rows=2, data=CORPUS / "faulty" / "CG040-eleven.responses.csv")

    assert "between 0 and 10" in findings[Rule.NOT_ACCEPTED, None].detail
    assert findings[Rule.SENT_LIVE, None].detail == "1 of 2 rows were accepted, 1 came back"


def test_when_nothing_is_accepted_nothing_is_looked_for() -> None:
    mock = there(replace(RESPONSES.configuration, reference="another"))

    findings = found(mock, rows=1)

    assert findings[Rule.SENT_LIVE, None].detail == "0 of 1 rows were accepted, 0 came back"


def test_rows_without_a_day_are_looked_for_among_all_responses() -> None:
    headings = {name: field for name, field in RESPONSES.configuration.headings.items() if "Date" not in name}
    configuration = replace(RESPONSES.configuration, headings=headings)

    findings = found(there(configuration), RESPONSES._replace(configuration=configuration), rows=50)

    assert findings[Rule.SENT_LIVE, None].detail == "40 of 40 rows were accepted, 40 came back"


def test_only_external_responses_can_be_read_back() -> None:
    with pytest.raises(
        UnsentError, match=r"^Only external responses can be read back, and records of contacts"
    ):
        found(MockAPI(), mapping_file(CORPUS / "mappings" / "contacts.toml"))


def test_a_host_that_is_not_allowed_is_not_spoken_to() -> None:
    mock = there(RESPONSES.configuration)

    with pytest.raises(UnsentError, match=r"--allow-host auth\.eu\.customergauge\.com"):
        found(mock, hosts=())
    assert not list(mock.store.hosted("acme").journal.after(0))


def test_what_cannot_be_read_back_is_told() -> None:
    with pytest.raises(UnsentError, match=r"--allow-host api\.eu\.customergauge\.com"):
        found(there(RESPONSES.configuration), hosts=HOSTS[:2])


def test_a_service_that_does_not_show_its_responses_is_told() -> None:
    mock = there(RESPONSES.configuration)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(500)
        return httpx_transport(mock).handle_request(request)

    access = LiveAccess(1, HOSTS, 0, environment(), httpx.MockTransport(answer), lambda _: None)

    with pytest.raises(UnsentError, match=r"^1 rows were sent, and nothing can be read back: "):
        send(RESPONSES, [DataFile.at(DATA)], OPTIONS, access)


def verify(*arguments: str) -> tuple[int, str, str]:
    """Exit code and output of the command."""
    mapping = str(CORPUS / "mappings" / "responses.toml")
    result = CliRunner(env=environment()).invoke(cgmock, ["verify", mapping, str(DATA), *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_sends_what_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CG_REGION", raising=False)
    hosts = [part for host in HOSTS for part in ("--allow-host", host)]
    with mock_router(there(RESPONSES.configuration), assert_all_called=False):
        code, printed, _ = verify("--depth", "live", "--live-write-budget", "2", *hosts)

    assert code == 0
    assert "2 of 2 rows were accepted, 2 came back" in printed.replace("\n             ", "")


def test_the_command_needs_a_budget_and_hosts() -> None:
    assert verify("--depth", "live")[::2] == (
        2,
        "--depth live writes to the live service: say how many rows, --live-write-budget N.\n",
    )
    code, _, error = verify("--depth", "live", "--live-write-budget", "1")
    assert code == 3
    assert "--allow-host" in error
