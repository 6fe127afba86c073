"""Which headings a record can have, which it must, and how it is drawn."""

import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from cgmock.core import catalog
from cgmock.core.catalog import CONTACT_IDENTIFIERS, DataType, Entity, Field
from cgmock.core.php import values as php
from cgmock.core.tenant import Configuration
from cgmock.strategies.values import Numbered, Value, numbered, without_edges

_T = TypeVar("_T")

Record = dict[str, Value]
"""Values by heading."""


class Column(NamedTuple):
    """A field that a record can fill, the headings that lead to it, and what it takes.

    `given` are the numbers of its values. Of the numbers `perhaps` an odd one stands for a value, too, an even one for
    none: one draw says both.
    """

    field: Field
    headings: tuple[str, ...]
    values: Numbered
    given: SearchStrategy[int]
    perhaps: SearchStrategy[int]

    @property
    def describes_account(self) -> bool:
        """Whether it has nowhere to go without the name of an account."""
        return self.field.entity is Entity.ACCOUNT and self.field.name != "account_name"


class Plan:
    """How records are drawn: of each group in `required` at least one field, of all `columns` any."""

    def __init__(self, columns: Iterable[Column], required: Iterable[tuple[str, ...]]) -> None:
        self.columns: tuple[Column, ...] = tuple(columns)
        self.required: tuple[tuple[str, ...], ...] = tuple(required)
        choices = itertools.product(*self.required)
        self.choices: SearchStrategy[frozenset[str]] = st.sampled_from(
            [frozenset(choice) for choice in choices]
        )

    @property
    def filled(self) -> Iterator[Column]:
        """The columns that can have a value."""
        return (column for column in self.columns if column.values.end)

    def without(self, *names: str) -> "Plan":
        """The plan of records that lack these fields, whether or not they are valid."""
        columns = (column for column in self.columns if column.field.name not in names)
        return Plan(columns, (group for group in self.required if not set(group) & set(names)))

    def not_empty(self) -> "Plan":
        """The plan of the records with at least one field."""
        return Plan(self.columns, (*self.required, tuple(column.field.name for column in self.filled)))

    def __repr__(self) -> str:
        return f"<{', '.join(column.field.display_name for column in self.columns)}>"


def plan_of(configuration: Configuration, touchpoints: Collection[str], *, as_form: bool = False) -> Plan:
    """The plan of a configuration's valid records, of those that a form can carry if it is `as_form`."""
    columns = tuple(_columns(configuration, touchpoints, as_form=as_form))
    names = {column.field.name for column in columns}
    groups = catalog.RULES[configuration.data_type].required
    required = tuple(tuple(name for name in group if name in names) for group in groups)
    for group, possible in zip(groups, required, strict=True):
        if not possible:
            wanted = "heading that a form can carry" if as_form else "heading"
            raise InvalidArgument(
                f"No record is valid for the configuration {configuration.reference!r}: "
                f"it has no {wanted} for {' or '.join(group)}"
            )
    return Plan(columns, required)


@st.composite
def records_of(draw: DrawFn, plan: Plan) -> Record:
    """Records after a plan. Strategies are few and not nested, since records are drawn by the thousand."""
    record: Record = {}
    required, said = draw(plan.choices), set()
    for column in plan.columns:
        field, headings, values, given, perhaps = column
        if field.name in required:
            number, is_given = draw(given), 1
        elif column.describes_account and "account_name" not in said:
            continue
        else:
            number, is_given = divmod(draw(perhaps), 2)
        if is_given:
            said.add(field.name)
            value = values.value(number)
            heading = headings[0] if len(headings) == 1 else draw(st.sampled_from(headings))
            record[heading] = without_edges(draw(values.free)) if value is None else value
    return record


def values_of(column: Column) -> SearchStrategy[Value]:
    """The values that a column takes."""
    return records_of(Plan([column], [(column.field.name,)])).map(_only_value)


def evenly(strategies: Iterable[SearchStrategy[_T]]) -> SearchStrategy[_T]:
    """Any of the strategies, each as likely as the others, however many it is itself made of."""
    return st.sampled_from([*strategies]).flatmap(lambda strategy: strategy)


def carried_by_forms(heading: str) -> bool:
    """Whether PHP reads `record[HEADING]` of a form as that heading."""
    form = urlencode({f"record[{heading}]": "1"}).encode()
    return php.parse_str(form) == {"record": {php.array_key(heading): "1"}}


def _only_value(record: Record) -> Value:
    (value,) = record.values()
    return value


def _columns(
    configuration: Configuration, touchpoints: Collection[str], *, as_form: bool
) -> Iterator[Column]:
    headings: dict[Field, list[str]] = {}
    for heading, field in configuration.fields.items():
        if _has_place(configuration.data_type, field) and _is_sendable(heading, as_form=as_form):
            headings.setdefault(field, []).append(heading)
    for field, each in sorted(headings.items(), key=lambda item: item[0].name != "account_name"):
        yield _column(field, tuple(each), numbered(field, touchpoints))


def _column(field: Field, headings: tuple[str, ...], values: Numbered) -> Column:
    if not values.end:
        return Column(field, headings, values, st.nothing(), st.just(0))
    given, perhaps = st.integers(0, values.end - 1), st.integers(0, 2 * values.end - 1)
    return Column(field, headings, values, given, perhaps)


def _has_place(data_type: DataType, field: Field) -> bool:
    if data_type is DataType.ACTIVITY and field.name in CONTACT_IDENTIFIERS:
        return False  # the contact would have to exist
    rules = catalog.RULES[data_type]
    if data_type is DataType.ACCOUNT_ALIAS:
        return any(field.name in group for group in rules.required)
    return field.entity in rules.entities


def _is_sendable(heading: str, *, as_form: bool) -> bool:
    is_text = not any("\ud800" <= character <= "\udfff" for character in heading)
    return is_text and (carried_by_forms(heading) or not as_form)
