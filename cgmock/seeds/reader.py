"""Seeds: TOML files that describe tenants, or one mapping. Every mistake is reported at once, with its line."""

import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_type_hints

from cgmock.core import catalog
from cgmock.core.catalog import DataType
from cgmock.core.spelling import nearest
from cgmock.core.tenant import (
    Configuration,
    ConnectedApp,
    Policies,
    Region,
    Tenant,
    Webhook,
    WebhookState,
    YesNo,
)

_DEMO = Path(__file__).with_name("demo.toml")
_DEMO_TEXT = _DEMO.read_text(encoding="utf-8")  # now, because a test may replace the file system

_NAME = re.compile(r"[._-]*[A-Za-z0-9][A-Za-z0-9._-]*")
_NAME_RULE = "must be letters, digits, '.', '-' and '_', at least one of them a letter or digit."
_TENANT_KEYS = ("name", "region", "touchpoints", "connected_apps", "configurations", "webhooks", "policies")
_APP_KEYS = ("client_id", "client_secret", "scopes")
_WEBHOOK_KEYS = ("id", "username", "password", "configuration", "state")
_CONFIGURATION_KEYS = ("reference", "name", "data_type", "headings")
_MAPPING_KEYS = (*_CONFIGURATION_KEYS, "touchpoints")
_POLICIES: Mapping[str, object] = get_type_hints(Policies)
_FIELD_NAMES = {
    word: field.name for field in catalog.FIELDS.values() for word in (field.name, field.display_name)
}

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no text may contain: NUL, which PostgreSQL refuses, and lone surrogates, which no encoding has."""

UNSTORABLE_RULE = "must not contain NUL or lone surrogates."

MAX_BYTES = 1024 * 1024
"""Bytes of a file that are read."""

MAX_MISTAKES = 50
"""Mistakes of a file that are listed. To find what was probably meant takes a millisecond each."""

_MAX_DOTS = 32
"""Dots of a key. tomllib takes a time that grows with the square of their number."""

_KEPT = 16
"""Texts whose tenants are kept."""

_LONGEST_SHOWN = 60
_BARE_KEY = re.compile(rf"[A-Za-z0-9_-]{{1,{_LONGEST_SHOWN}}}")
_KINDS = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "a table"),
    (object, "a date or time"),
)

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|#[^\n]*"
    r"|[\[\]{}=\n]",
    re.DOTALL,
)
"""What decides where a TOML statement ends: texts, comments, brackets, equals signs and ends of lines."""

_DEEPEST = 6
"""The length of the longest way of a seed, `("tenants", 0, "configurations", 0, "headings", "Email")`."""

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

_Way = tuple[str | int, ...]
"""The way to a value: `("tenants", 0, "name")`."""

_Taken = dict[tuple[str, str], tuple["_Reader", _Way]]
"""Who was the first to use a name, by what it names and the name."""


class Mistake(NamedTuple):
    """One thing that is wrong, and what to do; `line` counts from 1. Without a file there are no lines."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file else ""
        return ": ".join(part for part in (place, self.key, self.message) if part)


class ImportMapping(NamedTuple):
    """An import configuration by itself, and the touchpoints of the tenant that it is for."""

    configuration: Configuration
    touchpoints: frozenset[str]


class SeedError(Exception):
    """A seed is invalid.

    Attributes:
        mistakes: All mistakes of the seed, in the order of their lines.
    """

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.mistakes))


def load_seed(*files: str | Path) -> tuple[Tenant, ...]:
    """Read the tenants of seed files.

    Args:
        *files: Paths of TOML files. Together they are one seed. Without a file, the demo tenant is returned.

    Returns:
        The tenants, in the order of the files.

    Raises:
        SeedError: A file is unreadable or invalid. The message has every mistake, with its line.

    Example:
        >>> (demo,) = load_seed()
        >>> demo.name
        'demo'
    """
    return load(*map(Path, files)) if files else demo()


def load(path: Path, *more: Path) -> tuple[Tenant, ...]:
    """The tenants of all the files, of which no two share a name or a client id. Raises SeedError."""
    if not more:
        return loads(_content(path), file=str(path))
    tenants: list[Tenant] = []
    mistakes: list[Mistake] = []
    taken: _Taken = {}
    for each in (path, *more):
        try:
            tenants += _read(_content(each), str(each), taken, _Reader.tenants)
        except SeedError as error:
            mistakes += error.mistakes
    if mistakes:
        raise SeedError(mistakes)
    return tuple(tenants)


