"""Configurations, and the records that are valid for one."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cgmock.core import catalog
from cgmock.core.catalog import SEGMENT, DataType
from cgmock.core.tenant import Configuration
from cgmock.strategies.plans import Record, plan_of, records_of
from cgmock.strategies.values import texts

_LONGEST_HEADING = 40
_FORMS = ("{0}", "{0}", "{1}", "Customer: {0}", "{0} (CRM)", "[{0}]", "客户 {0}", " {0}", "{0}.1")

_DATA_TYPES = st.sampled_from(DataType)

_Entry = tuple[str, str]


def configurations(*, data_types: SearchStrategy[DataType] = _DATA_TYPES) -> SearchStrategy[Configuration]:
    """Import configurations for which there are valid records.

    Each maps what its data type requires. Beyond that headings are anything, and may share a field.
    """
    return data_types.flatmap(_configurations)


def records(configuration: Configuration, *, touchpoints: Collection[str] = ()) -> SearchStrategy[Record]:
    """Records of which every heading is stored as it was sent, in a tenant with these touchpoints.

    A touchpoint is sent only if the tenant has any, of two headings for one field only one, what describes an account
    only with the name of the account, and an activity names no contact, since the contact would have to exist.
    """
    return records_of(plan_of(configuration, touchpoints))


@cache
def _configurations(data_type: DataType) -> SearchStrategy[Configuration]:
    required = [*itertools.product(*catalog.RULES[data_type].required)]
    headings = st.builds(_headings, st.lists(_entries(data_type), max_size=8), st.sampled_from(required))
    return st.builds(
        Configuration, reference=texts(), name=texts(), data_type=st.just(data_type), headings=headings
    )


def _entries(data_type: DataType) -> SearchStrategy[_Entry]:
    rules = catalog.RULES[data_type]
    names = [field.name for field in catalog.FIELDS.values() if field.entity in rules.entities]
    if catalog.Entity.SURVEY in rules.entities:
        names += [f"{SEGMENT}Distributor", f"{SEGMENT}Größe"]
    fields = st.sampled_from(names)
    free = st.tuples(texts(_LONGEST_HEADING), fields)
    return st.one_of(st.builds(_entry, st.sampled_from(_FORMS), fields), free)


def _entry(form: str, name: str) -> _Entry:
    return form.format(_display_name(name), name), name


def _headings(entries: Sequence[_Entry], required: Sequence[str]) -> Mapping[str, str]:
    return {**dict(entries), **{_display_name(name): name for name in required}}


def _display_name(name: str) -> str:
    field = catalog.field(name)
    return field.display_name if field else name
