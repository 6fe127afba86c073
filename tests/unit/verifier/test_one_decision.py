"""The verifier never disagrees with the mock: it has its decision from the same core."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import assume, given, settings, strategies as st

from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import Format
from cgmock.core.outcome import Outcome, Values
from cgmock.core.tenant import (
    BadValue,
    Configuration,
    EmptyOnUpdate,
    HeadingCase,
    Policies,
    Refusal,
    Tenant,
    UnknownTouchpoint,
    YesNo,
)
from cgmock.strategies import configurations
from cgmock.verifier.mapping import MappingFile
from cgmock.verifier.model import Report
from cgmock.verifier.rules import Rule, Severity
from tests.acme import ACME, FakeData, decided
from tests.unit.verifier.running import verified

GOOD = {
    Format.TEXT: "ACME",
    Format.EMAIL: "joe@example.com",
    Format.PHONE: "+55 62 01234",
    Format.EMAIL_OR_PHONE: "joe@example.com",
    Format.DATE: "2026-03-02 10:30:00",
    Format.SCORE: "9",
    Format.FLAG: "Y",
    Format.JOB_LEVEL: "A",
    Format.TOUCHPOINT: "After Sales",
}
ODD_TEXTS = ["", "  ", " x ", "x" * 129, "2026-02-30 10:30:00", "11", "n/a", "\u00a0", "0", "After sales"]
ODD_VALUES = [None, 9, 11, True, False, 1.5, 10**30, [], ["x"], {"a": "b"}, *ODD_TEXTS]


class AnyContact(FakeData):
    """Data in which every contact exists, as the verifier takes it."""

    def contact(self, email: str | None, phone: str | None) -> Values | None:  # noqa: ARG002
        """Some contact."""
        return {}


policies = st.builds(
    Policies,
    heading_case=st.sampled_from(HeadingCase),
    missing_required_field=st.sampled_from(Refusal),
    unknown_touchpoint=st.sampled_from(UnknownTouchpoint),
    bad_value=st.sampled_from(BadValue),
    empty_on_update=st.sampled_from(EmptyOnUpdate),
    multi_object_requires_account=st.sampled_from(YesNo),
    external_response_requires_dates=st.sampled_from(YesNo),
)


def _values(configuration: Configuration, heading: str, odd: Sequence[object]) -> st.SearchStrategy[object]:
    field = configuration.fields.get(heading)
    return st.sampled_from([GOOD[field.format] if field else "x", *odd])


@st.composite
def _records(
    draw: st.DrawFn, configuration: Configuration, odd: Sequence[object], *, alike: bool
) -> list[dict[str, object]]:
    """Some records: of all headings or few, also such as the configuration does not know."""
    known = list(configuration.headings)
    unknown = ["Unknown", *(heading.swapcase() for heading in known[:3])]
    some = st.lists(st.sampled_from([*known, *known, *unknown]), min_size=1, max_size=8, unique=True)
    shared = draw(some)
    return [
        {heading: draw(_values(configuration, heading, odd)) for heading in (shared if alike else draw(some))}
        for _ in range(draw(st.integers(1, 5)))
    ]


def _lost(outcome: Outcome) -> set[str | None]:
    """The headings that lose their value, but for those that fail with the record; None for a required field."""
    return {
        None if notice.behaviour is Behaviour.FIELD_REQUIRED else notice.heading
        for notice in outcome.notices
        if notice.is_loss and notice.behaviour is not Behaviour.RECORD_FAILED
    }


def _fate(outcome: Outcome) -> str:
    if outcome.response.status != 200:
        return "refused"
    if Behaviour.RECORD_ACCEPTED not in outcome.behaviours:
        return "failed"
    return "in_part" if _lost(outcome) else "whole"


def _expect_the_same(tenant: Tenant, records: Sequence[Mapping[str, object]], report: Report) -> None:
    (reference,) = tenant.configurations
    outcomes = [decided(reference, record, tenant, AnyContact()) for record in records]
    errors = [
        finding
        for finding in report.findings
        if finding.severity is Severity.ERROR and finding.rule is not Rule.KEY_TWICE
    ]
    lost = set().union(*map(_lost, outcomes))
    required = {Rule.REQUIRED_EMPTY, Rule.REQUIRED_NOT_SENT, Rule.REQUIRED_UNMAPPED}
    assert bool(errors) == bool(lost)
    assert {None if each.rule in required else each.heading for each in errors} == lost
    assert {name: count for name, count in report.rows._asdict().items() if count} == Counter(
        map(_fate, outcomes)
    )


def _mapping(configuration: Configuration, chosen: Policies) -> MappingFile:
    tenant = replace(ACME, configurations={configuration.reference: configuration}, policies=chosen)
    return MappingFile("mapping.toml", configuration, tenant, {}, knows_touchpoints=True, is_seed=True)


@settings(deadline=None)
@given(configuration=configurations(), chosen=policies, data=st.data())
def test_an_error_is_found_exactly_when_the_mock_loses_something(
    configuration: Configuration, chosen: Policies, data: st.DataObject
) -> None:
    records = data.draw(_records(configuration, ODD_VALUES, alike=False))
    mapping = _mapping(configuration, chosen)

    report = verified(mapping, "\n".join(map(json.dumps, records)).encode())

    _expect_the_same(mapping.tenant, records, report)


@settings(deadline=None)
@given(configuration=configurations(), chosen=policies, data=st.data())
def test_so_it_is_for_rows_of_a_table(
    configuration: Configuration, chosen: Policies, data: st.DataObject
) -> None:
    assume(not any("\0" in heading for heading in configuration.headings))
    records = [{"Id": "7", **record} for record in data.draw(_records(configuration, ODD_TEXTS, alike=True))]
    mapping = _mapping(configuration, chosen)
    table = io.StringIO()
    writer = csv.DictWriter(table, list(records[0]))
    writer.writeheader()
    writer.writerows(records)

    report = verified(mapping, table.getvalue().encode())

    _expect_the_same(mapping.tenant, records, report)
