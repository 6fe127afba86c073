"""What only shows when rows are seen together, or two values of one row."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType

from cgmock.core.catalog import NEVER_UPDATED, DataType
from cgmock.core.php import values as php
from cgmock.core.tenant import RepeatResponse, YesNo
from cgmock.verifier.collecting import Collector
from cgmock.verifier.deciding import Decider
from cgmock.verifier.engine import Judged
from cgmock.verifier.headings import plain
from cgmock.verifier.model import Example, Finding
from cgmock.verifier.rules import Rule, Severity
from cgmock.verifier.samples import sample
from cgmock.verifier.tables import ABSENT, Cell

REMEMBERED = 2_000_000
"""Rows that later ones are compared with."""

_IDENTIFIERS: Mapping[DataType, tuple[str, ...]] = MappingProxyType(
    {
        DataType.ACCOUNT: ("account_name",),
        DataType.CONTACT: ("email", "phone"),
        DataType.ACTIVITY: ("reference",),
    }
)


class Neighbours:
    """Compares the rows of one file with each other, and says what it finds to `found`."""

    def __init__(self, decider: Decider, found: Collector) -> None:
        self.found = found
        self.seen: dict[int, int] = {}
        """By what a row holds: the first row that holds it."""
        self.identified: dict[int, int] = {}
        """By identifier: what the first row with it holds."""
        self.accounts: dict[str, str] = {}
        """By account name without case, blanks and punctuation: how it was written first."""
        self._decider = decider
        self._data_type = decider.configuration.data_type

    @property
    def is_full(self) -> bool:
        """Whether there are more rows than are compared."""
        return len(self.seen) > REMEMBERED

    def take(self, judged: Judged) -> None:
        """Look at some rows."""
        fields = {column.field.name: index for index, column in enumerate(judged.columns) if column}
        self._compare(judged, fields)
        if "account_name" in fields and not self.is_full:
            self._spell(judged, fields["account_name"])
        if self._data_type is DataType.EXTERNAL_RESPONSE:
            self._date(judged, fields)

    def merge(self, later: "Neighbours", file: str, rows_before: int) -> None:
        """Compare with the rows of a later part of the file, which was looked at by itself."""
        for content, row in later.seen.items():
            self._meet(file, content, row + rows_before)
        for identifier, content in later.identified.items():
            row = later.seen.get(content, 0) + rows_before
            self._identify(file, identifier, content, row)
        for folded, name in later.accounts.items():
            self._account(file, folded, name, Example(1 + rows_before, None, ""))

    def _compare(self, judged: Judged, fields: Mapping[str, int]) -> None:
        batch = judged.batch
        names = _IDENTIFIERS.get(self._data_type, ())
        identifiers = [fields[name] for name in names if name in fields]
        if self.is_full or not (self._data_type in NEVER_UPDATED or identifiers):
            return
        taken = [batch.columns[index] for index, column in enumerate(judged.columns) if column]
        contents = map(_digest, zip(*taken, strict=True))
        keys = [batch.columns[index] for index in identifiers]
        for row, content in enumerate(contents):
            number = batch.numbers[row]
            if identifiers:
                key = next((values[row] for values in keys if _is_filled(values[row])), None)
                self.seen.setdefault(content, number)
                if key is not None:
                    self._identify(batch.file, _digest((key,)), content, number)
            else:
                self._meet(batch.file, content, number)

    def _meet(self, file: str, content: int, row: int) -> None:
        if self._data_type in NEVER_UPDATED and content in self.seen:
            ignored = (
                self._data_type is DataType.EXTERNAL_RESPONSE
                and self._decider.tenant.policies.repeat_response is RepeatResponse.IGNORED
            )
            severity = Severity.ERROR if ignored else Severity.WARNING
            detail = "not recorded again, by the tenant's policy" if ignored else ""
            self.found.add(
                Finding(Rule.ROW_REPEATED, severity, file, detail=detail), 1, [Example(row, None, "")]
            )
        self.seen.setdefault(content, row)

    def _identify(self, file: str, identifier: int, content: int, row: int) -> None:
        if self.identified.setdefault(identifier, content) != content:
            rule = Rule.ROW_OVERWRITES
            self.found.add(Finding(rule, rule.severity, file), 1, [Example(row, None, "")])

    def _spell(self, judged: Judged, index: int) -> None:
        batch = judged.batch
        heading, values = batch.headings[index], batch.columns[index]
        for name in dict.fromkeys(value for value in values if isinstance(value, str)):
            folded = plain(name)
            if folded and self.accounts.setdefault(folded, php.trim(name)) != php.trim(name):
                shown = sample(self._decider.field(heading), name)
                example = Example(batch.numbers[values.index(name)], batch.places.get(heading), shown)
                self._account(batch.file, folded, php.trim(name), example)

    def _account(self, file: str, folded: str, name: str, example: Example) -> None:
        if self.accounts.setdefault(folded, name) != name:
            heading = self._decider.heading_of("account_name")
            rule = Rule.ACCOUNT_VARIANTS
            self.found.add(Finding(rule, rule.severity, file, heading, "account_name"), 1, [example])

    def _date(self, judged: Judged, fields: Mapping[str, int]) -> None:
        required = self._decider.tenant.policies.external_response_requires_dates is YesNo.YES
        for name in ("sent_date", "completed_date"):
            if name in fields and not required:
                kinds = judged.kinds[fields[name]]
                empty = [row for row, kind in enumerate(kinds) if kind == 0]
                self._say(judged, Rule.DATE_EMPTY, fields[name], empty)
        if "sent_date" in fields and "completed_date" in fields:
            sent, completed = fields["sent_date"], fields["completed_date"]
            self._say(judged, Rule.DATES_REVERSED, completed, list(_reversed(judged, sent, completed)))

    def _say(self, judged: Judged, rule: Rule, index: int, rows: Sequence[int]) -> None:
        if not rows:
            return
        batch, column = judged.batch, judged.columns[index]
        heading = batch.headings[index]
        field = column.field if column else None
        name = field.name if field else None
        examples = (
            Example(batch.numbers[row], batch.places.get(heading), _shown(batch.columns[index][row]))
            for row in rows
        )
        self.found.add(Finding(rule, rule.severity, batch.file, heading, name), len(rows), examples)


def _reversed(judged: Judged, sent: int, completed: int) -> Iterator[int]:
    """The rows whose completion is before their sending; dates of the right shape sort as texts."""
    starts, ends = judged.batch.columns[sent], judged.batch.columns[completed]
    first, last = judged.columns[sent], judged.columns[completed]
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if isinstance(start, str) and isinstance(end, str) and end < start and first and last:
            kinds = first.kinds[judged.kinds[sent][row]], last.kinds[judged.kinds[completed][row]]
            if not any(kind.empty or kind.flaw for kind in kinds):
                yield row


def _is_filled(value: Cell) -> bool:
    return bool(value) and value is not ABSENT


def _shown(value: Cell) -> str:
    return value if isinstance(value, str) else ""


def _digest(values: tuple[Cell, ...]) -> int:
    try:
        joined = "\x1f".join(values)  # type: ignore[arg-type]
    except TypeError:
        joined = "\x1f".join(map(repr, values))
    return int.from_bytes(blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