@lru_cache(_KEPT)
def loads(text: str, *, file: str = "<seed>") -> tuple[Tenant, ...]:
    """The tenants of a text. Raises SeedError. The last few texts are not read twice: tests share them."""
    return _read(text, file, {}, _Reader.tenants)


def load_mapping(path: Path) -> ImportMapping:
    """The configuration of a file, a table as a seed has it in [[tenants.configurations]]. Raises SeedError."""
    return _read(_content(path), str(path), {}, _Reader.mapping)


def heading_lines(path: Path) -> Mapping[str, int]:
    """The line of each heading of a mapping's file, one that was loaded without mistakes."""
    return _lines_of_headings(path, lambda document: [((), document)])


def heading_lines_of(path: Path, tenant: str, reference: str) -> Mapping[str, int]:
    """The same of a configuration of a tenant in a seed."""

    def configurations(document: Mapping[str, Any]) -> Iterator[tuple[_Way, Mapping[str, Any]]]:
        for each, described in enumerate(document["tenants"]):
            for index, configuration in enumerate(described.get("configurations", [])):
                if (described["name"], configuration["reference"]) == (tenant, reference):
                    yield ("tenants", each, "configurations", index), configuration

    return _lines_of_headings(path, configurations)


def tenant(table: Mapping[str, object]) -> Tenant:
    """The tenant of a table as a seed has it in [[tenants]]. Raises SeedError."""
    reader = _Reader("", "", {})
    described = reader.tenant((), table)
    if reader.mistakes:
        raise SeedError(reader.mistakes)
    return described


def table(tenant: Tenant) -> dict[str, object]:
    """The table of a tenant, with its secrets: what `tenant` reads."""
    policies = {name: "off" if value is None else value for name, value in asdict(tenant.policies).items()}
    return {
        "name": tenant.name,
        "region": tenant.region,
        "touchpoints": sorted(tenant.touchpoints),
        "connected_apps": [{**asdict(app), "scopes": list(app.scopes)} for app in tenant.connected_apps],
        "configurations": [
            {
                "reference": each.reference,
                "name": each.name,
                "data_type": each.data_type,
                "headings": dict(each.headings),
            }
            for each in tenant.configurations.values()
        ],
        "webhooks": [asdict(webhook) for webhook in tenant.webhooks.values()],
        "policies": policies,
    }


@cache
def demo() -> tuple[Tenant, ...]:
    """The tenants that are served without a seed."""
    return loads(_DEMO_TEXT, file=str(_DEMO))


def _lines_of_headings(
    path: Path, search: Callable[[Mapping[str, Any]], Iterable[tuple[_Way, Mapping[str, Any]]]]
) -> Mapping[str, int]:
    """The lines of the headings of the configurations that are found in a document, each with the way to it."""
    text = _content(path).removeprefix("\N{BYTE ORDER MARK}")
    reader = _Reader(str(path), text, {})
    return {
        heading: reader.line((*way, "headings", heading))
        for way, configuration in search(tomllib.loads(text))
        for heading in configuration["headings"]
    }


