"""Records of JSON and captured bodies, put into tables: those with the same headings side by side."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

from cgmock.core.laravel.request import read_input
from cgmock.core.messages import Request
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpArray, PhpValue
from cgmock.verifier.collecting import Collector
from cgmock.verifier.model import Example, Finding
from cgmock.verifier.rules import Rule
from cgmock.verifier.tables import ROWS_AT_ONCE, Batch, UnreadableError

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_FORM_STARTS = (b"record[", b"record%5b", b"record=", b"configuration=")


class Record(NamedTuple):
    """A record and its place: the line of a file, or the number of an item."""

    number: int
    values: PhpArray


def is_json(start: bytes) -> bool:
    """Whether a file that begins so has JSON."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def is_form(start: bytes) -> bool:
    """Whether a file that begins so has the body of a form."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_FORM_STARTS)


class Records:
    """Reads the records of a file for the configuration with a reference, or (None) for any."""

    def __init__(
        self, file: str, reference: str | None, found: Collector, tick: Callable[[int], None]
    ) -> None:
        self.file = file
        self.found = found
        self.refused: int = 0
        """Bodies and lines that hold no record."""
        self.is_of_lines: bool = True
        """Whether each record is one line."""
        self._reference = reference
        self._tick = tick

    def of_json(self, stream: BinaryIO) -> Iterator[Record]:
        """One document, an array of them, or one in each line. Raises UnreadableError."""
        first = stream.readline()
        rest = stream.readline() if first else b""
        first = first.removeprefix(b"\xef\xbb\xbf")
        if isinstance(php.json_decode(first), dict) and (rest.strip() or not _is_array(first)):
            yield from self._lines([first, rest], stream)
            return
        self.is_of_lines = False
        whole = first + rest + stream.read()
        self._tick(len(whole))
        document = php.json_decode(whole)
        if not isinstance(document, dict):
            raise UnreadableError(f"{self.file} is not JSON: {_why(whole)}.")
        self._look_for_doubles(1, whole)
        items = document.values() if _is_array(whole) else [document]
        for number, item in enumerate(items, start=1):
            yield from self._item(number, item, whole if len(items) == 1 and not _is_array(whole) else b"")

    def of_forms(self, stream: BinaryIO) -> Iterator[Record]:
        """The body of a form in each line."""
        for number, line in enumerate(stream, start=1):
            body = line.strip()
            self._tick(len(line))
            if body:
                yield from self._body(number, body, FORM)

    def tables(self, records: Iterable[Record]) -> Iterator[Batch]:
        """Batches of those that have the same headings in the same order."""
        groups: dict[tuple[int | str, ...], list[Record]] = {}
        waiting = 0
        for record in records:
            groups.setdefault(tuple(record.values), []).append(record)
            waiting += 1
            if waiting == ROWS_AT_ONCE:
                yield from map(self._table, groups.values())
                groups, waiting = {}, 0
        yield from map(self._table, groups.values())

    def _table(self, records: list[Record]) -> Batch:
        headings = tuple(map(str, records[0].values))
        columns = tuple(zip(*(record.values.values() for record in records), strict=True))
        return Batch(self.file, headings, columns, [record.number for record in records], typed=True)

    def _lines(self, read: list[bytes], stream: BinaryIO) -> Iterator[Record]:
        for number, line in enumerate(chain(read, stream), start=1):
            self._tick(len(line))
            if not line.strip():
                continue
            item = php.json_decode(line)
            if isinstance(item, dict) and not _is_array(line):
                self._look_for_doubles(number, line)
                yield from self._item(number, item, line)
            else:
                self._refuse(Rule.LINE_UNREAD, number, _why(line) if item is None else "it is another value")

    def _item(self, number: int, item: PhpValue, text: bytes) -> Iterator[Record]:
        if not isinstance(item, dict):
            self._refuse(Rule.RECORD_NOT_OBJECT, number, "")
        elif "record" in item and (isinstance(item["record"], dict) or "configuration" in item):
            body = text or json.dumps(item).encode()
            yield from self._body(number, body, JSON)
        else:
            yield Record(number, item)

    def _body(self, number: int, body: bytes, content_type: str) -> Iterator[Record]:
        """The record of a captured body, as the API reads it."""
        request = Request(
            "PUT", "/records/", headers={"content-type": content_type}, body=body, length=len(body)
        )
        sent = read_input(request)
        reference, record = sent.values.get("configuration"), sent.raw.get("record")
        if reference is None:
            self._refuse(Rule.REFERENCE_MISSING, number, "")
        elif self._reference not in {None, str(reference)}:
            self._refuse(Rule.REFERENCE_FOREIGN, number, "")
        elif record is None:
            self._refuse(Rule.BODY_UNREAD, number, "")
        elif not isinstance(record, dict):
            self._refuse(Rule.RECORD_NOT_OBJECT, number, "")
        else:
            yield Record(number, record)

    def _refuse(self, rule: Rule, number: int, detail: str) -> None:
        self.refused += 1
        self.found.add(Finding(rule, rule.severity, self.file, detail=detail), 1, [Example(number, None, "")])

    def _look_for_doubles(self, number: int, text: bytes) -> None:
        doubles: list[str] = []

        def pairs(members: list[tuple[str, object]]) -> dict[str, object]:
            names = [name for name, _ in members]
            doubles.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
            return dict(members)

        if text.count(b'"') < 8:  # two members at least, with their values
            return
        json.loads(text, object_pairs_hook=pairs)
        for name in doubles:
            finding = Finding(Rule.KEY_TWICE, Rule.KEY_TWICE.severity, self.file, name)
            self.found.add(finding, 1, [Example(number, None, "")])


def _is_array(text: bytes) -> bool:
    return text.lstrip(b" \t\r\n").startswith(b"[")


def _why(text: bytes) -> str:
    try:
        json.loads(text)
    except UnicodeDecodeError as error:
        return f"it is not UTF-8 at byte {error.start}"
    except ValueError as error:
        return str(error)
    except RecursionError:
        return "it is nested too deep"
    return "it is no object and no array"
