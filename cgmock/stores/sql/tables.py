"""The data of a tenant in the tables of a database, in one transaction."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update

from cgmock.core.outcome import RateWindow, Values
from cgmock.stores.base import Collection, Origin, Page, Row
from cgmock.stores.data import KEYS, Cell, TenantData, identifiers, new_row
from cgmock.stores.sql import schema
from cgmock.stores.sql.packing import digest, fingerprint

_FINGERPRINT = "fingerprint"
"""A key column that no row has: what stands in it is made of all that a response came with."""

_T = TypeVar("_T", bound="SqlTable")
_OBJECTS, _IDENTIFIERS = schema.objects.c, schema.identifiers.c
_OF_TABLE = (_OBJECTS.dataset == bindparam("of_dataset"), _OBJECTS.collection == bindparam("of_collection"))
_OF_KEYS = (
    _IDENTIFIERS.dataset == bindparam("of_dataset"),
    _IDENTIFIERS.collection == bindparam("of_collection"),
)
_ROW = select(_OBJECTS.cells).where(*_OF_TABLE, _OBJECTS.number == bindparam("of_number"))
_NEWER = (
    select(_OBJECTS.cells).where(*_OF_TABLE, _OBJECTS.number > bindparam("after")).order_by(_OBJECTS.number)
)
_COUNT = select(func.count()).select_from(schema.objects).where(*_OF_TABLE)
_UPDATE = update(schema.objects).where(*_OF_TABLE, _OBJECTS.number == bindparam("of_number"))
_MAKE_ROOM = delete(schema.objects).where(*_OF_TABLE, _OBJECTS.number <= bindparam("last_to_go"))
_UNPOINT_GONE = delete(schema.identifiers).where(*_OF_KEYS, _IDENTIFIERS.number <= bindparam("last_to_go"))
_UNPOINT = delete(schema.identifiers).where(
    *_OF_KEYS,
    _IDENTIFIERS.number == bindparam("of_number"),
    _IDENTIFIERS.key.in_(bindparam("keys", expanding=True)),
)
_FIND = (
    select(_IDENTIFIERS.number)
    .where(*_OF_KEYS, _IDENTIFIERS.key == bindparam("of_key"), _IDENTIFIERS.digest == bindparam("of_digest"))
    .order_by(_IDENTIFIERS.id.desc())
    .limit(1)
)


class SqlTable:
    """Rows of one collection, at most `limit` of them; `last_id` is the highest id that was given.

    Rows that were found or read are cached: no other process writes during the transaction.
    """

    def __init__(
        self, connection: Connection, dataset: int, collection: Collection, limit: int, last_id: int = 0
    ) -> None:
        self._connection = connection
        self._limit = limit
        self._keys = KEYS[collection]
        self._own = {"of_dataset": dataset, "of_collection": collection.value}
        self._found: dict[tuple[str, str], int | None] = {}
        self._read: dict[int, dict[str, Cell]] = {}
        self.last_id: int = last_id

    def find(self, key: str, identifier: str | None) -> int | None:
        """The id of the row that holds the identifier in the column `key`; of several, the last that got it."""
        if identifier is None:
            return None
        if (key, identifier) not in self._found:
            asked = {**self._own, "of_key": key, "of_digest": digest(identifier)}
            self._found[key, identifier] = self._connection.execute(_FIND, asked).scalar()
        return self._found[key, identifier]

    def row(self, number: int) -> Mapping[str, Cell]:
        """The row of that id."""
        if number not in self._read:
            asked = {**self._own, "of_number": number}
            self._read[number] = json.loads(self._connection.execute(_ROW, asked).scalar_one())
        return self._read[number]

    def newer(self, after: int) -> Iterator[Mapping[str, Cell]]:
        """The rows with a higher id, oldest first."""
        return map(json.loads, self._connection.scalars(_NEWER, {**self._own, "after": after}))

    def page(self, limit: int, after: int) -> Page:
        """At most `limit` of them."""
        found = self._connection.scalars(_NEWER.limit(limit + 1), {**self._own, "after": after})
        rows: list[Row] = [json.loads(each) for each in found]
        kept = self._connection.execute(_COUNT, self._own).scalar_one()
        shown = rows[:limit]
        cursor = int(str(shown[-1]["id"])) if len(rows) > limit else None
        return Page(tuple(shown), cursor, self.last_id - kept)

    def add(self, values: Mapping[str, Cell], origin: Origin) -> int:
        """Add a row, and return its id; the oldest one makes room."""
        number = self.last_id = self.last_id + 1
        row = {
            "dataset": self._own["of_dataset"],
            "collection": self._own["of_collection"],
            "number": number,
            "cells": json.dumps(new_row(number, values, origin)),
        }
        self._connection.execute(insert(schema.objects), [row])
        self._point(number, self._held(values, self._keys))
        if number > self._limit:
            self._found.clear()
            gone = {**self._own, "last_to_go": number - self._limit}
            self._connection.execute(_MAKE_ROOM, gone)
            self._connection.execute(_UNPOINT_GONE, gone)
        return number

    def update(self, number: int, values: Mapping[str, Cell], origin: Origin) -> None:
        """Change the given values of a row."""
        had, own = self.row(number), {**self._own, "of_number": number}
        row = {**had, **values, "updated_at": origin.time, "request": origin.request}
        self._connection.execute(_UPDATE, {**own, "cells": json.dumps(row)})
        self._read[number] = row
        keys = [key for key in self._keys if key in values]
        held = self._held(values, keys)
        # Most updates are of what the row was found by, and lead nowhere else.
        if held != self._held(had, keys) or any(self.find(*each) != number for each in held):
            self._connection.execute(_UNPOINT, {**own, "keys": keys})
            self._found.clear()
            self._point(number, held)

    def _held(self, values: Mapping[str, Cell], keys: Sequence[str]) -> list[tuple[str, str]]:
        """The key columns and what stands in them."""
        return [(key, identifier) for key in keys for identifier in identifiers(values.get(key))]

    def _point(self, number: int, held: Sequence[tuple[str, str]]) -> None:
        dataset, collection = self._own["of_dataset"], self._own["of_collection"]
        self._found |= dict.fromkeys(held, number)
        rows = [
            {
                "dataset": dataset,
                "collection": collection,
                "key": key,
                "digest": digest(identifier),
                "number": number,
            }
            for key, identifier in held
        ]
        if rows:
            self._connection.execute(insert(schema.identifiers), rows)


class _SqlResponses(SqlTable):
    """Survey responses, which know whether the same one was sent before."""

    def _held(self, values: Mapping[str, Cell], keys: Sequence[str]) -> list[tuple[str, str]]:
        return [*super()._held(values, keys), (_FINGERPRINT, fingerprint(values))]

    def has(self, values: Values) -> bool:
        """Whether a response with exactly these values is kept."""
        return self.find(_FINGERPRINT, fingerprint(values)) is not None


class SqlData(TenantData):
    """A dataset: its tables, at most `limit` rows in each, and its window; `last_ids` are those of the collections."""

    def __init__(
        self,
        connection: Connection,
        dataset: int,
        limit: int,
        last_ids: Mapping[str, int],
        window: RateWindow,
    ) -> None:
        def table(kind: type[_T], collection: Collection) -> _T:
            return kind(connection, dataset, collection, limit, last_ids.get(collection, 0))

        responses = table(_SqlResponses, Collection.RESPONSES)
        tables = {each: table(SqlTable, each) for each in Collection}
        self._tables: Mapping[Collection, SqlTable] = {**tables, Collection.RESPONSES: responses}
        super().__init__(self._tables, responses, window)

    @property
    def last_ids(self) -> Mapping[str, int]:
        """The highest id that was given in each collection that has one."""
        return {each.value: table.last_id for each, table in self._tables.items() if table.last_id}

    def page(self, collection: Collection, *, limit: int, after: int) -> Page:
        """At most `limit` rows whose id is higher than `after`."""
        return self._tables[collection].page(limit, after)


def copy_dataset(connection: Connection, source: int, target: int) -> None:
    """Put the rows of a dataset into another one as well; who got an identifier last is still the last."""
    for table, order in ((schema.objects, _OBJECTS.number), (schema.identifiers, _IDENTIFIERS.id)):
        columns = [each for each in table.c if each.name not in {"id", "dataset"}]
        rows = select(literal(target), *columns).where(table.c.dataset == source).order_by(order)
        connection.execute(insert(table).from_select(["dataset", *(each.name for each in columns)], rows))


def clear_dataset(connection: Connection, dataset: int) -> None:
    """Delete the rows of a dataset."""
    for table in (schema.objects, schema.identifiers):
        connection.execute(delete(table).where(table.c.dataset == dataset))
