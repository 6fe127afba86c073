"""Sends the rows through a fake, one after the other, and compares: what was stored before may decide."""

import json
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request
from cgmock.core.outcome import Fate
from cgmock.core.tenant import ConnectedApp
from cgmock.journal.journal import Entry
from cgmock.mock_api import MockAPI
from cgmock.stores.base import Collection
from cgmock.stores.memory import MemoryStore
from cgmock.verifier.collecting import Collector
from cgmock.verifier.deciding import Decider, RowFate
from cgmock.verifier.files import DataFile, Options, Tick, read_table
from cgmock.verifier.mapping import MappingFile
from cgmock.verifier.model import Example, Finding
from cgmock.verifier.rows import Row, rows_of
from cgmock.verifier.rules import Rule
from cgmock.verifier.values import Expectations, kind_of

_APP = ConnectedApp(client_id="cgmock-verify", client_secret="none")  # noqa: S106  (of a fake in this process)
_KEPT = 1_000_000
"""Objects of each kind that the fake keeps."""

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def rehearse(
    mapping: MappingFile, files: Sequence[DataFile], options: Options, tick: Tick = lambda _: None
) -> tuple[Finding, ...]:
    """Send all rows to a fake that begins empty: which meet another fate than by themselves, and what is stored.

    Raises UnreadableError.
    """
    fake = _Fake(mapping)
    found = Collector(options.limit)
    for file in files:
        told = Collector(0)  # the form of the file was judged before
        with file.opened() as stream:
            for row in rows_of(read_table(stream, file.name, mapping.sought, told, tick).batches):
                difference = fake.differs(row, options.today)
                if difference:
                    rule = Rule.FAKE_DISAGREES
                    finding = Finding(rule, rule.severity, file.name, detail=difference)
                    found.add(finding, 1, [Example(row.number, None, "")])
    rule = Rule.FAKE_STORES
    found.add(Finding(rule, rule.severity, mapping.file, detail=fake.stored()))
    return found.findings()


class _Fake:
    """A fake with the tenant of a mapping."""

    def __init__(self, mapping: MappingFile) -> None:
        self._mapping = mapping
        self._decider = Decider(mapping.tenant, mapping.configuration)
        name = mapping.tenant.name or "verified"
        tenant = replace(mapping.tenant, name=name, connected_apps=(_APP,), webhooks={})
        tenant = replace(tenant, policies=replace(tenant.policies, rate_limit=None))
        self._mock = MockAPI(store=MemoryStore([tenant], max_records=_KEPT, max_journal=1))
        self._hosted = self._mock.store.hosted(name)
        self._hosted.clock.freeze()
        self._token = self._fetch_token()

    def differs(self, row: Row, today: str) -> str:
        """How the fate of a row differs from what is expected of it by itself; empty when it does not."""
        expected = self._expected(row, today)
        entry = self._sent(row)
        met = _fate(entry)
        if met is expected:
            return ""
        lost = sorted(
            (each for each in entry.notices if each.is_loss),
            key=lambda each: each.fate is not Fate.FAILED,
        )
        because = next((each.reason for each in lost if each.reason), "")
        return f"{met.name.lower()} instead of {expected.name.lower()}".replace("_", " ") + (
            f": {because}" if because else ""
        )

    def stored(self) -> str:
        """What the fake has when all is sent: 2 accounts, 3 contacts."""
        numbers = ((kind, self._number(kind)) for kind in Collection)
        return ", ".join(f"{number:,} {kind}" for kind, number in numbers if number) or "nothing"

    def _number(self, kind: Collection) -> int:
        page = self._mock.store.page(self._hosted.tenant.name, kind, limit=_KEPT, after=0)
        return len(page.rows) + page.dropped

    def _expected(self, row: Row, today: str) -> RowFate:
        expected = Expectations(self._mapping.tenant.touchpoints, today)
        troubles = {}
        for key, value in row.record.items():
            field = self._decider.field(str(key))
            takes = field is not None and self._decider.takes(field)
            troubles[str(key)] = kind_of(field, value, expected).trouble if field and takes else None
        return self._decider.decide(row.record, troubles).fate

    def _sent(self, row: Row) -> Entry:
        body = json.dumps(
            {"configuration": self._mapping.configuration.reference, "record": row.record}
        ).encode()
        headers = {"authorization": f"Bearer {self._token}", "content-type": _JSON, "accept": _JSON}
        self._mock.handle(Request("PUT", "/records/", "", headers, body, len(body)))
        (entry,) = self._hosted.journal.after(0)
        self._hosted.journal.clear()
        return entry

    def _fetch_token(self) -> str:
        secret = _APP.client_secret
        fields = {"grant_type": "client_credentials", "client_id": _APP.client_id, "client_secret": secret}
        body = urlencode(fields).encode()
        request = Request("POST", "/oauth2/token", "", {"content-type": _FORM}, body, len(body))
        token = str(json.loads(self._mock.handle(request).body)["access_token"])
        self._hosted.journal.clear()
        return token


def _fate(entry: Entry) -> RowFate:
    """What became of a row as a whole, by what the fake has written into its journal."""
    if entry.response.status != HTTPStatus.OK:
        return RowFate.REFUSED
    if Behaviour.RECORD_FAILED in entry.behaviours:
        return RowFate.FAILED
    return RowFate.IN_PART if entry.losses else RowFate.WHOLE
