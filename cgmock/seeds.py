"""Seeds: TOML files that describe tenants. Every mistake of a file is reported at once, with its line."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, TypeVar, get_type_hints

from cgmock.core import catalog
from cgmock.core.catalog import DataType
from cgmock.core.suggest import nearest
from cgmock.core.tenant import Configuration, ConnectedApp, Policies, Region, Tenant, YesNo

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TENANT_KEYS = ("name", "region", "touchpoints", "connected_apps", "configurations", "policies")
_APP_KEYS = ("client_id", "client_secret")
_CONFIGURATION_KEYS = ("reference", "name", "data_type", "headings")
_POLICIES: Mapping[str, object] = get_type_hints(Policies)

_E = TypeVar("_E", bound=StrEnum)

_Way = tuple[str | int, ...]
"""The way to a value: `("tenants", 0, "name")`."""


class Mistake(NamedTuple):
    """One thing that is wrong, and what to do; `line` counts from 1."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.key}: {self.message}"
            if self.key
            else f"{self.file}:{self.line}: {self.message}"
        )


class SeedError(Exception):
    """A seed that describes no tenants; `mistakes` has all that is wrong with it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def load(path: Path) -> tuple[Tenant, ...]:
    """The tenants of a file. Raises SeedError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SeedError([Mistake(str(path), 1, "", f"cannot be read: {error.strerror}.")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SeedError(
            [Mistake(str(path), line, "", "is not UTF-8: save the file in that encoding.")]
        ) from error
    return loads(text, file=str(path))


def loads(text: str, *, file: str = "<seed>") -> tuple[Tenant, ...]:
    """The tenants of a text. Raises SeedError."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        raise SeedError(
            [Mistake(file, int(found[1]) if found else 1, "", f"is not TOML: {error}.")]
        ) from error
    reader = _Reader(file, _lines(text))
    tenants = reader.tenants(document)
    if reader.mistakes:
        raise SeedError(sorted(reader.mistakes, key=lambda mistake: mistake.line))
    return tenants


def demo() -> tuple[Tenant, ...]:
    """The tenants that are served without a seed."""
    return loads(files("cgmock").joinpath("demo.toml").read_text(encoding="utf-8"), file="demo.toml")


class _Reader:
    """Reads a document, and goes on after a mistake."""

    def __init__(self, file: str, lines: Mapping[_Way, int]) -> None:
        self.mistakes: list[Mistake] = []
        self._file = file
        self._lines = lines
        self._seen: set[tuple[str, _Way, str]] = set()

    def tenants(self, document: Mapping[str, object]) -> tuple[Tenant, ...]:
        self._known((), document, ("tenants",))
        if not document.get("tenants"):
            self._wrong(("tenants",), "a seed describes at least one tenant, in a table [[tenants]].")
        return tuple(self._tenant(path, table) for path, table in self._tables(("tenants",), document))

    def _tenant(self, path: _Way, table: Mapping[str, object]) -> Tenant:
        self._known(path, table, _TENANT_KEYS)
        name = self._text(path, table, "name")
        if name and not _NAME.fullmatch(name):
            self._wrong((*path, "name"), "may hold only letters, digits, '.', '-' and '_'.")
        self._unique("tenant", (), name, (*path, "name"))
        return Tenant(
            name=name,
            region=self._choice(path, table, "region", Region, Region.EU),
            touchpoints=frozenset(self._texts(path, table, "touchpoints")),
            connected_apps=tuple(self._app(*each) for each in self._tables((*path, "connected_apps"), table)),
            configurations={
                configuration.reference: configuration
                for configuration in (
                    self._configuration(path, *each)
                    for each in self._tables((*path, "configurations"), table)
                )
            },
            policies=self._policies((*path, "policies"), table.get("policies", {})),
        )

    def _app(self, path: _Way, table: Mapping[str, object]) -> ConnectedApp:
        self._known(path, table, _APP_KEYS)
        client_id = self._text(path, table, "client_id")
        self._unique("client id", (), client_id, (*path, "client_id"))
        return ConnectedApp(client_id=client_id, client_secret=self._text(path, table, "client_secret"))

    def _configuration(self, tenant: _Way, path: _Way, table: Mapping[str, object]) -> Configuration:
        self._known(path, table, _CONFIGURATION_KEYS)
        reference = self._text(path, table, "reference")
        self._unique("reference", tenant, reference, (*path, "reference"))
        data_type = self._choice(path, table, "data_type", DataType, None)
        name = self._text(path, table, "name") if "name" in table else catalog.RULES[data_type].display_name
        return Configuration(
            reference=reference, name=name, data_type=data_type, headings=self._headings(path, table)
        )

    def _headings(self, path: _Way, table: Mapping[str, object]) -> dict[str, str]:
        headings = table.get("headings")
        path = (*path, "headings")
        if not isinstance(headings, dict) or not headings:
            self._wrong(path, 'must be a table of "Heading" = "field".')
            return {}
        for heading, name in headings.items():
            if not heading.strip():
                self._wrong((*path, heading), "a heading must not be blank.")
            if not isinstance(name, str) or catalog.field(name) is None:
                hint = _hint(str(name), catalog.FIELDS)
                allowed = ", ".join(catalog.FIELDS)
                self._wrong(
                    (*path, heading), f"there is no field {name!r}{hint} Fields: {allowed}, segment:NAME."
                )
        return {heading: str(name) for heading, name in headings.items()}

    def _policies(self, path: _Way, table: object) -> Policies:
        if not isinstance(table, dict):
            self._wrong(path, "must be a table.")
            return Policies()
        self._known(path, table, tuple(_POLICIES))
        chosen: dict[str, object] = {}
        for name in _POLICIES.keys() & table.keys():
            kind = _POLICIES[name]
            if isinstance(kind, type) and issubclass(kind, StrEnum):
                chosen[name] = self._choice(path, _switched(table, name, kind), name, kind, None)
            else:
                chosen[name] = self._rate(path, table[name])
        return Policies(**chosen)  # type: ignore[arg-type]

    def _rate(self, path: _Way, value: object) -> int | None:
        if value == "off":
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self._wrong((*path, "rate_limit"), 'must be "off" or the number of requests a minute.')
        return None

    def _choice(
        self, path: _Way, table: Mapping[str, object], key: str, kind: type[_E], default: _E | None
    ) -> _E:
        members = list(kind)
        if key not in table and default is not None:
            return default
        value = table.get(key)
        if isinstance(value, str) and value in set(members):
            return kind(value)
        what = f"{value!r} is not one of them" + _hint(str(value), members) if key in table else "is missing."
        self._wrong((*path, key), f"{what} Allowed: {', '.join(members)}.")
        return members[0]

    def _text(self, path: _Way, table: Mapping[str, object], key: str) -> str:
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong((*path, key), "must be a text that is not blank." if key in table else "is missing.")
        return ""

    def _texts(self, path: _Way, table: Mapping[str, object], key: str) -> list[str]:
        values = table.get(key, [])
        if isinstance(values, list) and all(isinstance(value, str) and value.strip() for value in values):
            return values
        self._wrong((*path, key), "must be a list of texts that are not blank.")
        return []

    def _tables(
        self, path: _Way, parent: Mapping[str, object]
    ) -> Iterator[tuple[_Way, Mapping[str, object]]]:
        tables = parent.get(str(path[-1]), [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._wrong(path, f"must be tables: write [[{_key(path)}]].")
            return
        for index, table in enumerate(tables):
            yield (*path, index), table

    def _known(self, path: _Way, table: Mapping[str, object], known: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                self._wrong((*path, key), f"is unknown{_hint(key, known)} Allowed: {', '.join(known)}.")

    def _unique(self, what: str, scope: _Way, value: str, path: _Way) -> None:
        if value and (what, scope, value) in self._seen:
            self._wrong(path, f"the {what} {value!r} is there twice.")
        self._seen.add((what, scope, value))

    def _wrong(self, path: _Way, message: str) -> None:
        known = (path[:length] for length in range(len(path), -1, -1))
        line = next((self._lines[each] for each in known if each in self._lines), 1)
        self.mistakes.append(Mistake(self._file, line, _key(path), message))


def _switched(table: Mapping[str, object], name: str, kind: type[StrEnum]) -> Mapping[str, object]:
    """The table, with true and false for yes and no."""
    if kind is YesNo and isinstance(table[name], bool):
        return {name: YesNo.YES if table[name] else YesNo.NO}
    return table


def _hint(word: str, known: Iterable[str]) -> str:
    near = nearest(word, known)
    return f"; did you mean {near}?" if near else "."


def _key(path: _Way) -> str:
    return ".".join(str(part) for part in path if isinstance(part, str))


def _lines(text: str) -> dict[_Way, int]:
    """The line of each table and key that stands at the beginning of a line; others have that of their table.

    tomllib tells no positions, so the lines that look like headers and keys are read one by one.
    """
    lines: dict[_Way, int] = {}
    counts: dict[_Way, int] = {}
    table: _Way = ()
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        parse = _header if stripped.startswith("[") else _assigned
        keys = parse(stripped)
        if keys is None:
            continue
        if parse is _header:
            table = _located(keys, counts, new=stripped.startswith("[["))
            lines.setdefault(table, number)
        else:
            lines.setdefault((*table, *keys), number)
    return lines


def _header(line: str) -> tuple[str, ...] | None:
    return _way_down(line)


def _assigned(line: str) -> tuple[str, ...] | None:
    found = re.match(r"""((?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')(?:\s*\.\s*)?)+\s*=""", line)
    return _way_down(f"{found[0]} 0") if found else None


def _way_down(line: str) -> tuple[str, ...] | None:
    """The keys of a document that is this one line."""
    try:
        place: object = tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    keys: list[str] = []
    while isinstance(place, dict | list) and place:
        if isinstance(place, dict):
            keys.append(next(iter(place)))
            place = place[keys[-1]]
        else:
            place = place[0]
    return tuple(keys) or None


def _located(keys: tuple[str, ...], counts: dict[_Way, int], *, new: bool) -> _Way:
    """The way to a table, in the last one of each array of tables on it."""
    path: _Way = ()
    for key in keys[:-1]:
        path = (*path, key)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, keys[-1])
    if new:
        counts[path] = counts.get(path, -1) + 1
        return (*path, counts[path])
    return path