def _content(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SeedError([Mistake(str(path), 1, "", "cannot be read: it is not a regular file.")])
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise SeedError([Mistake(str(path), 1, "", f"is larger than {MAX_BYTES // 1024} KiB: split it.")])
        return content.decode()
    except OSError as error:
        raise SeedError([Mistake(str(path), 1, "", f"cannot be read: {error.strerror}.")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"is not UTF-8 (at byte offset {error.start}): save the file in that encoding."
        raise SeedError([Mistake(str(path), line, "", message)]) from error


def _read(
    text: str, file: str, taken: _Taken, describe: Callable[["_Reader", Mapping[str, object]], _T]
) -> _T:
    """What a document describes."""
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    line = _line_of_a_deep_key(text)
    if line:
        raise SeedError([Mistake(file, line, "", f"a key must not have more than {_MAX_DOTS} dots.")])
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits is a mere ValueError
        raise SeedError(
            [Mistake(file, _failing_line(str(error), text), "", f"is not TOML: {error}.")]
        ) from error
    reader = _Reader(file, text, taken)
    described = describe(reader, document)
    if reader.mistakes:
        raise SeedError(_in_order(reader.mistakes))
    return described


def _in_order(mistakes: Sequence[Mistake]) -> Sequence[Mistake]:
    return sorted(mistakes, key=lambda mistake: mistake.line)


def _line_of_a_deep_key(text: str) -> int:
    """The line of the first key with too many dots, 0 without one."""
    dots = end = 0
    for token in _TOKEN.finditer(f"{text}\n"):
        dots += text.count(".", end, token.start())
        if dots > _MAX_DOTS:
            return text.count("\n", 0, token.start()) + 1
        end = token.end()
        if len(token[0]) == 1:
            dots = 0
    return 0


def _failing_line(message: str, text: str) -> int:
    if found := re.search(r"\(at line (\d+), column \d+\)$", message):
        return int(found[1])
    return text.rstrip().count("\n") + 1 if message.endswith("(at end of document)") else 1


class _Reader:
    """Reads a document, and goes on after a mistake."""

    def __init__(self, file: str, text: str, taken: _Taken) -> None:
        self.mistakes: list[Mistake] = []
        self._file = file
        self._content = text
        self._taken = taken

    def tenants(self, document: Mapping[str, object]) -> tuple[Tenant, ...]:
        self._known((), document, ("tenants",))
        tables = document.get("tenants", [])
        if tables == []:
            self._wrong(("tenants",), "a seed describes at least one tenant, in a table [[tenants]].")
        return tuple(self.tenant(way, table) for way, table in self._tables(("tenants",), tables))

    def mapping(self, document: Mapping[str, object]) -> ImportMapping:
        touchpoints = frozenset(self._texts(("touchpoints",), document.get("touchpoints", [])))
        return ImportMapping(self._configuration((), document, _MAPPING_KEYS), touchpoints)

    def place(self, way: _Way) -> str:
        """The file and line of a value."""
        return f"{self._file}:{self.line(way)}"

    def tenant(self, way: _Way, table: Mapping[str, object]) -> Tenant:
        self._known(way, table, _TENANT_KEYS)
        name = self._text((*way, "name"), table.get("name"))
        if name and not _NAME.fullmatch(name):
            self._wrong((*way, "name"), _NAME_RULE)
        self._unique(self._taken, "tenant", name, (*way, "name"))
        apps = self._tables((*way, "connected_apps"), table.get("connected_apps", []))
        configurations = self._configurations((*way, "configurations"), table.get("configurations", []))
        return Tenant(
            name=name,
            region=self._choice((*way, "region"), table.get("region", Region.EU), Region),
            touchpoints=frozenset(self._texts((*way, "touchpoints"), table.get("touchpoints", []))),
            connected_apps=tuple(self._app(*each) for each in apps),
            configurations=configurations,
            webhooks=self._webhooks((*way, "webhooks"), table.get("webhooks", []), configurations),
            policies=self._policies((*way, "policies"), table.get("policies", {})),
        )

    def _app(self, way: _Way, table: Mapping[str, object]) -> ConnectedApp:
        self._known(way, table, _APP_KEYS)
        client_id = self._text((*way, "client_id"), table.get("client_id"))
        self._unique(self._taken, "client id", client_id, (*way, "client_id"))
        secret = self._text((*way, "client_secret"), table.get("client_secret"))
        if "scopes" not in table:
            return ConnectedApp(client_id=client_id, client_secret=secret)
        scopes = self._texts((*way, "scopes"), table["scopes"])
        return ConnectedApp(client_id=client_id, client_secret=secret, scopes=tuple(scopes))

    def _webhooks(
        self, way: _Way, tables: object, configurations: Mapping[str, Configuration]
    ) -> dict[str, Webhook]:
        webhooks = {}
        for each, table in self._tables(way, tables):
            webhook = self._webhook(each, table, configurations)
            self._unique(self._taken, "webhook", webhook.id, (*each, "id"))
            webhooks[webhook.id] = webhook
        return webhooks

    def _webhook(
        self, way: _Way, table: Mapping[str, object], configurations: Mapping[str, Configuration]
    ) -> Webhook:
        self._known(way, table, _WEBHOOK_KEYS)
        name = self._text((*way, "id"), table.get("id"))
        if name and not _NAME.fullmatch(name):
            self._wrong((*way, "id"), _NAME_RULE)
        reference = self._text((*way, "configuration"), table.get("configuration"))
        if reference and reference not in configurations:
            fault = _fault(reference, {each: each for each in configurations})
            self._wrong(
                (*way, "configuration"), f"{fault} Name the reference of a configuration of the tenant."
            )
        return Webhook(
            id=name,
            username=self._text((*way, "username"), table.get("username")),
            password=self._text((*way, "password"), table.get("password")),
            configuration=reference,
            state=self._choice((*way, "state"), table.get("state", WebhookState.ACTIVE), WebhookState),
        )

    def _configurations(self, way: _Way, tables: object) -> dict[str, Configuration]:
        taken: _Taken = {}
        configurations = {}
        for each, table in self._tables(way, tables):
            configuration = self._configuration(each, table, _CONFIGURATION_KEYS)
            self._unique(taken, "reference", configuration.reference, (*each, "reference"))
            configurations[configuration.reference] = configuration
        return configurations

    def _configuration(self, way: _Way, table: Mapping[str, object], known: Sequence[str]) -> Configuration:
        self._known(way, table, known)
        data_type = self._choice((*way, "data_type"), table.get("data_type"), DataType)
        return Configuration(
            reference=self._text((*way, "reference"), table.get("reference")),
            name=self._text((*way, "name"), table.get("name", catalog.RULES[data_type].display_name)),
            data_type=data_type,
            headings=self._headings((*way, "headings"), table.get("headings")),
        )

    def _headings(self, way: _Way, table: object) -> dict[str, str]:
        if not isinstance(table, dict) or not table:
            self._wrong(way, 'must be a table of "Heading" = "field".')
            return {}
        return {heading: self._field((*way, heading), heading, name) for heading, name in table.items()}

    def _field(self, way: _Way, heading: str, name: object) -> str:
        if not heading.strip():
            self._wrong(way, "a heading must not be blank.")
        self._storable(way, heading)
        if isinstance(name, str) and catalog.field(name) is not None:
            return self._storable(way, name)
        self._wrong(way, f"{_fault(name, _FIELD_NAMES)} Fields: {', '.join(catalog.FIELDS)}, segment:NAME.")
        return ""

    def _policies(self, way: _Way, table: object) -> Policies:
        if not isinstance(table, dict):
            self._wrong(way, "must be a table.")
            return Policies()
        self._known(way, table, tuple(_POLICIES))
        chosen: dict[str, object] = {}
        for name, value in table.items():
            kind = _POLICIES.get(name)
            if isinstance(kind, type) and issubclass(kind, StrEnum):
                chosen[name] = self._choice((*way, name), value, kind)
            elif kind is not None:
                chosen[name] = self._rate((*way, name), value)
        return Policies(**chosen)  # type: ignore[arg-type]

    def _rate(self, way: _Way, value: object) -> int | None:
        if value == "off":
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self._wrong(way, 'must be "off" or the number of requests a minute.')
        return None

    def _choice(self, way: _Way, value: object, kind: type[_E]) -> _E:
        members = list(kind)
        if kind is YesNo and isinstance(value, bool):
            return members[value]
        if isinstance(value, str) and value in set(members):
            return kind(value)
        self._wrong(
            way, f"{_fault(value, {member: member for member in members})} Allowed: {_allowed(kind)}."
        )
        return members[0]

    def _text(self, way: _Way, value: object) -> str:
        if isinstance(value, str) and value.strip():
            return self._storable(way, value)
        self._wrong(way, "is missing." if value is None else "must be a text that is not blank.")
        return ""

    def _storable(self, way: _Way, text: str) -> str:
        if UNSTORABLE.search(text):
            self._wrong(way, UNSTORABLE_RULE)
        return text

    def _texts(self, way: _Way, values: object) -> list[str]:
        if isinstance(values, list) and all(isinstance(value, str) and value.strip() for value in values):
            return [self._storable(way, value) for value in values]
        self._wrong(way, "must be a list of texts that are not blank.")
        return []

    def _tables(self, way: _Way, tables: object) -> Iterator[tuple[_Way, Mapping[str, object]]]:
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._wrong(way, f"must be tables: write [[{_key(way)}]].")
            return
        for index, table in enumerate(tables):
            yield (*way, index), table

    def _known(self, way: _Way, table: Mapping[str, object], known: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                hint = _hint(key, {each: each for each in known})
                self._wrong((*way, key), f"is unknown{hint} Allowed: {', '.join(known)}.")

    def _unique(self, taken: _Taken, what: str, value: str, way: _Way) -> None:
        first, there = taken.setdefault((what, value), (self, way))
        if value and (first, there) != (self, way):
            self._wrong(way, f"the {what} {_shown(value)} is already at {first.place(there)}.")

    def _wrong(self, way: _Way, message: str) -> None:
        if len(self.mistakes) == MAX_MISTAKES:
            more = Mistake(
                self._file, self.line(way), "", f"only the first {MAX_MISTAKES} mistakes are listed."
            )
            raise SeedError([*_in_order(self.mistakes), more])
        self.mistakes.append(Mistake(self._file, self.line(way), _key(way), message))

    def line(self, way: _Way) -> int:
        """The line of a value, or of the table that it is in."""
        enclosing = (way[:length] for length in range(len(way), 0, -1))
        return next((self._lines[each] for each in enclosing if each in self._lines), 1)

    @cached_property
    def _lines(self) -> Mapping[_Way, int]:
        return _lines(self._content)


def _allowed(kind: type[StrEnum]) -> str:
    words = [f'"{member}"' for member in kind]
    return ", ".join([*words, "false", "true"] if kind is YesNo else words)


def _fault(value: object, known: Mapping[str, str]) -> str:
    """What is wrong with a value that is none of the known words."""
    if value is None:
        return "is missing."
    if isinstance(value, str):
        return f"{_shown(value)} is unknown{_hint(value, known)}"
    return f"must be a text in quotes, not {_shown(value)}."


def _hint(word: str, known: Mapping[str, str]) -> str:
    """The end of a sentence; `known` has what to write for each known word."""
    near = nearest(word, known)
    return f"; did you mean {known[near]}?" if near else "."


def _shown(value: object) -> str:
    """A text in quotes and on one line; of anything else only the kind, for it may be too large to print."""
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…")
    return next(name for kind, name in _KINDS if isinstance(value, kind))


def _key(way: _Way) -> str:
    keys = (part for part in way if isinstance(part, str))
    return ".".join(key if _BARE_KEY.fullmatch(key) else _shown(key) for key in keys)


def _lines(text: str) -> dict[_Way, int]:
    """The line of each table and key of a document; what is inside an array or inline table has none of its own.

    tomllib tells no positions, so it is given the headers and keys one by one.
    """
    lines: dict[_Way, int] = {}
    counts: dict[_Way, int] = {}
    table: _Way = ()
    for line, statement in _statements(text):
        keys = _keys(statement)
        if statement.startswith("["):
            way = table = _located(keys, counts, new=statement.startswith("[["))
        else:
            way = (*table, *keys)
        for length in range(1, min(len(way), _DEEPEST) + 1):
            lines.setdefault(way[:length], line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The line and the text of each header, and of each key with 0 for its value."""
    start, line, depth = 0, 1, 0
    for token in _TOKEN.finditer(f"{text}\n"):
        match token[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case "=" if not depth:
                yield line, f"{text[start : token.start()].strip()} = 0"
            case "\n" if not depth:
                statement = text[start : token.start()].strip()
                if statement.startswith("["):
                    yield line, statement
                start = token.end()
        line += token[0].count("\n")


def _keys(statement: str) -> tuple[str, ...]:
    keys: list[str] = []
    place: object = tomllib.loads(statement)
    while isinstance(place, dict | list) and place:
        if isinstance(place, dict):
            ((key, place),) = place.items()
            keys.append(key)
        else:
            place = place[0]
    return tuple(keys)


def _located(keys: tuple[str, ...], counts: dict[_Way, int], *, new: bool) -> _Way:
    """The way to a table, in the last one of each array of tables on it."""
    way: _Way = ()
    for key in keys[:-1]:
        way = (*way, key)
        if way in counts:
            way = (*way, counts[way])
    way = (*way, keys[-1])
    if not new:
        return way
    counts[way] = counts.get(way, -1) + 1
    return (*way, counts[way])
