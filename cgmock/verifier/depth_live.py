"""Send a few rows to a live service within the safety limits of `cgmock.live`, and read them back."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import httpx

from cgclient import Client, CustomerGaugeError
from cgclient.pages import Period, Response
from cgmock.core.catalog import DataType, Field
from cgmock.core.php import values as php
from cgmock.live import client as live
from cgmock.live.rails import KeptBackError
from cgmock.live.target import TargetError
from cgmock.verifier.collecting import Collector
from cgmock.verifier.deciding import Decider
from cgmock.verifier.files import DataFile, Options, read_table
from cgmock.verifier.mapping import MappingFile
from cgmock.verifier.model import Example, Finding
from cgmock.verifier.rows import Row, rows_of
from cgmock.verifier.rules import Rule
from cgmock.verifier.samples import sample

_IDENTIFYING = ("email", "phone", "sent_date", "completed_date")
_PAUSE = 2.0
"""Seconds before responses are looked for once more."""


class LiveAccess(NamedTuple):
    """The access to a live service: maximum number of rows, allowed hosts, and time-out in seconds of a response."""

    rows: int
    hosts: tuple[str, ...]
    patience: float = 30.0
    environ: dict[str, str] | os._Environ[str] = os.environ
    network: httpx.BaseTransport | None = None
    sleep: Callable[[float], None] = time.sleep


class UnsentError(Exception):
    """Nothing can be sent, or nothing read back; its text is a sentence that says why."""


def send(
    mapping: MappingFile, files: Sequence[DataFile], options: Options, access: LiveAccess
) -> tuple[Finding, ...]:
    """Send the first rows, and say what of them does not come back. Raises UnsentError and UnreadableError."""
    data_type = mapping.configuration.data_type
    if data_type is not DataType.EXTERNAL_RESPONSE:
        raise UnsentError(
            f"Only external responses can be read back, and records of {mapping.configuration.reference} are "
            f"{data_type.replace('_', ' ')}s: verify them with --depth mock."
        )
    found = Collector(options.limit)
    rows = list(_first(mapping, files, access.rows))
    with live.budget(access.rows, access.environ), _client(mapping, access) as client:
        conversation = _Conversation(client, mapping, found)
        sent = [row for row in rows if conversation.accepts(row)]
        back = conversation.look_for(sent, access)
    rule = Rule.SENT_LIVE
    detail = f"{len(sent)} of {len(rows)} rows were accepted, {back} came back"
    found.add(Finding(rule, rule.severity, mapping.file, detail=detail))
    return found.findings()


def _first(mapping: MappingFile, files: Sequence[DataFile], wanted: int) -> Iterator[Row]:
    for file in files:
        with file.opened() as stream:
            table = read_table(stream, file.name, mapping.sought, Collector(0), lambda _: None)
            for row in rows_of(table.batches):
                if wanted == 0:
                    return
                wanted -= 1
                yield row


@contextmanager
def _client(mapping: MappingFile, access: LiveAccess) -> Iterator[Client]:
    try:
        with live.client(mapping.tenant, access.hosts, access.environ, access.network) as client:
            yield client
    except (TargetError, KeptBackError) as error:
        raise UnsentError(f"{error}") from error


class _Conversation(NamedTuple):
    """What is said to the live service, and what is found."""

    client: Client
    mapping: MappingFile
    found: Collector

    def accepts(self, row: Row) -> bool:
        """Send a row; whether the service has accepted it."""
        try:
            self.client.put_record(self.mapping.configuration.reference, row.record)  # type: ignore[arg-type]
        except (CustomerGaugeError, ValueError) as error:
            self._say(Rule.NOT_ACCEPTED, row, detail=str(error))
            return False
        return True

    def look_for(self, sent: Sequence[Row], access: LiveAccess) -> int:
        """Say what did not come back. Returns how many rows have a response."""
        waited = 0.0
        while True:
            responses = self._responses(sent)
            answered = [_response_of(row, self.mapping, responses) for row in sent]
            if all(answered) or waited >= access.patience:
                break
            access.sleep(_PAUSE)
            waited += _PAUSE
        for row, response in zip(sent, answered, strict=True):
            self._compare(row, response)
        return len(sent) - answered.count(None)

    def _responses(self, sent: Sequence[Row]) -> list[Response]:
        try:
            return list(self.client.responses(period=_period(self.mapping, sent))) if sent else []
        except CustomerGaugeError as error:
            raise UnsentError(f"{len(sent)} rows were sent, and nothing can be read back: {error}") from error

    def _compare(self, row: Row, response: Response | None) -> None:
        if response is None:
            self._say(Rule.NOT_ARRIVED, row, detail="there is no response of this contact and time")
            return
        for heading, field, value in _values(row, self.mapping):
            there = _of(response, field)
            if there != value:
                detail = "it is not there" if there is None else "it is another value"
                self._say(Rule.NOT_ARRIVED, row, heading, field, detail)

    def _say(
        self, rule: Rule, row: Row, heading: str | None = None, field: Field | None = None, detail: str = ""
    ) -> None:
        name = field.name if field else None
        shown = sample(field, row.record[heading]) if heading else ""
        finding = Finding(rule, rule.severity, row.file, heading, name, detail)
        self.found.add(finding, 1, [Example(row.number, None, shown)])


def _period(mapping: MappingFile, sent: Sequence[Row]) -> Period | None:
    """The days of completion, if every row has one: a live system has responses of many years."""
    heading = Decider(mapping.tenant, mapping.configuration).heading_of("completed_date")
    texts = [str(row.record.get(heading or "") or "")[:10] for row in sent]
    try:
        days = sorted(map(date.fromisoformat, texts))
    except ValueError:
        return None
    return Period("date_survey_response", days[0], days[-1])


def _response_of(row: Row, mapping: MappingFile, responses: Sequence[Response]) -> Response | None:
    """The newest response that has the contact and the dates of a row, as far as they are mapped."""
    wanted = [(field, value) for _, field, value in _values(row, mapping) if field.name in _IDENTIFYING[:4]]
    alike = (
        response
        for response in reversed(responses)
        if all(_of(response, field) == value for field, value in wanted)
    )
    return next(alike, None)


def _values(row: Row, mapping: MappingFile) -> Iterator[tuple[str, Field, str]]:
    """The values of a row that are expected to be stored, as texts."""
    for heading, field in mapping.configuration.fields.items():
        value = row.record.get(heading)
        text = "" if value is None or isinstance(value, dict) else php.trim(php.text(value))
        if text:
            yield heading, field, text


def _of(response: Mapping[str, object], field: Field) -> str | None:
    """What a response has of a field, as text."""
    value: object = response
    for name in field.technical_name.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return None if value is None or isinstance(value, Mapping) else str(value)
