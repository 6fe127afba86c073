"""How the values of one heading are judged: each different one once."""

from collections.abc import Sequence
from typing import NamedTuple

from cgmock.core.catalog import Field
from cgmock.core.php.values import PhpValue
from cgmock.verifier.tables import ABSENT, Cell
from cgmock.verifier.values import EMPTY, Expectations, Kind, kind_of

REMEMBERED = 20_000
"""Different values of a column whose kind is kept; a column of names or comments has any number."""


class Column:
    """How the values of one heading are judged: each different one once."""

    def __init__(self, field: Field, expected: Expectations, *, decisive: bool) -> None:
        self.field = field
        self.decisive = decisive
        self.kinds: list[Kind] = [EMPTY]
        self.coarse: list[int] = [0]
        """By kind: 0, or a number for each trouble."""
        self.fine: list[int] = [-1]
        """The same, and -1 for an empty value."""
        self.plain: bool = True
        """Whether no value had a flaw so far."""
        self.remarkable: set[int] = set()
        self._expected = expected
        self._index: dict[Kind, int] = {EMPTY: 0}
        self._known = _Known(self)

    def judge(self, values: Sequence[Cell], *, typed: bool) -> list[int]:
        """The kind of each value, as an index into `kinds`."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        keys: Sequence[object] = [_key(value) for value in values] if typed else values
        return list(map(self._known.__getitem__, keys))

    def kind(self, value: Cell) -> int:
        """The kind of a value that was not met yet."""
        if value is ABSENT:
            return 0
        kind = kind_of(self.field, value, self._expected)
        index = self._index.get(kind)
        return self._new(kind) if index is None else index

    def _new(self, kind: Kind) -> int:
        index = self._index[kind] = len(self.kinds)
        self.kinds.append(kind)
        sign = index if kind.flaw else 0
        self.coarse.append(sign)
        self.fine.append(sign)
        if kind.flaw:
            self.plain = False
        if kind.remarks:
            self.remarkable.add(index)
        return index


class _Known(dict[object, int]):
    """The kinds of values that were met."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, key: object) -> int:
        value = key.value if isinstance(key, _Typed) else key
        index = self[key] = self._column.kind(value)  # type: ignore[arg-type]
        return index


class _Typed(NamedTuple):
    """A value that is no text, and may be equal to one of another type."""

    type: type
    value: object


def _key(value: Cell) -> object:
    if isinstance(value, str) or value is ABSENT:
        return value
    return _Typed(dict, _SOME_ARRAY) if isinstance(value, dict) else _Typed(type(value), value)


class _SomeArray(dict[int | str, PhpValue]):
    """Stands for every list and object: no field takes one."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0


_SOME_ARRAY = _SomeArray()
