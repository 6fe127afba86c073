"""Judges rows as the mock would, without sending them: one row of each pattern is decided, and the rest is counting.

Two rows have the same pattern when nothing differs that the core looks at: which required fields have a value, and
which values have which flaw. So each different value is looked at once, and `import_record` decides each pattern once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.catalog import CONTACT_IDENTIFIERS, Entity
from cgmock.core.php.values import PhpArray
from cgmock.verifier.collecting import Collector
from cgmock.verifier.columns import Column
from cgmock.verifier.deciding import Decider, Decision, Loss
from cgmock.verifier.model import Example, Finding, Rows
from cgmock.verifier.samples import sample
from cgmock.verifier.tables import ABSENT, Batch, Cell
from cgmock.verifier.values import Expectations


class Judged(NamedTuple):
    """A batch with the kind of each value: an index into the `kinds` of its column.

    The column is None for a heading that the configuration does not take.
    """

    batch: Batch
    columns: tuple[Column | None, ...]
    kinds: Sequence[Sequence[int]]


class Engine:
    """Judges the rows of one file, and says what it finds to `found`."""

    def __init__(self, decider: Decider, expected: Expectations, found: Collector) -> None:
        self.decider = decider
        self.found = found
        self.filled: dict[str, int] = {}
        """How many cells of each heading are not empty."""
        self._fates = [0, 0, 0, 0]
        self._expected = expected
        self._columns: dict[str, Column | None] = {}
        self._decisions: dict[tuple[object, ...], Decision] = {}

    @property
    def rows(self) -> Rows:
        """The fates of all rows so far."""
        return Rows(*self._fates)

    def take(self, batch: Batch) -> Judged:
        """Judge some rows."""
        columns = tuple(self._column(heading) for heading in batch.headings)
        kinds = [
            column.judge(values, typed=batch.typed) if column else ()
            for column, values in zip(columns, batch.columns, strict=True)
        ]
        judged = Judged(batch, columns, kinds)
        self._count(judged)
        for rows, decision in self._decided(judged):
            self._fates[decision.fate] += len(rows)
            for loss in decision.losses:
                self._add(batch, loss, rows)
        for index, column in enumerate(columns):
            if column and not column.remarkable.isdisjoint(kinds[index]):
                self._remark(judged, index, column)
        return judged

    def _column(self, heading: str) -> Column | None:
        if heading not in self._columns:
            field = self.decider.field(heading)
            if field is None or not self.decider.takes(field):
                self._columns[heading] = None
            else:
                decisive = field.name in self._decisive
                self._columns[heading] = Column(field, self._expected, decisive=decisive)
        return self._columns[heading]

    @cached_property
    def _decisive(self) -> frozenset[str]:
        """The fields of which it matters whether they have a value."""
        required = (name for group in self.decider.required for name in group)
        return frozenset((*required, *CONTACT_IDENTIFIERS, "account_name"))

    def _count(self, judged: Judged) -> None:
        batch, columns, kinds = judged
        for index, heading in enumerate(batch.headings):
            values = batch.columns[index]
            empty = kinds[index].count(0) if columns[index] else sum(map(values.count, ("", ABSENT, None)))
            self.filled[heading] = self.filled.get(heading, 0) + len(values) - empty

    def _decided(self, judged: Judged) -> Iterator[tuple[Sequence[int], Decision]]:
        """The rows that look the same, and what is decided of them."""
        batch = judged.batch
        layout, signs = self._signs(judged)
        groups: dict[tuple[int, ...], list[int]] = {}
        for row, signature in enumerate(
            zip(*signs, strict=True) if signs else repeat((), len(batch.numbers))
        ):
            if signature in groups:
                groups[signature].append(row)
            else:
                groups[signature] = [row]
        for signature, rows in groups.items():
            key = (batch.headings, layout, signature)
            if key not in self._decisions:
                self._decisions[key] = self._decide(judged, rows[0])
            yield rows, self._decisions[key]

    def _signs(self, judged: Judged) -> tuple[tuple[int, ...], list[Iterator[int]]]:
        """What tells rows apart: the columns that may do so, and of each of them one number for each row."""
        layout: list[int] = []
        signs: list[Iterator[int]] = []
        unnamed = self._has_unnamed_account(judged)
        names = Counter(column.field.name for column in judged.columns if column)
        for index, column in enumerate(judged.columns):
            if column is None:
                if ABSENT in judged.batch.columns[index]:
                    layout.append(index)
                    signs.append(map(_is_absent, judged.batch.columns[index]))
            elif (
                column.decisive
                or names[column.field.name] > 1
                or (unnamed and column.field.entity is Entity.ACCOUNT)
            ):
                layout.append(index)
                signs.append(map(column.fine.__getitem__, judged.kinds[index]))
            elif not column.plain:
                layout.append(index)
                signs.append(map(column.coarse.__getitem__, judged.kinds[index]))
        return tuple(layout), signs

    def _has_unnamed_account(self, judged: Judged) -> bool:
        """Whether a row has no account name, so that it matters which fields of the account have a value."""
        named = [
            index
            for index, column in enumerate(judged.columns)
            if column and column.field.name == "account_name"
        ]
        return len(named) != 1 or 0 in judged.kinds[named[0]]

    def _decide(self, judged: Judged, row: int) -> Decision:
        batch, columns, kinds = judged
        raw: PhpArray = {}
        troubles = {}
        for index, heading in enumerate(batch.headings):
            value, column = batch.columns[index][row], columns[index]
            if value is not ABSENT:
                raw[heading] = value
                troubles[heading] = column.kinds[kinds[index][row]].trouble if column else None
        return self.decider.decide(raw, troubles)

    def _add(self, batch: Batch, loss: Loss, rows: Sequence[int]) -> None:
        finding = replace(loss.finding, file=batch.file)
        self.found.add(finding, len(rows), _examples(batch, loss, rows))

    def _remark(self, judged: Judged, index: int, column: Column) -> None:
        batch, heading = judged.batch, judged.batch.headings[index]
        groups: dict[int, list[int]] = {}
        for row, kind in enumerate(judged.kinds[index]):
            if kind in column.remarkable:
                groups.setdefault(kind, []).append(row)
        for kind, rows in groups.items():
            for rule, detail in column.kinds[kind].remarks:
                finding = Finding(rule, rule.severity, "", heading, column.field.name, detail)
                self._add(batch, Loss(finding, heading), rows)


def _examples(batch: Batch, loss: Loss, rows: Sequence[int]) -> Iterator[Example]:
    """The places of some rows, in the column of a heading with masked samples."""
    if loss.heading is None:
        yield from (Example(batch.numbers[row], None, "") for row in rows)
        return
    values = batch.columns[batch.headings.index(loss.heading)]
    place, field = batch.places.get(loss.heading), catalog.field(loss.finding.field or "")
    for row in rows:
        value = values[row]
        yield Example(batch.numbers[row], place, "" if value is ABSENT else sample(field, value))


def _is_absent(value: Cell) -> bool:
    return value is ABSENT
