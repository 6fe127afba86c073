"""The demo: what the API answers, beside what really happens to each heading."""

from collections.abc import Mapping
from typing import NamedTuple

from rich.box import SQUARE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cgclient import Client, ValidationError
from cgmock import seeds
from cgmock.core.outcome import Fate, Notice
from cgmock.journal.journal import Entry
from cgmock.mock_api import MockAPI
from cgmock.servers.threaded import live_server

_RECORD: Mapping[str, str] = {
    "Account Name": "ACME",
    "First Name": "Joe",
    "Last Name": "Doe",
    "Email": "joe.doe@example.com",
    "Sent Date": "2023-05-10 11:34:56",
    "Survey Completed Date": "2022-05-10 12:34:56",
    "NPS Score": "10",
}
_MISSPELT: Mapping[str, str] = {
    "Emial": "joe.doe@example.com",
    "Phone": "+55 (62) 01234-56789",
    "NPS Score": "9",
}
_STYLES: Mapping[Fate, str] = {
    Fate.STORED: "green",
    Fate.COERCED: "yellow",
    Fate.IGNORED: "yellow",
    Fate.UNMAPPED: "bold red",
    Fate.FAILED: "bold red",
}


_PLAIN_WIDTH = 130


class _Step(NamedTuple):
    """A request of the demo; an encoding of JSON or form, as the client calls it."""

    title: str
    configuration: str
    record: Mapping[str, str]
    form: bool = False


_STEPS = (
    _Step("The vendor's JSON sample", "53505294-0b20-2509-b15d-c8e377701d66", _RECORD),
    _Step("The vendor's form sample", "12305294-0b20-4009-b95d-c8123301d66", _RECORD, form=True),
    _Step("One heading is misspelt", "53505294-0b20-2509-b15d-c8e377701d66", _MISSPELT),
    _Step("The configuration is missing", "", _RECORD),
)


def run(console: Console | None = None) -> None:
    """Start the fake on a free port, send it four requests through `cgclient`, and print what became of them."""
    console = console or _console()
    mock = MockAPI(seeds.demo())
    tenant = mock.store.tenants()[0]
    app = tenant.connected_apps[0]
    journal = mock.store.hosted(tenant.name).journal
    with (
        live_server(mock) as server,
        Client(app.client_id, app.client_secret, auth_url=server.url, imports_url=server.url) as client,
    ):
        console.print(f"A fake CustomerGauge answers at {server.url}\n")
        for step in _STEPS:
            answer = _send(client, step)
            *_, entry = journal.after(0)
            console.print(f"{step.title}: CustomerGauge answers {answer}", style="bold")
            console.print(_table(step, entry, boxed=console.is_terminal), "")
    console.print(_moral(mock))


def _console() -> Console:
    terminal = Console(highlight=False)
    return terminal if terminal.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)


def _send(client: Client, step: _Step) -> str:
    try:
        client.put_record(step.configuration, step.record, encoding="form" if step.form else "json")
    except ValidationError as error:
        return "422: " + " ".join(message for messages in error.errors.values() for message in messages)
    return "200 and an empty body"


def _table(step: _Step, entry: Entry, *, boxed: bool) -> Table:
    table = Table(box=SQUARE if boxed else None)
    for column in ("heading", "sent", "what happened", "field", "why"):
        table.add_column(column)
    for notice in entry.notices:
        table.add_row(*_row(step, notice))
    if not entry.notices:
        table.add_row("-", "", Text("nothing was read", style="bold red"), "", "the request was refused")
    return table


def _row(step: _Step, notice: Notice) -> tuple[str | Text, ...]:
    sent = step.record.get(notice.heading or "", "")
    hint = f"; did you mean {notice.nearest}?" if notice.nearest else ""
    fate = Text("DROPPED" if notice.fate is Fate.UNMAPPED else notice.fate, style=_STYLES[notice.fate])
    return notice.heading or "(the record)", sent, fate, notice.field or "", notice.reason + hint


def _moral(mock: MockAPI) -> str:
    journal = mock.store.hosted(mock.store.tenants()[0].name).journal
    lost = sum(len(entry.losses) for entry in journal.after(0))
    return (
        f"{lost} value was lost with a 200. The real service does the same and does not tell.\n"
        "Next: cgmock serve, then look at /_cgmock/ in a browser"
    )
