"""PHP values as the rows in which `app/rows.php` writes them; flat, for arrays may be nested deeper than calls."""

from collections.abc import Callable, Iterable, Mapping

from cgmock.core.php.values import PhpArray, PhpValue

Row = tuple[int | None, int | str | None, str, str]
"""Number of the row that is the array of this value, key, PHP type, text."""


def value_of(rows: Iterable[Row]) -> PhpValue:
    """The value that is written in rows."""
    values: list[PhpValue] = []
    for parent, key, kind, text in rows:
        value = _READERS[kind](text)
        array = None if parent is None else values[parent]
        if isinstance(array, dict) and key is not None:
            array[key if isinstance(key, int) else _string(key)] = value
        values.append(value)
    return values[0]


def array_of(rows: Iterable[Row]) -> PhpArray:
    """The array that is written in rows."""
    value = value_of(rows)
    assert isinstance(value, dict)
    return value


def exactly(value: PhpValue) -> list[object]:
    """A value as a list that is equal only for identical values: same types, same keys, same order."""
    shown: list[object] = []
    arrays = [value] if isinstance(value, dict) else []
    shown.append(_scalar(value))
    for array in arrays:
        shown.append([(key, _scalar(each)) for key, each in array.items()])
        arrays += [each for each in array.values() if isinstance(each, dict)]
    return shown


def _scalar(value: PhpValue) -> str:
    return "array" if isinstance(value, dict) else repr(value)


def _array(_: str) -> PhpArray:
    return {}


def _null(_: str) -> None:
    return None


def _string(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


_READERS: Mapping[str, Callable[[str], PhpValue]] = {
    "NULL": _null,
    "array": _array,
    "boolean": bool,
    "double": float,
    "integer": int,
    "string": _string,
}
